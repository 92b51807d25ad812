"""Pairs of lines (what the paper says, what a Latin OCR reads) made by rendering correct text: ``python -m diacritics.pairs``.

Needs Pillow, tesseract with ``eng`` and Liberation 2 fonts; only whoever retrains the model runs this.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import sys
from pathlib import Path

import numpy as np
import pytesseract
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from diacritics.corpus import corpus_files, genre, paragraphs

FONT_FOLDER = Path("/usr/share/fonts/truetype/liberation2")
FACES = {"Serif-Regular": 70, "Serif-Bold": 15, "Serif-Italic": 10, "Sans-Regular": 5}
LINES_A_PAGE = 42


def sample_text(folder: Path, count: int, rng: random.Random, *, held_out: bool = False) -> list[list[str]]:
    """``count`` stretches of consecutive paragraphs, two thirds office prose, the rest law; what is kept out, or nothing of it."""
    pools: dict[str, list[str]] = {}
    for path in corpus_files(folder):
        if genre(path) != "wiki":
            pools.setdefault(genre(path), []).extend(p for p in paragraphs(path, held_out=held_out) if len(p) < 1500)
    stretches = []
    for _ in range(count):
        pool = pools["admin"] if rng.random() < 0.67 or "legal" not in pools else pools["legal"]
        start = rng.randrange(max(1, len(pool) - 60))
        stretches.append(pool[start : start + 60])
    return stretches


def _wrap(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if line and font.getlength(longer) > width:
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line] if line else lines


def render_page(stretch: list[str], rng: random.Random, *, poor: bool = False) -> tuple[Image.Image, list[tuple[float, str]]]:
    """One page image and its lines as (vertical centre in pixels, text); ``poor`` as after a bad scanner."""
    dpi = 150 if poor else rng.choice([150, 200, 200, 250, 300, 300])
    size = max(10, round(rng.choice([12, 13, 14]) * dpi / 72))
    width, pitch = round(6.6 * dpi), round(size * 1.35)
    page = Image.new("L", (width + dpi, pitch * (LINES_A_PAGE + 3)), 255)
    draw = ImageDraw.Draw(page)
    placed: list[tuple[float, str]] = []
    y = pitch
    for paragraph in stretch:
        face = rng.choices(list(FACES), weights=list(FACES.values()))[0]
        font = ImageFont.truetype(str(FONT_FOLDER / f"Liberation{face}.ttf"), size)
        text = paragraph.upper() if len(paragraph) < 90 and rng.random() < 0.2 else paragraph
        for line in _wrap(text, font, width):
            if len(placed) >= LINES_A_PAGE:
                break
            draw.text((dpi / 2, y), line, fill=rng.randrange(60), font=font)
            placed.append((y + size * 0.6, line))
            y += pitch
    if poor:
        return _spoil(page, rng), [(y * POOR_SCALE, line) for y, line in placed]
    return _degrade(page, dpi, rng), placed


POOR_SCALE = 200 / 150
"""Coarse scans are enlarged to 200 dpi before they are read, as the program does."""


def _spoil(page: Image.Image, rng: random.Random) -> Image.Image:
    """150 dpi with pale toner, uneven light, blur, noise and strong JPEG: the bad scans of the samples."""
    noise = np.random.default_rng(rng.randrange(2**31))
    # Scanned askew and straightened again: two interpolations, and a little skew that stays.
    skew = rng.choice((-1, 1)) * rng.uniform(0.4, 1.5)
    page = page.rotate(skew, fillcolor=238, resample=Image.Resampling.BILINEAR)
    page = page.filter(ImageFilter.GaussianBlur(rng.uniform(0.45, 0.62)))
    light = Image.fromarray(noise.uniform(0.80, 0.99, (4, 3)).astype(np.float32)).resize(page.size, Image.Resampling.BICUBIC)
    pixels = (np.asarray(page, dtype=np.float32) * 0.88 + 30) * np.asarray(light)
    pixels = pixels + noise.normal(0, rng.uniform(5, 8), pixels.shape).astype(np.float32)
    packed = io.BytesIO()
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(packed, "JPEG", quality=rng.randrange(42, 50))
    page = Image.open(packed)
    page = page.resize((round(page.width * POOR_SCALE), round(page.height * POOR_SCALE)), Image.Resampling.BICUBIC)
    return page.rotate(-skew + rng.uniform(-0.08, 0.08), fillcolor=238, resample=Image.Resampling.BILINEAR)


def _degrade(page: Image.Image, dpi: int, rng: random.Random) -> Image.Image:
    page = page.rotate(rng.uniform(-0.15, 0.15), fillcolor=255, resample=Image.Resampling.BILINEAR)
    page = page.filter(ImageFilter.GaussianBlur(rng.uniform(0.0, 1.1) * dpi / 200))
    pixels = np.asarray(page, dtype=np.float32)
    pixels = pixels + np.random.default_rng(rng.randrange(2**31)).normal(0, rng.uniform(0, 25), pixels.shape).astype(np.float32)
    if rng.random() < 0.3:
        pixels = np.where(pixels > rng.uniform(110, 170), 255.0, 0.0)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def read_page(image: Image.Image, placed: list[tuple[float, str]], language: str) -> list[tuple[str, str, list[int]]]:
    """(true line, read line, the engine's confidence of each read word in percent) for every line that was read at its place."""
    data = pytesseract.image_to_data(image, lang=language, config="--psm 6", output_type=pytesseract.Output.DICT)
    lines: dict[tuple[int, int, int], list[tuple[str, float, int]]] = {}
    for i, text in enumerate(data["text"]):
        if text.strip():
            key = (data["block_num"][i], data["par_num"][i], data["line_num"][i])
            lines.setdefault(key, []).append((text, data["top"][i] + data["height"][i] / 2, round(float(data["conf"][i]))))
    pitch = placed[1][0] - placed[0][0] if len(placed) > 1 else 50.0
    pairs = []
    for words in lines.values():
        centre = sum(c for _, c, _ in words) / len(words)
        where, true = min(placed, key=lambda p: abs(p[0] - centre))
        read = " ".join(w for w, _, _ in words)
        if abs(where - centre) < pitch * 0.5 and 0.6 < len(read) / len(true) < 1.6:
            pairs.append((true, read, [confidence for _, _, confidence in words]))
    return pairs


def main(arguments: list[str] | None = None) -> int:
    """Writes one JSON list ``[true, read]`` a line to the output file, page by page; with ``--confidences`` a third item."""
    parser = argparse.ArgumentParser(prog="python -m diacritics.pairs", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of correct text")
    parser.add_argument("--out", type=Path, required=True, help="JSON lines file; appended to")
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--language", default="eng", help="tesseract's language: eng for garbled text, vie for the everyday case")
    parser.add_argument("--held-out", action="store_true", help="render what is kept out of training: for evaluation")
    parser.add_argument("--poor", action="store_true", help="pages as after a bad scanner; for the everyday case with --language vie")
    parser.add_argument("--confidences", action="store_true", help="also the engine's confidence of each word, in percent")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    rng = random.Random(options.seed)  # noqa: S311 - noise, not secrets
    with options.out.open("a", encoding="utf-8") as out:
        for stretch in sample_text(options.corpus, options.pages, rng, held_out=options.held_out):
            image, placed = render_page(stretch, rng, poor=options.poor)
            for pair in read_page(image, placed, options.language):
                out.write(json.dumps(pair if options.confidences else pair[:2], ensure_ascii=False) + "\n")
            out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
