"""Doubtful words settled by the gazetteer; the texts are invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diacritics.restorer import RestoredLine, Syllable
from dondoc import process
from extract import extract, settled
from extract.folding import fold
from extract.settling_names import letters_of, names, spelled
from ingest.document import Document, Doubt, Line, Page

Doubts = dict[str, tuple[float, tuple[str, ...]]]


def line(text: str, doubts: Doubts | None = None, number: int = 1, confidence: float = 0.9) -> Line:
    """A line that was recognised; ``doubts`` by word (its first place in the text)."""
    found = [Doubt(text.index(word), text.index(word) + len(word), sure, others) for word, (sure, others) in (doubts or {}).items()]
    return Line(number, text, text, confidence=confidence, doubts=tuple(sorted(found, key=lambda doubt: doubt.begin)))


def document(*lines: Line) -> Document:
    return Document("a.pdf", "0" * 64, "pdf", (Page(1, lines, "ocr"),))


def texts(*lines: Line) -> list[str]:
    return [one.text for _, one in settled(document(*lines)).lines()]


@pytest.mark.parametrize(
    ("text", "doubts", "wanted"),
    [
        pytest.param(
            "Số Kế hoạch và Đầu tư chủ trì",
            {"Số": (0.6, ("Sở", "Sổ"))},
            "Sở Kế hoạch và Đầu tư chủ trì",
            id="first word",
        ),
        pytest.param(
            "giao Sở Nông nghiệp và Mới trương rà soát",
            {"Mới": (0.5, ("Môi", "Mời")), "trương": (0.6, ("trường", "trưởng"))},
            "giao Sở Nông nghiệp và Môi trường rà soát",
            id="two words of one name",
        ),
        pytest.param("Báo hiểm xã hội tính", {"Báo": (0.7, ("Bảo",)), "tính": (0.5, ("tỉnh",))}, "Bảo hiểm xã hội tỉnh", id="both ends"),
        pytest.param("các sờ, ban, ngành", {"sờ": (0.5, ("sở", "sơ"))}, "các sở, ban, ngành", id="group in small letters"),
        pytest.param("UBND thành phố Hả Nội", {"Hả": (0.6, ("Hà", "Hạ"))}, "UBND thành phố Hà Nội", id="place with its unit"),
        pytest.param("tại Hà Nôi, ngày", {"Nôi": (0.6, ("Nội",))}, "tại Hà Nội, ngày", id="province alone"),
        pytest.param("Nghị quyết của Tỉnh, Ủy ban", {"Tỉnh": (0.7, ("Tỉnh ủy",))}, "Nghị quyết của Tỉnh ủy, Ủy ban", id="two words as one"),
        pytest.param("4. So1 Tư pháp", {"So1": (0.84, ("Sở",))}, "4. Sở Tư pháp", id="a digit in a word"),
        pytest.param("SỐ KẾ HOẠCH VÀ ĐẦU TƯ", {"SỐ": (0.6, ("SỞ",))}, "SỞ KẾ HOẠCH VÀ ĐẦU TƯ", id="heading"),
        pytest.param("Số NN&PTNT báo cáo", {"Số": (0.6, ("Sở",))}, "Sở NN&PTNT báo cáo", id="before an abbreviation"),
        pytest.param("Sở Kế hoạeh và Đầu tư", {"hoạeh": (0.4, ())}, "Sở Kế hoạch và Đầu tư", id="one letter of a word in doubt"),
    ],
)
def test_a_doubtful_word_becomes_that_of_the_name(text: str, doubts: Doubts, wanted: str) -> None:
    (_, found), *_ = settled(document(line(text, doubts))).lines()
    assert found.text == wanted
    assert found.raw == text
    for doubt in found.doubts:
        assert text.find(doubt.alternatives[0]) >= 0
        assert found.text[doubt.begin : doubt.end] in wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("Sở Ké hoach và Đầu tư", "Sở Kế hoạch và Đầu tư", id="marks only"),
        pytest.param("Ủy ban nhàn dân tỉnh", "Ủy ban nhân dân tỉnh", id="one mark"),
        pytest.param("Sở Ytế tham mưu", "Sở Y tế tham mưu", id="glued"),
        pytest.param("Sở Nội v ụ tham mưu", "Sở Nội vụ tham mưu", id="torn"),
        pytest.param("Sở Giáo dục và? Đào tạo", "Sở Giáo dục và Đào tạo", id="what is left of a mark"),
        pytest.param("Sở Thông tin và, Truyền thông", "Sở Thông tin và Truyền thông", id="a comma behind và"),
        pytest.param("Ủy ban Mặt trận Tổ quốc Việt.Nam", "Ủy ban Mặt trận Tổ quốc Việt Nam", id="a speck between two words"),
        pytest.param("1. sở Nông nghiệp và Môi trường", "1. Sở Nông nghiệp và Môi trường", id="capital at the head of an item"),
        pytest.param("Sở Văn hóa. Thể thao và Du lich", "Sở Văn hóa. Thể thao và Du lịch", id="comma as a stop"),
        pytest.param("tỉnh Bà Rịa - Vũng Tâu", "tỉnh Bà Rịa - Vũng Tàu", id="province with its unit"),
    ],
)
def test_a_name_whose_letters_are_right_gets_its_marks(text: str, wanted: str) -> None:
    assert texts(line(text)) == [wanted]


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        pytest.param("quyền sỡ hữu đất đai", {"sỡ": (0.5, ("sở",))}, id="sở hữu"),
        pytest.param("giữ đầu óc tinh táo", {"tinh": (0.5, ("tỉnh",))}, id="tỉnh táo"),
        pytest.param("số y tế cơ sở báo cáo", {"số": (0.6, ("sở",))}, id="small letters"),
        pytest.param("Công an tính toán lại quân số", {"tính": (0.95, ("tỉnh",))}, id="name that would only grow"),
        pytest.param("bà Nguyễn Hả Nội", {"Hả": (0.6, ("Hà",))}, id="person"),
        pytest.param("thành phố Lam Châu", {"Lam": (0.5, ())}, id="place that the gazetteer does not have"),
        pytest.param("xã Tân Thanh A", {}, id="commune of before 2025"),
        pytest.param("cơ sở Văn hóa và Thể thao", {}, id="inside cơ sở"),
        pytest.param("văn bản số 56/SỞ-KH", {"số": (0.6, ("sở",))}, id="number"),
        pytest.param("xem tại soyte.gov.vn và so-noi-vu.vn", {}, id="address on the web"),
        pytest.param("Sở Y tế, Công an tỉnh", {"Y": (0.8, ("Ý",)), "tỉnh": (0.8, ("tính",))}, id="names that stand there"),
        pytest.param("Sở Kế hoạch, và Đầu tư", {}, id="comma where the name has none"),
    ],
)
def test_everything_else_stays(text: str, doubts: Doubts) -> None:
    assert texts(line(text, doubts)) == [text]


def test_a_text_that_was_given_stays_whatever_it_says() -> None:
    plain = Line(1, "Sở Ké hoach và Đầu tư", "Sở Ké hoach và Đầu tư")
    assert settled(document(plain)) == document(plain)


def test_a_name_broken_by_the_line_end_is_settled_on_both_lines() -> None:
    first, second = line("phối hợp với Số Kế hoạch và", {"Số": (0.6, ("Sở",))}), line("Đầu tu rà soát", {"tu": (0.6, ("tư",))}, 2)
    assert texts(first, second) == ["phối hợp với Sở Kế hoạch và", "Đầu tư rà soát"]


def test_names_do_not_run_over_cells() -> None:
    assert texts(line("Sở Kế hoach\tvà Đầu tư"), line("Ủy ban nhàn\tdân tỉnh", number=2)) == [
        "Sở Kế hoach\tvà Đầu tư",
        "Ủy ban nhàn\tdân tỉnh",
    ]


def test_the_other_doubts_of_a_line_keep_their_words() -> None:
    found = next(settled(document(line("Sở Ytế báo cáo quỷ", {"quỷ": (0.5, ("quý",))}))).lines())[1]
    assert found.text == "Sở Y tế báo cáo quỷ"
    assert {found.text[d.begin : d.end]: d.alternatives for d in found.doubts} == {"Y tế": ("Ytế",), "quỷ": ("quý",)}


def test_extraction_reads_the_settled_text() -> None:
    head = ["Kính gửi: Các cơ quan, đơn vị", "", "Ủy ban nhân dân tỉnh Sông Lam yêu cầu:"]
    item = line("1. Số Kế hoạch và Đầu tư chủ trì tham mưu phương án trước ngày 15/6/2024.", {"Số": (0.6, ("Sở",))}, 4)
    directive = extract(document(*(line(text, number=at) for at, text in enumerate(head, 1)), item))
    assert [(task.lead, task.text[:22]) for task in directive.tasks] == [(("Sở Kế hoạch và Đầu tư",), "Sở Kế hoạch và Đầu tư ")]


class _Restorer:
    """Stands for the model: one line with one doubtful word."""

    def restore(self, lines: list[str], _confidences: object) -> list[RestoredLine]:
        text = "Số Kế hoạch và Đầu tư"
        word = Syllable("S6", "Số", 0.6, ("Sở", "Số"), 0, 2)
        sure = Syllable("Ke", "Kế", 0.99, (), 3, 5)
        return [RestoredLine(raw, text, 0.8, (word, sure)) for raw in lines]


def test_restoration_hands_its_doubts_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "restorer", _Restorer)
    found = next(process.restore(document(line("S6 Ke hoach va Dau tu"))).lines())[1]
    assert found.doubts == (Doubt(0, 2, 0.6, ("Sở",)),)
    assert (found.raw, found.confidence) == ("S6 Ke hoach va Dau tu", 0.8)


def test_every_name_is_found_by_its_letters() -> None:
    known = names()
    for letters, same in known.by_letters.items():
        assert known.begin_with(letters[:3])
        assert all(letters == letters_of(name.text) == "".join(fold(word) for word in name.words) for name in same)
        assert len({spelled(name.text) for name in same}) == len(same)


_WORDS = [
    "Sở",
    "Số",
    "sở",
    "Kế",
    "hoạch",
    "hoach",
    "và",
    "Đầu",
    "tư",
    "tu",
    "tỉnh",
    "tính",
    "Hà",
    "Nôi",
    "Y",
    "Ytế",
    "các",
    "ban,",
    "12/6",
    "-",
]


@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(_WORDS), st.lists(st.sampled_from(_WORDS), max_size=2)), max_size=8), min_size=1, max_size=4
    )
)
def test_settling_again_changes_nothing_and_places_hold(rows: list[list[tuple[str, list[str]]]]) -> None:
    lines = []
    for number, row in enumerate(rows, 1):
        text, doubts = "", []
        for word, others in row:
            text += " " * bool(text)
            if others:
                doubts.append(Doubt(len(text), len(text) + len(word), 0.5, tuple(others)))
            text += word
        lines.append(Line(number, text, text, confidence=0.9, doubts=tuple(doubts)))
    once = settled(document(*lines))
    assert settled(once) == once
    for (_, before), (_, after) in zip(document(*lines).lines(), once.lines(), strict=True):
        assert after.raw == before.raw
        assert [c for c in after.text if c.isdigit()] == [c for c in before.text if c.isdigit()]
        assert all(0 <= doubt.begin < doubt.end <= len(after.text) for doubt in after.doubts)
        assert all(a.end <= b.begin for a, b in zip(after.doubts, after.doubts[1:], strict=False))
