"""The same extraction as a spaCy pipeline, for programs and notebooks that want spans on a ``Doc``.

``load()`` gives a blank Vietnamese pipeline with our tokenizer and four components, each with its name:

``dondoc_gazetteer``   every gazetteer name, by PhraseMatcher on folded tokens → ``doc.spans["gazetteer"]``
``dondoc_agencies``    agencies and groups as the grammar reads them → ``doc.spans["agencies"]``, labels are kinds
``dondoc_deadlines``   → ``doc.spans["deadlines"]``; ``doc.user_data["dated"]`` (a date) completes years left out
``dondoc_references``  → ``doc.spans["references"]``, labels are document types

A span's ``id_`` is its canonical name, the due date, or the document number. spaCy loads in 0.8 s and is imported here only.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from extract import gazetteer
from extract.agencies import find_agencies
from extract.deadlines import find_deadlines
from extract.references import find_references
from extract.tokenizer import create_tokenizer

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc

COMPONENTS = ("dondoc_gazetteer", "dondoc_agencies", "dondoc_deadlines", "dondoc_references")


class GazetteerMatcher:
    """Finds gazetteer names in a Doc, whatever their case and diacritics; the longest wins."""

    def __init__(self, nlp: Language, extra: Path | None) -> None:
        from spacy.matcher import PhraseMatcher  # noqa: PLC0415

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
        """Sets ``doc.spans["gazetteer"]``; labels are kinds, ids canonical names."""
        from spacy.tokens import Span  # noqa: PLC0415
        from spacy.util import filter_spans  # noqa: PLC0415

        hits = [
            Span(doc, begin, end, label=self._names[name], span_id=name)
            for key, begin, end in self._matcher(doc)
            if doc[begin].text[:1].isupper() and (name := doc.vocab.strings[key])
        ]
        doc.spans["gazetteer"] = filter_spans(hits)
        return doc


def _place(doc: Doc, group: str, found: Iterable[tuple[int, int, str, str]]) -> Doc:
    """Puts (begin, end, label, id) in characters into a span group, widened to whole tokens."""
    spans = [
        doc.char_span(begin, end, label=label, span_id=name, alignment_mode="expand") for begin, end, label, name in found if end > begin
    ]
    doc.spans[group] = [span for span in spans if span is not None]
    return doc


def agencies_component(doc: Doc) -> Doc:
    """Sets ``doc.spans["agencies"]``."""
    return _place(doc, "agencies", ((m.begin, m.end, m.kind, m.name) for m in find_agencies(doc.text)))


def deadlines_component(doc: Doc) -> Doc:
    """Sets ``doc.spans["deadlines"]``; labels are the bound or recurrence, ids the due date (ISO)."""
    dated = doc.user_data.get("dated")
    found = find_deadlines(doc.text, dated if isinstance(dated, date) else None)
    return _place(
        doc, "deadlines", ((d.begin, d.end, d.bound or d.recurrence or "deadline", d.due.isoformat() if d.due else d.text) for d in found)
    )


def references_component(doc: Doc) -> Doc:
    """Sets ``doc.spans["references"]``; labels are document types, ids numbers."""
    return _place(doc, "references", ((r.begin, r.end, r.type or "văn bản", r.number or "") for r in find_references(doc.text)))


@lru_cache(maxsize=1)
def _register() -> None:
    from spacy.language import Language  # noqa: PLC0415
    from spacy.util import registry  # noqa: PLC0415

    registry.tokenizers("dondoc.DirectiveTokenizer.v1", func=create_tokenizer)
    Language.factory(COMPONENTS[0], default_config={"extra": None}, func=_make_gazetteer)
    Language.component(COMPONENTS[1], func=agencies_component)
    Language.component(COMPONENTS[2], func=deadlines_component)
    Language.component(COMPONENTS[3], func=references_component)


def _make_gazetteer(nlp: Language, name: str, extra: str | None) -> GazetteerMatcher:  # noqa: ARG001 - spaCy calls it with both names
    return GazetteerMatcher(nlp, Path(extra) if extra else None)


def load(extra: Path | None = None) -> Language:
    """A new pipeline; ``extra`` is the user's own gazetteer (see :func:`extract.gazetteer.load`).

    Use it as ``doc = load()(text)``, then ``displacy.render(doc, style="span", options={"spans_key": "agencies"})``.
    """
    import spacy  # noqa: PLC0415

    _register()
    nlp: Language = spacy.blank("vi", config={"nlp": {"tokenizer": {"@tokenizers": "dondoc.DirectiveTokenizer.v1"}}})
    nlp.add_pipe(COMPONENTS[0], config={"extra": str(extra) if extra else None})
    for name in COMPONENTS[1:]:
        nlp.add_pipe(name)
    return nlp
