"""Which times in running text are deadlines of the ordered work, judged by the words around them.

Left alone: data periods and results ("trong 10 tháng đầu năm … đã"), targets ("đến năm 2025 đạt 95%"), start dates ("từ ngày",
"có hiệu lực từ"), conditions of law ("xây dựng trước ngày 01/7/2006"), years that name a plan, dates of cited documents (they have no
introduction of a deadline before them).
"""

from __future__ import annotations

import re
from datetime import date

from extract.deadlines_phrases import Phrase
from extract.deadlines_words import any_of, any_order_verb

# Orders do recall limits that have just run out ("… phải hoàn thành trước ngày 15/8", written in September); older ones are narration.
_RECALL_DAYS = 92
_LEFT, _RIGHT, _NEAR_WORDS = 240, 100, 9

_CLAUSE = re.compile(r"[.;:](?= |$)|[(](?=[^()]*$)")
YEAR_SHAPES = ("year", "years", "bare", "school")
_BRACKET_SHAPES = ("month", "quarter", "slash")

_LABEL_LEFT = re.compile(
    rf"(?:\bthoi (?:gian|han|diem|luong)(?: {any_of('label_deeds')}(?: [a-z]+ [a-z]+)?)?|\btien do(?: [a-z]+ [a-z]+)?|\blo trinh"
    r"|\bhan (?:nop|gui|cuoi|chot|hoan thanh|bao cao)(?: [a-z]+ [a-z]+)?|\bhoan thanh) ?[:\-] ?(?:hoan thanh |xong |tu )?$"
    r"|\b(?:thoi han|han (?:nop|gui|cuoi|chot))(?: (?!la )[a-z]+){0,8} la (?:ngay )?$"
)
_COMPLETION = re.compile(rf"\b{any_of('completion')}\b")
_DEED = re.compile(rf"\b{any_of('deeds')}\b")
_FINISHES_BARE = re.compile(rf"\b{any_of('finishes_before_bare')}(?: (?:vao|trong|la|toi da))?[ :(]*$")
_FINISHES_YEAR = re.compile(
    rf"\b(?:(?<!ke hoach )(?<!danh muc )(?<!du an ){any_of('completion')}"
    r"|(?:bao dam|dam bao|phai|quyet tam|de|phan dau) (?:[a-z]+ ){0,4}(?:thong xe|khanh thanh|khoi cong)(?: ky thuat)?)"
    r" (?:vao |trong )?$"
)
_LIMIT_UNTIL = re.compile(rf"\b{any_of('limits_before_until')}\b")
_HAPPENS_ON = re.compile(rf"\b{any_of('happens_on')}\b")
_FINISH_RIGHT = re.compile(
    r"^ ?,? ?(?:phai |can |co ban |se |co )?(?:hoan thanh|xong|hoan tat|ket thuc|gui|bao cao|trinh|nop)\b(?!.{0,40}%)"
)
_TARGET_LEFT = re.compile(rf"\b{any_of('targets')}\b|[0-9] ?%")
# "Rà soát mục tiêu, chỉ tiêu … trong quý I" aims at nothing: the word must open the clause; "phấn đấu" aims anywhere.
_AIM = re.compile(rf"(?:^[\s\-+]*|\b(?:voi|huong (?:toi|den)|dat) (?:cac )?){any_of('targets')}\b|\bphan dau\b|^ ?(?:co )?[0-9][0-9.,]* ?%")
_LEVEL = re.compile(rf"\b(?<!cat ){any_of('levels')} (?:[a-z]+ ){{0,3}}[0-9][0-9.,]* ?%")
_AIMED_WORK = re.compile(rf"\b{any_of('aimed_works')}\b")
_NEXT_WORK = re.compile(rf"[,;] ?(?:va |dong thoi )?(?:{any_order_verb()}|trinh|gui|nop|giao)\b")
_NOT_A_WORK_AIMED_AT = rf"(?!phan dau (?:[a-z]+ ){{0,4}}(?:{any_of('completion')}|{any_of('aimed_works')})\b)"
_TARGET_RIGHT = re.compile(
    rf"^ ?[,:]? ?(?:{_NOT_A_WORK_AIMED_AT}{any_of('targets_after')}\b(?! (?:hang|mua|ra|lich|coc))"
    r"|co (?:tren|it nhat|toi thieu|[0-9>≥])|tren [0-9]|[0-9.,]+ ?%)|^ ?: ?(?:co|dat|100|[0-9≥>])"
)
_NARRATED_LEFT = re.compile(rf"\b{any_of('narrates')}(?: [a-z]+)? ?\(?$")
_RESULT_RIGHT = re.compile(rf"^ ?,? ?{any_of('results_after')}\b|^ ?\((?:ngay|thoi diem) .{{0,60}}hieu luc")
_ALREADY_RIGHT = re.compile(r"^ ?, ?[^.;:]{0,70}\bda\b")
_ALREADY_LEFT = re.compile(r"\b(?:da|duoc) (?:ban hanh|thuc hien|tiep nhan|ky|trien khai)\b")
# "công trình" is not "trình", nor do "tổ chức chính trị" hold anything.
_NOUNS_LIKE_DEEDS = re.compile(
    r"\b(?:cong|chuong|quy|qua|tien|lo|hanh|giao|giai) trinh\b"
    r"|\b(?:co quan, |cac |cho |cua )?to chuc(?=,| (?:chinh tri|doan the|dang|xa hoi|tin dung|va ca nhan|ca nhan|co lien))"
)
_RECALLED = re.compile(rf"\b(?:{any_of('completion')}|{any_of('paid_out')}|trinh|phai|yeu cau|giao|de nghi|thoi han|han)\b")
_GOES_ON = re.compile(r" ?,| (?:phai|can|cac|yeu cau|tiep tuc|tap trung)\b")
_ENDS = re.compile(rf"\b(?:{any_of('completion')}|so ket|tong ket|khanh thanh|ket thuc)\b")
# A range behind a label, whatever is done in that time, but for data, holidays and opening hours.
_ANY_LABEL = re.compile(r"\bthoi gian (?!(?:nghi|so lieu|chot|lam viec|mo cua|cong tac))[a-z ,]{2,40}: ?$")
_LEGAL_RIGHT = re.compile(
    r"^[^.;:]{0,40}?\bthi (?:thuc hien|ap dung|duoc|khong|van)\b|^ (?:tiep tuc|van) (?:thuc hien|ap dung|duoc)\b"
    r"|^ ?,? duoc (?:xem|cap|boi|huong|mien)"
)
_PAID_OUT = re.compile(rf"\b(?:{any_of('completion')}|{any_of('paid_out')})\b")
_AROUND = re.compile(r"\b(?:dip|thoi gian|thoi diem|giai doan|dot|ngay|tuan|thang|cao diem) $")
# Amounts to be reached in a year: "hoàn thành 5.000 km vào năm 2030".
_AMOUNT = re.compile(r"\b[0-9][0-9.,]* ?(?:km|ha|can|nha|ho|trieu|ty|nghin|%)[a-z /]*$|[0-9]\.[0-9]{3}\b")
_LAW_CONDITION = re.compile(r"\b(?<!hoc )(?<!ve )(?<!tuyen )(?<!khai )(?<!dan )(?<!thi )(?:sinh|sinh ra) ?\(?$")


def is_deadline(phrase: Phrase, folded: str, dated: date | None) -> bool:
    """Whether the phrase limits the work that the text orders."""
    left, clause, right = surroundings(phrase, folded)
    if _LABEL_LEFT.search(left):
        return True
    if past(phrase, dated, _RECALL_DAYS) or _RESULT_RIGHT.match(right) or (past(phrase, dated) and _ALREADY_RIGHT.match(right)):
        return False
    if phrase.open_start and not phrase.ranged:
        return False
    if phrase.shapes == ("tet",):
        return _PAID_OUT.search(clause) is not None and not _AROUND.search(clause)
    if phrase.recurrence is not None and phrase.period is None:
        return _recurring(phrase, clause)
    if phrase.ranged:
        return _ranged(phrase, left, clause, right, dated)
    if not phrase.introduction:
        return _bare(phrase, left, clause, right, folded, dated)
    return not _NARRATED_LEFT.search(clause) and _introduced(phrase, clause, right, dated)


def surroundings(phrase: Phrase, folded: str) -> tuple[str, str, str]:
    """What stands left of a phrase, its own clause of that (nouns that sound like deeds blotted out), and what stands right of it."""
    left = folded[max(0, phrase.begin - _LEFT) : phrase.begin]
    return left, _NOUNS_LIKE_DEEDS.sub("_", _CLAUSE.split(left)[-1]), folded[phrase.end : phrase.end + _RIGHT]


def past(phrase: Phrase, dated: date | None, days: int = 0) -> bool:
    """Whether the period ended more than ``days`` days before the document's date."""
    return dated is not None and phrase.period is not None and (dated - phrase.period.last).days > days


def aimed(clause: str, right: str) -> bool:
    """Whether the time belongs to a level to be reached (a percentage, "phấn đấu …"), and nothing is to be finished by it."""
    if _TARGET_RIGHT.match(right):
        return True
    part = clause.rsplit(",", 1)[-1]
    level = _last(_LEVEL, clause)
    if level is not None and not _COMPLETION.search(part) and not _NEXT_WORK.search(clause, level.end()):
        return True
    aim = _last(_AIM, clause)
    if aim is None or _COMPLETION.search(clause):
        return False
    return not (_AIMED_WORK.search(clause, aim.end()) or _NEXT_WORK.search(clause, aim.end()))


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next(reversed([*pattern.finditer(text)]), None)


def _recurring(phrase: Phrase, clause: str) -> bool:
    if phrase.introduction.startswith(("den", "toi", "het")):
        return _LIMIT_UNTIL.search(clause) is not None
    if phrase.introduction or phrase.shapes[0] in ("day", "short", "words", "weekday"):
        return (phrase.ranged or not phrase.open_start) and not phrase.introduction.startswith(("tinh", "sau"))
    return _DEED.search(clause) is not None or not clause.strip()


def _ranged(phrase: Phrase, left: str, clause: str, right: str, dated: date | None) -> bool:
    if not phrase.introduction or past(phrase, dated):
        return False
    if not phrase.introduction.startswith(("tu", "trong", "vao")):  # "trước ngày 15/12 - 20/12/2025"
        return not _NARRATED_LEFT.search(clause) and _introduced(phrase, clause, right, dated)
    if _ANY_LABEL.search(left):
        return True
    if set(phrase.shapes) <= set(YEAR_SHAPES) or _NARRATED_LEFT.search(clause) or _TARGET_RIGHT.match(right):
        return False
    return phrase.introduction.startswith(("trong", "vao")) or _DEED.search(clause) is not None


def _bare(phrase: Phrase, left: str, clause: str, right: str, folded: str, dated: date | None) -> bool:
    """A time without "trước", "trong" …: only after "hoàn thành" and its like, or alone in brackets."""
    if past(phrase, dated):
        return False
    if left.endswith("(") and right.startswith(")"):
        with_year = re.search(r"[12][0-9]{3}$", folded[phrase.core : phrase.end])
        return with_year is not None and phrase.shapes[0] in _BRACKET_SHAPES
    if not clause.strip(" -+") and re.match(r" ?: ", right) and phrase.shapes[0] in (*_BRACKET_SHAPES, "year", "some"):
        # "Quý I/2026: trình duyệt; Quý II/2026: khởi công."
        return not _TARGET_RIGHT.match(right) and not _TARGET_LEFT.search(right[:60])
    if not clause.strip() and phrase.shapes[0] not in YEAR_SHAPES and _FINISH_RIGHT.match(right):
        return True
    if phrase.shapes[0] in (*YEAR_SHAPES, "some"):
        return phrase.shapes[0] != "bare" and _FINISHES_YEAR.search(clause) is not None
    return _FINISHES_BARE.search(clause) is not None and not _TARGET_RIGHT.match(right)


def _introduced(phrase: Phrase, clause: str, right: str, dated: date | None) -> bool:
    words = phrase.introduction.split()
    near = " ".join(clause.split()[-_NEAR_WORDS:])
    if words[0] in ("cham", "muon", "khong", "han"):
        return True
    if "truoc" in words:
        if past(phrase, dated) and not _RECALLED.search(clause):
            return False
        return bool(_COMPLETION.search(clause)) or not (_LAW_CONDITION.search(clause) or _LEGAL_RIGHT.match(right))
    if words[0] in ("sau", "luc", "tinh"):
        return False
    if words[0] in ("den", "toi", "het"):
        if clause.endswith("tu nay "):
            return not aimed(clause, right) and bool(_DEED.search(clause) or (not clause[:-7].strip() and _GOES_ON.match(right)))
        if phrase.shapes[0] not in YEAR_SHAPES and not past(phrase, dated) and _FINISH_RIGHT.match(right):
            return True
        if phrase.shapes[0] in YEAR_SHAPES or aimed(clause, right) or past(phrase, dated):
            return False
        return _LIMIT_UNTIL.search(near) is not None or _FINISH_RIGHT.match(right) is not None
    if words[0] == "vao":
        if phrase.shapes[0] in YEAR_SHAPES and (_AMOUNT.search(clause) or not _ENDS.search(near)):
            return False
        return not past(phrase, dated) and _HAPPENS_ON.search(clause) is not None and not aimed(clause, right)
    return _within(phrase, clause, near, right, dated)


def _within(phrase: Phrase, clause: str, near: str, right: str, dated: date | None) -> bool:
    """A period ("trong tháng 9/2023", "trong năm"), unless it only describes what is or was."""
    if aimed(clause, right):
        return False
    if phrase.shapes[0] in ("this", "named"):
        return (_COMPLETION if phrase.shapes[0] == "this" else _DEED).search(near) is not None
    return not (past(phrase, dated) and (phrase.shapes[0] == "some" or _ALREADY_LEFT.search(clause)))
