"""Heads of papers of every kind of office: clean, glued from two columns, damaged by OCR. All names and texts are invented."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from heads import BODY, DATED, FOOT, MOTTO, PLAN, UBND, header
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.directive import Header
from extract.issuers import read_issuers
from extract.paragraphs import PlacedLine
from extract.stamps import without_stamps
from ingest.document import Line, Page


def checked(found: Header, want: dict[str, Any]) -> None:
    assert {name: getattr(found, name) for name in want} == want


@pytest.mark.parametrize(
    ("head", "want"),
    [
        pytest.param(
            [*UBND, *MOTTO, "Số: 271/KH-UBND", DATED, *PLAN],
            {
                "number": "271/KH-UBND",
                "type": "Kế hoạch",
                "issuer": "UBND tỉnh Sông Lam",
                "date": date(2025, 10, 14),
                "place": "Sông Lam",
                "subject": "Rà soát hồ sơ tồn đọng năm 2025",
                "parent": None,
            },
            id="plan, column by column",
        ),
        pytest.param(
            [
                "ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
                "TỈNH SÔNG LAM Độc lập - Tự do - Hạnh phúc",
                f"Số: 271/KH-UBND {DATED}",
                *PLAN,
            ],
            {"number": "271/KH-UBND", "issuer": "UBND tỉnh Sông Lam", "date": date(2025, 10, 14), "place": "Sông Lam"},
            id="plan, glued",
        ),
        pytest.param(
            [
                "UY BAN NHAN DAN CONG HOA XA HQI CHU NGHIA VIET NAM",
                "TINH NGHE AN Doc lap - Tu do - Hanh phuc",
                "S6: 271/KH-UBND Nghe An, ngay 14 thang 10 nam 2025",
                "KE HOACH",
                "Ra soat ho so ton dong nam 2025",
            ],
            {"number": "271/KH-UBND", "type": "Kế hoạch", "issuer": "UBND tỉnh Nghệ An", "date": date(2025, 10, 14), "place": "Nghệ An"},
            id="plan, glued, no diacritics",
        ),
        pytest.param(
            [
                "CHÍNH PHỦ",
                *MOTTO,
                "Số: 271/NQ-CP",
                DATED,
                "NGHỊ QUYẾT",
                "[oa VỀ việc giao khu rừng Đá Bạc",
                "cho tỉnh Sông Lam",
                "CHÍNH PHỦ",
            ],
            {"subject": "giao khu rừng Đá Bạc cho tỉnh Sông Lam", "issuer": "Chính phủ"},
            id="specks before the trích yếu, who decides below it",
        ),
        pytest.param(
            ["UBND TỈNH SÔNG LAM", "SỞ Y TẾ", *MOTTO, "Sóz?|/KH-SYT", DATED, *PLAN],
            {"number": None, "issuer": "Sở Y tế"},
            id="a number written over its label",
        ),
        pytest.param(
            [
                "UBND TỈNH SÔNG LAM",
                "SỞ Y TẾ",
                *MOTTO,
                "Số: 1204/SYT-NVY",
                "V/v chuẩn bị cơ sở điều trị",
                "trong mùa mưa bão",
                DATED,
                "Kính gửi: Các bệnh viện công lập.",
            ],
            {
                "number": "1204/SYT-NVY",
                "type": "Công văn",
                "issuer": "Sở Y tế",
                "parent": "UBND tỉnh Sông Lam",
                "subject": "chuẩn bị cơ sở điều trị trong mùa mưa bão",
                "addressees": ("Các bệnh viện công lập",),
            },
            id="letter of a department",
        ),
        pytest.param(
            [
                *UBND,
                f"Số: 88/UBND-NC V/v rà soát hồ sơ {DATED}",
                "tồn đọng tại bộ phận một cửa",
                *MOTTO,
                "Kính gửi:",
                "- Các sở, ban, ngành;",
                "- UBND các xã, phường.",
            ],
            {
                "number": "88/UBND-NC",
                "subject": "rà soát hồ sơ tồn đọng tại bộ phận một cửa",
                "date": date(2025, 10, 14),
                "addressees": ("Các sở, ban, ngành", "UBND các xã, phường"),
            },
            id="letter, number, subject and date on one line",
        ),
        pytest.param(
            [
                *UBND,
                *MOTTO,
                "Số: 88/UBND-NC",
                "V/v tăng cường kiểm tra, hướng dẫn",
                "việc lập, quản lý và sử dụng hồ sơ",
                "điện tử, chữ ký số chuyên dùng,",
                "văn bản điện tử tại cơ quan cấp",
                "sở và cấp xã; bố trí nhân lực vận",
                "hành hệ thống quản lý văn bản",
                DATED,
                "Kính gửi: Các sở.",
            ],
            {
                "subject": "tăng cường kiểm tra, hướng dẫn việc lập, quản lý và sử dụng hồ sơ điện tử, "
                "chữ ký số chuyên dùng, văn bản điện tử tại cơ quan cấp "
                "sở và cấp xã; bố trí nhân lực vận hành hệ thống quản lý văn bản"
            },
            id="letter, subject of six lines",
        ),
        pytest.param(
            [
                "TỈNH ỦY SÔNG LAM",
                "*",
                "Số 19-NQ/TU",
                "ĐẢNG CỘNG SẢN VIỆT NAM",
                DATED,
                "NGHỊ QUYẾT",
                "về nâng cao chất lượng công tác dân vận",
                "-----",
                "Ban Thường vụ Tỉnh ủy yêu cầu:",
            ],
            {"number": "19-NQ/TU", "type": "Nghị quyết", "issuer": "Tỉnh ủy Sông Lam", "date": date(2025, 10, 14)},
            id="Party committee",
        ),
        pytest.param(
            [
                "TỈNH ỦY SÔNG LAM",
                "VĂN PHÒNG",
                "*",
                "Số 52-TB/VPTU",
                "ĐẢNG CỘNG SẢN VIỆT NAM",
                DATED,
                "THÔNG BÁO",
                "kết luận của Thường trực Tỉnh ủy",
            ],
            {"number": "52-TB/VPTU", "type": "Thông báo", "issuer": "Văn phòng Tỉnh ủy Sông Lam", "parent": "Tỉnh ủy Sông Lam"},
            id="Party office",
        ),
        pytest.param(
            ["HỘI ĐỒNG NHÂN DÂN", "TỈNH SÔNG LAM", *MOTTO, "Số: 31/KH-HĐND", DATED, "KẾ HOẠCH", "Giám sát việc thực hiện chính sách"],
            {"issuer": "HĐND tỉnh Sông Lam", "number": "31/KH-HĐND", "type": "Kế hoạch"},
            id="people's council",
        ),
        pytest.param(
            ["SỞ NỘI VỤ - SỞ TÀI CHÍNH", *MOTTO, "Số: 1204/HDLN-SNV-STC", DATED, "HƯỚNG DẪN LIÊN NGÀNH", "Lập dự toán kinh phí"],
            {"issuer": "Sở Nội vụ", "issuers": ("Sở Nội vụ", "Sở Tài chính"), "type": "Hướng dẫn"},
            id="joint paper",
        ),
        pytest.param(
            [
                "TẬP ĐOÀN",
                "ĐIỆN LỰC VIỆT NAM",
                "TỔNG CÔNG TY ĐIỆN LỰC",
                "MIỀN BẮC",
                *MOTTO,
                "Số: 3310/EVNNPC-KD",
                DATED,
                "Kính gửi: Các công ty điện lực.",
            ],
            {"issuer": "Tổng công ty Điện lực Miền Bắc", "parent": "Tập đoàn Điện lực Việt Nam", "type": "Công văn"},
            id="corporation",
        ),
        pytest.param(
            [
                "VĂN PHÒNG CHÍNH PHỦ",
                *MOTTO,
                "Số: 415/TB-VPCP",
                "Hà Nội, ngày 3 tháng 2 năm 2026",
                "THÔNG BÁO",
                "Kết luận của Phó Thủ tướng về thủy lợi",
            ],
            {"issuer": "Văn phòng Chính phủ", "place": "Hà Nội", "date": date(2026, 2, 3), "type": "Thông báo"},
            id="Government Office",
        ),
        pytest.param(
            [*UBND, *MOTTO, "Số:      /CT-UBND", "Sông Lam, ngày     tháng 4 năm 2025", "CHỈ THỊ", "Về việc chống hạn"],
            {"number": None, "date": None, "about": date(2025, 4, 1), "place": "Sông Lam", "type": "Chỉ thị", "subject": "chống hạn"},
            id="blank number and day",
        ),
        pytest.param(
            [*UBND, *MOTTO, "Số: 2# /CT-UBND", "Sông Lam, ngày ⁄|5 tháng 4 năm 2025", "CHỈ THỊ", "Về việc chống hạn"],
            {"number": None, "date": None, "about": date(2025, 4, 1), "place": "Sông Lam"},
            id="handwriting read as signs",
        ),
        pytest.param(
            [*UBND, *MOTTO, "44/CT-UBND", DATED, "CHỈ THỊ", "Về việc chống hạn"], {"number": "44/CT-UBND"}, id="number without its label"
        ),
        pytest.param([*UBND, *MOTTO, "Số: 1 2/KH-UBND", DATED, *PLAN], {"number": "12/KH-UBND"}, id="digits apart"),
        pytest.param(
            ["VĂN PHÒNG UBND TỈNH", "ĐẾN", "Số: 1187", "Ngày: 15/10/2025", "Chuyển:", *UBND, *MOTTO, "Số: 271/KH-UBND", DATED, *PLAN],
            {"number": "271/KH-UBND", "issuer": "UBND tỉnh Sông Lam", "date": date(2025, 10, 14)},
            id="received stamp above the head",
        ),
        pytest.param(
            [
                *UBND,
                *MOTTO,
                "Số: 271/UBND-NC",
                DATED,
                "SỞ XÂY DỰNG",
                "ĐẾN Số: 3210 Kính gửi:",
                "Ngày: 04/11/2025 - Các sở, ban, ngành;",
                "Chuyển: - UBND các xã, phường.",
            ],
            {"number": "271/UBND-NC", "issuer": "UBND tỉnh Sông Lam", "addressees": ("Các sở, ban, ngành", "UBND các xã, phường")},
            id="received stamp glued to the addressees",
        ),
        pytest.param(
            ["SAO Y; Sở Nội vụ; 20/10/2025 08:11:12 +07:00", *UBND, *MOTTO, "Số: 271/KH-UBND", DATED, *PLAN],
            {"number": "271/KH-UBND", "issuer": "UBND tỉnh Sông Lam", "date": date(2025, 10, 14)},
            id="certified copy",
        ),
        pytest.param(
            [
                "Người ký: Ủy ban nhân dân tỉnh Sông Lam",
                "Thời gian ký: 16/10/2025 10:11:12 +07:00",
                *UBND,
                *MOTTO,
                "Số: 271/KH-UBND",
                DATED,
                *PLAN,
            ],
            {"number": "271/KH-UBND", "date": date(2025, 10, 14), "subject": "Rà soát hồ sơ tồn đọng năm 2025"},
            id="digital signature",
        ),
        pytest.param(
            [*UBND, *MOTTO, "Số: 271/KH-UBND", "MẬT", DATED, *PLAN], {"secrecy": "Mật", "issuer": "UBND tỉnh Sông Lam"}, id="secret"
        ),
        pytest.param([*UBND, "TỐI MẬT", *MOTTO, "Số: 271/KH-UBND", DATED, *PLAN], {"secrecy": "Tối mật"}, id="top secret"),
        pytest.param(
            [*UBND, *MOTTO, "Số: 271/KH-UBND", "Độ mật: Tuyệt mật", DATED, *PLAN], {"secrecy": "Tuyệt mật"}, id="secrecy in words"
        ),
        pytest.param([*UBND, *MOTTO, "Số: 271/KH-UBND", DATED, *PLAN], {"secrecy": None, "urgency": None}, id="neither secret nor urgent"),
        pytest.param([*UBND, *MOTTO, "Số: 7/UBND-NC", "HỎA TỐC", DATED, "Kính gửi: Các sở."], {"urgency": "Hỏa tốc"}, id="most urgent"),
        pytest.param(
            [*UBND, *MOTTO, "Số: 7/CĐ-UBND", DATED, "CÔNG ĐIỆN KHẨN", "Về việc ứng phó với bão"],
            {"urgency": "Khẩn", "type": "Công điện"},
            id="urgent telegram",
        ),
        pytest.param(
            [
                *UBND,
                *MOTTO,
                "Số: 1367/QĐ-UBND",
                DATED,
                "QUYẾT ĐỊNH",
                "Về việc thành lập Tổ công tác",
                "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH SÔNG LAM",
                "Căn cứ Luật Tổ chức chính quyền địa phương;",
                "QUYẾT ĐỊNH:",
                "Điều 1. Giao Sở Nội vụ chủ trì tham mưu phương án.",
            ],
            {"issuer": "Chủ tịch UBND tỉnh Sông Lam", "type": "Quyết định", "subject": "thành lập Tổ công tác"},
            id="the chairman decides",
        ),
        pytest.param(
            ["UBND TỈNH SÔNG LAM", "SỞ KẾ HOẠCH VÀ ĐẦU TƯ", *MOTTO, "Số: 12/BC-SKHĐT", DATED, "BÁO CÁO", "Tình hình giải ngân"],
            {"issuer": "Sở Kế hoạch và Đầu tư", "type": "Báo cáo"},
            id="Kế hoạch in the issuer's name",
        ),
        pytest.param(
            ["UBND TỈNH SÔNG LAM", "SỞ", "KẾ HOẠCH VÀ ĐẦU TƯ", *MOTTO, "Số: 12/BC-SKHĐT", DATED, "BÁO CÁO", "Tình hình giải ngân"],
            {"issuer": "Sở Kế hoạch và Đầu tư", "type": "Báo cáo"},
            id="Kế hoạch on a line of the issuer's name",
        ),
        pytest.param(
            [*UBND, *MOTTO, "Số: 12/KL-UBND", DATED, "KẾT LUẬN", "Nội dung tố cáo tại phường Lam Châu"],
            {"type": "Kết luận"},
            id="conclusion",
        ),
        pytest.param(
            [*UBND, *MOTTO, "Số: 12/CT-UBND", DATED, "C H Ỉ  T H Ị", "Về việc chống hạn"],
            {"type": "Chỉ thị", "subject": "chống hạn"},
            id="spaced type",
        ),
        pytest.param(
            [*UBND, *MOTTO, DATED, "KẾ HOẠCIH", "Rà soát hồ sơ tồn đọng"],
            {"type": "Kế hoạch", "subject": "Rà soát hồ sơ tồn đọng"},
            id="damaged type",
        ),
        pytest.param(
            [
                "ỦY BAN NHÂN DÂN",
                "THÀNH PHỐ HỒ CHÍ MINH",
                *MOTTO,
                "Số: 40/UBND-ĐT",
                "Thành phố Hồ Chí Minh, ngày 5 tháng 3 năm 2025",
                "Kính gửi: Các sở.",
            ],
            {"issuer": "UBND thành phố Hồ Chí Minh", "place": "Thành phố Hồ Chí Minh", "date": date(2025, 3, 5)},
            id="city",
        ),
        pytest.param(
            [*UBND, *MOTTO, "Số: 4/UBND-ĐT", "Sông Lam, ngày 05/3/2025", "Kính gửi: Các sở."], {"date": date(2025, 3, 5)}, id="short date"
        ),
    ],
)
def test_the_head_of_a_paper(head: list[str], want: dict[str, Any]) -> None:
    checked(header([*head, *BODY, *FOOT, "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Trần Văn Lâm"]), want)


@pytest.mark.parametrize(
    ("column", "issuer", "parent"),
    [
        pytest.param(["UBND HUYỆN ĐỒNG LĨNH", "PHÒNG NỘI VỤ"], "Phòng Nội vụ", "UBND huyện Đồng Lĩnh", id="district office"),
        pytest.param(["UBND XÃ PHÚ THẠCH"], "UBND xã Phú Thạch", None, id="commune"),
        pytest.param(["ỦY BAN NHÂN DÂN", "PHƯỜNG LAM CHÂU"], "UBND phường Lam Châu", None, id="ward"),
        pytest.param(["ỦY BAN NHÂN DÂN", "ĐẶC KHU HÒN MÊ"], "UBND đặc khu Hòn Mê", None, id="special zone"),
        pytest.param(["SỞ GIÁO DỤC VÀ ĐÀO TẠO", "TRƯỜNG THPT ĐỒNG LĨNH"], "Trường THPT Đồng Lĩnh", "Sở Giáo dục và Đào tạo", id="school"),
        pytest.param(["BỆNH VIỆN ĐA KHOA", "TỈNH NGHỆ AN"], "Bệnh viện Đa khoa tỉnh Nghệ An", None, id="hospital"),
        pytest.param(
            ["ỦY BAN MTTQ VIỆT NAM", "TỈNH SÔNG LAM", "BAN THƯỜNG TRỰC"],
            "Ban Thường trực Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Sông Lam",
            "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Sông Lam",
            id="Front",
        ),
        pytest.param(
            ["NGÂN HÀNG NHÀ NƯỚC VIỆT NAM", "CHI NHÁNH TỈNH NGHỆ AN"],
            "Ngân hàng Nhà nước Việt Nam - Chi nhánh tỉnh Nghệ An",
            "Ngân hàng Nhà nước Việt Nam",
            id="branch of a bank",
        ),
        pytest.param(
            ["HỘI ĐỒNG NHÂN DÂN TỈNH NGHỆ AN", "BAN PHÁP CHẾ"], "Ban Pháp chế HĐND tỉnh Nghệ An", "HĐND tỉnh Nghệ An", id="council's board"
        ),
        pytest.param(["BỘ LAO ĐỘNG", "- THƯƠNG BINH VÀ XÃ HỘI"], "Bộ Lao động - Thương binh và Xã hội", None, id="dash inside a name"),
        pytest.param(["BỘ NÔNG NGHIỆP VÀ MÔI", "TRƯỜNG"], "Bộ Nông nghiệp và Môi trường", None, id="name broken before its last syllable"),
        pytest.param(
            ["ĐẢNG BỘ TỈNH SÔNG LAM", "ĐẢNG ỦY SỞ Y TẾ"], "Đảng ủy Sở Y tế", "Đảng bộ tỉnh Sông Lam", id="Party cell of an office"
        ),
        pytest.param(["BỘ CÔNG AN", "CÔNG AN TỈNH NGHỆ AN"], "Công an tỉnh Nghệ An", "Bộ Công an", id="police"),
        pytest.param(["UBND TỈNH NGHỆ AN SỞ Y TẾ"], "Sở Y tế", "UBND tỉnh Nghệ An", id="both on one line"),
        pytest.param(["HĐND TỈNH HƯNGVYÊN", "VĂN PHÒNG"], "Văn phòng HĐND tỉnh Hưng Yên", "HĐND tỉnh Hưng Yên", id="misread province"),
        pytest.param(["BAN QUẢN LÝ", "KHU KINH TẾ LAM CHÂU"], "Ban Quản lý Khu kinh tế Lam Châu", None, id="management board"),
        pytest.param(
            ["UBND TỈNH SÔNG LAM", "BAN CHỈ HUY PHÒNG THỦ", "DÂN SỰ"],
            "Ban Chỉ huy Phòng thủ dân sự",
            "UBND tỉnh Sông Lam",
            id="command board",
        ),
        pytest.param(["ỦY BAN THƯỜNG VỤ", "QUỐC HỘI"], "Ủy ban Thường vụ Quốc hội", None, id="standing committee"),
        pytest.param(["~~", "—"], None, None, id="nothing legible"),
    ],
)
def test_the_issuer_and_its_parent(column: list[str], issuer: str | None, parent: str | None) -> None:
    found = read_issuers(column)
    assert (found.issuer, found.parent) == (issuer, parent)


def test_a_paper_without_stamps_keeps_every_line() -> None:
    texts = [*UBND, *MOTTO, "Số: 271/KH-UBND", DATED, *PLAN, *BODY, "Đến ngày 31/7/2025 đạt 80%."]
    lines = [
        PlacedLine(page, line) for page in [Page(1, tuple(Line(n, t, t) for n, t in enumerate(texts, 1)), "text")] for line in page.lines
    ]
    assert [placed.text for placed in without_stamps(lines)] == texts


def test_the_new_fields_are_members_of_the_json() -> None:
    found = header(
        [
            "UBND TỈNH NGHỆ AN",
            "SỞ Y TẾ",
            *MOTTO,
            "Số: 7/SYT-NVY",
            "MẬT",
            DATED,
            "Kính gửi: Các sở.",
            *BODY,
            *FOOT,
            "KT. GIÁM ĐỐC",
            "PHÓ GIÁM ĐỐC",
            "Trần Văn Lâm",
        ]
    )
    written = found.as_json()
    assert (written["parent"], written["secrecy"], written["authority"], written["issuers"]) == (
        "UBND tỉnh Nghệ An",
        "Mật",
        ["KT. Giám đốc"],
        ["Sở Y tế"],
    )


PIECES = [
    *UBND,
    *MOTTO,
    *PLAN,
    *FOOT,
    DATED,
    "Số: 271/KH-UBND",
    "Số:",
    "ĐẾN",
    "Ngày: 1/2/2025",
    "MẬT",
    "V/v",
    "KT. CHỦ TỊCH",
    "TM.",
    "Kính gửi:",
    "- ;",
    "—",
    "ngày tháng năm",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=40).map(lambda text: " ".join(text.split()))), max_size=25))
def test_no_order_of_lines_is_an_error(lines: list[str]) -> None:
    found = header(lines)
    assert all(entry.strip() for entry in (*found.recipients, *found.addressees, *found.issuers))
    assert found.issuer is None or found.issuers[0] == found.issuer
    assert found.date is None or found.date == found.about
