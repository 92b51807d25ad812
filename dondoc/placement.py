"""A file that is complete gets its name in a folder at once, and never in the place of another."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

from dondoc import shelves


def place_new(part: Path, target: Path) -> Path:
    """Give ``part``, which lies in the same folder, the name ``target``, or the same with « (2)», « (3)» …; returns where it lies.

    Whoever looks into the folder sees the whole file or none. Only where the file system has no hard links (some network shares) an
    empty file may be seen there for a moment.
    """
    for number in count(1):
        candidate = target if number == 1 else target.with_name(f"{target.stem} ({number}){target.suffix}")
        try:
            os.link(part, candidate)
        except FileExistsError:
            continue
        except OSError:
            break
        part.unlink()
        return candidate
    reserved = shelves.reserve(target)
    part.replace(reserved)
    return reserved
