"""The values that ``extract`` gives: who must do what by when, on which ground, each with its place on the paper.

Dates are :class:`datetime.date`; ``as_json`` gives the objects that ``dondoc extract`` prints (dates ISO, lists never null).
What each field means follows Nghị định 30/2020/NĐ-CP and the annotation guide of the gold set.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Bound = Literal["before", "by", "within"]
Recurrence = Literal["daily", "weekly", "monthly", "quarterly", "half-yearly", "yearly", "continuous", "biennial", "other"]
RelativeUnit = Literal["hour", "day", "working_day", "week", "month", "year"]


@dataclass(frozen=True, slots=True)
class Span:
    """Lines ``first`` to ``last`` of page ``page`` (all counted from 1).

    Over a page break it goes on from the first line of the next page to line ``end_line`` of ``end_page``; ``last`` is on ``page``.
    """

    page: int
    first: int
    last: int
    end_page: int | None = None
    end_line: int | None = None

    def covers(self, page: int, line: int) -> bool:
        """Whether that line of that page belongs to it."""
        if page == self.page:
            return self.first <= line <= self.last
        return self.end_page is not None and self.page < page <= self.end_page and (page < self.end_page or line <= (self.end_line or 0))

    def as_json(self) -> dict[str, Any]:
        """The place as JSON members ``page`` and ``lines``."""
        return {"page": self.page, "lines": [self.first, self.last]}


@dataclass(frozen=True, slots=True)
class RelativeTerm:
    """A term counted from an event: ``n`` units from ``anchor`` (the words of the document, e.g. "ngày ký văn bản này")."""

    n: int
    unit: RelativeUnit
    anchor: str

    def as_json(self) -> dict[str, Any]:
        """n, unit, from."""
        return {"n": self.n, "unit": self.unit, "from": self.anchor}


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date or period by which the work must be done; ``begin``/``end`` are character offsets in the text it was found in.

    ``due`` is the last day still on time (for "trước ngày D" it is D, with bound ``before``); None for recurring and relative terms.
    """

    text: str
    start: date | None = None
    due: date | None = None
    bound: Bound | None = None
    recurrence: Recurrence | None = None
    relative: RelativeTerm | None = None
    day: int | None = None
    month: int | None = None
    time: str | None = None
    begin: int = 0
    end: int = 0
    confidence: float = 1.0

    def as_json(self) -> dict[str, Any]:
        """Members of the gold schema; ``day``, ``month`` and ``time`` only when they are set."""
        out: dict[str, Any] = {
            "text": self.text,
            "start": self.start.isoformat() if self.start else None,
            "due": self.due.isoformat() if self.due else None,
            "bound": self.bound,
            "recurrence": self.recurrence,
            "relative": self.relative.as_json() if self.relative else None,
        }
        for name in ("day", "month", "time"):
            if (value := getattr(self, name)) is not None:
                out[name] = value
        return out


@dataclass(frozen=True, slots=True)
class Reference:
    """A cited document. ``number`` is as Nghị định 30/2020 writes it (876/QĐ-BNV); offsets are those of the searched text."""

    type: str | None
    number: str | None
    date: date | None = None
    issuer: str | None = None
    begin: int = 0
    end: int = 0
    confidence: float = 1.0

    def as_json(self) -> dict[str, Any]:
        """type, number, date, issuer."""
        return {"type": self.type, "number": self.number, "date": self.date.isoformat() if self.date else None, "issuer": self.issuer}


@dataclass(frozen=True, slots=True)
class Header:
    """What the paper says of itself (boxes 1 to 13 of Phụ lục I, Nghị định 30/2020). None or empty where it is silent.

    ``parent`` is the body above the issuer; ``issuers`` are all issuers of a joint paper, else the one. ``authority`` are the lines by
    which the signer signs ("TM. Ủy ban nhân dân", "KT. Chủ tịch"). ``secrecy`` is Mật, Tối mật or Tuyệt mật: what to do with such a
    paper is the application's to decide. ``about`` is the date, or the first of its month when the day is illegible: terms that leave
    the year out are completed with it; it is no member of the JSON.
    """

    number: str | None = None
    type: str | None = None
    issuer: str | None = None
    date: date | None = None
    place: str | None = None
    subject: str | None = None
    signer: str | None = None
    signer_title: str | None = None
    recipients: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    urgency: str | None = None
    parent: str | None = None
    issuers: tuple[str, ...] = ()
    authority: tuple[str, ...] = ()
    secrecy: str | None = None
    about: datetime.date | None = None

    def as_json(self) -> dict[str, Any]:
        """The ``document`` object of ``dondoc extract``."""
        return {
            "number": self.number,
            "type": self.type,
            "issuer": self.issuer,
            "date": self.date.isoformat() if self.date else None,
            "place": self.place,
            "subject": self.subject,
            "signer": self.signer,
            "signer_title": self.signer_title,
            "recipients": list(self.recipients),
            "addressees": list(self.addressees),
            "urgency": self.urgency,
            "parent": self.parent,
            "issuers": list(self.issuers),
            "authority": list(self.authority),
            "secrecy": self.secrecy,
        }


@dataclass(frozen=True, slots=True)
class FieldConfidence:
    """The chance (0 to 1) that each field of a task is right, from the evidence behind it (see :mod:`extract.confidence`)."""

    text: float
    lead: float
    coordinating: float
    deadlines: float
    references: float

    def as_json(self) -> dict[str, Any]:
        """The chances, rounded."""
        return {name: round(getattr(self, name), 3) for name in ("text", "lead", "coordinating", "deadlines", "references")}


LeadSource = Literal["item", "label", "cell", "cell above", "section", "heading", "addressee", "none"]
"""What named a task's doer: the item itself, a labelled line below it, its table cell, the cell above that spans it, the section
row of the table, a heading above it, Kính gửi; or nothing."""


@dataclass(frozen=True, slots=True)
class Task:
    """One order to somebody. ``path`` is its place in the outline ("2/-3", "PL.I/7"); ``references`` are numbers cited inside it.

    ``lead_source`` tells where the lead was read, ``lead_span`` the lines of the heading or label that named it (None: the item's own).
    ``confidence`` is the chance that text, lead and deadlines are right, ``field_confidence`` that of each field (None: not yet judged).
    ``alternatives`` pairs agencies that were read as the likeliest with what else the paper may name, likeliest first, last as written.
    ``reasons`` are Vietnamese sentences that say why a person should look (``needs_review``); empty when nothing is in doubt.
    """

    path: str
    text: str
    span: Span
    lead: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    references: tuple[str, ...] = ()
    expected_result: str | None = None
    confidence: float = 1.0
    reasons: tuple[str, ...] = ()
    lead_source: LeadSource = "none"
    lead_span: Span | None = None
    field_confidence: FieldConfidence | None = None
    alternatives: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def needs_review(self) -> bool:
        """Whether a person should look at it."""
        return bool(self.reasons)

    def as_json(self) -> dict[str, Any]:
        """One member of ``tasks``."""
        return {
            "path": self.path,
            "text": self.text,
            "lead": list(self.lead),
            "coordinating": list(self.coordinating),
            "deadlines": [deadline.as_json() for deadline in self.deadlines],
            "references": list(self.references),
            "expected_result": self.expected_result,
            "confidence": round(self.confidence, 3),
            "field_confidence": self.field_confidence.as_json() if self.field_confidence else {},
            "alternatives": {name: list(others) for name, others in self.alternatives},
            "needs_review": self.needs_review,
            "reasons": list(self.reasons),
            "lead_source": self.lead_source,
            "lead_at": self.lead_span.as_json() if self.lead_span else None,
            **self.span.as_json(),
        }


@dataclass(frozen=True, slots=True)
class Directive:
    """One document, read: its header, every document it cites (in order of first mention), every task it gives.

    ``header_confidence`` pairs the header fields that were read with the chance that they are right.
    """

    header: Header
    references: tuple[Reference, ...] = ()
    tasks: tuple[Task, ...] = ()
    warnings: tuple[str, ...] = ()
    header_confidence: tuple[tuple[str, float], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The object that ``dondoc extract`` prints."""
        confidence = {name: round(value, 3) for name, value in self.header_confidence}
        return {
            "document": self.header.as_json() | {"field_confidence": confidence},
            "references": [reference.as_json() for reference in self.references],
            "tasks": [task.as_json() for task in self.tasks],
            "warnings": list(self.warnings),
        }
