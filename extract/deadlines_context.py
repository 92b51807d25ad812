"""Which times in running text are deadlines of the ordered work, judged by the words around them.

Left alone: data periods and results ("trong 10 tháng đầu năm … đã"), targets ("đến năm 2025 đạt 95%"), start dates ("từ ngày",
"có hiệu lực từ"), conditions of law ("xây dựng trước ngày 01/7/2006"), years that name a plan, dates of cited documents (they have no
introduction of a deadline before them).
"""

from __future__ import annotations

import re
from datetime import date

from extract.deadlines_phrases import Phrase

# Orders do recall limits that have just run out ("… phải hoàn thành trước ngày 15/8", written in September); older ones are narration.
_RECALL_DAYS = 92

_DONE = re.compile(r"\b(?:hoan thanh|hoan tat|xong|gui|nop|trinh|bao cao|ket thuc|cham nhat|giai ngan het|dut diem|ban giao|thuc hien|gop y|phe duyet|"
                   r"ban hanh|to chuc|trien khai|han cuoi|han|dua vao|cong bo|dang ky)\b")  # fmt: skip
_FINISH_LEFT = re.compile(r"\b(?:hoan thanh|hoan tat|xong|ket thuc|du kien|han cuoi|han chot|thoi han|trinh|gui|nop|lui lai|gia han)(?: (?:vao|trong|la|toi da))?[ :(]*$")
_FINISH_RIGHT = re.compile(r"^ ?,? ?(?:phai |can |co ban |se )?(?:hoan thanh|xong|hoan tat|ket thuc|gui|bao cao|trinh|nop)\b(?!.{0,40}%)")
_TARGET_LEFT = re.compile(r"\b(?:muc tieu|phan dau|chi tieu|tam nhin|dinh huong|ty le|dat)\b|[0-9] ?%")
_TARGET_RIGHT = re.compile(r"^ ?[,:]? ?(?:dat|co (?:tren|it nhat|toi thieu|[0-9>≥])|tang|giam|ty le|so|phan dau|tren [0-9]|toi thieu|[0-9.,]+ ?%)|^ ?: ?(?:co|dat|100|[0-9≥>])")
_COMPLETION = re.compile(r"\b(?:hoan thanh|hoan tat|xong|dut diem)\b")
_NARRATED_LEFT = re.compile(
    r"\b(?:da (?!duoc giao|co|phe duyet|neu|chi dao|giao)[a-z]+|ket qua (?:dat duoc|thuc hien)|hieu luc|ap dung|tu tran|hy sinh|thuong tru|du bao|"
    r"so voi|phat sinh|ky tinh|giai doan|so lieu|su kien|dien ra|xay ra|(?:da|duoc) ban hanh|duoc cap)(?: [a-z]+)? ?\(?$"
)
_DATA_RIGHT = re.compile(r"^ ?,? ?(?:mac du|da |tinh da|toan tinh|ca nuoc|tren dia ban .{0,40} da|uoc|dat duoc|co hieu luc|tro ve truoc)|^ ?\((?:ngay|thoi diem) .{0,60}hieu luc")
_QUESTION = re.compile(r"\?\s*$")
_LABEL_LEFT = re.compile(
    r"(?:\bthoi (?:gian|han|diem|luong)(?! (?:bao cao|chot|lay|tinh|dang ky))(?: (?:thuc hien|hoan thanh|trien khai|to chuc|nop|gui|ban hanh|trinh|xong|du kien|bao cao|va [a-z ]{3,20}|[a-z]+ [a-z]+))?"
    r"|\btien do(?: [a-z]+ [a-z]+)?|\bhan (?:nop|gui|cuoi|chot|hoan thanh|bao cao)(?: [a-z]+ [a-z]+)?|\bhoan thanh|\blo trinh) ?[:\-] ?(?:hoan thanh |xong |tu )?$"
)
_CLAUSE = re.compile(r"[.;:](?= |$)")
_LONG_SHAPES = ("month", "quarter", "slash")


def is_deadline(phrase: Phrase, folded: str, dated: date | None) -> bool:
    """Whether the phrase limits the work that the text orders."""
    left = folded[max(0, phrase.begin - 240) : phrase.begin]
    clause = _CLAUSE.split(left)[-1]
    right = folded[phrase.end : phrase.end + 100]
    if _LABEL_LEFT.search(left):
        return True
    if _past(phrase, dated, _RECALL_DAYS) or _DATA_RIGHT.match(right):
        return False
    if phrase.open_start and not phrase.ranged:
        return False
    if phrase.recurrence is not None and phrase.period is None:
        return _recurring(phrase, clause)
    if phrase.ranged:
        return _ranged(phrase, clause, right, dated)
    if not phrase.introduction:
        return _bare(phrase, left, clause, right, folded, dated)
    return _introduced(phrase, clause, right, dated)


def _past(phrase: Phrase, dated: date | None, days: int = 0) -> bool:
    return dated is not None and phrase.period is not None and (dated - phrase.period.last).days > days


def _recurring(phrase: Phrase, clause: str) -> bool:
    if not phrase.introduction and phrase.shapes[0] not in ("day", "short", "words"):
        return bool(_DONE.search(clause)) or not clause.strip()
    if phrase.introduction.startswith(("den", "toi", "het")):
        return bool(_COMPLETION.search(clause) or re.search(r"\b(?:gui|nop|bao cao)\b", clause))
    return not phrase.open_start and not phrase.introduction.startswith(("tinh", "sau"))


def _ranged(phrase: Phrase, clause: str, right: str, dated: date | None) -> bool:
    if not phrase.introduction.startswith(("tu", "trong", "vao")) or phrase.introduction == "tinh tu" or _past(phrase, dated):
        return False
    if set(phrase.shapes) <= {"year", "years", "bare"} or _NARRATED_LEFT.search(clause) or _TARGET_RIGHT.match(right):
        return False
    return phrase.introduction.startswith(("trong", "vao")) or bool(_DONE.search(clause) or re.search(r"\b(?:cao diem|tap trung|dot|thoi gian)\b", clause))


def _bare(phrase: Phrase, left: str, clause: str, right: str, folded: str, dated: date | None) -> bool:
    """A time without "trước", "trong" …: only after "hoàn thành" and its like, or alone in brackets."""
    explicit = phrase.period is not None and re.search(r"[12][0-9]{3}$", folded[phrase.core : phrase.end]) is not None
    if left.endswith("(") and right.startswith(")"):
        return explicit and not _past(phrase, dated) and phrase.shapes[0] in _LONG_SHAPES
    if phrase.shapes[0] in ("bare", "year", "years", "some"):
        return bool(re.search(r"\b(?:hoan thanh|xong|ket thuc) (?:vao |trong )?$", clause)) and phrase.shapes[0] != "bare"
    return bool(_FINISH_LEFT.search(clause)) and not _TARGET_RIGHT.match(right) and not _past(phrase, dated)


def _introduced(phrase: Phrase, clause: str, right: str, dated: date | None) -> bool:
    if _NARRATED_LEFT.search(clause):
        return False
    aimed = bool(_TARGET_LEFT.search(clause)) and not _COMPLETION.search(clause)
    words = phrase.introduction.split()
    if phrase.introduction.startswith(("cham", "muon", "han")):
        return True
    if "truoc" in words:
        return True
    if words[0] in ("den", "toi", "het", "tinh"):
        if words[0] == "tinh" or phrase.shapes[0] in ("year", "years", "bare") or aimed or _TARGET_RIGHT.match(right) or _past(phrase, dated):
            return False
        near = " ".join(clause.split()[-9:])
        return bool(_COMPLETION.search(near) or re.search(r"\b(?:gia han|keo dai|gui|nop|gop y|thoi han)\b", near) or _FINISH_RIGHT.match(right))
    if words[0] in ("sau", "luc"):
        return False
    if words[0] == "vao":
        return not aimed and not _past(phrase, dated) and bool(re.search(r"\b(?:hoan thanh|hoan tat|xong|khanh thanh|gui|nop|trinh|bao cao|ket thuc)\b", clause))
    if aimed or _TARGET_RIGHT.match(right):
        return False
    if phrase.shapes[0] == "this":
        return bool(_COMPLETION.search(clause))
    narrated = re.search(r"\b(?:da|duoc) (?:ban hanh|thuc hien|tiep nhan|ky|trien khai)\b", clause)
    return not (narrated and _past(phrase, dated)) and not (phrase.shapes[0] == "some" and _past(phrase, dated))
