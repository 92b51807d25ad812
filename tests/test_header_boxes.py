"""Heads read from words with boxes and confidences: wide lines, columns of the foot, digits written by hand. The texts are invented."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from heads import BODY, DATED, MOTTO, UBND

from extract import extract
from extract.directive import Header
from ingest.document import Document, Line, Page, Word


def _boxed(rows: Sequence[tuple[str, float, float, float]]) -> Header:
    lines = tuple(
        Line(at, text, text, box=(left, top, right, top + 12), confidence=0.9) for at, (text, left, top, right) in enumerate(rows, 1)
    )
    return extract(Document("scan", "0" * 64, "pdf", (Page(1, lines, "ocr"),))).header


HEAD_ROWS = [
    ("ỦY BAN NHÂN DÂN", 100.0, 40.0, 220.0),
    ("TỈNH SÔNG LAM", 110.0, 56.0, 210.0),
    ("Số: 271/CT-UBND", 110.0, 80.0, 215.0),
    (MOTTO[0], 260.0, 40.0, 525.0),
    (MOTTO[1], 310.0, 56.0, 470.0),
    (DATED, 290.0, 80.0, 510.0),
    ("CHỈ THỊ", 280.0, 110.0, 340.0),
]
BODY_ROWS = [
    ("Thời gian qua, các sở, ban, ngành và Ủy ban nhân dân các xã, phường đã tích cực", 120.0, 180.0, 540.0),
    *((f"triển khai nhiều biện pháp để giữ nguồn nước cho sản xuất vụ Hè Thu năm 202{n}", 85.0, 196.0 + 16 * n, 540.0) for n in range(5)),
    ("1. Sở Nội vụ chủ trì tham mưu phương án, hoàn thành trước ngày 30/11/2025./.", 120.0, 300.0, 530.0),
]


def test_a_subject_as_wide_as_the_text_is_read_whole() -> None:
    subject = [
        ("Về việc tăng cường các biện pháp bảo đảm nguồn nước phục vụ sản xuất", 110.0, 130.0, 512.0),
        ("nông nghiệp và dân sinh trong mùa khô trên địa bàn toàn tỉnh Sông Lam", 87.0, 146.0, 538.0),
    ]
    assert _boxed([*HEAD_ROWS, *subject, *BODY_ROWS]).subject == (
        "tăng cường các biện pháp bảo đảm nguồn nước phục vụ sản xuất nông nghiệp và dân sinh trong mùa khô trên địa bàn toàn tỉnh Sông Lam"
    )


def test_the_right_column_of_the_foot_is_the_signature() -> None:
    rows = [
        ("Nơi nhận:", 85.0, 340.0, 130.0),
        ("Thường trực Tỉnh ủy (b/c);", 92.0, 352.0, 250.0),
        ("Trung tâm Phục vụ hành chính công;", 92.0, 364.0, 250.0),
        ("- Lưu: VT, NC.", 85.0, 376.0, 160.0),
        ("KT. CHỦ TỊCH", 380.0, 340.0, 470.0),
        ("sa TỊCH", 378.0, 356.0, 470.0),
        ("Trần Văn Lâm", 380.0, 430.0, 480.0),
    ]
    found = _boxed([*HEAD_ROWS, ("Về việc chống hạn", 250.0, 130.0, 370.0), *BODY_ROWS, *rows])
    assert (found.signer_title, found.signer) == ("Phó Chủ tịch", "Trần Văn Lâm")
    assert found.recipients == ("Thường trực Tỉnh ủy (b/c)", "Trung tâm Phục vụ hành chính công", "Lưu: VT, NC")


@pytest.mark.parametrize(
    ("words", "number", "dated"),
    [
        pytest.param([("Số:", 0.96), ("839", 0.26), ("/UBND-NC", 0.9)], None, date(2025, 10, 14), id="digits that OCR guessed"),
        pytest.param([("Số:", 0.96), ("445", 0.84), ("/UBND-NC", 0.9)], None, date(2025, 10, 14), id="digits that OCR all but believed"),
        pytest.param([("Số:", 0.96), ("4/35", 0.37), ("/UBND-NC", 0.4)], None, date(2025, 10, 14), id="a guess with a stroke in it"),
        pytest.param([("Số:", 0.96), ("839", 0.93), ("/UBND-NC", 0.9)], "839/UBND-NC", date(2025, 10, 14), id="digits well read"),
        pytest.param([("Số:", 0.96), ("839/UBND-NC", 0.4)], "839/UBND-NC", date(2025, 10, 14), id="typed as one word"),
    ],
)
def test_a_number_written_by_hand_is_not_invented(words: list[tuple[str, float]], number: str | None, dated: date) -> None:
    texts = [*UBND, *MOTTO, " ".join(text for text, _ in words), DATED, "Kính gửi: Các sở.", *BODY]
    lines = [Line(at, text, text, confidence=0.9) for at, text in enumerate(texts, 1)]
    lines[4] = Line(5, lines[4].text, lines[4].text, words=tuple(Word(text, confidence=sure) for text, sure in words), confidence=0.8)
    found = extract(Document("scan", "0" * 64, "pdf", (Page(1, tuple(lines), "ocr"),))).header
    assert (found.number, found.date) == (number, dated)


@pytest.mark.parametrize(
    ("day", "month", "dated", "about"),
    [
        pytest.param(0.95, 0.72, date(2025, 10, 14), date(2025, 10, 14), id="typed"),
        pytest.param(0.82, 0.96, None, date(2025, 10, 1), id="a day written by hand"),
        pytest.param(0.82, 0.41, None, None, id="day and month by hand"),
    ],
)
def test_a_day_written_by_hand_is_not_invented(day: float, month: float, dated: date | None, about: date | None) -> None:
    texts = [*UBND, *MOTTO, "Số: 839/UBND-NC", "Sông Lam, ngày 14 tháng 10 năm 2025", "Kính gửi: Các sở.", *BODY]
    lines = [Line(at, text, text, confidence=0.9) for at, text in enumerate(texts, 1)]
    sure = {"14": day, "10": month}
    words = tuple(Word(word, confidence=sure.get(word, 0.96)) for word in lines[5].text.split())
    lines[5] = Line(6, lines[5].text, lines[5].text, words=words, confidence=0.9)
    found = extract(Document("scan", "0" * 64, "pdf", (Page(1, tuple(lines), "ocr"),))).header
    assert (found.date, found.about) == (dated, about)
