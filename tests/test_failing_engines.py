"""Engines that crash, hang or answer nonsense, and lines that are read again."""

from __future__ import annotations

import os
import stat
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from paper import DPI, TEXT, Fake, gray, line_of, sheet

from ingest import ReadOptions, read
from ingest.engine import EngineError, Recognised
from ingest.errors import MissingDependency, OcrFailed
from ingest.missed import missed_lines
from ingest.ocr import Reader
from ingest.recognise import FAILED, recognise
from ingest.secondlook import look_again
from ingest.tesseract import Tesseract


def test_lines_and_boxes_of_a_recognised_page():
    engine = Fake(tuple(word for index, line in enumerate(TEXT) for word in line_of(line, 200 + 52 * index)))
    page = recognise(np.asarray(sheet(repeat=1)), 3, DPI, ReadOptions(engine=engine))
    assert [line.text for line in page.lines] == TEXT
    assert (page.number, page.source) == (3, "ocr")
    assert page.width == pytest.approx(595.4, abs=0.5)
    box = page.lines[0].words[0].box
    assert box is not None
    assert box[:2] == pytest.approx((190 * 72 / DPI, 200 * 72 / DPI), abs=0.1)
    assert page.confidence == pytest.approx(0.95)


@pytest.mark.parametrize("error", [EngineError, RuntimeError, MemoryError, ValueError], ids=lambda error: error.__name__)
def test_a_crashing_engine_loses_the_page_only(tmp_path, error):
    page = recognise(np.asarray(sheet(repeat=1)), 1, DPI, ReadOptions(engine=Fake(raises=error)))
    assert page.lines == ()
    assert page.warnings[0].startswith(FAILED)
    sheet(repeat=1).save(tmp_path / "a.png", dpi=(DPI, DPI))
    with pytest.raises(OcrFailed):
        read(tmp_path / "a.png", ReadOptions(engine=Fake(raises=error)))


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param((), id="nothing"),
        pytest.param((Recognised("", (10, 10, 20, 20), 0.9),), id="empty-word"),
        pytest.param((Recognised("Sở", (-5, 10, 20, 20), 0.9), Recognised("Nội", (10, 10, 99999, 20), 0.9)), id="box-outside"),
        pytest.param((Recognised("Sở", (30, 10, 20, 20), 0.9),), id="box-inside-out"),
        pytest.param((Recognised("Sở", (10, 10, 20, 20), float("nan")),), id="confidence-not-a-number"),
        pytest.param((Recognised("|", (10, 10, 20, 40), 0.9), Recognised("_‹", (10, 60, 20, 70), 0.9)), id="dirt"),
    ],
)
def test_garbage_from_an_engine_is_thrown_away(answer):
    page = recognise(np.asarray(sheet(repeat=1)), 1, DPI, ReadOptions(engine=Fake(answer)))
    assert page.lines == ()


def test_a_blank_page_asks_no_engine():
    engine = Fake(raises=RuntimeError)
    page = recognise(np.full((2339, 1654, 3), 250, np.uint8), 1, DPI, ReadOptions(engine=engine))
    assert (page.lines, page.warnings, engine.asked) == ((), (), [])


def stub(folder: Path, body: str) -> str:
    path = folder / "tesseract-stub"
    path.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "tesseract 5.3.0" && exit 0\n{body}\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param("echo $$ > {pid}; exec sleep 60", "quá", id="hangs"),
        pytest.param("echo đứt >&2; exit 3", "lỗi", id="crashes"),
        pytest.param('printf "rác\\n" > "$2.tsv"', "", id="answers-nonsense"),
    ],
)
def test_a_bad_tesseract_program_loses_the_page_and_leaves_no_process(tmp_path, body, words):
    pid = tmp_path / "pid"
    engine = Tesseract(stub(tmp_path, body.format(pid=pid)))
    begin = time.monotonic()
    page = recognise(np.asarray(sheet(repeat=1)), 1, DPI, ReadOptions(engine=engine, page_timeout=8))
    assert time.monotonic() - begin < 40
    assert page.lines == ()
    assert page.warnings[0].startswith(FAILED)
    assert words in page.warnings[0]
    if pid.exists():
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid.read_text()), 0)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param(ReadOptions(engine=Tesseract("no-such-tesseract")), "sudo apt install tesseract-ocr", id="no-program"),
        pytest.param(ReadOptions(languages="xyz"), "tesseract-ocr-xyz", id="no-language-data"),
    ],
)
@pytest.mark.ocr
def test_what_is_not_installed_is_named_with_the_command_that_installs_it(options, words):
    with pytest.raises(MissingDependency) as caught:
        recognise(np.asarray(sheet(repeat=1)), 1, DPI, options)
    assert words in caught.value.remedy


def test_ink_without_words_is_noticed():
    picture = gray(sheet(repeat=1))
    words = [word for index in (0, 1, 3) for word in line_of(TEXT[index], 200 + 52 * index)]
    words = [Recognised(w.text, (185, w.box[1] - 4, 1500, w.box[3] + 12), w.confidence, w.line) for w in words]
    (place,) = missed_lines(picture, words, DPI)
    assert 295 < place[1] < 320
    assert missed_lines(picture, [*words, Recognised("x", (185, 296, 1500, 350), 0.9)], DPI) == []


@dataclass(frozen=True)
class Lines(Fake):
    """Reads a single line as the text it is given."""

    def read(self, picture, *, dpi, languages, mode, timeout):
        return tuple(line_of("Nơi nhận:", 30, 20)) if mode == "line" else ()


def test_a_doubtful_line_is_read_again_by_itself():
    reader = Reader(Lines(), "vie", DPI, time.monotonic() + 60)
    words = [Recognised("R44", (190, 200, 500, 240), 0.3, (1,)), *line_of("Thực hiện Kế hoạch", 300)]
    picture = np.full((2339, 1654), 255, np.uint8)
    picture[200:400, 190:1600:3] = 0  # something stands where the words were read
    found = look_again(picture, words, reader)
    assert [word.text for word in found] == ["Thực", "hiện", "Kế", "hoạch", "Nơi", "nhận:"]
