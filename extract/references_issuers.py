"""Where the name of an issuing body ends that follows "của" behind a document number.

Comes in: the text after "của". Goes out: the words of the name as they stand there. A name ends at punctuation, at the verb or
preposition that opens the subject ("về", "ban hành", "phê duyệt"), or at the next cited document; commas and "và" stay where they are part of
the name ("Bộ Văn hóa, Thể thao và Du lịch").
"""

from __future__ import annotations

import re

from extract.folding import fold
from extract.numbers import document_types

_MAX_WORDS = 16
# Words that open what the document says or does; compared with marks, since "về" and "vệ" differ only by them.
_OPENERS = frozenset(
    "về ban phê quy hướng sửa bổ thực triển thông gửi yêu giao đề tại để trong theo đã được là nêu trình báo kèm kết đối cho khi nhằm có do trên từ "
    "với đến sau căn nay thì mà nếu ngày số năm và/hoặc cùng như chưa đang sẽ phải cần tiếp hết hoặc ký nhưng gồm công xin chấp điều đồng tăng "
    "này đẩy góp chuyển giới dự hội phục kiểm thành rà xây".split()
)
# … unless they stand inside a name: "ban chỉ đạo", "thực vật", "hội đồng", "công an", "kiểm toán", "dự trữ", "xây dựng", "thông tin".
_INSIDE_NAMES = re.compile(
    r"^(?:ban (?:chỉ đạo|chấp hành|thường vụ|quản lý|tổ chức|bí thư|nhân dân|dân tộc|chỉ huy)|thực (?:vật|phẩm)|thông (?:tin|vận|tấn)|hội (?:đồng|liên|nông|cựu|chữ|nhà)|công "
    r"(?:an|thương|nghệ|nghiệp|đoàn|ty|chức|tác)|kiểm (?:toán|sát|tra|lâm|soát)|dự trữ|xây dựng|quy hoạch|đối ngoại|có liên quan)",
    re.IGNORECASE,
)
_HEADS = re.compile(
    r"^(?:Bộ|Sở|UBND|HĐND|Ủy|Uỷ|Hội|Ban|Cục|Tổng|Chính phủ|Thủ|Quốc|Văn phòng|Thanh tra|Chủ tịch|Phó|Tỉnh|Thành|Đảng|Công an|Viện|Tòa|Toà|Ngân hàng|Kho bạc|Bảo hiểm|Liên|Trung)\b"
)
_TYPE_NAMES = tuple(sorted({fold(name) for kind in document_types() for name in (kind.name, *kind.names)}, key=len, reverse=True))
_STOP = re.compile(r"[;.:()\[\]“”\"\n\t|]|\s[-–—]\s(?![A-ZĐ]\w+ binh)|[-–—]\s*$")
_TOKEN = re.compile(r",?\s*[^\s,]+")


def issuer_after(text: str) -> str | None:
    """The issuer at the beginning of ``text`` (what follows "của"), None when no name stands there."""
    stop = _STOP.search(text)
    text = text[: stop.start()] if stop else text
    text = text[:240]
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
    word = rest.split()[0] if rest.split() else ""
    if token[0].startswith(","):
        return _comma_inside(rest, name)
    if _starts_document(rest):
        return False
    if word == "và":
        return _and_inside(rest[2:].lstrip(), name)
    if word == "của":
        # "Ủy ban Văn hóa và Xã hội của Quốc hội": a body of a body
        return name.startswith(("Ủy ban", "Uỷ ban", "Hội đồng", "Văn phòng", "Ban ")) and rest[4:].startswith(("Quốc hội", "Đảng", "Chính phủ"))
    if word == "về" and re.match(r"(?i)ban chỉ đạo trung ương$", name.strip()):
        return True
    if word.islower() and word in _OPENERS and not _INSIDE_NAMES.match(rest):
        return name.rstrip().endswith("Ban") or name.lower().startswith("ban chỉ đạo") and "về" in name.split() and word != "về"
    return not word[0].isdigit() or name.rstrip().endswith(("phường", "Phường", "quận", "Quận", "khu vực", "Chi cục", "số", "khoá", "khóa", "Khu"))


def _comma_inside(rest: str, name: str) -> bool:
    if name.lower().startswith("ban chỉ đạo") and "về" in name.split():
        return not _starts_document(rest)
    if name.endswith("Bộ Chính trị"):
        return rest.startswith("Ban Bí thư")
    if not re.match(r"^(?:Bộ|Sở|Phòng|Ủy ban|Ban|Giám đốc|Bộ trưởng|Vụ|Cục)\b", name) or _HEADS.match(rest):
        return False
    return re.match(r"^[A-ZĐÀ-Ỹ][\wÀ-ỹ]*(?: [\wÀ-ỹ]+){0,3}(?:, [A-ZĐ][\wÀ-ỹ]*(?: [\wÀ-ỹ]+)?)? và [A-ZĐ]", rest) is not None


def _and_inside(rest: str, name: str) -> bool:
    if not rest or _starts_document(rest):
        return False
    if rest[0].islower():
        return name.lower().startswith("ban chỉ đạo") and "về" in name.split()
    return re.match(r"(?:các|Luật|Pháp|Điều|Khoản)\b", rest) is None


def _starts_document(rest: str) -> bool:
    folded = fold(rest[:40])
    if not any(folded.startswith(name + " ") or folded == name for name in _TYPE_NAMES):
        return False
    return rest[0].isupper() and re.match(r"^[\wÀ-ỹ ]{3,40}?(?: số)? ?\d|^(?:Luật|Nghị|Quyết|Chỉ thị|Công văn|Công điện|Kế hoạch|Thông tư|Đề án)\b", rest) is not None
