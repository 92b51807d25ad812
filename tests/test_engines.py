"""The engines: both keep to one protocol, and give the same words."""

from __future__ import annotations

import pickle
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ingest import tesserocr_engine
from ingest.engine import Engine, EngineError, Gray, Mode
from ingest.errors import MissingDependency, UsageError
from ingest.options import default_engine, engine_named
from ingest.tesseract import Tesseract
from ingest.tesserocr_engine import InProcess

FONT = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif.ttf"
LINES = ["Ủy ban nhân dân tỉnh Sông Lam yêu cầu các sở, ban, ngành", "rà soát, báo cáo kết quả trước ngày 30/6/2023 để tổng hợp"]

absent = not tesserocr_engine.available()
both = pytest.mark.parametrize(
    "engine",
    [
        pytest.param(Tesseract(), id="pytesseract"),
        pytest.param(InProcess(), id="tesserocr", marks=pytest.mark.skipif(absent, reason="no tesserocr for this platform")),
    ],
)


def picture(lines: list[str], size: tuple[int, int] = (1300, 240)) -> Gray:
    paper = Image.new("L", size, 255)
    draw = ImageDraw.Draw(paper)
    for index, line in enumerate(lines):
        draw.text((60, 40 + 70 * index), line, fill=0, font=ImageFont.truetype(str(FONT), 34))
    return np.asarray(paper, dtype=np.uint8)


@both
@pytest.mark.parametrize(("mode", "count"), [("page", 2), ("block", 2), ("line", 1)])
def test_words_stand_where_they_are_printed(engine: Engine, mode: Mode, count: int) -> None:
    page = picture(LINES[:count], (1300, 70 * count + 80))
    words = engine.read(page, dpi=200, languages="vie", mode=mode, timeout=60)
    assert " ".join(word.text for word in words) == " ".join(LINES[:count])
    assert len({word.line for word in words}) == count
    assert all(page[word.box[1] : word.box[3], word.box[0] : word.box[2]].min() < 100 for word in words)
    assert all(0.5 < word.confidence <= 1 for word in words)


@both
def test_empty_paper_holds_no_words(engine: Engine) -> None:
    paper = np.full((400, 600), 255, np.uint8)
    assert engine.read(paper, dpi=200, languages="vie", mode="page", timeout=60) == ()
    assert engine.orientation(paper, timeout=60) is None


@both
def test_too_little_time_is_an_error_of_the_engine(engine: Engine) -> None:
    with pytest.raises(EngineError, match="chạy quá"):
        engine.read(picture(LINES * 12, (1300, 1800)), dpi=200, languages="vie", mode="page", timeout=0.05)


@both
def test_no_time_at_all_is_an_error_of_the_engine(engine: Engine) -> None:
    with pytest.raises(EngineError):
        engine.read(picture(LINES), dpi=200, languages="vie", mode="page", timeout=0)


@both
def test_a_language_without_data_names_its_package(engine: Engine) -> None:
    with pytest.raises(MissingDependency) as error:
        engine.read(picture(LINES), dpi=200, languages="zzz", mode="page", timeout=60)
    assert "tesseract-ocr-zzz" in error.value.remedy


@both
@pytest.mark.parametrize("quarter", [0, 1, 2, 3])
def test_orientation_is_the_turn_that_makes_the_page_upright(engine: Engine, quarter: int) -> None:
    page = np.ascontiguousarray(np.rot90(picture(LINES * 9, (1300, 1400)), quarter))
    found = engine.orientation(page, timeout=60)
    assert found is not None
    assert found[0] == 90 * quarter
    assert found[1] > 2


@both
def test_travels_to_a_worker_process(engine: Engine) -> None:
    assert pickle.loads(pickle.dumps(engine)) == engine


@pytest.mark.skipif(absent, reason="no built package of tesserocr for this platform")
def test_signs_of_a_single_line_come_with_what_else_they_may_be() -> None:
    words = InProcess().read(picture(LINES[1:], (1300, 140)), dpi=200, languages="vie", mode="line", timeout=60)
    assert all("".join(sign[0][0] for sign in word.signs) == word.text for word in words)
    assert any(len(sign) > 1 for word in words for sign in word.signs)
    assert all(0 <= confidence <= 1 for word in words for sign in word.signs for _, confidence in sign)


@pytest.mark.parametrize(("name", "kind"), [("pytesseract", Tesseract), ("tesserocr", InProcess)])
def test_engines_by_name(name: str, kind: type) -> None:
    assert isinstance(engine_named(name), kind)


def test_an_unknown_engine_is_refused_with_the_names_of_those_there_are() -> None:
    with pytest.raises(UsageError) as error:
        engine_named("abbyy")
    assert "pytesseract" in error.value.remedy


def test_without_the_package_pytesseract_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesserocr_engine, "tesserocr", None)
    assert isinstance(default_engine(), Tesseract)
    assert isinstance(engine_named("auto"), Tesseract)


@pytest.mark.skipif(absent, reason="no built package of tesserocr for this platform")
def test_the_library_under_it_mutters_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    library = pytest.importorskip("tesserocr")
    library.set_leptonica_log_level(library.LeptLogLevel.INFO)
    tesserocr_engine._api.cache_clear()
    with pytest.raises(FileNotFoundError):
        tesserocr_engine._api("vie").SetImageFile("khong-co.png")
    assert capfd.readouterr().err == ""
