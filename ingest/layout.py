"""Reading order: words with boxes become lines, and columns are read one after the other.

A Vietnamese administrative paper is one column of text with two exceptions, both laid out side by side: the head (issuer
and number on the left, national motto and date on the right) and the foot ("Nơi nhận" on the left, signature on the
right). Nghị định 30/2020/NĐ-CP, Phụ lục I fixes their places, so a gutter is only looked for there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.document import Box, Word
from ingest.language import plain


@dataclass(frozen=True, slots=True)
class Segment:
    """Neighbouring words of one line, left to right, with no wide gap between them."""

    words: tuple[Word, ...]
    box: Box

    @property
    def text(self) -> str:
        """The words joined by spaces."""
        return " ".join(word.text for word in self.words)

    @property
    def raw(self) -> str:
        """The words in the signs of the file, joined by spaces."""
        return " ".join(word.as_given.text for word in self.words)

    @property
    def height(self) -> float:
        """Of the box, in points."""
        return self.box[3] - self.box[1]

    @property
    def level(self) -> tuple[float, float]:
        """Top and bottom of its middling word: a comma or a speck in it does not move them."""
        return median(_box(word)[1] for word in self.words), median(_box(word)[3] for word in self.words)

    @property
    def middle(self) -> float:
        """The vertical centre, in points from the top."""
        return (self.box[1] + self.box[3]) / 2


def bounds(boxes: Iterable[Box]) -> Box:
    """The smallest box around ``boxes``, which must not be empty."""
    every = list(boxes)
    return min(b[0] for b in every), min(b[1] for b in every), max(b[2] for b in every), max(b[3] for b in every)


def segment(words: Sequence[Word]) -> Segment:
    """One segment of ``words`` in the order given; each must have a box."""
    return Segment(tuple(words), bounds(word.box for word in words if word.box))


def rows_of(words: Iterable[Word]) -> list[list[Word]]:
    """Words that stand beside each other, top to bottom, each row left to right.

    A word joins the row whose vertical extent it shares by half of the smaller height; tall rows made of a single sign do
    not pull two lines together, since the row's extent is the median of its words.
    """
    rows: list[list[Word]] = []
    spans: list[tuple[float, float]] = []
    for word in sorted((w for w in words if w.box), key=lambda w: (_middle(w), _box(w)[0])):
        top, bottom = _box(word)[1], _box(word)[3]
        best, share = -1, 0.0
        for index in range(len(rows) - 1, max(-1, len(rows) - 6), -1):
            low, high = spans[index]
            overlap = (min(bottom, high) - max(top, low)) / max(0.1, min(bottom - top, high - low))
            if overlap > share:
                best, share = index, overlap
        if share >= 0.5:
            rows[best].append(word)
            spans[best] = median(_box(w)[1] for w in rows[best]), median(_box(w)[3] for w in rows[best])
        else:
            rows.append([word])
            spans.append((top, bottom))
    order = sorted(range(len(rows)), key=lambda index: spans[index])
    return [sorted(rows[index], key=lambda w: _box(w)[0]) for index in order]


def _box(word: Word) -> Box:
    assert word.box is not None
    return word.box


def _middle(word: Word) -> float:
    return (_box(word)[1] + _box(word)[3]) / 2


def split_row(row: Sequence[Word]) -> list[Segment]:
    """Cut a row where a gap is wider than 1.2 times its letters are high and than any gap of justified text around it.

    The national motto begins a column however narrow the gap before it is: long names of issuers leave little room.
    """
    if not row:
        return []
    height = median(_box(w)[3] - _box(w)[1] for w in row)
    gaps = [_box(right)[0] - _box(left)[2] for left, right in pairwise(row)]
    usual = median(gaps) if len(gaps) > 2 else 0.3 * height
    limit = max(1.2 * height, 2.5 * usual)
    parts: list[list[Word]] = [[row[0]]]
    for index, (gap, word) in enumerate(zip(gaps, row[1:], strict=True), start=1):
        if gap > limit or _MOTTO_BEGINS.match(plain(" ".join(w.text for w in row[index : index + 3]))):
            parts.append([])
        parts[-1].append(word)
    return [segment(part) for part in parts]


def reading_order(segments: Sequence[Segment], width: float, height: float) -> list[Segment]:
    """The lines of a page (points) in the order a person reads them: head columns, body, foot columns."""
    rest = _place_parted(segments, height)
    zones: list[list[Segment]] = []
    for _ in range(3):
        zone = _zone(rest, width, height)
        if zone is None:
            break
        left, right = zone
        inside = {id(part) for part in (*left, *right)}
        rest = [part for part in rest if id(part) not in inside]
        zones.append(_blocks(_lines(left), _lines(right)))
    flow: list[tuple[float, list[Segment]]] = [(line.box[1], [line]) for line in _lines(rest)]
    flow += [(min(line.box[1] for line in zone), zone) for zone in zones]
    return [line for _, group in sorted(flow, key=lambda item: item[0]) for line in group]


_PLACE_AND_DATE = re.compile(r"^[^\d/:]{2,40}\bngay\b.*thang")


def _place_parted(parts: Sequence[Segment], height: float) -> list[Segment]:
    """The segments, with a place and date cut off from a number that runs up to it: no gap tells where the left column ends."""
    motto = next((part for part in parts if _MOTTO_BEGINS.match(plain(part.text)) and part.middle < 0.4 * height), None)
    if motto is None:
        return list(parts)
    out: list[Segment] = []
    for part in parts:
        at = _place_begins(part.words) if 0 < part.middle - motto.middle < 8 * motto.height and part.box[0] < motto.box[0] else 0
        out += [segment(part.words[:at]), segment(part.words[at:])] if at else [part]
    return out


_OWN_NUMBER = re.compile(r"^\W*so\b\W*[:.]|^\W*so\W*\d|/ ?(?:[a-z]{2,}|d)\b|-[a-z]{2,}/[a-z]{2}")
_DATE = re.compile(r"\bngay\b|\bthang\b|\bnam\b.{0,3}\d{3}")


def _blocks(left: Sequence[Segment], right: Sequence[Segment]) -> list[Segment]:
    """The lines of both columns; those of a head in the order of Phụ lục I, as papers are copied: issuer, motto, number and V/v, date."""
    number = next((at for at, line in enumerate(left) if at and _OWN_NUMBER.search(plain(line.text))), None)
    date = next((at for at, line in enumerate(right) if at and _DATE.search(plain(line.text))), len(right))
    if number is None or not any(_MOTTO_BEGINS.search(plain(line.text)) for line in right[:date]):
        return [*left, *right]
    return [*left[:number], *right[:date], *left[number:], *right[date:]]


def _place_begins(words: Sequence[Word]) -> int:
    """Where the place and date begin behind something else: at the widest gap that leaves a whole one behind it; 0 for nowhere."""
    gaps = {
        at: _box(words[at])[0] - _box(words[at - 1])[2]
        for at in range(1, len(words))
        if words[at].text[:1].isupper() and _PLACE_AND_DATE.match(plain(" ".join(word.text for word in words[at:])))
    }
    at = max(gaps, key=lambda at: gaps[at], default=0)
    return at if at and any(char.isdigit() for word in words[:at] for char in word.text) else 0


def with_marks(ordered: Sequence[Segment], marks: Sequence[Segment]) -> list[Segment]:
    """The lines in reading order with marks of urgency or secrecy as lines of their own: below the print above them, over "Kính gửi"."""
    lines = list(ordered)
    addressed = next((at for at, line in enumerate(ordered) if _ADDRESSED.match(plain(line.text))), len(ordered))
    for mark in sorted(marks, key=lambda part: -part.middle):
        below = next((at for at, line in enumerate(ordered) if line.box[1] > mark.middle), len(ordered))
        lines.insert(min(below, addressed), mark)
    return lines


def _lines(parts: Sequence[Segment]) -> list[Segment]:
    """Segments that stand beside each other joined into lines, top to bottom."""
    rows: list[list[Segment]] = []
    for part in sorted(parts, key=lambda p: p.level):
        best, share = -1, 0.0
        for index in range(len(rows) - 1, max(-1, len(rows) - 4), -1):
            overlap = max(_overlap(part, other) for other in rows[index])
            apart = all(part.box[0] >= other.box[2] - 3 or part.box[2] <= other.box[0] + 3 for other in rows[index])
            if overlap > share and apart:
                best, share = index, overlap
        if share >= 0.5:
            rows[best].append(part)
        else:
            rows.append([part])
    rows.sort(key=lambda row: min(part.level for part in row))
    return [segment([word for part in sorted(row, key=lambda p: p.box[0]) for word in part.words]) for row in rows]


def _overlap(one: Segment, other: Segment) -> float:
    """Share of the smaller height that both have in common."""
    (top, bottom), (high, low) = one.level, other.level
    return (min(bottom, low) - max(top, high)) / max(0.1, min(bottom - top, low - high))


def _zone(parts: Sequence[Segment], width: float, height: float) -> tuple[list[Segment], list[Segment]] | None:
    best: tuple[list[Segment], list[Segment]] | None = None
    for gutter in _gutters(parts, width):
        for zone in _zones_at(parts, gutter, height):
            if best is None or len(zone[0]) + len(zone[1]) > len(best[0]) + len(best[1]):
                best = zone
    return best


def _gutters(parts: Sequence[Segment], width: float) -> set[float]:
    """Places where a column may end: the middle and both ends of every gap between two segments side by side."""
    places: set[float] = set()
    for left in parts:
        for right in parts:
            gap = right.box[0] - left.box[2]
            beside = min(left.box[3], right.box[3]) - max(left.box[1], right.box[1])
            if gap > 0 and beside > 0 and 0.2 * width < left.box[2] + gap / 2 < 0.72 * width:
                places |= {left.box[2] + 2, left.box[2] + gap / 2, right.box[0] - 2}
    return {round(place) for place in places}


def _zones_at(parts: Sequence[Segment], gutter: float, height: float) -> Iterable[tuple[list[Segment], list[Segment]]]:
    crossing = sorted(part.middle for part in parts if part.box[0] < gutter < part.box[2])
    edges = [-1.0, *crossing, height + 1]
    for top, bottom in pairwise(edges):
        left = [part for part in parts if part.box[2] <= gutter and top < part.middle < bottom]
        right = [part for part in parts if part.box[0] >= gutter and top < part.middle < bottom]
        zone = _trim(left, right)
        if zone and (_is_head(*zone, height) or _is_foot(*zone)):
            yield zone


def _trim(left: list[Segment], right: list[Segment]) -> tuple[list[Segment], list[Segment]] | None:
    """Begin and end where both columns stand side by side; the left column may go on while its lines follow closely."""
    if not left or not right:
        return None
    top = max(min(p.box[1] for p in left), min(p.box[1] for p in right)) - 14
    bottom = min(max(p.box[3] for p in left), max(p.box[3] for p in right)) + 2
    foot = _is_foot(left, right)
    right = [p for p in right if top <= p.middle and (p.middle <= bottom or foot or _BELOW_MOTTO.search(plain(p.text)))]
    kept: list[Segment] = []
    for part in sorted(left, key=lambda p: p.middle):
        if part.middle < top:
            continue
        if _ADDRESSED.match(plain(part.text)):
            break
        if part.middle > bottom and kept and part.box[1] - max(p.box[3] for p in kept) > 1.5 * part.height:
            break
        kept.append(part)
    return (kept, right) if kept and right else None


_ADDRESSED = re.compile(r"\W*kinh (?:gui|trinh)\b")
_MOTTO_BEGINS = re.compile(r"c.ng ho. xa|d.ng c.ng s.n viet|d.c lap -")
_MOTTO = re.compile(r"c.ng h.a|x. h.i ch. ngh|viet nam|d.c l.p|h.nh ph.c|d.ng c.ng s.n|ng.y .{0,6}th.ng|(^| )so:? ?\d|^so:", re.MULTILINE)
_BELOW_MOTTO = re.compile(r"d.c l.p|t. do|h.nh ph.c|\bng.y .{0,6}th.ng \d")
_RECIPIENTS = re.compile(r"n.i nh.n|luu:|nhu tr.n|nhu .i.u")
_SIGNATURE = re.compile(
    r"\b(tm|kt|tl|tuq|q)[., ]|chu tich|giam doc|bo truong|thu truong|chanh van|truong|cuc truong|tong |thu tuong|bi thu|hieu"
)


def _folded(parts: Iterable[Segment]) -> str:
    return plain("\n".join(part.text for part in parts))


def _is_head(left: Sequence[Segment], right: Sequence[Segment], height: float) -> bool:
    if min(part.box[1] for part in left) > 0.4 * height or len(left) + len(right) < 3:
        return False
    return len(_MOTTO.findall(_folded(right))) + len(_MOTTO.findall(_folded(left))) >= 2


def _is_foot(left: Sequence[Segment], right: Sequence[Segment]) -> bool:
    if _RECIPIENTS.search(_folded(left)):
        return True
    return len(left) >= 3 and all(len(part.words) <= 9 for part in right) and bool(_SIGNATURE.search(_folded(right)))
