"""Where the Times-like font for the samples lies."""

from __future__ import annotations

from pathlib import Path

# Times-like fonts that hold all Vietnamese letters (fonts-liberation 1.x lacks 92 of them).
FONT_FAMILIES = (
    (Path("/usr/share/fonts/truetype/liberation2"), "LiberationSerif"),
    (Path("/usr/share/fonts/truetype/croscore"), "Tinos"),
    (Path("/usr/share/fonts/truetype/liberation"), "LiberationSerif"),
)


def font_file(face: str = "Regular") -> Path:
    """A face of the first Times-like family installed."""
    for folder, family in FONT_FAMILIES:
        path = folder / f"{family}-{face}.ttf"
        if path.exists():
            return path
    raise FileNotFoundError("no Times-like font: apt-get install fonts-liberation2 (or fonts-croscore)")
