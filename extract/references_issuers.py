"""Where the name of an issuing body ends that follows "của" behind a document number.

Comes in: the text after "của". Goes out: the words of the name as they stand there. A name ends at punctuation, at the verb or the
preposition that opens the subject ("về", "ban hành", "phê duyệt"), or at the next cited document; commas and "và" stay where they
are part of the name ("Bộ Văn hóa, Thể thao và Du lịch").
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

import yaml

from extract.folding import fold
from extract.numbers import document_types

_MAX_WORDS = 24
_REACH = 240


@lru_cache(maxsize=1)
def citation_words() -> dict[str, list[str]]:
    """The word lists of ``citation_words.yaml``."""
    words: dict[str, list[str]] = yaml.safe_load((files("extract") / "resources" / "citation_words.yaml").read_text("utf-8"))
    return words


_HEADS = re.compile(rf"^(?:{'|'.join(citation_words()['heads'])})\b")
_OPENER = re.compile(rf"(?:{'|'.join(sorted(citation_words()['openers'], key=len, reverse=True))})(?![\w/])")
_CAPITAL_OPENER = re.compile(rf"(?:{'|'.join(word.capitalize() for word in citation_words()['capital_openers'])})(?![\w/])")
_INSIDE_NAME = re.compile(rf"(?:^|\s)(?:{'|'.join(citation_words()['inside_names'])})\b", re.IGNORECASE)
_TYPE_NAMES = tuple(sorted({fold(name) for kind in document_types() for name in (kind.name, *kind.names)}, key=len, reverse=True))
_STOP = re.compile(r"[;.:()\[\]“”\"\t|]|\n\s*(?:\n|[-+•*]|\d+[.)]|[a-zđ]\))|\s[-–—]\s(?![A-ZĐ]\w+ binh)|[-–—]\s*$")
# "của đồng chí Trần Văn A - Chủ tịch UBND tỉnh": the office counts, not the person.
_PERSON = re.compile(r"^(?:đồng chí|ông|bà) (?:[A-ZĐÀ-Ỹ][\wÀ-ỹ]*\s){2,5}?[-–,]\s*(?=[A-ZĐỦ])")
_DOCUMENT = re.compile(r"[\wÀ-ỹ ]{3,40}?(?: số)? ?\d|(?:Luật|Nghị|Quyết|Chỉ thị|Công văn|Công điện|Kế hoạch|Thông tư|Đề án)\b")
# "Bộ Kế hoạch và Đầu tư" names a field, no plan.
_FIELD_FOLLOWS = re.compile(r"(?:^|\s)(?:Bộ|Sở|Phòng|Ban|Vụ|Cục|Ủy ban|Uỷ ban|Trung tâm)$")
# Names that are whole: after them only a term ("khóa XV") or another body goes on, whatever verb follows.
_WHOLE_NAME = re.compile(
    r"(?:(?:Thủ tướng |Phó Thủ tướng |Văn phòng )?Chính phủ|(?:Ủy ban Thường vụ )?Quốc hội|Bộ Chính trị"
    r"|(?:Chủ tịch |Phó Chủ tịch |Văn phòng |Thường trực )?(?:UBND|HĐND|Ủy ban nhân dân|Uỷ ban nhân dân|Hội đồng nhân dân)"
    r" (?:tỉnh|thành phố|Thành phố|huyện|thị xã|quận|xã|phường|thị trấn|đặc khu)(?: [A-ZĐÀ-Ỹ][\wÀ-ỹ]*)*)$"
)
_GOES_ON_LOWER = ("khóa", "khoá", "nhiệm", "và", "các", "của", "cũ", "lần", "thứ")
_TOKEN = re.compile(r",?\s*[^\s,]+")


def issuer_after(text: str) -> str | None:
    """The issuer at the beginning of ``text`` (what follows "của"), None when no name stands there."""
    if person := _PERSON.match(text):
        text = text[person.end() :]
    stop = _STOP.search(text)
    text = " ".join((text[: stop.start()] if stop else text)[:_REACH].split())
    end, words = 0, 0
    for token in _TOKEN.finditer(text):
        if words and not _goes_on(text, token, text[:end]):
            break
        end, words = token.end(), words + 1
        if words >= _MAX_WORDS:
            break
    name = " ".join(text[:end].strip(" ,-").split())
    if not name or not (name[0].isupper() or name.lower().startswith(("ban ", "ủy ban", "uỷ ban", "tỉnh", "liên bộ", "cấp "))):
        return None
    return name


def _goes_on(text: str, token: re.Match[str], name: str) -> bool:
    """Whether the name runs on through the token."""
    rest = text[token.start() :].lstrip(" ,")
    if re.match(r"(?:và )?Đề án 06\b", rest) and name.startswith(("Tổ ", "Ban Chỉ đạo")):
        return True  # "Tổ công tác cải cách hành chính và Đề án 06": a body named after the project it was set up for
    if name.endswith("Đề án"):
        return rest.startswith("06")
    word = rest.split()[0] if rest.split() else ""
    if token[0].startswith(","):
        return _comma_inside(rest, name)
    if _starts_document(rest) and not _FIELD_FOLLOWS.search(name):
        return False
    if word[:1].islower() and word not in _GOES_ON_LOWER and _WHOLE_NAME.match(name):
        return False
    if word == "và":
        return _and_inside(rest[2:].lstrip(), name)
    if word == "của":
        # "Ủy ban Văn hóa và Xã hội của Quốc hội": a body of a body
        inner = name.startswith(("Ủy ban", "Uỷ ban", "Hội đồng", "Văn phòng", "Ban "))
        return inner and rest[4:].startswith(("Quốc hội", "Đảng", "Chính phủ"))
    if word == "về" and re.match(r"(?i)ban chỉ đạo trung ương$", name.strip()):
        return True
    if _steers(name):
        return word != "về"
    if _CAPITAL_OPENER.match(rest) and not _FIELD_FOLLOWS.search(name):
        return False
    # In a title all in capitals the case of a word says nothing.
    opener = _OPENER.match(rest.lower() if name.isupper() else rest)
    if opener is not None:
        # Judged with the word before it: "Ban chỉ đạo", but "UBND tỉnh chỉ đạo".
        return _INSIDE_NAME.search(f"{name.rsplit(maxsplit=1)[-1]} {opener[0]}") is not None
    return not word[0].isdigit() or name.rstrip().endswith(tuple(citation_words()["numbered_parts"]))


def _comma_inside(rest: str, name: str) -> bool:
    if _steers(name):  # the fields are listed up to the last "và"
        return " và " not in name.split(" về ", 1)[1] and not _starts_document(rest)
    if name.endswith("Bộ Chính trị"):
        return rest.startswith("Ban Bí thư")
    if not re.match(r"^(?:Bộ|Sở|Phòng|Ủy ban|Ban|Giám đốc|Bộ trưởng|Vụ|Cục)\b", name) or _HEADS.match(rest):
        return False
    return re.match(r"^[A-ZĐÀ-Ỹ][\wÀ-ỹ]*(?: [\wÀ-ỹ]+){0,3}(?:, [A-ZĐ][\wÀ-ỹ]*(?: [\wÀ-ỹ]+)?)? và [A-ZĐ]", rest) is not None


def _and_inside(rest: str, name: str) -> bool:
    if not rest or _starts_document(rest):
        return False
    if rest[0].islower():
        return _steers(name)
    return re.match(r"(?:các|Luật|Pháp|Điều|Khoản|Kết luận|Thông báo|Báo cáo|Tờ trình|Văn bản|Hướng dẫn|Nghị quyết)\b", rest) is None


def _starts_document(rest: str) -> bool:
    folded = fold(rest[:40])
    if not any(folded.startswith(name + " ") or folded == name for name in _TYPE_NAMES):
        return False
    return rest[0].isupper() and _DOCUMENT.match(rest) is not None


def _steers(name: str) -> bool:
    """Whether the name is that of a steering committee with its field ("Ban Chỉ đạo Trung ương về chuyển đổi số")."""
    return name.lower().startswith("ban chỉ đạo") and "về" in name.split()
