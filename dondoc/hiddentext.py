"""Text that nobody sees: the layer of an earlier recognition. It is found in a PDF page and taken out; what shows stays.

Hidden is text in render mode 3 (neither filled nor stroked), text of no opacity, and text over which an opaque image was painted that
covers most of the page, as some scanners write it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf
from pikepdf import Array, ContentStreamInstruction, Dictionary, Matrix, Name, Operator

from ingest.document import Box

Instructions = list[Any]
"""What pikepdf gives for a content stream: instructions and inline images."""

Key = tuple[int, int]
"""A content stream: (0, 0) the page's own, else the object number and generation of a form."""

_PAGE: Key = (0, 0)
_SHOW = frozenset({"Tj", "TJ", "'", '"'})
_MOVE = frozenset({"Td", "TD", "Tm", "T*", "'", '"'})
_TEXT_STATE = frozenset({"Tf", "Tr", "Tc", "Tw", "Tz", "TL", "Ts"})
_CONSTRUCT = frozenset({"re", "m", "l", "c", "v", "y"})
_PAINT = frozenset({"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "n"})
_COVERS = 0.8
"""Share of the page from which on an image is the page's picture; the same limit makes a page a scan for reading."""

_DEPTH = 8
"""Forms in forms followed so deep; a form that draws itself ends here."""


@dataclass(frozen=True, slots=True)
class _State:
    """What of the graphics state decides whether text shows. ``clip`` is the box in which anything is painted."""

    ctm: Matrix
    clip: Box
    mode: int = 0
    opaque: bool = True
    shown: bool = True
    leading: float = 0.0


@dataclass(slots=True)
class _Shown:
    """One text-showing operator; ``at`` is where it writes, as (x, y) on the page."""

    key: Key
    index: int
    hidden: bool
    at: tuple[float, float]


@dataclass(slots=True)
class _Survey:
    """All streams of a page, and all text in them in the order in which it is painted."""

    page_box: Box
    streams: dict[Key, tuple[Any, Instructions]] = field(default_factory=dict)
    shown: list[_Shown] = field(default_factory=list)

    def walk(self, key: Key, stream: Any, resources: Any, state: _State, depth: int = 0) -> None:
        """Follow ``stream`` as a viewer would."""
        if key not in self.streams:
            self.streams[key] = stream, list(pikepdf.parse_content_stream(stream))
        painter = _Painter(self, key, resources, state, depth)
        for index, step in enumerate(self.streams[key][1]):
            painter.follow(index, str(step.operator), step)

    def painted(self, image: Any, state: _State) -> None:
        """An image covers all text written before it, if nothing shines through."""
        see_through = any(key in image for key in ("/SMask", "/Mask")) or bool(image.get("/ImageMask", image.get("/IM", False)))
        if see_through or not state.opaque:
            return
        box = _common(state.clip, _around([state.ctm.transform(corner) for corner in ((0, 0), (0, 1), (1, 0), (1, 1))]))
        if _area(_common(box, self.page_box)) < _COVERS * _area(self.page_box):
            return
        for text in self.shown:
            text.hidden = text.hidden or (box[0] <= text.at[0] <= box[2] and box[1] <= text.at[1] <= box[3])


class _Painter:
    """Follows one content stream."""

    def __init__(self, survey: _Survey, key: Key, resources: Any, state: _State, depth: int) -> None:
        self.survey = survey
        self.key = key
        self.resources = resources
        self.state = state
        self.depth = depth
        self.stack: list[_State] = []
        self.path: list[tuple[float, float]] = []
        self.clipping = False
        self.line = Matrix()

    def follow(self, index: int, name: str, step: Any) -> None:
        """One operator."""
        if name in _MOVE or name in _SHOW:
            self.state, self.line = _moved(name, step.operands, self.state, self.line)
            if name in _SHOW:
                hidden = self.state.mode == 3 or not self.state.shown
                self.survey.shown.append(_Shown(self.key, index, hidden, (self.line @ self.state.ctm).transform((0, 0))))
        elif name in _CONSTRUCT:
            self.path += [self.state.ctm.transform(point) for point in _points(name, step.operands)]
        elif name in _PAINT:
            if self.clipping and self.path:
                self.state = replace(self.state, clip=_common(self.state.clip, _around(self.path)))
            self.path, self.clipping = [], False
        elif name in ("W", "W*"):
            self.clipping = True
        elif name == "INLINE IMAGE":
            self.survey.painted(step.iimage.obj, self.state)
        elif name == "Do":
            self._draw(_found(self.resources, "/XObject", step.operands[0]))
        else:
            self._set(name, step.operands)

    def _set(self, name: str, values: Sequence[Any]) -> None:
        if name == "q":
            self.stack.append(self.state)
        elif name == "Q":
            self.state = self.stack.pop() if self.stack else self.state
        elif name == "cm":
            self.state = replace(self.state, ctm=Matrix(*map(float, values)) @ self.state.ctm)
        elif name == "gs":
            self.state = _with_settings(self.state, _found(self.resources, "/ExtGState", values[0]))
        elif name == "Tr":
            self.state = replace(self.state, mode=int(values[0]))
        elif name == "TL":
            self.state = replace(self.state, leading=float(values[0]))
        elif name == "BT":
            self.line = Matrix()

    def _draw(self, thing: Any) -> None:
        if thing is None:
            return
        if thing.get("/Subtype") == Name.Image:
            self.survey.painted(thing, self.state)
        elif thing.get("/Subtype") == Name.Form and self.depth < _DEPTH:
            matrix = Matrix(*map(float, thing.get("/Matrix", Array([1, 0, 0, 1, 0, 0]))))
            inner = replace(self.state, ctm=matrix @ self.state.ctm)
            self.survey.walk(thing.objgen, thing, thing.get("/Resources", self.resources), inner, self.depth + 1)


def _moved(name: str, values: Sequence[Any], state: _State, line: Matrix) -> tuple[_State, Matrix]:
    """The state and the matrix of the text line after a text operator; how far showing text moves on is not followed."""
    if name == "Tm":
        return state, Matrix(*map(float, values))
    if name in ("Td", "TD"):
        across, up = float(values[0]), float(values[1])
        state = replace(state, leading=-up) if name == "TD" else state
        return state, Matrix(1, 0, 0, 1, across, up) @ line
    if name in ("T*", "'", '"'):
        return state, Matrix(1, 0, 0, 1, 0, -state.leading) @ line
    return state, line


def _with_settings(state: _State, settings: Any) -> _State:
    if settings is None:
        return state
    opacity = settings.get("/ca")
    if opacity is not None:
        state = replace(state, opaque=float(opacity) == 1, shown=float(opacity) > 0)
    blend = settings.get("/BM")
    if blend is not None and blend not in (Name.Normal, Name.Compatible):
        state = replace(state, opaque=False)
    return state


def _points(name: str, values: Sequence[Any]) -> list[tuple[float, float]]:
    numbers = [float(value) for value in values]
    if name == "re":
        x, y, width, height = numbers
        return [(x, y), (x + width, y), (x, y + height), (x + width, y + height)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _around(points: Sequence[tuple[float, float]]) -> Box:
    across, up = [x for x, _ in points], [y for _, y in points]
    return min(across), min(up), max(across), max(up)


def _common(one: Box, other: Box) -> Box:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def _area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def _found(resources: Any, kind: str, name: Any) -> Any:
    group = resources.get(kind) if resources is not None else None
    return group.get(name) if group is not None else None


@dataclass(frozen=True, slots=True)
class HiddenText:
    """What :func:`find` saw on a page: ``hidden`` and ``visible`` count the operators that write text."""

    page: Any
    survey: _Survey
    hidden: int
    visible: int


def find(page: Any, box: Box) -> HiddenText:
    """Look through ``page`` (pikepdf), of which a viewer shows ``box`` (left, bottom, right, top), and its forms.

    :raises pikepdf.PdfError: a content stream cannot be understood; ValueError, TypeError, LookupError, AttributeError: nor its operands.
    """
    survey = _Survey(box)
    resources = page.obj.get("/Resources")
    drawn = _found(page.obj, "/Resources", "/XObject")
    forms = drawn is not None and any(thing.get("/Subtype") == Name.Form for _, thing in drawn.items())
    # Drawings of a hundred thousand strokes would take seconds to follow, and print made of strokes has no text.
    if forms or pikepdf.parse_content_stream(page, operators=" ".join(_SHOW)):
        survey.walk(_PAGE, page, resources, _State(Matrix(), box))
    hidden = sum(text.hidden for text in survey.shown)
    return HiddenText(page, survey, hidden, len(survey.shown) - hidden)


def take_out(pdf: pikepdf.Pdf, found: HiddenText) -> None:
    """Drop the hidden text of a page. Forms that hold some are replaced by copies, since other pages may draw them too."""
    if not found.hidden:
        return
    gone: dict[Key, set[int]] = {}
    for text in found.survey.shown:
        if text.hidden:
            gone.setdefault(text.key, set()).add(text.index)
    for text in found.survey.shown:  # a form drawn twice may show its text once
        if not text.hidden:
            gone.get(text.key, set()).discard(text.index)
    obj = found.page.obj
    if gone.get(_PAGE):
        obj.Contents = _packed(pdf, pikepdf.unparse_content_stream(_without(found.survey.streams[_PAGE][1], gone[_PAGE])))
    _replace_forms(pdf, obj, found.survey, gone, {})


def _replace_forms(pdf: pikepdf.Pdf, holder: Any, survey: _Survey, gone: dict[Key, set[int]], clean: dict[Key, Any]) -> None:
    """Put copies of forms into the resources of ``holder`` (a page or a form that is a copy already); ``clean`` are those made so far."""
    forms = _found(holder, "/Resources", "/XObject")
    replaced: dict[str, Any] = {}
    for name, form in forms.items() if forms is not None else ():
        if form.get("/Subtype") != Name.Form or not _touched(form, survey, gone, set()):
            continue
        if form.objgen not in clean:
            kept = _without(survey.streams[form.objgen][1], gone.get(form.objgen, set()))
            copy = clean[form.objgen] = _packed(pdf, pikepdf.unparse_content_stream(kept))
            for key, value in form.items():
                if key not in ("/Length", "/Filter", "/DecodeParms"):
                    copy[key] = value
            _replace_forms(pdf, copy, survey, gone, clean)
        replaced[name] = clean[form.objgen]
    if replaced:
        resources = Dictionary(holder.Resources)
        resources.XObject = Dictionary({**dict(forms.items()), **replaced})
        holder.Resources = resources


def _touched(form: Any, survey: _Survey, gone: dict[Key, set[int]], seen: set[Key]) -> bool:
    """Whether a form, or one that it draws, loses text. ``seen`` are forms looked at already: some draw themselves."""
    if form.objgen not in survey.streams or form.objgen in seen:
        return False
    seen.add(form.objgen)
    forms = _found(form, "/Resources", "/XObject")
    inner = [other for _, other in forms.items() if other.get("/Subtype") == Name.Form] if forms is not None else []
    return bool(gone.get(form.objgen)) or any(_touched(other, survey, gone, seen) for other in inner)


def _packed(pdf: pikepdf.Pdf, content: bytes) -> Any:
    return pdf.make_stream(zlib.compress(content), Filter=Name.FlateDecode)


def _without(steps: Instructions, gone: set[int]) -> Instructions:
    """The instructions without the text at ``gone``; text objects that lose all of theirs leave only what they set."""
    kept: Instructions = []
    start, number = 0, 0
    while number < len(steps):
        if str(steps[number].operator) != "BT":
            kept.append(steps[number])
            number += 1
            continue
        start = number
        while number < len(steps) and str(steps[number].operator) != "ET":
            number += 1
        number = min(number + 1, len(steps))
        kept += _text_object(steps[start:number], {index - start for index in gone if start <= index < number})
    return kept


def _text_object(steps: Instructions, gone: set[int]) -> Instructions:
    gone = gone - _leading_up(steps, gone)
    if not gone:
        return steps
    if all(index in gone for index, step in enumerate(steps) if str(step.operator) in _SHOW):
        return list(_settings_of(steps))
    kept: Instructions = []
    for index, step in enumerate(steps):
        if index not in gone:
            kept.append(step)
        elif str(step.operator) in ("'", '"'):
            kept += [*_spacing(step), ContentStreamInstruction([], Operator("T*"))]
    return kept


def _leading_up(steps: Instructions, gone: set[int]) -> set[int]:
    """Hidden text that visible text follows on the same line without a position of its own: it must stay, or that would move."""
    needed: set[int] = set()
    pending: set[int] = set()
    for index, step in enumerate(steps):
        name = str(step.operator)
        if name in _MOVE:
            pending = set()
        if name in _SHOW:
            if index in gone:
                pending.add(index)
            else:
                needed |= pending
    return needed


def _settings_of(steps: Instructions) -> Iterator[Any]:
    """What a text object leaves behind for those after it: font, mode, spacing, and all that is no matter of text."""
    last: dict[str, Any] = {}
    for step in steps:
        name = str(step.operator)
        if name == "TD":
            last["TL"] = ContentStreamInstruction([-float(step.operands[1])], Operator("TL"))
        for spacing in _spacing(step):
            last[str(spacing.operator)] = spacing
        if name in _TEXT_STATE:
            last[name] = step
        elif name not in _SHOW and name not in _MOVE and name not in ("BT", "ET"):
            yield step
    yield from last.values()


def _spacing(step: Any) -> Iterator[Any]:
    if str(step.operator) == '"':
        yield ContentStreamInstruction([step.operands[0]], Operator("Tw"))
        yield ContentStreamInstruction([step.operands[1]], Operator("Tc"))
