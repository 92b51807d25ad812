"""Headings that name who is meant below them: "Sở Nội vụ: …", "UBND tỉnh yêu cầu các sở, ngành thực hiện như sau:"."""

from __future__ import annotations

import re
from pathlib import Path

from extract.agencies import Roles, read_heading, split_agencies
from extract.folding import fold
from extract.phrases import opens_order

ANNOUNCES = re.compile(r":\s*\**$")
ORDER_WORD = re.compile(
    r"\b(?:yêu cầu|đề nghị|giao|phân công|chỉ đạo|chỉ thị|nhắc nhở|lưu ý|hướng dẫn|thông báo|ủy quyền|thống nhất|đồng ý|kết luận)\b",
    re.IGNORECASE,
)
HEADING_LENGTH = 150
# Who signs the paper does not do what it orders: "UBND tỉnh ban hành Kế hoạch như sau:".
_GIVES_ORDERS = re.compile(
    r"(?:da |co |tiep tuc )?"
    r"(?:ban hanh|xay dung|thong bao|chi thi|yeu cau|de nghi|quyet dinh|ket luan|huong dan|cong bo|phe duyet|y kien)\b"
)
_AUTHORITY = re.compile(r"(?:UBND|HĐND|Thủ tướng|Phó Thủ tướng|Chính phủ|Quốc hội|Tỉnh ủy|Thành ủy|Ban Thường vụ|Văn phòng Chính phủ)\b")
_ENUMERATES = re.compile(
    r"\b(?:cac|nhung)\s+(?:so|bo|tinh|thanh pho|huyen|thi xa|xa|phuong|dia phuong|co quan|don vi|ban|nganh|cuc|vu|hoi|doan the|tap doan|"
    r"tong cong ty|truong|doanh nghiep|du an|tuyen)"
    r"(?:,? (?:ban|nganh|bo|tinh|thanh pho|tp|don vi|co quan|huyen|thi xa|va|dia phuong|cao toc))*\s*$"
)
_HEADING_VERB = re.compile(r"(?:chu tri|phoi hop|co trach nhiem|chiu trach nhiem|thuc hien|tap trung|can)\b")


def announced(text: str, extra: Path | None = None) -> Roles | None:
    """The doers that an announcing paragraph names in its last clause: "… UBND tỉnh yêu cầu các sở, ngành thực hiện như sau:"."""
    folded = fold(text)
    if not ANNOUNCES.search(text) and "nhu sau" not in folded and "sau day" not in folded:
        return None
    clauses = [text]
    for match in ORDER_WORD.finditer(text):
        clauses = [text[match.start() :], text[match.end() :]]
    for clause in clauses:
        clause = clause.strip()  # noqa: PLW2901 - the same clause
        clause = clause[:1].upper() + clause[1:]  # noqa: PLW2901
        roles = read_heading(clause, extra)
        if roles.lead and not _is_author(roles, clause):
            return roles
    return None


def _is_author(roles: Roles, clause: str) -> bool:
    """Whether those named are the authority that gives the orders, not whoever carries them out."""
    verb = clause[roles.verb_begin :] if roles.verb_begin >= 0 else ""
    return all(_AUTHORITY.match(name) for name in roles.lead) and _GIVES_ORDERS.match(fold(verb)) is not None


def run_in(text: str, extra: Path | None = None) -> tuple[Roles | None, str]:
    """A heading agency before a colon ("Sở Nội vụ: Chủ trì …") and the text after it."""
    head, colon, rest = text.partition(":")
    if _ENUMERATES.search(fold(head)) and ":" in rest:
        # "Các sở: Tài chính, Xây dựng: Ưu tiên …"
        names, colon, rest = rest.partition(":")
        head = f"{head}:{names}"
    if not colon or not rest.strip() or len(head) > 2 * HEADING_LENGTH:
        return None, text
    roles = read_heading(head + ":", extra)
    if not roles.lead or not (split_agencies(head, extra) or roles.lead_begin >= 0):
        return None, text
    if 0 <= roles.verb_begin < len(head.rstrip()) and not _HEADING_VERB.match(fold(head[roles.verb_begin :])):
        # "Sở A phụ trách các tiêu chí: …" is a sentence of its own.
        return None, text
    if _ENUMERATES.search(fold(head)) and not opens_order(rest):
        # "… phối hợp với các Sở: Tài chính, Y tế …" goes on with names.
        return None, text
    return roles, rest.strip()
