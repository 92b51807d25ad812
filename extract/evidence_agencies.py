"""What speaks for and against the agencies of a task: who leads it, who takes part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from extract.agencies import find_agencies, read_roles
from extract.agencies_names import parser
from extract.agencies_reader import LINKS
from extract.evidence import Case, Evidence, Field, announced, words_from
from extract.folding import fold
from extract.legibility import Weak
from extract.phrases import opens_order

_SUBJECT_WORD = re.compile(r"\b(?:chủ trì|có trách nhiệm|chịu trách nhiệm)\b", re.IGNORECASE)
_POINTS_ELSEWHERE = re.compile(
    r"\b(?:này|trên|nói trên|nêu trên|đó|được giao|chủ trì|phối hợp|khác|mình|theo quy định)$|^(?:cơ quan|đơn vị) ", re.IGNORECASE
)
_PARTNERS = re.compile(r"phối hợp (?:chặt chẽ )?(?:với|cùng)\b", re.IGNORECASE)
_TOGETHER = re.compile(r"\bphối hợp\b", re.IGNORECASE)
_SENTENCE = re.compile(r"\.\s+(?=[A-ZĐÀ-Ỹ])")
_MODAL = re.compile(
    r"(?:can|phai|co trach nhiem|chiu trach nhiem|tiep tuc|chu dong|khan truong|nghiem tuc|tap trung|tich cuc|thuong xuyen|kip thoi|"
    r"va|truc tiep|se|duoc|khong|la)\b|^[,:(-]"
)
_ORDERED = re.compile(r"\b(?:giao|yeu cau|de nghi|phan cong|chi dao|don doc|nhac nho)\b[^.;]*$")
# A doer without "các" and without a name: "cơ quan", "doanh nghiệp viễn thông", "thị xã, thành phố".
_BARE = re.compile(
    r"(?!(?:cac|nhung|tung|moi|ubnd|hdnd|chu dau tu)\b)(?!(?:tinh|thanh pho|huyen|thi xa|xa|phuong|quan|thi tran|dac khu) [a-z])"
)
_LISTED = re.compile(r"(?:^|[,;]|\bva|\bcung)(?: cac)?$")
_PLAIN_WORDS = frozenset(
    {
        "cac", "nhung", "tung", "moi", "ubnd", "hdnd", "ca", "hai", "noi", "tren", "khac", "cap", "tinh", "huyen", "xa", "phuong",
        "dac", "khu", "trung", "uong", "truc", "thuoc", "dia", "ban", "ngang", "bo", "lien", "quan", "co", "chuyen", "mon", "nganh",
        "doan", "the", "chinh", "tri", "hoi", "to", "chuc", "su", "nghiep", "cong", "lap",
    }
)  # fmt: skip
_PLACE = re.compile(r"(?:[Tt]ỉnh|[Tt]hành phố|[Hh]uyện|[Tt]hị xã|[Xx]ã|[Pp]hường|[Qq]uận)(?: [A-ZĐÀ-Ỹ]\S*){1,4}$")


def lead_evidence(case: Case) -> Iterator[Evidence]:
    """On who must do it."""
    task = case.task

    def seen(name: str, value: float, words: str = "") -> Evidence:
        return Evidence("lead", name, float(value), words)

    yield seen(f"source {task.lead_source}", 1.0)
    if not task.lead:
        return
    kinds = {name: _kind(name, case.extra) for name in task.lead}
    unknown = [name for name, kind in kinds.items() if kind == "unknown"]
    opened = [name for name, kind in kinds.items() if kind == "open"]
    groups = [name for name, kind in kinds.items() if kind == "group"]
    yield seen("unknown name", bool(unknown), "; ".join(unknown))
    yield seen("open name", bool(opened), "; ".join(opened))
    yield seen("group", bool(groups), "; ".join(groups))
    rare = [name for name in groups if _has_other_words(name, case.extra)]
    yield seen("rare group", bool(rare), "; ".join(rare))
    issuer = fold(case.header.issuer or "")
    itself = [name for name in task.lead if issuer == fold(name) or issuer.startswith(fold(name) + " ")]
    yield seen("the issuer itself", bool(itself), "; ".join(itself))
    yield seen("several", min(1.0, (len(task.lead) - 1) / 4))
    bare = [name for name in task.lead if _BARE.match(fold(name)) and name[:1].islower()]
    yield seen("bare name", bool(bare), "; ".join(bare))
    yield seen("hard to read", _hardness(case))
    listed = [name for name in task.lead if "," in name and kinds[name] != "group"]
    yield seen("list in name", bool(listed), "; ".join(listed))
    pointing = [name for name in task.lead if _POINTS_ELSEWHERE.search(name)]
    yield seen("points elsewhere", bool(pointing), "; ".join(pointing))
    once = [name for name in task.lead if case.named[fold(name)] == 1]
    yield seen("named once", len(once) / len(task.lead), "; ".join(once))
    yield _ambiguous(case)
    yield weak_name("lead", task.lead, case.weak_lead)
    if task.lead_span is not None:
        others = _left_in_heading(case)
        yield seen("others in the heading", bool(others), "; ".join(others))
        yield seen("heading is a sentence", _heading_left(case))
    if case.own_lead:
        after = task.text[case.roles.verb_begin :] if case.roles.verb_begin >= 0 else ""
        unread = bool(after) and not opens_order(after) and not _MODAL.match(fold(after))
        yield seen("no verb behind name", unread, " ".join(after.split()[:4]))
        first = _first_sentence(task.text)
        late = [name for name in case.roles.lead if name not in read_roles(first, case.extra).lead] if len(first) < len(task.text) else []
        yield seen("named in a later sentence", bool(late), "; ".join(late))
        yield seen("not at the head", case.roles.lead_begin > 0 and not _ORDERED.search(fold(task.text[: case.roles.lead_begin])))
        return
    opens = opens_order(task.text) or parser(task.text, case.extra).word("opening", 0) > 0
    yield seen("text opens without a verb", not opens, " ".join(task.text.split()[:5]))
    subject = next((m for m in case.mentions if m.begin == 0 and m.name not in task.lead), None)
    yield seen("another agency opens the text", subject is not None, subject.text if subject else "")
    yield seen("further doers", bool(case.roles.further), "; ".join(case.roles.further))
    word = _SUBJECT_WORD.search(task.text)
    yield seen("speaks of leading", word is not None and word.start() > 0, word[0] if word else "")


def _left_in_heading(case: Case) -> list[str]:
    """Agencies that the heading lists beside the lead and that neither lead nor take part."""
    heading = announced(case.heading)
    label = heading.find(":") if case.task.lead_source == "label" else -1
    known = [fold(name) for name in (*case.task.lead, *case.task.coordinating, case.header.issuer or "")]
    found = []
    for m in case.heading_mentions:
        name, before = fold(m.name), fold(heading[label + 1 : m.begin])
        if m.begin > label and _LISTED.search(before) and not any(name in one or one in name for one in known if one):
            found.append(m.text)
    return found


def _has_other_words(group: str, extra: Path | None) -> bool:
    """Whether a group is told by more than offices, levels and places: "các cơ quan đăng ký đầu tư"."""
    reader, at = parser(group, extra), 0
    while at < len(reader.tokens):
        size = max(reader.word("group", at), reader.word("modifier", at), reader.place_unit(at))
        if not size and not reader.mark(at) and reader.key(at) not in _PLAIN_WORDS | LINKS and not reader.cap(at):
            return True
        at += max(1, size)
    return False


def _heading_left(case: Case) -> float:
    """How much of the heading (its words, at most 20) is not the names."""
    heading = announced(case.heading).split()
    named = sum(len(name.split()) for name in (*case.task.lead, *case.task.coordinating))
    return min(1.0, max(0, len(heading) - named - 4) / 20) if case.task.lead_source == "heading" else 0.0


def _ambiguous(case: Case) -> Evidence:
    """A name that is only likely, with what else it might be."""
    likely = dict(case.roles.doubtful) | {m.name: m.alternatives for m in case.heading_mentions if m.alternatives}
    if case.task.lead_source in {"cell", "cell above", "section"}:
        cells = find_agencies(case.paper.text(case.task.span), case.extra) if case.weak else ()
        likely |= {m.name: m.alternatives for m in cells if m.alternatives}
    hit = next((name for name in case.task.lead if name in likely), None)
    return Evidence("lead", "ambiguous name", float(hit is not None), " hoặc ".join((hit, *likely[hit][:2])) if hit else "")


def _hardness(case: Case) -> float:
    """How hard the lines are to read that name the lead; 1 from a confidence of .75 down."""
    return min(1.0, 4 * (1 - case.paper.legibility(case.task.lead_span or case.task.span)))


def _first_sentence(text: str) -> str:
    return _SENTENCE.split(text, maxsplit=1)[0]


def _kind(name: str, extra: Path | None) -> str:
    """What the grammar of names says of one canonical name: known, open (by its head word only), group or unknown."""
    if _PLACE.match(name):
        return "known"
    found = find_agencies(name[:1].upper() + name[1:], extra)
    whole = next((m for m in found if m.begin == 0 and m.end >= len(name) - 1), None)
    if whole is None:
        return "group" if found and all(m.is_group for m in found) and found[0].begin == 0 and found[-1].end >= len(name) - 1 else "unknown"
    if whole.is_group:
        return "group"
    return "open" if whole.kind == "open" or whole.confidence < 0.9 else "known"


def weak_name(field: Field, names: Sequence[str], weak: Sequence[Weak]) -> Evidence:
    """The least legible word of the names."""
    words = {word for name in names for word in fold(name).split()}
    worst = max((one for one in weak if set(fold(one.text).split()) & words), key=lambda one: one.doubt, default=None)
    return Evidence(field, "weak word", worst.doubt if worst else 0.0, f"{worst.word} ({worst.place})" if worst else "")


def coordinating_evidence(case: Case) -> Iterator[Evidence]:
    """On who takes part."""
    task = case.task

    def seen(name: str, value: float, words: str = "") -> Evidence:
        return Evidence("coordinating", name, float(value), words)

    partners = _PARTNERS.search(task.text)
    yield seen("none", not task.coordinating)
    yield seen("partners unread", partners is not None and not case.roles.coordinating, words_from(task.text, partners))
    loose = _TOGETHER.search(task.text)
    yield seen("together unread", loose is not None and partners is None and not case.roles.coordinating, words_from(task.text, loose))
    if not task.coordinating:
        return
    kinds = {name: _kind(name, case.extra) for name in task.coordinating}
    unknown = [name for name, kind in kinds.items() if kind == "unknown"]
    opened = [name for name, kind in kinds.items() if kind == "open"]
    yield seen("unknown name", bool(unknown), "; ".join(unknown))
    yield seen("open name", bool(opened), "; ".join(opened))
    yield seen("group", any(kind == "group" for kind in kinds.values()))
    yield seen("several", min(1.0, (len(task.coordinating) - 1) / 4))
    yield seen("inherited", not set(task.coordinating) & set(case.roles.coordinating))
    yield seen("more than once", len(_TOGETHER.findall(task.text)) > 1)
    yield weak_name("coordinating", task.coordinating, case.weak)
