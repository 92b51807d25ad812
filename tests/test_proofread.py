"""Slips of a Vietnamese OCR are put right where both contexts agree, and nothing else is touched."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import diacritics
from diacritics.channel import Channel, wrong_marks
from diacritics.letters import plain
from diacritics.lm import LanguageModel
from diacritics.proofread import WRONG, Correction, Proofreader, Question
from diacritics.restorer import MODEL_FOLDER
from scripts.score_ocr import compare

HEAD = [
    "Ủy ban nhân dân tỉnh Sông Lam yêu cầu Giám đốc các sở, ban, ngành, Chủ tịch Ủy ban nhân dân các huyện, thành phố,",
    "thị xã tổ chức triển khai thực hiện các nhiệm vụ sau đây, báo cáo kết quả về Sở Nội vụ trước ngày 20/12/2025.",
]


@cache
def proofreader() -> Proofreader:
    return Proofreader(LanguageModel.read(MODEL_FOLDER / "syllables.zip"), Channel.read(MODEL_FOLDER / "channel.tsv"))


def applied(lines: list[str], corrections: list[Correction]) -> list[str]:
    done = list(lines)
    for found in sorted(corrections, key=lambda c: (c.line, -c.begin)):
        done[found.line] = done[found.line][: found.begin] + found.text + done[found.line][found.end :]
    return done


def corrected(*lines: str) -> list[str]:
    return applied([*HEAD, *lines], proofreader().proofread([*HEAD, *lines]))[len(HEAD) :]


@pytest.mark.parametrize(
    ("read", "true"),
    [
        pytest.param("Giao Sở Nội vụ tống hợp, báo cáo Ủy ban nhân dân tỉnh.", "tổng hợp", id="hook read as acute"),
        pytest.param("Thanh tra tỉnh tăng cường kiếm tra, giám sát.", "kiểm tra", id="hook read as acute, another vowel"),
        pytest.param("Đẩy mạnh chuyến đối số trong các cơ quan nhà nước.", "chuyển đổi số", id="two words side by side"),
        pytest.param("Ủy ban nhân dan các xã, phường chịu trách nhiệm.", "nhân dân các", id="mark lost"),
        pytest.param("Tiếp nhận hỏ sơ và trả kết quả giải quyết thủ tục hành chính.", "hồ sơ", id="vowel and mark"),
        pytest.param("Kinh phí thực hiện do ngân sách nhà nước bảo đám theo quy định.", "bảo đảm", id="at a phrase's end"),
        pytest.param("Giao Bảo hiếm xã hội tỉnh cấp thẻ bảo hiếm y tế.", "Bảo hiểm xã hội tỉnh cấp thẻ bảo hiểm", id="only one of two"),
        pytest.param("TỐ CHỨC THỰC HIỆN KẾ HOẠCH", "TỔ CHỨC", id="heading in capitals"),
        pytest.param("TRIẾỂN KHAI THỰC HIỆN NHIỆM VỤ", "TRIỂN KHAI", id="vowel read twice"),
        pytest.param("Giám đốc Sở Kê hoạch và Đầu tư chủ trì, phối hợp với các sở.", "Sở Kế hoạch", id="agency with capitals"),
        pytest.param("Hoàn thành trong quý IH/2025; Sở Tài chính (b/C).", "quý III/2025; Sở Tài chính (b/c)", id="Roman numeral and note"),
        pytest.param("HI. TỔ CHỨC THỰC HIỆN", "III. TỔ", id="Roman numeral of a heading"),
        pytest.param("Sử dụng đât đai đúng mục đích.", "đất đai", id="a stop without its mark"),
        pytest.param(
            "Giao Phòng Y tế, Trung (âm Y tế huyện, thị xã, thành phố căn cứ kế hoạch.", "Trung tâm Y tế", id="bracket for a letter"
        ),
        pytest.param("Xây dựng và phái triển thành phố.", "phát triển", id="i for t"),
        pytest.param("1\tTố chức hội nghị tập huấn\tSở Nội vụ", "Tổ chức", id="cell of a table"),
    ],
)
def test_slips_are_put_right(read: str, true: str) -> None:
    assert true in corrected(read)[0]


def test_a_heading_with_a_word_that_there_is_not() -> None:
    lines = diacritics.load().restore([*HEAD, "QUYÉT NGHỊ:"])
    assert lines[-1].text == "QUYẾT NGHỊ:"


def test_words_across_a_line_end_help() -> None:
    assert corrected("Các cơ quan, đơn vị khẩn trương tố", "chức triển khai thực hiện nhiệm vụ được giao.")[0].endswith("tổ")


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("Giao ông Nguyễn Văn Tố, Phó Giám đốc Sở, chủ trì thực hiện;", id="person"),
        pytest.param("Chủ tịch Tống Thế Rồng kết luận:", id="surname that looks like a slip"),
        pytest.param("Ủy ban nhân dân xã Hiếu Thạnh báo cáo kết quả.", id="commune"),
        pytest.param("Bà Vũ Thị Đảnh", id="signature"),
        pytest.param("Quyết định số 876/QĐ-UBND ngày 01/7/2025 của Chủ tịch Ủy ban nhân dân tỉnh;", id="number and date"),
        pytest.param("Hệ thống Wi-Fi, camera, server, website https://songlam.gov.vn và ISO 9001:2015", id="foreign words and codes"),
        pytest.param("H. Nội dung khác theo Phụ lục H; quý I/2025, khóa XIII; VH-XH.", id="numerals and letters that are right"),
        pytest.param("Thanh toán tiền tầu xe hằng năm, hàng năm theo quy định.", id="two spellings of one word"),
        pytest.param("Các cơ quan (ông, bà phụ trách) báo cáo (qua Sở Nội vụ).", id="brackets that are brackets"),
        pytest.param("BCĐ PCTT và TKCN; PAR INDEX, DDCI, SIPAS, OCOP", id="abbreviations"),
        pytest.param("Đối với những vấn đề vượt thẩm quyền, kịp thời báo cáo để xem xét.", id="right words that have a twin"),
        pytest.param("Mở sổ theo dõi số lượng hồ sơ quá hạn; đổi mới công tác đối ngoại.", id="twins in one sentence"),
    ],
)
def test_what_is_right_stays(line: str) -> None:
    assert corrected(line) == [line]


def test_alternatives_of_a_change_hold_what_was_read() -> None:
    line = "Giao Sở Nội vụ tống hợp, báo cáo Ủy ban nhân dân tỉnh."
    found = [c for c in proofreader().proofread([*HEAD, line]) if c.text == "tổng"]
    assert [(c.line, c.begin, c.end) for c in found] == [(2, 15, 19)]
    assert "tống" in found[0].alternatives
    assert 0.5 <= found[0].probability <= 1


def test_lines_not_chosen_stay() -> None:
    lines = [*HEAD, "Giao Sở Nội vụ tống hợp, báo cáo Ủy ban nhân dân tỉnh."]
    assert not [c for c in proofreader().proofread(lines, chosen=[True, True, False]) if c.line == 2]


def test_the_engines_doubt_counts() -> None:
    # Both readings are possible here; that the engine itself doubted the word makes a slip more probable.
    line = "các chỉ khác"
    sure, unsure = ([[0.96] * len(h.split()) for h in HEAD] + [[0.96, trust, 0.96]] for trust in (0.96, 0.3))

    def doubt(confidences: list[list[float]]) -> float:
        found = [c for c in proofreader().proofread([*HEAD, line], confidences=confidences) if c.line == 2]
        return max((1 - c.probability if c.text == line[c.begin : c.end] else c.probability for c in found), default=0.0)

    assert doubt(unsure) > doubt(sure)


def test_a_second_opinion_is_asked_about_doubtful_words_only() -> None:
    asked: list[Question] = []

    def against(questions: list[Question]) -> list[list[float]]:  # type: ignore[type-arg,unused-ignore]
        asked.extend(questions)
        return [[0.0] + [-60.0] * (len(q.words) - 1) for q in questions]

    lines = [*HEAD, "Giao Sở Nội vụ tống hợp, báo cáo Ủy ban nhân dân tỉnh."]
    found = proofreader().proofread(lines, opinion=against)  # type: ignore[arg-type]
    assert applied(lines, found) == lines
    assert any(q.words[0] == "tống" and "tổng" in q.words for q in asked)
    assert len(asked) < 10


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="abcđêểưổ ốTK.,;:/-0123456789\t()H", max_size=60), max_size=6))
def test_only_marks_and_letters_of_words_change(lines: list[str]) -> None:
    for found in proofreader().proofread(lines):
        raw = lines[found.line][found.begin : found.end]
        assert raw.lstrip("([").isalpha() or raw == "b/C"
        assert 0 <= found.probability <= 1
        assert found.text == raw or 1 - found.probability <= 1 - WRONG + 0.5
        assert found.text.lstrip("([")[:1].isupper() == raw.lstrip("([")[:1].isupper()


def test_wrong_marks_are_learned_from_pairs() -> None:
    table = wrong_marks([("tổ", "tố")] * 20 + [("tổ", "tổ")] * 20 + [("tố", "tố")] * 40)
    assert table["ổ", "ố"] > 0.3
    assert table["ố", "ổ"] < 0.01
    assert all(plain(t) == plain(r) for t, r in table if (t, r) not in (("t", "t"),))


def test_moved_words_stamps_and_page_numbers_are_no_word_errors() -> None:
    result = compare("Số: 12/KH-UBND\nSông Lam\nGiao Sở Nội vụ tổng hợp.", "Sông Lam\n2\nSố: 12/KH-UBND\nGiao Sở Nội vụ tống hợp.")
    assert (result.errors, result.places) == (1, (("tổng", "tống"),))
