"""Directives as rows of one SQLite file; rows as overdue lists, registers and history. Nothing here parses text."""

from tracking.agencies import AgencyEntry, MemberEntry, SuccessionEntry
from tracking.heirs import TaskAgency
from tracking.reading import DepartmentTask
from tracking.rows import (
    CitationRow,
    DeadlineRow,
    DepartmentRow,
    DocumentRow,
    EventRow,
    QueryResult,
    SaveResult,
    SearchHit,
    SourceLine,
    TaskDetail,
    TaskFilter,
    TaskRow,
)
from tracking.store import Store

__all__ = [
    "AgencyEntry",
    "CitationRow",
    "DeadlineRow",
    "DepartmentRow",
    "DepartmentTask",
    "DocumentRow",
    "EventRow",
    "MemberEntry",
    "QueryResult",
    "SaveResult",
    "SearchHit",
    "SourceLine",
    "Store",
    "SuccessionEntry",
    "TaskAgency",
    "TaskDetail",
    "TaskFilter",
    "TaskRow",
]
