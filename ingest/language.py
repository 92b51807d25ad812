"""How Vietnamese a text looks: is it correct Vietnamese, Vietnamese that bad OCR garbled, or another language?

The judgement rests on the structure of the written syllable (onset, rime, tone), not on a word list, so it needs no data
and knows every name. Source of the inventory: the rules of chữ Quốc ngữ as taught in any primer.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_ONSETS = """
b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x
"""

_OPEN_RIMES = """
a e ê i o ô ơ u ư y ai ao au ay âu ây eo êu ia iu iêu oa oai oao oay oe oeo oi ôi ơi oo ua uâ ưa uê ui ưi uơ ươ ưu uy
uya uyu uôi ươi ươu yêu uây
"""
_NASAL_RIMES = """
am an ang anh ăm ăn ăng âm ân âng em en eng êm ên ênh im in inh iêm iên iêng om on ong ôm ôn ông ơm ơn um un ung ưm ưn
ưng oam oan oang oanh oăm oăn oăng oen oong uân uâng uênh uôm uôn uông ươm ươn ương uyên uynh uyn yêm yên yêng ynh
"""
_STOP_RIMES = """
ac ach ap at ăc ăp ăt âc âp ât ec ep et êch êp êt ich ip it iêc iêp iêt oc op ot ôc ôp ôt ơp ơt uc up ut ưc ưt oac oach
oap oat oăc oăt oet ooc uâc uât uêch uôc uôt ươc ươp ươt uych uyt uyêt yêt
"""

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_STOP_TONES = {"\u0301", "\u0323"}
_TOKEN = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]+")


def plain(text: str) -> str:
    """The text in small letters without diacritics; đ is d."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


_HEADS = ("", *_ONSETS.split())
_OPEN_OR_NASAL = (_OPEN_RIMES + _NASAL_RIMES).split()
_TONAL = frozenset(head + rime for head in _HEADS for rime in _OPEN_OR_NASAL)
_STOPPED = frozenset(head + rime for head in _HEADS for rime in _STOP_RIMES.split())
_GI = frozenset("g" + rime for rime in _OPEN_OR_NASAL if rime.startswith("i"))
_FOLDED = frozenset(map(plain, _TONAL | _STOPPED | _GI))


@lru_cache(maxsize=20_000)
def is_syllable(token: str) -> bool:
    """Whether ``token`` is spelled as a Vietnamese syllable with a possible tone ("việt" is, "viet" and "quôc" are not)."""
    tones: list[str] = []
    letters: list[str] = []
    for char in unicodedata.normalize("NFD", token.lower()):
        (tones if char in _TONES else letters).append(char)
    base = unicodedata.normalize("NFC", "".join(letters))
    if len(tones) > 1:
        return False
    if base in _TONAL or base in _GI:
        return True
    return base in _STOPPED and len(tones) == 1 and tones[0] in _STOP_TONES


@lru_cache(maxsize=20_000)
def is_folded_syllable(token: str) -> bool:
    """Whether ``token``, its marks taken off, could be a Vietnamese syllable without marks."""
    return plain(token) in _FOLDED


@dataclass(frozen=True, slots=True)
class LanguageProfile:
    """Shares of the words of a text (0 to 1).

    ``syllables``: spelled as Vietnamese syllables; ``marked``: carrying a Vietnamese mark; ``folded``: Vietnamese
    syllables once marks are taken off; ``mixed``: letters and digits, or odd signs, inside one word ("c6ch", "hi€n").
    ``words`` counts the words the shares stand on; abbreviations, numbers and single letters are left out.
    """

    words: int
    syllables: float
    marked: float
    folded: float
    mixed: float


_ODD_INSIDE = re.compile(r"[^\W\d_][€$£¥©®§¢|\\?][^\W\d_]")


def profile(text: str) -> LanguageProfile:
    """Measure ``text``. Words of two or more capitals only ("UBND", "PCVP") say nothing and are not counted, unless all are."""
    text = unicodedata.normalize("NFC", text)
    tokens = _TOKEN.findall(text)
    mixed = sum(1 for token in tokens if _is_mixed(token)) + len(_ODD_INSIDE.findall(text))
    words = [token for token in tokens if len(token) > 1 and _LETTERS.fullmatch(token)]
    lower = [token for token in words if not token.isupper()]
    counted = lower if len(lower) >= max(10, len(words) // 4) else words
    total = len(counted)
    if not total:
        return LanguageProfile(0, 0.0, 0.0, 0.0, 0.0)
    return LanguageProfile(
        words=total,
        syllables=sum(map(is_syllable, counted)) / total,
        marked=sum(1 for token in counted if plain(token) != token.lower()) / total,
        folded=sum(map(is_folded_syllable, counted)) / total,
        mixed=mixed / (total + mixed),
    )


def _is_mixed(token: str) -> bool:
    # "2023", "T10" and "1a" are ordinary; a digit between or after small letters is misread.
    return bool(re.search(r"[^\W\d_A-Z]\d[^\W\d_]|[^\W\d_A-ZĐ]{2}\d", token))


def looks_vietnamese(text: str, *, least: int = 25) -> bool:
    """Whether ``text`` is Vietnamese, however badly read. Under ``least`` words there is no telling, and the answer is yes."""
    found = profile(text)
    if found.words + round(found.mixed * found.words) < least:
        return _latin_share(text) >= 0.5 or found.words < 5
    # Measured: four garbled directives .66 to .93 folded or many mixed words; English .24 to .33, French .3.
    return found.folded >= 0.5 or (found.folded >= 0.4 and found.mixed >= 0.1)


def _latin_share(text: str) -> float:
    letters = [char for char in text if char.isalpha()]
    return sum("LATIN" in unicodedata.name(char, "") for char in letters) / len(letters) if letters else 1.0
