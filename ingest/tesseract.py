"""Tesseract through pytesseract: one process for each call, always on one thread."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Literal

import pytesseract
from PIL import Image

from ingest.engine import EngineError, Gray, Mode, Recognised
from ingest.errors import MissingDependency

# Without this one page takes 11 s instead of 2.5: Tesseract's threads wait for each other. Pages run in parallel instead.
os.environ["OMP_THREAD_LIMIT"] = "1"

MODES: dict[Mode | Literal["orientation"], int] = {"orientation": 0, "page": 3, "block": 6, "line": 7, "word": 8, "sparse": 11}
"""Tesseract's page segmentation modes."""


@dataclass(frozen=True, slots=True)
class Tesseract:
    """The reference engine. ``command`` is the program's name or path."""

    command: str = "tesseract"

    @property
    def name(self) -> str:
        """A short name for reports."""
        return "tesseract"

    def read(self, picture: Gray, *, dpi: int, languages: str, mode: Mode, timeout: float) -> tuple[Recognised, ...]:
        """See :class:`ingest.engine.Engine`."""
        config = f"--psm {MODES[mode]} --dpi {dpi}"
        data = self._run(pytesseract.image_to_data, picture, languages, lang=languages, config=config, timeout=timeout)
        return tuple(_words(data))

    def orientation(self, picture: Gray, *, timeout: float) -> tuple[int, float] | None:
        """See :class:`ingest.engine.Engine`."""
        try:
            found = self._run(pytesseract.image_to_osd, picture, "osd", config="--psm 0 --dpi 300", timeout=timeout)
        except EngineError:  # "Too few characters" is an answer, not a failure
            return None
        return int(found["rotate"]) % 360, float(found["orientation_conf"])

    def _run(self, call: Any, picture: Gray, needed: str, **arguments: Any) -> Any:
        if arguments["timeout"] <= 0:
            raise EngineError("hết thời gian dành cho trang")
        pytesseract.pytesseract.tesseract_cmd = self.command
        try:
            return call(Image.fromarray(picture), output_type=pytesseract.Output.DICT, **arguments)
        except pytesseract.TesseractNotFoundError as error:
            raise MissingDependency(
                "Chưa cài chương trình nhận dạng chữ Tesseract.",
                remedy="Cài bằng lệnh: sudo apt install tesseract-ocr tesseract-ocr-vie tesseract-ocr-osd",
            ) from error
        except pytesseract.TesseractError as error:
            if "Failed loading language" in error.message or "Error opening data file" in error.message:
                raise no_language(needed) from error
            raise EngineError(f"Tesseract báo lỗi: {error.message.strip()[:200]}") from error
        except RuntimeError as error:  # pytesseract has killed the process by now
            raise EngineError(f"Tesseract chạy quá {arguments['timeout']:.0f} giây") from error
        except (OSError, ValueError, KeyError, IndexError) as error:
            raise EngineError(f"Tesseract trả lời không hiểu được: {error}") from error


def no_language(languages: str) -> MissingDependency:
    """The error that Tesseract's data of ``languages`` is not there."""
    packages = " ".join(f"tesseract-ocr-{code}" for code in languages.split("+"))
    return MissingDependency(f"Tesseract thiếu dữ liệu ngôn ngữ «{languages}».", remedy=f"Cài bằng lệnh: sudo apt install {packages}")


def _words(data: dict[str, list[Any]]) -> list[Recognised]:
    words = []
    for index, text in enumerate(data["text"]):
        confidence = float(data["conf"][index])
        if confidence < 0 or not str(text).strip():
            continue
        left, top = int(data["left"][index]), int(data["top"][index])
        box = (left, top, left + int(data["width"][index]), top + int(data["height"][index]))
        line = (int(data["block_num"][index]), int(data["par_num"][index]), int(data["line_num"][index]))
        words.append(Recognised(str(text).strip(), box, confidence / 100, line))
    return words
