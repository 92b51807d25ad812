"""Tesseract in this process through tesserocr: no process for each call, and what each sign may also be.

Measured on six pages of scans in one run: 1.47 times as fast as a process for each page (15.8 s against 23.2), the words the same but for
30 of 2,931 (the package brings Tesseract 5.5, Debian 5.3). One line read again takes hundredths of a second instead of a third.

A crash in the library ends the process, and a hang in its page layout ignores the time limit: pages belong into worker processes
that somebody watches (:mod:`dondoc.pool`).
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from ingest.engine import Choices, EngineError, Gray, Mode, Recognised
from ingest.errors import MissingDependency
from ingest.tesseract import MODES, no_language

try:
    # Read when the library is loaded; pages run in parallel instead.
    os.environ["OMP_THREAD_LIMIT"] = "1"
    import tesserocr
except ImportError:  # the package is built for the usual platforms only
    tesserocr = None

_VARIABLES = {
    # What Tesseract tells of a page would run through the progress bar.
    "debug_file": os.devnull,
    # No search for typewriting: that takes 3 % of the time, and gave the same 3,616 words on nine pages.
    "textord_all_prop": "1",
}

_WORD = "5"
"""Level of a word in Tesseract's table."""


def available(languages: str = "vie") -> bool:
    """Whether the package is installed and finds the data of ``languages``."""
    return tesserocr is not None and _data_folder(languages) is not None


@dataclass(frozen=True, slots=True)
class InProcess:
    """Tesseract's library in this process. Holds no library object itself, so that it can be pickled; each process has its own."""

    @property
    def name(self) -> str:
        """A short name for reports."""
        return "tesserocr"

    def read(self, picture: Gray, *, dpi: int, languages: str, mode: Mode, timeout: float) -> tuple[Recognised, ...]:
        """See :class:`ingest.engine.Engine`. Single lines and words come with the alternatives of their signs."""
        single = mode in ("line", "word")
        api = _api(languages)
        try:
            api.SetPageSegMode(MODES[mode])
            # Costs a fifth more time, so whole pages go without.
            api.SetVariable("lstm_choice_mode", "2" if single else "0")
            _show(api, picture, dpi)
            _recognise(api, timeout)
            words = _words(api.GetTSVText(0))
            return _with_choices(api, words) if single else words
        finally:
            api.Clear()

    def orientation(self, picture: Gray, *, timeout: float) -> tuple[int, float] | None:  # noqa: ARG002 - takes a third of a second
        """See :class:`ingest.engine.Engine`."""
        api = _api("osd")
        try:
            api.SetPageSegMode(MODES["orientation"])
            _show(api, picture, 300)
            found = api.DetectOrientationScript()
        finally:
            api.Clear()
        return (-int(found["orient_deg"]) % 360, float(found["orient_conf"])) if found else None


def _show(api: Any, picture: Gray, dpi: int) -> None:
    height, width = picture.shape
    api.SetImageBytes(np.ascontiguousarray(picture).tobytes(), width, height, 1, width)
    api.SetSourceResolution(dpi)


def _recognise(api: Any, timeout: float) -> None:
    if timeout <= 0:
        raise EngineError("hết thời gian dành cho trang")
    if not api.Recognize(max(1, int(timeout * 1000))):
        raise EngineError(f"Tesseract chạy quá {timeout:.0f} giây")


@lru_cache(maxsize=4)
def _api(languages: str) -> Any:
    """The library, loaded once for each language in each process (30 MB, a tenth of a second)."""
    if tesserocr is None:
        remedy = "Cài bằng lệnh: pip install tesserocr, hoặc đặt engine = «pytesseract»."
        raise MissingDependency("Chưa cài gói tesserocr.", remedy=remedy)
    folder = _data_folder(languages)
    if folder is None:
        raise no_language(languages)
    # Leptonica mutters of boxes at a picture's edge ("boxClipToRectangle: box outside rectangle") on stderr; what fails raises.
    tesserocr.set_leptonica_log_level(tesserocr.LeptLogLevel.NONE)
    try:
        return tesserocr.PyTessBaseAPI(path=str(folder), lang=languages, variables=_VARIABLES)
    except RuntimeError as error:
        raise no_language(languages) from error


@lru_cache(maxsize=8)
def _data_folder(languages: str) -> Path | None:
    """Where Tesseract's own installation keeps its data: the package brings none."""
    names = [f"{code}.traineddata" for code in languages.split("+")]
    return next((folder for folder in _data_folders() if all((folder / name).is_file() for name in names)), None)


def _data_folders() -> list[Path]:
    folders = [Path(prefix) for prefix in [os.environ.get("TESSDATA_PREFIX", "")] if prefix]
    folders += sorted(Path("/usr/share/tesseract-ocr").glob("*/tessdata"), reverse=True)
    folders += [Path("/usr/share/tessdata"), Path("/usr/local/share/tessdata")]
    if any(folder.is_dir() for folder in folders):
        return folders
    try:  # elsewhere: the program says where, «List of available languages in "…" (4):»
        done = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, timeout=20, check=False)  # noqa: S607
    except (OSError, subprocess.TimeoutExpired):
        return []
    return [Path(part) for part in done.stdout.partition("\n")[0].split('"')[1:2]]


def _words(table: str) -> tuple[Recognised, ...]:
    words = []
    for row in table.splitlines():
        level, _page, block, paragraph, line, _word, left, top, width, height, confidence, text = row.split("\t", 11)
        if level != _WORD or not text.strip():
            continue
        box = (int(left), int(top), int(left) + int(width), int(top) + int(height))
        words.append(Recognised(text.strip(), box, max(0.0, float(confidence) / 100), (int(block), int(paragraph), int(line))))
    return tuple(words)


def _with_choices(api: Any, words: tuple[Recognised, ...]) -> tuple[Recognised, ...]:
    """``words`` with the choices of each sign, best first; the library lists its words and signs in one order."""
    choices: list[list[Choices]] = []
    level = tesserocr.RIL.SYMBOL
    for sign in tesserocr.iterate_level(api.GetIterator(), level):
        if sign.Empty(level):
            continue
        if not choices or sign.IsAtBeginningOf(tesserocr.RIL.WORD):
            choices.append([])
        choices[-1].append(tuple((choice.GetUTF8Text(), choice.Confidence() / 100) for choice in sign.GetChoiceIterator()))
    if len(choices) != len(words):
        return words
    return tuple(
        Recognised(word.text, word.box, word.confidence, word.line, tuple(signs)) for word, signs in zip(words, choices, strict=True)
    )
