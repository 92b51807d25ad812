"""The sample directives: their format, their annotation, and what is rendered from them."""

from __future__ import annotations

import calendar
import io
import json
import re
import sys
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pdfplumber
import pypdfium2
import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # scripts/ is not an installed package

from scripts import render_samples, sample_format, sample_pdf  # noqa: E402
from scripts.sample_format import Sample, SampleError  # noqa: E402

FOLDER = ROOT / "data" / "samples"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
SHORT, TABLE = "cv-huyen-thong-ke-2023", "kh-chuyen-doi-so-2024"
ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}
DATE = r"(?P<d>\d{1,2})(?:/| tháng )(?P<m>\d{1,2})(?:(?:/| năm )(?P<y>\d{4}))?"

NUMBER = r"\d+(?:/\d{4})?(?:/|-)[A-ZĐ][A-Za-zĐ]*\d*[-/][A-ZĐ][\w-]*"


def fold(text: str) -> str:
    text = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^0-9a-z/]+", " ", text).split())


@pytest.fixture(scope="module")
def samples() -> dict[str, Sample]:
    return {sample.name: sample for sample in sample_format.load_all(FOLDER)}


def deadlines_of(samples: dict[str, Sample]) -> list[dict[str, Any]]:
    return [deadline for sample in samples.values() for task in sample.gold()["tasks"] for deadline in task["deadlines"]]


@pytest.mark.parametrize("name", NAMES)
def test_gold_follows_the_guide(name: str, samples: dict[str, Sample]) -> None:
    sample = samples[name]
    gold, text = sample.gold(), fold(sample.text())
    assert gold["source"] == f"{name}.pdf"
    assert bool(gold["tasks"]) != sample.negative
    paths = [task["path"] for task in gold["tasks"]]
    assert len(paths) == len(set(paths))
    for task in gold["tasks"]:
        assert task["text"]
        assert fold(task["text"]) in text
        assert task["lead"] or task["optional"], f"{task['path']}: nobody is told to do it"
        numbers = {reference["number"] for reference in gold["references"]}
        assert set(task["references"]) <= numbers, f"{task['path']} cites what the document does not"
        for number in task["references"]:
            assert number in task["text"]


@pytest.mark.parametrize("name", NAMES)
def test_gold_stands_on_the_paper(name: str, samples: dict[str, Sample]) -> None:
    sample = samples[name]
    document, text = sample.gold()["document"], sample.text()
    for field in ("number", "place", "subject", "signer"):
        if document[field] is not None:
            assert " ".join(document[field].split()) in text
    assert sample.date_line in text
    assert all(recipient in text for recipient in document["recipients"])
    assert document["number"] not in {reference["number"] for reference in sample.references}
    for task in sample.gold()["tasks"]:
        for deadline in task["deadlines"]:
            assert fold(deadline["text"]) in fold(text), f"{task['path']}: {deadline['text']}"


@pytest.mark.parametrize("name", NAMES)
def test_every_reference_is_cited_with_its_date(name: str, samples: dict[str, Sample]) -> None:
    text = samples[name].text()
    positions = []
    for reference in samples[name].references:
        assert reference["number"] in text
        positions.append(text.index(reference["number"]))
        if reference["date"]:
            day = date.fromisoformat(reference["date"])
            forms = rf"0?{day.day}/0?{day.month}/{day.year}|ngày 0?{day.day} tháng 0?{day.month} năm {day.year}"
            assert re.search(forms, text), f"{reference['number']} is not dated {day}"
    assert positions == sorted(positions), "references stand in the order of first mention"
    known = {reference["number"] for reference in samples[name].references} | {samples[name].document["number"]}
    assert set(re.findall(NUMBER, text)) - known == set(), "cited, but not among the references"


@pytest.mark.parametrize("name", NAMES)
def test_due_dates_agree_with_their_phrases(name: str, samples: dict[str, Sample]) -> None:
    sample = samples[name]
    written = date.fromisoformat(sample.document["date"]).year
    for task in sample.gold()["tasks"]:
        for deadline in task["deadlines"]:
            expected = expected_bound_and_due(deadline["text"], written)
            if expected and not deadline["recurrence"]:
                assert (deadline["bound"], deadline["due"]) == expected, f"{task['path']}: {deadline['text']}"
            if deadline["start"] and deadline["due"]:
                assert deadline["start"] <= deadline["due"]
            if deadline["recurrence"] is None and "relative" not in deadline:
                assert deadline["due"], f"{task['path']}: {deadline['text']} has no due date"


def expected_bound_and_due(phrase: str, written: int) -> tuple[str, str] | None:
    """What the commonest forms mean; None for the others."""
    if found := re.fullmatch(rf"(?i)(trước|chậm nhất|muộn nhất|đến hết)(?: là)?(?: đến)?(?: ngày)? {DATE}", phrase):
        due = date(int(found["y"] or written), int(found["m"]), int(found["d"]))
        return ("before" if found[1].lower() == "trước" else "by"), due.isoformat()
    if found := re.fullmatch(r"(?i)(?:trong )?tháng (\d{1,2})(?:/| năm )?(\d{4})?", phrase):
        year, month = int(found[2] or written), int(found[1])
        return "within", date(year, month, calendar.monthrange(year, month)[1]).isoformat()
    if found := re.fullmatch(r"(?i)(?:trong )?quý (I|II|III|IV)(?:/| năm )(\d{4})", phrase):
        month, year = 3 * ROMAN[found[1].upper()], int(found[2])
        return "within", date(year, month, calendar.monthrange(year, month)[1]).isoformat()
    if found := re.fullmatch(r"(?i)(?:trong )?6 tháng (đầu|cuối) năm (\d{4})", phrase):
        return "within", f"{found[2]}-06-30" if found[1] == "đầu" else f"{found[2]}-12-31"
    return None


def test_the_samples_span_the_genre(samples: dict[str, Sample]) -> None:
    assert len(samples) >= 12
    types = {sample.document["type"] for sample in samples.values()}
    assert types >= {"Công văn", "Kế hoạch", "Thông báo", "Chỉ thị", "Công điện", "Quyết định", "Báo cáo"}
    dates = [sample.document["date"] for sample in samples.values()]
    assert sum(day < "2025-03-01" for day in dates) >= 4
    assert sum(day >= "2025-07-01" for day in dates) >= 4
    assert sum(sample.negative for sample in samples.values()) == 1


@pytest.mark.parametrize("recurrence", ["daily", "weekly", "monthly", "quarterly", "half-yearly", "yearly", "continuous"])
def test_every_rhythm_occurs(recurrence: str, samples: dict[str, Sample]) -> None:
    assert any(deadline["recurrence"] == recurrence for deadline in deadlines_of(samples))


@pytest.mark.parametrize(
    "form",
    [
        r"^trước ngày \d+/\d+/\d{4}$",
        r"^trước \d+/\d+/\d{4}$",
        r"^trước ngày \d+ tháng \d+ năm \d{4}$",
        r"^trước ngày \d+/\d+$",
        r"^chậm nhất",
        r"^đến hết ngày",
        r"^trong tháng \d+/\d{4}$",
        r"^trong tháng \d+$",
        r"quý I+V?/\d{4}",
        r"6 tháng đầu năm",
        r"6 tháng cuối năm",
        r"^trong năm \d{4}$",
        r"tháng \d+, \d+/\d{4}",
        r"đến quý",
        r"cuối tháng",
        r"^trước \d+h\d\d ngày",
        r"ngày làm việc kể từ ngày ký",
        r"\d+ ngày kể từ",
        r"giờ kể từ",
        r"^trước ngày \d+ hằng tháng$",
        r"^hằng tháng$",
        r"và các năm tiếp theo$",
        r"^từ .* đến",
    ],
)
def test_every_form_of_deadline_occurs(form: str, samples: dict[str, Sample]) -> None:
    assert any(re.search(form, deadline["text"], re.IGNORECASE) for deadline in deadlines_of(samples))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("document:", "document:\n  colour: red"), "unknown colour"),
        (("  place: Đồng Lĩnh\n", ""), "lacks ['place']"),
        (("body:", "body:\n  - {text: x, style: huge}"), "huge"),
        (("body:", "body:\n  - table: {widths: [1, 2], header: [a, b], rows: [{cells: [c]}]}"), "1 cells for 2 columns"),
        (("body:", "body: ["), "ParserError"),
    ],
    ids=["unknown key", "missing field", "unknown style", "short row", "not YAML"],
)
def test_a_broken_sample_is_refused_by_name(change: tuple[str, str], message: str, tmp_path: Path) -> None:
    text = (FOLDER / f"{SHORT}.yaml").read_text("utf-8")
    assert change[0] in text
    broken = tmp_path / "broken.yaml"
    broken.write_text(text.replace(*change, 1), "utf-8")
    with pytest.raises(SampleError, match=r"^broken\.yaml: ") as caught:
        sample_format.load(broken)
    assert message in str(caught.value)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("rendered")
    assert render_samples.main(["--only", SHORT, "--out", str(out)]) == 0
    return out


def test_rendering_writes_five_files(rendered: Path, samples: dict[str, Sample]) -> None:
    assert {path.name for path in rendered.iterdir()} == {f"{SHORT}{kind}" for kind in render_samples.KINDS} | {render_samples.HASHES}
    assert (rendered / f"{SHORT}.text.txt").read_text("utf-8") == samples[SHORT].text()
    assert json.loads((rendered / f"{SHORT}.gold.json").read_text("utf-8")) == samples[SHORT].gold()


def test_the_text_layer_holds_the_gold_text(rendered: Path, samples: dict[str, Sample]) -> None:
    with pdfplumber.open(rendered / f"{SHORT}.pdf") as pdf:
        assert len(pdf.pages) == 1
        layer = unicodedata.normalize("NFC", pdf.pages[0].extract_text())
    words = set(layer.split())
    assert [word for word in samples[SHORT].text().split() if word not in words] == []


@pytest.mark.parametrize(("kind", "dpi"), [(".good.pdf", 300), (".bad.pdf", 150)])
def test_a_scan_is_one_image_a_page(kind: str, dpi: int, rendered: Path) -> None:
    with pdfplumber.open(rendered / f"{SHORT}{kind}") as pdf:
        assert [len(page.images) for page in pdf.pages] == [1]
        assert pdf.pages[0].extract_text() == ""
        width, height = pdf.pages[0].images[0]["srcsize"]
    assert width == pytest.approx(8.27 * dpi, abs=2)
    assert height == pytest.approx(11.69 * dpi, abs=2)


def test_only_what_changed_is_rendered_again(rendered: Path) -> None:
    paths = [FOLDER / f"{SHORT}.yaml"]
    assert render_samples.render_all(paths, rendered) == []
    (rendered / f"{SHORT}.bad.pdf").unlink()
    assert render_samples.render_all(paths, rendered) == [SHORT]


def test_rendering_is_deterministic(rendered: Path, tmp_path: Path) -> None:
    render_samples.render_all([FOLDER / f"{SHORT}.yaml"], tmp_path)
    for kind in render_samples.KINDS:
        assert (tmp_path / f"{SHORT}{kind}").read_bytes() == (rendered / f"{SHORT}{kind}").read_bytes(), kind


def test_an_unknown_name_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert render_samples.main(["--only", "khong-co", "--out", str(tmp_path)]) == 1
    assert "khong-co" in capsys.readouterr().err


def test_an_appendix_table_runs_over_a_page_break(samples: dict[str, Sample]) -> None:
    pdf, place = sample_pdf.render(samples[TABLE])
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        sizes = [page.width > page.height for page in document.pages]
        tables = [page.extract_table() for page in document.pages[2:]]
        page_numbers = [page.extract_text().split("\n", 1)[0] for page in document.pages]
    assert sizes == [False, False, True, True]
    assert place.page == 2
    assert page_numbers[1] == "2"
    assert page_numbers[2] == "PHỤ LỤC"
    assert page_numbers[3] == "2", "an appendix has page numbers of its own"
    rows = [row for table in tables for row in table or []]
    assert [row[0] for row in rows].count("STT") == 2
    assert sum(row[0] in {"1", "2", "3"} for row in rows) == sum(task["path"].startswith("PL") for task in samples[TABLE].gold()["tasks"])


def test_a_page_lies_on_its_head_where_the_sample_says_so(samples: dict[str, Sample], tmp_path: Path) -> None:
    name = next(name for name, sample in samples.items() if sample.layout.upside_down == (2,))
    render_samples.render(samples[name], tmp_path)
    document = pypdfium2.PdfDocument((tmp_path / f"{name}.bad.pdf").read_bytes())
    red = []
    for page in document:
        pixels = page.render(scale=0.5).to_numpy().astype(int)[..., ::-1][..., -3:]
        reddish = (pixels[..., 0] - pixels[..., 1] > 30).nonzero()[0]
        red.append(float(reddish.mean()) / pixels.shape[0])
        page.close()
    document.close()
    assert red[-1] < 0.5, "the seal at the foot of the last page has come to its head"
