"""Heads, items and signatures as OCR of stamped, signed scans gives them; the texts are invented."""

from __future__ import annotations

from datetime import date

import pytest

from extract import Directive, extract
from extract.paragraphs import PlacedLine, paragraphs
from ingest.document import Document, Line, Page

HEAD = ["ỦY BAN NHÂN DÂN", "TỈNH SÔNG LAM", "Số: 271/KH-UBND", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
DATED = "Sông Lam, ngày 14 tháng 10 năm 2025"
TITLE = ["KẾ HOẠCH", "Rà soát hồ sơ tồn đọng năm 2025"]
BODY = ["1. Sở Nội vụ chủ trì tham mưu phương án, hoàn thành trước ngày 30/11/2025.", "2. Sở Tài chính bố trí kinh phí thực hiện./."]
TAIL = ["Nơi nhận:", "- Như trên;", "- Lưu: VT, NC.", "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Trần Văn Lâm"]


def read(lines: list[str]) -> Directive:
    placed = tuple(Line(at, text, text, confidence=0.9) for at, text in enumerate(lines, 1))
    return extract(Document("scan", "0" * 64, "pdf", (Page(1, placed, "ocr"),)))


def plan(*, number: str = HEAD[2], head: list[str] | None = None, tail: list[str] | None = None) -> Directive:
    return read([*(head or [*HEAD[:2], number, *HEAD[3:]]), DATED, *TITLE, *BODY, *(tail or TAIL)])


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("Số: 271/KH-UBND", id="clean"),
        pytest.param("mẹ : Ì§ố:271/KH-UBND", id="stamp before the label"),
        pytest.param("2ouz››› Số: 271/KH-UBND -", id="specks on both sides"),
    ],
)
def test_the_number_is_found_among_specks(line: str) -> None:
    assert plan(number=line).header.number == "271/KH-UBND"


def test_a_number_that_ends_in_a_hyphen_does_not_take_the_motto() -> None:
    assert plan(number="Số: 271/KH-UBND-").header.number == "271/KH-UBND"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        pytest.param("PHÓ CHỦ TỊCH", "Trần Văn Lâm", id="clean"),
        pytest.param("- PHÓ CHỦ TỊCH", "“Trần Văn Lâm", id="dash and quotation mark"),
        pytest.param(": .PHÓ CHỦ TỊCH", "'Trần Văn Lâm", id="points"),
        pytest.param("§ PHÓ CHỦ TỊCH", "Trần Văn Lâm", id="sign"),
        pytest.param("B ._ PHÓ CHỦ TỊCH", "Trần Văn Lâm", id="letter and signs"),
    ],
)
def test_title_and_name_of_the_signer_lose_their_specks(title: str, name: str) -> None:
    header = plan(tail=[*TAIL[:5], title, "/ Ầ :", "N ở", "2 : CA ca và S š", name]).header
    assert (header.signer_title, header.signer) == ("Phó Chủ tịch", "Trần Văn Lâm")
    assert header.recipients == ("Như trên", "Lưu: VT, NC")


def test_specks_beside_the_issuer() -> None:
    assert plan(head=[HEAD[0], "—=-- TỈNH SÔNG LAM", *HEAD[2:]]).header.issuer == "UBND tỉnh Sông Lam"


def test_who_signs_alone_is_the_issuer() -> None:
    assert plan(head=["CHỦ TỊCH", *HEAD]).header.issuer == "Chủ tịch UBND tỉnh Sông Lam"


def test_the_right_column_may_be_read_after_kinh_gui() -> None:
    left = [HEAD[0], HEAD[1], "Số: 412/UBND-NC", "V/v rà soát hồ sơ", "Kính gửi: ."]
    header = read([*left, HEAD[3], HEAD[4], DATED, "- Các sở, ban, ngành cấp tỉnh;", "- UBND các xã, phường.", *BODY, *TAIL]).header
    assert (header.date, header.place) == (date(2025, 10, 14), "Sông Lam")
    assert header.addressees == ("Các sở, ban, ngành cấp tỉnh", "UBND các xã, phường")


def test_an_item_begins_though_the_stop_before_it_was_read_as_a_comma() -> None:
    rows = [
        ("a) Rà soát toàn bộ hồ sơ trễ hạn của các cơ quan, đơn vị và gửi kết quả về Sở Nội vụ để", 121.0, 547.0),
        ("gồm hồ sơ của các phòng chuyên môn, đơn vị trực thuộc và của Ủy ban nhân dân các xã để", 85.0, 547.0),
        ("tổng hợp,", 85.0, 138.0),
        ("2. Sở Tài chính bố trí kinh phí thực hiện nhiệm vụ trong năm 2025.", 121.0, 440.0),
    ]
    placed = [
        PlacedLine(page, line)
        for lines in [tuple(Line(at, t, t, box=(a, 20.0 * at, b, 20.0 * at + 12), confidence=0.9) for at, (t, a, b) in enumerate(rows, 1))]
        for page in [Page(1, lines, "ocr")]
        for line in lines
    ]
    assert [paragraph.text[:10] for paragraph in paragraphs(placed)] == ["Rà soát to", "Sở Tài chí"]


@pytest.mark.parametrize("speck", [" :", " .", " '", ""])
def test_a_speck_behind_the_last_full_stop_makes_no_heading(speck: str) -> None:
    rows = ["2. Sở Tài chính; Sở Nội vụ", f"Bố trí kinh phí cho các xã, phường trong tháng 10/2025.{speck}", "3. Sở Y tế"]
    tasks = read([*HEAD, DATED, *TITLE, BODY[0], *rows, "Hướng dẫn chuyên môn cho các trạm y tế trong năm 2025./.", *TAIL]).tasks
    assert ("Sở Tài chính", "Sở Nội vụ") in [task.lead for task in tasks]
