"""Kinds of picture files."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest
from paper import A4, TEXT, gray, sheet
from PIL import Image

from ingest import inspect
from ingest.images import load_frame


def saved(folder: Path, name: str, picture: Image.Image, **options) -> Path:
    picture.save(folder / name, **options)
    return folder / name


@pytest.mark.parametrize(
    ("name", "mode", "options"),
    [
        pytest.param("a.png", "RGB", {"dpi": (200, 200)}, id="png"),
        pytest.param("a.png", "RGB", {}, id="png-without-resolution"),
        pytest.param("a.png", "RGB", {"dpi": (1, 1)}, id="png-with-absurd-resolution"),
        pytest.param("a.png", "RGBA", {"dpi": (200, 200)}, id="png-with-alpha"),
        pytest.param("a.png", "P", {"dpi": (200, 200)}, id="png-palette"),
        pytest.param("a.jpg", "L", {"dpi": (200, 200)}, id="jpeg-grey"),
        pytest.param("a.jpg", "CMYK", {"dpi": (200, 200)}, id="jpeg-cmyk"),
        pytest.param("a.tif", "1", {"dpi": (200, 200), "compression": "group4"}, id="tiff-fax"),
    ],
)
def test_every_kind_of_picture_becomes_the_same_page(tmp_path, name, mode, options):
    path = saved(tmp_path, name, sheet(repeat=1).convert(mode), **options)
    picture, dpi = load_frame(path, 1, 300, 10**8)
    assert picture.shape == (2339, 1654, 3)
    assert dpi == pytest.approx(200, abs=1)
    assert (cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) < 128).mean() == pytest.approx((gray(sheet(repeat=1)) < 128).mean(), rel=0.1)


def test_small_pictures_are_enlarged_and_large_ones_reduced(tmp_path):
    path = saved(tmp_path, "a.png", sheet(repeat=1).resize((827, 1170)), dpi=(100, 100))
    picture, dpi = load_frame(path, 1, 300, 10**8)
    assert (picture.shape[1], dpi) == (1654, 200)
    path = saved(tmp_path, "b.png", sheet(repeat=1).resize((4962, 7017)), dpi=(600, 600))
    picture, dpi = load_frame(path, 1, 300, 10**8)
    assert (picture.shape[1], dpi) == (2481, 300)


def test_exif_orientation_is_followed(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    path = saved(tmp_path, "a.jpg", sheet(repeat=1).rotate(90, expand=True), exif=exif, dpi=(200, 200))
    picture, _ = load_frame(path, 1, 200, 10**8)
    assert picture.shape[:2] == (2339, 1654)


@pytest.mark.parametrize("axis", [0, 1])
def test_a_fax_of_half_the_resolution_in_one_direction_gets_square_pixels(tmp_path, axis):
    page = sheet(repeat=1)
    size, dpi = [*page.size], [200, 200]
    size[axis], dpi[axis] = size[axis] // 2, 100
    path = saved(tmp_path, "a.tif", page.resize(size).convert("1"), dpi=tuple(dpi), compression="group4")
    picture, found = load_frame(path, 1, 300, 10**8)
    assert (picture.shape[1], picture.shape[0], found) == (*A4[:1], pytest.approx(A4[1], abs=1), 200)


def test_every_frame_of_a_tiff_is_a_page(tmp_path):
    pages = [sheet(repeat=1).convert("1"), sheet(TEXT[:1], repeat=1).convert("1")]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:], dpi=(200, 200))
    assert inspect(tmp_path / "a.tif").pages == 2
