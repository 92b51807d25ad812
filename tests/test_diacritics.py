"""The restorer with its shipped model: what is right stays, what is damaged comes back, lines keep their places."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import diacritics
from diacritics.channel import Channel
from diacritics.corpus import unify_tones
from diacritics.letters import apply_case, case_of, is_syllable, plain
from diacritics.noise import REGIMES, Noise
from diacritics.pieces import second_d
from diacritics.restorer import MODEL_FOLDER
from diacritics.symbols import abbreviations, repair_symbol

LETTER = [
    "Thực hiện Kế hoạch số 45/KH-UBND ngày 12/3/2024 của Ủy ban nhân dân tỉnh Sông Lam về cải cách hành chính,",
    "Ủy ban nhân dân tỉnh yêu cầu Thủ trưởng các sở, ban, ngành và Ủy ban nhân dân các huyện, thành phố",
    "khẩn trương rà soát, hoàn thiện hồ sơ, báo cáo kết quả về Sở Nội vụ trước ngày 30/6/2024.",
    "1. Sở Tài chính chủ trì, phối hợp với các cơ quan liên quan tham mưu bố trí kinh phí thực hiện.",
    "- Văn phòng Ủy ban nhân dân tỉnh theo dõi, đôn đốc việc thực hiện, báo cáo Chủ tịch trong tháng 12/2024.",
]


def texts(lines: list[str]) -> list[str]:
    return [line.text for line in diacritics.load().restore(lines)]


def test_correct_lines_come_out_byte_identical() -> None:
    lines = [
        *LETTER,
        "",
        "\f",
        "Hoà bình, thuỷ lợi  và  khoẻ mạnh",
        "STT\tNhiệm vụ\tThời gian",
        "\t",
        "*153*/KH-UBND",
        "Điểm PAPI đạt 42,76",
    ]
    assert texts(lines) == lines


@pytest.mark.parametrize(("regime", "share"), [("marks", 0.96), ("strip", 0.93), ("eng", 0.93), ("digit", 0.88)])
def test_damaged_lines_come_back(regime: str, share: float) -> None:
    noise = Noise(Channel.read(MODEL_FOLDER / "channel.tsv"), seed=3)
    right = total = 0
    for true, found in zip(LETTER, texts([noise.damage(line, regime) for line in LETTER]), strict=True):
        total += len(true.split())
        right += sum(a == b for a, b in zip(true.split(), found.split(), strict=False)) if len(true.split()) == len(found.split()) else 0
        if len(true.split()) != len(found.split()):
            right += len(set(true.split()) & set(found.split()))
    assert right / total >= share


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(
            "UBND tinh yeu cau cac co quan, don vi bao cao ket qua", "UBND tỉnh yêu cầu các cơ quan, đơn vị báo cáo kết quả", id="stripped"
        ),
        pytest.param(
            "S¢ Tu phap va S& Ké hoach va Pau tu trién khai thuc hién",
            "Sở Tư pháp và Sở Kế hoạch và Đầu tư triển khai thực hiện",
            id="latin",
        ),
        pytest.param("to chirc thyc hién cdc nhiém vy dugc giao", "tổ chức thực hiện các nhiệm vụ được giao", id="letters"),
        pytest.param("ban hanh kem theo Quyet dinh so 876/QP-BNV", "ban hành kèm theo Quyết định số 876/QĐ-BNV", id="number-repaired"),
        pytest.param("theo Quyét dinh sé 12/QD-UBND-", "theo Quyết định số 12/QĐ-UBND-", id="broken-number-stays-broken"),
        pytest.param("hoan thanh truoc thang 06/2023 theo ISO 9001", "hoàn thành trước tháng 06/2023 theo ISO 9001", id="numbers-stay"),
        pytest.param("CONG HOA XA HOI CHU NGHIA VIET NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", id="upper-case"),
        pytest.param(
            "cai each hanh chinh nha nude cua tinh trong thdi gian tdi",
            "cải cách hành chính nhà nước của tỉnh trong thời gian tới",
            id="typewriter",
        ),
        pytest.param("Ha Tinh, ngay 04 thangi2 nam 2022", "Hà Tĩnh, ngày 04 tháng 12 năm 2022", id="glued-month"),
    ],
)
def test_one_damaged_line(raw: str, expected: str) -> None:
    context = [plain(line) for line in LETTER]
    assert texts([*context, "", raw])[-1] == expected


def test_places_confidence_and_alternatives() -> None:
    for line in diacritics.load().restore([plain(t) for t in LETTER]):
        assert 0 <= line.confidence <= 1
        assert line.syllables
        for syllable in line.syllables:
            assert line.text[syllable.begin : syllable.end] == syllable.text
            assert 0 <= syllable.confidence <= 1
            assert syllable.text not in syllable.alternatives
            assert dataclasses.is_dataclass(syllable)


def test_cells_keep_their_tabs_and_noise_lines_become_empty() -> None:
    lines = [plain(t) for t in LETTER] + ["r r \\ rt", "1\tXay dung ke hoach\t\tSo Noi vu", "", "\f"]
    found = texts(lines)
    assert found[5] == ""
    assert found[6] == "1\tXây dựng kế hoạch\t\tSở Nội vụ"
    assert found[7:] == ["", "\f"]


def test_damage_inside_a_correct_document_is_found_and_the_rest_stays() -> None:
    lines = [*LETTER[:2], "To chirc thyc hién cac nhiém vu dugc giao tai Ké hoach nay theo quy dinh", *LETTER[3:]]
    found = texts(lines)
    assert found[:2] == lines[:2]
    assert found[3:] == lines[3:]
    assert found[2] == "Tổ chức thực hiện các nhiệm vụ được giao tại Kế hoạch này theo quy định"


def test_english_in_a_correct_document_stays() -> None:
    english = "Public Administration Reform Index and Provincial Governance Performance Index"
    assert texts([*LETTER, english, *LETTER])[5] == english


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=40), max_size=6))
def test_any_lines_give_as_many_lines_with_as_many_cells(lines: list[str]) -> None:
    found = diacritics.load().restore(lines)
    assert [f.raw for f in found] == lines
    assert [f.text.count("\t") for f in found] == [line.count("\t") for line in lines]


def test_codes_in_a_correct_document_stay() -> None:
    codes = ["wi-fi 2.4GHz và 5GHz.", "C25 M45 Y92 K0 C20 M70 Y100 K25."]
    assert texts([*LETTER, *codes, *LETTER])[len(LETTER) : -len(LETTER)] == codes


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(diacritics.ModelError, match=r"syllables\.zip"):
        diacritics.Restorer.from_folder(tmp_path)


def test_a_broken_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "syllables.zip").write_bytes(b"no archive")
    (tmp_path / "channel.tsv").write_text("", encoding="utf-8")
    (tmp_path / "tagger.npz").write_bytes(b"")
    with pytest.raises(diacritics.ModelError, match="bị hỏng"):
        diacritics.Restorer.from_folder(tmp_path)


def test_the_model_is_small_enough_to_ship() -> None:
    assert sum(p.stat().st_size for p in MODEL_FOLDER.iterdir()) <= 20_000_000


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("876/QP-BNV", "876/QĐ-BNV"), ("61/2018/ND-CP", "61/2018/NĐ-CP"), ("50/2017lQD-TTg", "50/2017/QĐ-TTg"), ("12/HD-SNV", "12/HD-SNV"),
        ("19-NQ/TW", "19-NQ/TW"), ("202/2025/QH15", "202/2025/QH15"), ("06/2023", "06/2023"), ("5/NQ-HDND", "5/NQ-HĐND"),
        ("https://songlam.gov.vn/QD-1", "https://songlam.gov.vn/QD-1"), ("vanphong@songlam.gov.vn", "vanphong@songlam.gov.vn"),
    ],
)  # fmt: skip
def test_only_what_the_grammar_forces_is_repaired(raw: str, expected: str) -> None:
    assert repair_symbol(raw) == expected


def test_the_table_of_abbreviations_says_its_source_and_repeats_nothing() -> None:
    rows = (MODEL_FOLDER / "abbreviations.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0].startswith("# source:")
    names = [row.split(",")[0] for row in rows[2:]]
    assert len(names) == len(set(names)) == len(abbreviations())
    assert all(row.count(",") == 1 and row.split(",")[1] for row in rows[2:])


@pytest.mark.parametrize(
    ("word", "valid"),
    [
        ("nghiêng", True),
        ("được", True),
        ("quyết", True),
        ("giữa", True),
        ("cach", False),
        ("index", False),
        ("đượcc", False),
        ("hópa", False),
        ("các", True),
    ],
)
def test_shape_of_a_syllable(word: str, valid: bool) -> None:
    assert is_syllable(word) is valid


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("hoà", "hòa"),
        ("Thuỷ", "Thủy"),
        ("quý", "quý"),
        ("quỹ", "quỹ"),
        ("HOÀ", "HÒA"),
        ("toàn", "toàn"),
        ("khoẻ", "khỏe"),
        ("loại", "loại"),
    ],
)
def test_one_tone_style(old: str, new: str) -> None:
    assert unify_tones(old) == new


@pytest.mark.parametrize("token", ["Sở", "sở", "SỞ"])
def test_case_goes_round(token: str) -> None:
    assert apply_case(token.lower(), case_of(token)) == token


@pytest.mark.parametrize("regime", REGIMES)
def test_noise_can_be_repeated(regime: str) -> None:
    channel = Channel.read(MODEL_FOLDER / "channel.tsv")
    assert Noise(channel, 5).damage(LETTER[0], regime) == Noise(channel, 5).damage(LETTER[0], regime)


def test_the_second_d_of_a_list_is_d_with_stroke() -> None:
    assert second_d(["a) mot", "d) hai", "tiep theo", "d) ba", "e) bon", "d) khac"]) == [
        "a) mot", "d) hai", "tiep theo", "đ) ba", "e) bon", "d) khac",
    ]  # fmt: skip
