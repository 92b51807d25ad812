"""Pictures: PNG, JPEG and TIFF (several pages), upright by their EXIF mark, at a known resolution."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from ingest.cleaning import enlarged
from ingest.engine import Colour
from ingest.errors import DamagedFile, NoText, PageTooLarge

FORMATS = ("PNG", "JPEG", "TIFF", "MPO", "BMP", "WEBP")

# Our own limit is checked on the header before anything is decompressed.
Image.MAX_IMAGE_PIXELS = None


def _open(path: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Image.open(path, formats=FORMATS)


def count_frames(path: Path, max_pixels: int) -> int:
    """Number of pages of a picture file, its size checked from the header only.

    Raises PageTooLarge over ``max_pixels``, NoText for a picture too small to hold a word, DamagedFile when it cannot be read to the end.
    """
    try:
        with _open(path) as picture:
            frames = int(getattr(picture, "n_frames", 1))
            frames = 1 if picture.format == "MPO" else frames
            for frame in range(frames):
                picture.seek(frame)
                _check_size(picture.size, path, frame + 1 if frames > 1 else None, max_pixels)
            picture.seek(0)
            picture.load()
            return frames
    except (OSError, SyntaxError, EOFError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise DamagedFile("Tệp ảnh hỏng hoặc bị cắt cụt.", path=path, remedy="Hãy chép lại hoặc quét lại.") from error


def _check_size(size: tuple[int, int], path: Path, page: int | None, max_pixels: int) -> None:
    width, height = size
    if width * height > max_pixels:
        raise PageTooLarge(
            f"Ảnh quá lớn: {width} × {height} điểm ảnh, tối đa {max_pixels // 1_000_000} triệu điểm.",
            path=path,
            page=page,
            remedy="Hãy quét lại ở 300 dpi, khổ A4 hoặc A3.",
        )
    if min(width, height) < 16:
        raise NoText(
            f"Ảnh chỉ có {width} × {height} điểm ảnh, không thể chứa chữ.", path=path, page=page, remedy="Hãy quét lại văn bản ở 300 dpi."
        )


def load_frame(path: Path, number: int, dpi: int, max_pixels: int) -> tuple[Colour, int]:
    """Page ``number`` (from 1) as RGB and its resolution: the file's own (as if A4 where it states none), never much over ``dpi``."""
    try:
        with _open(path) as picture:
            picture.seek(number - 1)
            _check_size(picture.size, path, number, max_pixels)
            stated = picture.info.get("dpi")
            upright = ImageOps.exif_transpose(picture)
            rgb = _on_white(upright)
            size = _square(picture.size, stated)
            if size != picture.size and size[0] * size[1] <= max_pixels:
                lying = upright.size != picture.size
                rgb, stated = rgb.resize(size[::-1] if lying else size, Image.Resampling.BICUBIC), (max(stated),)
            own = _resolution(rgb.size, stated)
    except (OSError, SyntaxError, EOFError, ValueError) as error:
        raise DamagedFile("Trang ảnh này hỏng.", path=path, page=number, remedy="Hãy quét lại trang này.") from error
    if own > 1.05 * dpi:
        size = max(1, round(rgb.width * dpi / own)), max(1, round(rgb.height * dpi / own))
        rgb, own = rgb.resize(size, Image.Resampling.BOX), dpi
    return enlarged(np.asarray(rgb, dtype=np.uint8), max(1, round(own)))


def _on_white(picture: Any) -> Any:
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        values = np.asarray(picture, dtype=np.float64)
        top = 65535.0 if values.max() > 255 else 255.0
        return Image.fromarray((values / top * 255).clip(0, 255).astype(np.uint8)).convert("RGB")
    if "A" in picture.getbands() or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert("RGB")
    return picture.convert("RGB")


def _square(size: tuple[int, int], stated: Any) -> tuple[int, int]:
    """The size at which pixels are as wide as they are high: a fax has 204 an inch across and 98 down."""
    if not stated or len(stated) < 2 or min(stated) <= 0:
        return size
    across, down = float(stated[0]), float(stated[1])
    if not 1.2 < max(across, down) / min(across, down) < 4:
        return size
    return (size[0], round(size[1] * across / down)) if across > down else (round(size[0] * down / across), size[1])


def _resolution(size: tuple[int, int], stated: Any) -> float:
    """Pixels per inch: what the file says when that makes a sheet of plausible size, else as if it were A4."""
    width, height = size
    if stated:
        value = float(stated[0])
        if value > 0 and 5 <= min(width, height) / value <= 24:
            return value
    short, long = min(width, height), max(width, height)
    return float(max(40.0, short / 8.27, long / 14.0))


ImageFile.LOAD_TRUNCATED_IMAGES = False
