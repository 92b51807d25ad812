"""Feet of papers: who signed, in whose name, and who receives a copy. All names are invented."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from heads import BODY, DATED, FOOT, MOTTO, PLAN, UBND, header

from extract.directive import Header


def foot(lines: Sequence[str], head: Sequence[str] = UBND) -> Header:
    return header([*head, *MOTTO, "Số: 271/KH-UBND", DATED, *PLAN, *BODY, *lines])


@pytest.mark.parametrize(
    ("lines", "head", "title", "signer", "authority"),
    [
        pytest.param(
            [*FOOT, "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Trần Văn Lâm"],
            UBND,
            "Phó Chủ tịch",
            "Trần Văn Lâm",
            ("TM. Ủy ban nhân dân", "KT. Chủ tịch"),
            id="deputy for the committee",
        ),
        pytest.param(
            [*FOOT, "KT. CHỦ TỊCH", "Trần Văn Lâm"],
            UBND,
            "Phó Chủ tịch",
            "Trần Văn Lâm",
            ("KT. Chủ tịch",),
            id="the seal hid the deputy's title",
        ),
        pytest.param(
            [*FOOT, "KT. CHỦ TỊCH", "HÓ CHỦ TỊCH", "Trần Văn Lâm"],
            UBND,
            "Phó Chủ tịch",
            "Trần Văn Lâm",
            ("KT. Chủ tịch",),
            id="half of PHÓ",
        ),
        pytest.param(
            [*FOOT, "KT. CHỦ TỊCH", "SP, HÓ CHỦ TỊCH", "Trần Văn Lâm"],
            UBND,
            "Phó Chủ tịch",
            "Trần Văn Lâm",
            ("KT. Chủ tịch",),
            id="specks before HÓ",
        ),
        pytest.param([*FOOT, "[Ủ TỊCH", "— Trần Văn Lâm"], UBND, "Chủ tịch", "Trần Văn Lâm", (), id="specks in title and name"),
        pytest.param(
            [*FOOT, "PHÓ G MĐ", "Trần Văn Lâm"],
            ["UBND TỈNH NGHỆ AN", "SỞ Y TẾ"],
            "Phó Giám đốc",
            "Trần Văn Lâm",
            (),
            id="the issuer tells the title",
        ),
        pytest.param(
            [*FOOT, "KT,GIÁM ĐÓC", "Trần Văn Lâm"],
            ["UBND TỈNH NGHỆ AN", "SỞ Y TẾ"],
            "Phó Giám đốc",
            "Trần Văn Lâm",
            ("KT. Giám đốc",),
            id="comma in KT.",
        ),
        pytest.param(
            [*FOOT, "TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG", "Trần Văn Lâm"],
            UBND,
            "Chánh Văn phòng",
            "Trần Văn Lâm",
            ("TL. Chủ tịch",),
            id="by order",
        ),
        pytest.param(
            [*FOOT, "TL. CHỦ TỊCH", "KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG", "Trần Văn Lâm"],
            UBND,
            "Phó Chánh Văn phòng",
            "Trần Văn Lâm",
            ("TL. Chủ tịch", "KT. Chánh Văn phòng"),
            id="by order, deputy",
        ),
        pytest.param(
            [*FOOT, "TUQ. CHỦ TỊCH", "GIÁM ĐỐC SỞ NỘI VỤ", "Trần Văn Lâm"],
            UBND,
            "Giám đốc Sở Nội vụ",
            "Trần Văn Lâm",
            ("TUQ. Chủ tịch",),
            id="on behalf",
        ),
        pytest.param([*FOOT, "Q. GIÁM ĐỐC", "Trần Văn Lâm"], ["SỞ Y TẾ"], "Quyền Giám đốc", "Trần Văn Lâm", ("Q. Giám đốc",), id="acting"),
        pytest.param(
            [*FOOT, "KT. BỘ TRƯỞNG", "THỨ TRƯỞNG", "Trần Văn Lâm"],
            ["BỘ Y TẾ"],
            "Thứ trưởng",
            "Trần Văn Lâm",
            ("KT. Bộ trưởng",),
            id="vice minister",
        ),
        pytest.param(
            [*FOOT, "KT. BỘ TRƯỞNG", "Trần Văn Lâm"],
            ["BỘ Y TẾ"],
            "Thứ trưởng",
            "Trần Văn Lâm",
            ("KT. Bộ trưởng",),
            id="vice minister, title lost",
        ),
        pytest.param(
            [*FOOT, "T/M BAN THƯỜNG VỤ", "PHÓ BÍ THƯ THƯỜNG TRỰC", "Trần Văn Lâm"],
            ["TỈNH ỦY NGHỆ AN"],
            "Phó Bí thư Thường trực",
            "Trần Văn Lâm",
            ("TM. Ban Thường vụ",),
            id="Party",
        ),
        pytest.param(
            [*FOOT, "GIÁM ĐỐC", "TS. BS. Trần Văn Lâm"], ["BỆNH VIỆN ĐA KHOA TỈNH NGHỆ AN"], "Giám đốc", "Trần Văn Lâm", (), id="degrees"
        ),
        pytest.param([*FOOT, "GIÁM ĐỐC", "Đại tá Trần Văn Lâm"], ["CÔNG AN TỈNH NGHỆ AN"], "Giám đốc", "Trần Văn Lâm", (), id="rank"),
        pytest.param([*FOOT, "CHỦ TỊCH", "TRẦN VĂN LÂM"], UBND, "Chủ tịch", "Trần Văn Lâm", (), id="name in capitals"),
        pytest.param([*FOOT, "CHỦ TỊCH", "N ở", "/ Ầ :", "Trần Văn Lâm"], UBND, "Chủ tịch", "Trần Văn Lâm", (), id="signature between"),
        pytest.param(
            [*FOOT, "CHỦ TỊCH", "St", "Trần Văn Lâm"], UBND, "Chủ tịch", "Trần Văn Lâm", (), id="a piece of the signature is no surname"
        ),
        pytest.param(
            ["Nơi nhận: TM. ỦY BAN NHÂN DÂN", "- Như trên; KT. CHỦ TỊCH", "- UBND các xã; PHÓ CHỦ TỊCH", "- Lưu: VT, NC. Trần Văn Lâm"],
            UBND,
            "Phó Chủ tịch",
            "Trần Văn Lâm",
            ("TM. Ủy ban nhân dân", "KT. Chủ tịch"),
            id="both columns glued",
        ),
        pytest.param(
            [*FOOT, "Người ký: Ủy ban nhân dân tỉnh Sông Lam", "CHỦ TỊCH", "Trần Văn Lâm"],
            UBND,
            "Chủ tịch",
            "Trần Văn Lâm",
            (),
            id="digital signature",
        ),
        pytest.param(FOOT, UBND, None, None, (), id="not signed"),
    ],
)
def test_the_foot_of_a_paper(lines: list[str], head: list[str], title: str | None, signer: str | None, authority: tuple[str, ...]) -> None:
    found = foot(lines, head)
    assert (found.signer_title, found.signer, found.authority) == (title, signer, authority)


def test_recipients_of_a_glued_foot() -> None:
    found = foot(
        ["Nơi nhận: TM. ỦY BAN NHÂN DÂN", "- Như trên; KT. CHỦ TỊCH", "- UBND các xã; PHÓ CHỦ TỊCH", "- Lưu: VT, NC. Trần Văn Lâm"]
    )
    assert found.recipients == ("Như trên", "UBND các xã", "Lưu: VT, NC")
