"""Turn the pages of a PDF into what a scanner makes of them: a good copy (300 dpi) and a bad one (150 dpi).

The damage is that of the scans in the archives of provinces: skew, blur, noise, uneven light, strong JPEG, the red round seal over
the left third of the signature, the rectangular ĐẾN stamp on page 1, a page laid in upside down. Everything follows from a seed, so
two runs give the same pages.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from scripts.sample_fonts import font_file
from scripts.sample_pdf import SignaturePlace

Pixels = npt.NDArray[np.uint8]
"""Height × width × 3 (RGB) or 1 (grey)."""

RED, BLUE, INK = (200, 30, 45), (40, 60, 165), (35, 45, 130)
SEAL_DIAMETER_MM = 36.0
DEN_SIZES_MM = ((50.0, 32.0), (44.0, 26.0), (38.0, 22.0), (33.0, 17.0))


@dataclass(frozen=True, slots=True)
class Stamps:
    """What is put on the paper after printing: words round the seal, the ĐẾN stamp's first line and its number and date."""

    seal: str
    receiver: str
    arrival_number: str
    arrival_date: str
    den_colour: str


def good_scan(pdf: bytes, place: SignaturePlace, rng: np.random.Generator) -> bytes:
    """300 dpi, straight within 0.3°, slight noise; grey unless the seed says colour; signed, without stamps."""
    colour = bool(rng.random() < 0.35)
    images = []
    for number, sheet in enumerate(_pages(pdf, 300), 1):
        page = sheet
        if number == place.page:
            _sign(page, place, 300, rng)
        if not colour:
            page = np.asarray(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY), dtype=np.uint8)[:, :, None]
        straight = _skew(page, float(rng.uniform(-0.3, 0.3)), 250)
        images.append(_jpeg(_noise(straight, 3.0, rng), 82))
    return _image_pdf(images, pdf)


def bad_scan(pdf: bytes, place: SignaturePlace, stamps: Stamps, upside_down: Sequence[int], rng: np.random.Generator) -> bytes:
    """150 dpi in colour with all the damage; ``upside_down`` names the pages that lie on their head."""
    dpi, images = 150, []
    for number, page in enumerate(_pages(pdf, dpi), 1):
        if number == place.page:
            _sign(page, place, dpi, rng)
            _stamp_seal(page, place, stamps.seal, dpi, rng)
        if number == 1:
            _stamp_den(page, stamps, dpi, rng)
        damaged = _damage(page, rng)
        if number in upside_down:
            damaged = damaged[::-1, ::-1].copy()
        images.append(_jpeg(damaged, int(rng.integers(42, 50))))
    return _image_pdf(images, pdf)


def _damage(page: Pixels, rng: np.random.Generator) -> Pixels:
    page = _skew(page, float(rng.choice((-1, 1)) * rng.uniform(0.4, 1.5)), 238)
    page = np.asarray(cv2.GaussianBlur(page, (0, 0), float(rng.uniform(0.45, 0.62))), dtype=np.uint8)
    page = _uneven_light(page, rng)
    page = _noise(page, float(rng.uniform(5.0, 8.0)), rng)
    return _specks(page, rng)


def _pages(pdf: bytes, dpi: int) -> list[Pixels]:
    document = pypdfium2.PdfDocument(pdf)
    pages = []
    for page in document:
        pages.append(np.array(page.render(scale=dpi / 72).to_pil().convert("RGB"), dtype=np.uint8))
        page.close()
    document.close()
    return pages


def _skew(page: Pixels, degrees: float, paper: int) -> Pixels:
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    turned = cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=(paper, paper, paper))
    return np.asarray(turned, dtype=np.uint8).reshape(page.shape)


def _noise(page: Pixels, sigma: float, rng: np.random.Generator) -> Pixels:
    # One tile of noise, laid at a random offset for each page: whole pages of normal numbers would take most of the time.
    tile = rng.normal(0, sigma, (512, 512)).astype(np.int16)
    tile = np.roll(tile, tuple(rng.integers(0, 512, 2)), (0, 1))
    height, width = page.shape[:2]
    field = np.tile(tile, (height // 512 + 1, width // 512 + 1))[:height, :width, None]
    return np.asarray(np.clip(page.astype(np.int16) + field, 0, 255), dtype=np.uint8)


def _uneven_light(page: Pixels, rng: np.random.Generator) -> Pixels:
    height, width = page.shape[:2]
    coarse = rng.uniform(0.80, 0.99, (4, 3)).astype(np.float32)
    light = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)[:, :, None]
    tint = np.array([1.0, 0.99, 0.965], dtype=np.float32)
    # Toner on a copy is never quite black.
    return np.asarray(np.clip((page.astype(np.float32) * 0.88 + 30) * light * tint, 0, 255), dtype=np.uint8)


def _specks(page: Pixels, rng: np.random.Generator) -> Pixels:
    height, width = page.shape[:2]
    for _ in range(int(rng.integers(15, 40))):
        centre = (int(rng.integers(0, width)), int(rng.integers(0, height)))
        shade = int(rng.integers(60, 150))
        cv2.circle(page, centre, int(rng.integers(1, 2)), (shade, shade, shade), -1)
    if rng.random() < 0.5:  # the dark edge of a lid that was not shut
        edge = int(rng.integers(4, 10))
        page[:, width - edge :] = (page[:, width - edge :] * 0.45).astype(np.uint8)
    return page


def _jpeg(page: Pixels, quality: int) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(page[:, :, 0] if page.shape[2] == 1 else page).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def _image_pdf(images: Sequence[bytes], original: bytes) -> bytes:
    document = pypdfium2.PdfDocument(original)
    sizes = [document.get_page_size(number) for number in range(len(document))]
    document.close()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    for image, (width, height) in zip(images, sizes, strict=True):
        canvas.setPageSize((width, height))
        canvas.drawImage(ImageReader(io.BytesIO(image)), 0, 0, width, height)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _sign(page: Pixels, place: SignaturePlace, dpi: int, rng: np.random.Generator) -> None:
    """A scribble in blue ink in the room left for it."""
    scale = dpi / 72
    x, y = place.x * scale, page.shape[0] - place.y * scale
    steps = np.linspace(0, 1, 160)
    width, height = 42 * scale, 15 * scale
    waves = rng.uniform(0.5, 1.0, 3)
    xs = x + width * (steps - 0.5) * 2 + height * 0.5 * np.sin(2 * math.pi * (3 + 2 * waves[0]) * steps)
    ys = y + height * waves[1] * np.sin(2 * math.pi * 4.3 * steps + waves[2] * 6) * (1.15 - steps)
    points = np.stack([xs, ys], axis=1).astype(np.int32)
    cv2.polylines(page, [points], isClosed=False, color=INK, thickness=max(2, dpi // 75), lineType=cv2.LINE_AA)


def _blend(page: Pixels, stamp: Image.Image, x: int, y: int, strength: float, colour: tuple[int, int, int]) -> None:
    """Ink is transparent: where the stamp's mask is set the paper is multiplied by the ink's colour."""
    mask = np.asarray(stamp, dtype=np.float32) / 255 * strength
    height, width = mask.shape
    y, x = max(0, min(y, page.shape[0] - height)), max(0, min(x, page.shape[1] - width))
    part = page[y : y + height, x : x + width].astype(np.float32)
    ink = np.array(colour, dtype=np.float32) / 255
    page[y : y + height, x : x + width] = (part * (1 - mask[:, :, None] * (1 - ink))).astype(np.uint8)


def _worn(stamp: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Uneven ink: parts of the stamp are paler."""
    coarse = rng.uniform(0.55, 1.0, (6, 6)).astype(np.float32)
    pale = cv2.resize(coarse, stamp.size, interpolation=cv2.INTER_CUBIC)
    return Image.fromarray(np.clip(np.asarray(stamp, dtype=np.float32) * pale, 0, 255).astype(np.uint8))


def _stamp_seal(page: Pixels, place: SignaturePlace, words: str, dpi: int, rng: np.random.Generator) -> None:
    side = int(SEAL_DIAMETER_MM / 25.4 * dpi)
    big = side * 3
    seal = Image.new("L", (big, big), 0)
    draw = ImageDraw.Draw(seal)
    for inset, stroke in ((0.01, 0.02), (0.25, 0.008)):
        draw.ellipse([big * inset, big * inset, big * (1 - inset), big * (1 - inset)], outline=255, width=int(big * stroke))
    star = [
        (big / 2 + big * radius * math.sin(math.pi * k / 5), big / 2 - big * radius * math.cos(math.pi * k / 5))
        for k, radius in enumerate((0.15, 0.06) * 5)
    ]
    draw.polygon(star, fill=255)
    _round_words(seal, words, big)
    turned = seal.rotate(float(rng.uniform(-12, 12)), resample=Image.Resampling.BICUBIC).resize((side, side), Image.Resampling.LANCZOS)
    scale = dpi / 72
    # Over the left third of the signature, as Nghị định 30/2020/NĐ-CP has it.
    x, y = int((place.x - 38) * scale - side / 2), int(page.shape[0] - (place.y - 2) * scale - side / 2)
    _blend(page, _worn(turned, rng), x, y, 0.85, RED)


def _round_words(seal: Image.Image, words: str, big: int) -> None:
    font = ImageFont.truetype(str(font_file("Bold")), int(big * 0.085))
    step = min(16.0, 330.0 / max(len(words), 1))
    start = -step * (len(words) - 1) / 2
    for number, letter in enumerate(words):
        angle = start + number * step
        tile = Image.new("L", (big, big), 0)
        ImageDraw.Draw(tile).text((big / 2, big * 0.135), letter, font=font, fill=255, anchor="mm")
        seal.paste(255, (0, 0), tile.rotate(-angle, resample=Image.Resampling.BICUBIC))


def _stamp_den(page: Pixels, stamps: Stamps, dpi: int, rng: np.random.Generator) -> None:
    for width_mm, height_mm in DEN_SIZES_MM:
        width, height = int(width_mm / 25.4 * dpi), int(height_mm / 25.4 * dpi)
        x, y, ink = _emptiest(page, width, height)
        if ink == 0:
            break
    stamp = _den(stamps, width, height).rotate(float(rng.uniform(-2.5, 2.5)), resample=Image.Resampling.BICUBIC)
    _blend(page, _worn(stamp, rng), x, y, 0.9, BLUE if stamps.den_colour == "blue" else RED)


def _den(stamps: Stamps, width: int, height: int) -> Image.Image:
    big = Image.new("L", (width * 3, height * 3), 0)
    draw = ImageDraw.Draw(big)
    pad, across, down = 12, width * 3, height * 3
    draw.rectangle([pad, pad, across - pad, down - pad], outline=255, width=7)
    title = ImageFont.truetype(str(font_file("Bold")), int(down * 0.135))
    bold = ImageFont.truetype(str(font_file("Bold")), int(down * 0.165))
    plain = ImageFont.truetype(str(font_file("Regular")), int(down * 0.14))
    hand = ImageFont.truetype(str(font_file("Italic")), int(down * 0.15))
    draw.text((across / 2, down * 0.15), stamps.receiver, font=title, fill=255, anchor="mm")
    draw.line([pad, down * 0.27, across - pad, down * 0.27], fill=255, width=5)
    draw.text((across * 0.05, down * 0.48), "ĐẾN", font=bold, fill=255, anchor="lm")
    for row, (label, value) in enumerate((("Số:", stamps.arrival_number), ("Ngày:", stamps.arrival_date), ("Chuyển:", ""))):
        y = down * (0.40 + 0.22 * row)
        draw.text((across * 0.31, y), label, font=plain, fill=255, anchor="lm")
        draw.text((across * 0.54, y), value, font=hand, fill=255, anchor="lm")
        draw.line([across * 0.53, y + down * 0.08, across * 0.94, y + down * 0.08], fill=200, width=2)
    return big.resize((width, height), Image.Resampling.LANCZOS)


def _emptiest(page: Pixels, width: int, height: int) -> tuple[int, int, int]:
    """Top left corner of the place with the least ink in the upper third of the page, and that ink (dark pixels)."""
    edge = int(page.shape[1] * 0.035)
    upper = page[: page.shape[0] // 3].min(axis=2)
    total = cv2.integral((upper < 160).astype(np.uint8))
    ys = np.arange(edge, upper.shape[0] - height, 4)[:, None]
    xs = np.arange(edge, upper.shape[1] - width - edge, 4)[None, :]
    ink = total[ys + height, xs + width] - total[ys, xs + width] - total[ys + height, xs] + total[ys, xs]
    row, column = divmod(int(np.argmin(ink)), ink.shape[1])
    return int(xs[0, column]), int(ys[row, 0]), int(ink[row, column])
