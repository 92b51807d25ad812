"""The same extraction as a spaCy pipeline, for programs and notebooks that want spans on a ``Doc``.

:func:`load` gives a blank Vietnamese pipeline with our tokenizer and these components; each may be left out or taken into another
pipeline by its name once :func:`register` was called:

===================== ======================== ============================== =====================================
component             span group               label of a span                ``id_`` of a span
===================== ======================== ============================== =====================================
``dondoc_gazetteer``  ``gazetteer``            kind ("department")            canonical name
``dondoc_agencies``   ``agencies``             kind, or "group"               canonical name
``dondoc_roles``      ``roles``                lead, coordinating, receiver   canonical name
``dondoc_deadlines``  ``deadlines``            bound or rhythm                due date (ISO), else the text
``dondoc_references`` ``references``           type of document               number
``dondoc_tasks``      ``tasks`` (whole papers) "task"                         path in the outline
===================== ======================== ============================== =====================================

A line of the text is one item (a sentence, a bullet). ``doc._.dated`` (ISO date) is the day of the document, which completes years left
out. ``span._.dondoc`` is all that was read there, as the JSON of ``dondoc extract``. ``dondoc_tasks`` reads the text as one whole
directive and sets ``doc._.directive``; it is there only with ``load(tasks=True)``. Everything on a Doc is plain data, so that
``nlp.pipe(…, n_process=2)``, ``DocBin`` and ``doc.to_bytes()`` keep it. spaCy loads in 0.8 s and is imported in functions only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extract import gazetteer
from extract.agencies import find_agencies, read_roles
from extract.deadlines import find_deadlines
from extract.directive import Task
from extract.references import find_references
from extract.tokenizer import create_tokenizer
from ingest.document import Document, Line, Page

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc

COMPONENTS = ("dondoc_gazetteer", "dondoc_agencies", "dondoc_roles", "dondoc_deadlines", "dondoc_references")
"""What :func:`load` puts into a pipeline, in this order; none needs another."""

TASKS = "dondoc_tasks"

Found = tuple[int, int, str, str, Any]
"""Begin and end in characters, label, id, and the plain data behind a span."""


class GazetteerMatcher:
    """Finds gazetteer names in a Doc, whatever their case and diacritics; the longest wins."""

    def __init__(self, nlp: Language, extra: Path | None) -> None:
        from spacy.matcher import PhraseMatcher  # noqa: PLC0415

        gazetteer.refresh(extra)
        self._names: dict[str, str] = {}
        self._matcher: PhraseMatcher = PhraseMatcher(nlp.vocab, attr="NORM")
        patterns: dict[str, list[Doc]] = {}
        for spelling, record in gazetteer.load(extra).spellings():
            if " " in spelling:  # one syllable alone says too little once folded
                patterns.setdefault(record.name, []).append(nlp.make_doc(spelling))
                self._names[record.name] = record.kind
        for name, docs in patterns.items():
            self._matcher.add(name, docs)

    def __call__(self, doc: Doc) -> Doc:
        """Sets ``doc.spans["gazetteer"]``."""
        from spacy.tokens import Span  # noqa: PLC0415
        from spacy.util import filter_spans  # noqa: PLC0415

        hits = [
            Span(doc, begin, end, label=self._names[name], span_id=name)
            for key, begin, end in self._matcher(doc)
            if doc[begin].text[:1].isupper() and (name := doc.vocab.strings[key])
        ]
        doc.spans["gazetteer"] = filter_spans(hits)
        return doc


class AgencyFinder:
    """Sets ``doc.spans["agencies"]``: every agency and group that is named."""

    def __init__(self, extra: Path | None) -> None:
        self._extra = extra

    def __call__(self, doc: Doc) -> Doc:
        """Reads each line."""
        return _place(doc, "agencies", self._found(doc))

    def _found(self, doc: Doc) -> Iterator[Found]:
        for start, line in _lines(doc.text):
            for mention in find_agencies(line, self._extra):
                kind = "group" if mention.is_group else mention.kind
                yield (
                    start + mention.begin,
                    start + mention.end,
                    kind,
                    mention.name,
                    {"name": mention.name, "confidence": mention.confidence},
                )


class RoleFinder:
    """Sets ``doc.spans["roles"]``: the agencies that are ordered to do something, take part in it, or only get its result."""

    def __init__(self, extra: Path | None) -> None:
        self._extra = extra

    def __call__(self, doc: Doc) -> Doc:
        """Reads each line as one item."""
        return _place(doc, "roles", self._found(doc))

    def _found(self, doc: Doc) -> Iterator[Found]:
        for start, line in _lines(doc.text):
            roles = read_roles(line, self._extra)
            of = dict.fromkeys(roles.receivers, "receiver") | dict.fromkeys(roles.coordinating, "coordinating")
            of |= dict.fromkeys((*roles.lead, *roles.further), "lead")
            for mention in find_agencies(line, self._extra):
                # The first place where it is named; what comes later ("báo cáo Sở Nội vụ") repeats it.
                if role := of.pop(mention.name, None):
                    yield start + mention.begin, start + mention.end, role, mention.name, {"name": mention.name, "role": role}


class DeadlineFinder:
    """Sets ``doc.spans["deadlines"]``; ``dated`` (ISO) stands in for documents whose own date is not given in ``doc._.dated``."""

    def __init__(self, dated: str | None) -> None:
        self._dated = dated

    def __call__(self, doc: Doc) -> Doc:
        """Reads each line."""
        return _place(doc, "deadlines", self._found(doc))

    def _found(self, doc: Doc) -> Iterator[Found]:
        given = doc._.dated or doc.user_data.get("dated") or self._dated
        dated = date.fromisoformat(given) if isinstance(given, str) else given
        for start, line in _lines(doc.text):
            for term in find_deadlines(line, dated):
                label = term.bound or term.recurrence or "deadline"
                yield start + term.begin, start + term.end, label, term.due.isoformat() if term.due else term.text, term.as_json()


def references_component(doc: Doc) -> Doc:
    """Sets ``doc.spans["references"]``."""
    found = (
        (start + cited.begin, start + cited.end, cited.type or "văn bản", cited.number or "", cited.as_json())
        for start, line in _lines(doc.text)
        for cited in find_references(line)
    )
    return _place(doc, "references", found)


class TaskFinder:
    """Reads a Doc as one whole directive (lines as on paper, form feeds between pages): ``doc.spans["tasks"]`` and ``doc._.directive``."""

    def __init__(self, extra: Path | None) -> None:
        self._extra = extra

    def __call__(self, doc: Doc) -> Doc:
        """Extracts the directive."""
        from extract.reading import extract  # noqa: PLC0415 - reading imports this module in its load()

        starts: dict[tuple[int, int], tuple[int, int]] = {}
        pages = []
        at = 0
        for number, text in enumerate(doc.text.split("\f"), 1):
            lines = []
            for line, written in enumerate(text.split("\n"), 1):
                starts[number, line] = (at, at + len(written))
                lines.append(Line(line, written, written))
                at += len(written) + 1
            pages.append(Page(number, tuple(lines), "text"))
        directive = extract(Document("", "", "text", tuple(pages)), self._extra)
        doc._.directive = directive.as_json()
        return _place(doc, "tasks", (self._spot(task, starts) for task in directive.tasks))

    @staticmethod
    def _spot(task: Task, starts: Mapping[tuple[int, int], tuple[int, int]]) -> Found:
        span = task.span
        begin, _ = starts[span.page, span.first]
        _, end = starts[(span.end_page, span.end_line) if span.end_page and span.end_line else (span.page, span.last)]
        return begin, end, "task", task.path, task.as_json()


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line that says something, with its offset."""
    at = 0
    for line in text.replace("\f", "\n").split("\n"):
        if line.strip():
            yield at, line
        at += len(line) + 1


def _place(doc: Doc, group: str, found: Iterable[Found]) -> Doc:
    """Puts spans into a group, widened to whole tokens, each with its data."""
    spans = []
    for begin, end, label, name, data in found:
        while begin < end and doc.text[begin].isspace():
            begin += 1  # noqa: PLW2901 - an indented line
        span = doc.char_span(begin, end, label=label, span_id=name, alignment_mode="expand") if end > begin else None
        if span is not None:
            spans.append(span)
            kept: dict[Any, Any] = doc.user_data
            kept["dondoc", group, span.start_char, span.end_char] = data
    doc.spans[group] = spans
    return doc


def _data(span: Any) -> Any:
    """What was read at a span: that of the group in which it has this label and id."""
    for group, spans in span.doc.spans.items():
        if any(each.start == span.start and each.end == span.end and each.label == span.label and each.id == span.id for each in spans):
            return span.doc.user_data.get(("dondoc", group, span.start_char, span.end_char))
    return None


@lru_cache(maxsize=1)
def register() -> None:
    """Makes tokenizer, components and attributes known to spaCy: before ``spacy.load`` of a saved pipeline, or ``add_pipe`` by name."""
    from spacy.language import Language  # noqa: PLC0415
    from spacy.tokens import Doc, Span  # noqa: PLC0415
    from spacy.util import registry  # noqa: PLC0415

    registry.tokenizers("dondoc.DirectiveTokenizer.v1", func=create_tokenizer)
    Language.factory(COMPONENTS[0], default_config={"extra": None}, assigns=["doc.spans"], func=_make_gazetteer)
    Language.factory(COMPONENTS[1], default_config={"extra": None}, assigns=["doc.spans"], func=_make_agencies)
    Language.factory(COMPONENTS[2], default_config={"extra": None}, assigns=["doc.spans"], func=_make_roles)
    Language.factory(COMPONENTS[3], default_config={"dated": None}, assigns=["doc.spans"], func=_make_deadlines)
    Language.component(COMPONENTS[4], assigns=["doc.spans"], func=references_component)
    Language.factory(TASKS, default_config={"extra": None}, assigns=["doc.spans"], func=_make_tasks)
    Doc.set_extension("dated", default=None, force=True)
    Doc.set_extension("directive", default=None, force=True)
    Span.set_extension("dondoc", getter=_data, force=True)


# spaCy calls a factory with ``nlp`` and ``name`` whether it needs them or not.
def _make_gazetteer(nlp: Language, name: str, extra: str | None) -> GazetteerMatcher:  # noqa: ARG001
    return GazetteerMatcher(nlp, _path(extra))


def _make_agencies(nlp: Language, name: str, extra: str | None) -> AgencyFinder:  # noqa: ARG001
    return AgencyFinder(_path(extra))


def _make_roles(nlp: Language, name: str, extra: str | None) -> RoleFinder:  # noqa: ARG001
    return RoleFinder(_path(extra))


def _make_deadlines(nlp: Language, name: str, dated: str | None) -> DeadlineFinder:  # noqa: ARG001
    return DeadlineFinder(dated)


def _make_tasks(nlp: Language, name: str, extra: str | None) -> TaskFinder:  # noqa: ARG001
    return TaskFinder(_path(extra))


def _path(extra: str | None) -> Path | None:
    return Path(extra) if extra else None


def load(extra: Path | None = None, *, tasks: bool = False) -> Language:
    """A new pipeline; ``extra`` is the office's own agencies (see :func:`extract.gazetteer_files.own_agencies`).

    Use it as ``doc = load()(text)``, then ``displacy.render(doc, style="span", options={"spans_key": "roles"})``. ``tasks`` adds
    ``dondoc_tasks`` for texts that are whole directives. It can be saved with ``nlp.to_disk(folder)`` and read again with
    :func:`from_disk`; the office's file is kept by its path.

    :raises UsageError: the office's file cannot be used.
    """
    import spacy  # noqa: PLC0415

    register()
    nlp: Language = spacy.blank("vi", config={"nlp": {"tokenizer": {"@tokenizers": "dondoc.DirectiveTokenizer.v1"}}})
    nlp.meta.update(name="dondoc", description="Agencies, roles, deadlines and references in Vietnamese administrative directives")
    own = {"extra": str(extra) if extra else None}
    for name in COMPONENTS:
        nlp.add_pipe(name, config=own if name in COMPONENTS[:3] else {})
    if tasks:
        nlp.add_pipe(TASKS, config=own)
    return nlp


def from_disk(folder: Path) -> Language:
    """A pipeline that was saved with ``nlp.to_disk(folder)``.

    :raises UsageError: the office's file of agencies that it was made with cannot be used. :raises OSError: the folder holds no pipeline.
    """
    import spacy  # noqa: PLC0415

    register()
    return spacy.load(folder)
