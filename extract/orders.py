"""Which items order something: tasks are leaves that tell somebody to do something, not results, bases, quotas or closing phrases."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from extract.agencies import read_roles
from extract.deadlines import find_deadlines
from extract.directive import Task
from extract.folding import fold
from extract.headings import ANNOUNCES, HEADING_LENGTH, ORDER_WORD
from extract.outline import Node
from extract.paragraphs import Paragraph
from extract.phrases import opens_order, orders_somewhere, phrases

# "Ủy ban bầu cử của tỉnh: Không quá 05 cá nhân" sets a number, no task.
_NUMBER_OF = re.compile(r":\s*(?:khong qua |toi da |it nhat |khoang |moi \S+ )?\d+ \w+(?:[ /]\w+){0,4}\W*$")
# "KẾT QUẢ THỰC HIỆN NHIỆM VỤ NĂM 2023" tells of the past, "KẾT QUẢ … VÀ NHIỆM VỤ …" of both.
_PAST = re.compile(r"(?:\w+\W+)?(?:nhung )?(?:ket qua|tinh hinh|danh gia)\b")
_AHEAD = re.compile(r"\b(?:phuong huong|thoi gian toi|(?:va|,) (?:\w+ ){0,2}(?:nhiem vu|giai phap)|trong tam)\b")
_EFFECT = re.compile(r"(?:quyet dinh|nghi quyet|thong tu|chi thi|quy che|quy dinh|ke hoach)(?: nay)? (?:nay )?co hieu luc\b")
# "Ông Lê Văn A, Giám đốc Sở Tài chính, Tổ trưởng;": who sits on a body that the article sets up.
_MEMBER = re.compile(
    r"(?:Ông|Bà|Đồng chí|Đ/c)\s+(?:[A-ZĐÀ-Ỹ][^\s,]*\s+){1,4}[A-ZĐÀ-Ỹ][^\s,]*\s*[,:–-][^.]*"
    r"\b(?i:thành viên|tổ trưởng|tổ phó|trưởng ban|phó ban|trưởng đoàn|phó đoàn|thư ký|ủy viên|uỷ viên)\W*$"
)
_REPORTS = re.compile(r"\b(?:bao cao|gui|nop|hoan thanh)\b")
_CONTENT_FOLLOWS = re.compile(
    r"\b(?:gom|bao gom|du lieu|so lieu|thong tin|ho so|thanh phan|chi tieu|noi dung bao cao)\b(?: \S+){0,4}\s*:\W*$"
)
_ORDERING_SENTENCE = re.compile(r"[.;]\s+(?=(?:Yêu cầu|Đề nghị|Giao|Phân công)\s)")
_END_MARK = re.compile(r"\./\.\W*$")
# Words; no order without a doer, a term and a verb at its head was shorter.
_FRAGMENT = 25
QUOTA = 8
_IDLE_LABEL = 5


def is_idle_section(text: str) -> bool:
    """Whether this heads a section that holds no orders: purposes, goals, legal bases, results of the past."""
    folded = fold(text).strip(" .:*")
    if folded.startswith("can cu ") and "," not in text:
        return True
    if len(folded) > HEADING_LENGTH or not phrases().idle_sections.match(folded):
        return False
    if phrases().idle_sections_unless.search(folded) and not (_PAST.match(folded) and not _AHEAD.search(folded)):
        return False
    # "ĐÁNH GIÁ CHUNG" heads a section, "Đánh giá việc thực hiện quy chế" is an order.
    return text.isupper() or len(folded.split()) <= 5 or not opens_order(text)


def is_order(text: str, extra: Path | None = None) -> bool:
    """Whether an item of this text orders something, as far as its wording tells: most items do."""
    folded = fold(text)
    if len(folded.split()) < 4 or (text.isupper() and len(text) < HEADING_LENGTH):
        return False
    if (phrases().idle_openers.match(folded) and not _orders_later(text, extra)) or _NUMBER_OF.search(folded):
        return False
    if _MEMBER.match(text):
        return False
    label, colon, rest = text.partition(":")
    if colon and len(label.split()) <= _IDLE_LABEL and is_idle_section(label) and not opens_order(rest.strip()):
        return False  # "Đánh giá chung: Dự án chậm 06 tháng"
    return not re.match(r"(?:tren day la|co bieu|co danh muc|\(co |kem theo)", folded)


def _orders_later(text: str, extra: Path | None) -> bool:
    """Whether a sentence behind the first orders somebody: "Thời gian qua … . Yêu cầu các địa phương …"."""
    return any(read_roles(text[match.end() :], extra).lead for match in _ORDERING_SENTENCE.finditer(text))


def enacts(paragraph: Paragraph) -> bool:
    """An article by which a decision itself does something and gives nobody a task of his own.

    "Điều 1. Thành lập …", "Điều 2. … có hiệu lực …", "Điều 3. … chịu trách nhiệm thi hành Quyết định này".
    """
    if paragraph.mark is None or paragraph.mark.kind != "article":
        return False
    folded = fold(paragraph.text)
    return (
        re.match(r"(?:thanh lap|ban hanh|phe duyet|sua doi|bai bo|cong bo|kien toan|quyet dinh nay|nghi quyet nay|thong tu nay)\b", folded)
        is not None
        or _EFFECT.match(folded) is not None
        or re.search(r"chiu trach nhiem thi hanh (?:quyet dinh|nghi quyet|chi thi|thong tu)(?: nay)?\W*$", folded) is not None
    )


def is_order_with_more(node: Node, own: Sequence[Node], extra: Path | None = None) -> bool:
    """An item that is a whole order itself though more stands below it: paragraphs without a mark, or bullets that say how."""
    if not node.marked or ANNOUNCES.search(node.text) or not is_order(node.text, extra):
        return False
    sentence = node.text.endswith(".")
    if any(child.marked for child in own):
        whole = len(node.text) > HEADING_LENGTH or any(term.due for term in find_deadlines(node.text, None))
        return sentence and whole and (opens_order(node.text) or bool(read_roles(node.text, extra).lead))
    return len(node.text) > HEADING_LENGTH or (sentence and (opens_order(node.text) or bool(read_roles(node.text, extra).lead)))


def lists_content(node: Node, own: Sequence[Node], extra: Path | None = None) -> bool:
    """An order whose bullets only list what a report or a file must hold: "báo cáo …, gồm các số liệu về: + Tiến độ; + …"."""
    if not node.marked or not _CONTENT_FOLLOWS.search(fold(node.text)) or not is_order(node.text, extra):
        return False
    return all(not child.children and not opens_order(child.text) and not read_roles(child.text, extra).lead for child in own)


def is_unmarked_order(text: str, dated: date | None, *, top: bool, numbered: bool, extra: Path | None = None) -> bool:
    """Whether a paragraph without a mark is a task: below a heading it is one, at the end of the paper it has to say who and what."""
    folded = fold(text)
    if ANNOUNCES.search(text) or (phrases().idle_openers.match(folded) and not _orders_later(text, extra)):
        return False
    closing = phrases().closings.match(folded) or phrases().closings_anywhere.search(folded) or (numbered and _END_MARK.search(text))
    if closing:
        return bool(read_roles(text, extra).lead) and (folded.startswith("giao ") or bool(find_deadlines(text, dated)))
    if not top:
        return orders_somewhere(text) or bool(read_roles(text, extra).lead) or _orders_later(text, extra) or _sets_report(text, dated)
    if re.match(r"(?:can cu|thuc hien|xet|theo|ngay|nham|de|qua)\b", folded) and not ORDER_WORD.search(text):
        return False
    if read_roles(text, extra).lead or read_roles(_after_order_word(text), extra).lead or (numbered and opens_order(text)):
        return True
    return _orders_later(text, extra) or _sets_report(text, dated)


def _sets_report(text: str, dated: date | None) -> bool:
    """A sentence that says by when something must be reported or done, whoever is meant: "Kết thúc đợt kiểm tra báo cáo trước ngày …"."""
    return _REPORTS.search(fold(text)) is not None and any(term.due for term in find_deadlines(text, dated))


def _after_order_word(text: str) -> str:
    match = ORDER_WORD.search(text)
    clause = text[match.start() :] if match else text
    return clause[:1].upper() + clause[1:]


def is_fragment(task: Task) -> bool:
    """An item that names a thing and orders nobody ("Tờ trình đề nghị khen thưởng"): short, without a verb at its head, and nobody's."""
    words = len(task.text.split())
    if task.text.startswith("Đối với") and words <= QUOTA:
        return True
    return not task.lead and not task.deadlines and words <= _FRAGMENT and not orders_somewhere(task.text)
