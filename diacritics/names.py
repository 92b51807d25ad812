"""Names of persons and small places, which no language model knows well enough to correct."""

from __future__ import annotations

from collections.abc import Sequence

from diacritics.pieces import Piece

_SURNAMES = (
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh đoàn trịnh trương mai cao lương tạ tô tống hà thái châu "
    "lưu vương kiều quách lò vi lường hứa la khuất phùng đào nông triệu lâm từ thạch kim tăng quàng giàng vàng sùng thào mùa cầm đàm đồng "
    "nghiêm chu doãn lại ninh ông phí tôn trà viên ứng"
)
SURNAMES = frozenset(_SURNAMES.split())
"""Frequent surnames of the Kinh, Khmer, Tày, Thái, H'Mông."""

_BEFORE = (
    "ông bà anh chị cụ chí đ/c em cháu xã phường trấn thôn ấp bản làng buôn xóm sóc phum đường phố hẻm sông suối kênh núi đèo đảo cầu "
    "hồ đập cảng chùa đình đền"
)
BEFORE_A_NAME = frozenset(_BEFORE.split())
"""Words after which a capital begins a person's or a small place's name (``đồng chí``, ``thị trấn`` by their second word)."""

_OFFICES = "bộ sở ban cục vụ viện phòng hội đoàn ủy văn thanh chi trung tổng chủ phó giám thủ đảng mặt liên công cơ quốc nhà chính kho tòa"
_HEADS = frozenset(_OFFICES.split())
"""First words of agencies and offices, which may be corrected though capitals follow one another."""


def in_name(row: Sequence[Piece], at: int) -> bool:
    """Whether a word of a line may belong to the name of a person or a small place; then it is not corrected."""
    first = last = at
    while first > 0 and _capital(row[first - 1]):
        first -= 1
    while last + 1 < len(row) and _capital(row[last + 1]):
        last += 1
    if not _capital(row[at]):
        return False
    if first and row[first - 1].raw.lower() in BEFORE_A_NAME:
        return True
    if first < last and row[first].raw.lower() in BEFORE_A_NAME and first < at:
        return True
    run = [piece.raw.lower() for piece in row[first : last + 1]]
    if len(run) < 2 or len(run) > 6:
        return False
    # A name that is a line's last word or stands before a verb looks the same; surnames and length tell it from "Bộ Kế hoạch".
    alone = len(run) == len(row) and not row[0].raw.isupper()
    return run[0] in SURNAMES or (len(run) > 2 and run[0] not in _HEADS and not row[at].raw.isupper()) or (alone and run[0] not in _HEADS)


def _capital(piece: Piece) -> bool:
    return piece.kind == "word" and piece.raw[:1].isupper()
