"""File names made of agency names: plain ASCII that every file system takes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tracking.folding import fold_name

_LONGEST = 80
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")
"""Names of devices on Windows, forbidden with any extension."""

NAMELESS = "co-quan"


def slug(name: str) -> str:
    """Lower-case ASCII words joined by hyphens ("Sở Nội vụ" → "so-noi-vu"); never empty, never a device name, at most 80 characters."""
    plain = fold_name(name).encode("ascii", "ignore").decode()
    joined = "-".join(plain.split())[:_LONGEST].strip("-") or NAMELESS
    return f"{joined}-{NAMELESS}" if _RESERVED.fullmatch(joined) else joined


def slugs(names: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """A different slug for each name; names that would get the same one are numbered in their order."""
    used = set(taken)
    found: dict[str, str] = {}
    for name in names:
        if name in found:
            continue
        base = candidate = slug(name)
        number = 2
        while candidate in used:
            candidate = f"{base}-{number}"
            number += 1
        used.add(candidate)
        found[name] = candidate
    return found
