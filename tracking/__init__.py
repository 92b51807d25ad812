"""Directives as rows of one SQLite file; rows as overdue lists, registers and history. Nothing here parses text."""

from tracking.agencies import AgencyRecord, SuccessionRecord
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
    "AgencyRecord",
    "CitationRow",
    "DeadlineRow",
    "DepartmentRow",
    "DepartmentTask",
    "DocumentRow",
    "EventRow",
    "QueryResult",
    "SaveResult",
    "SearchHit",
    "SourceLine",
    "Store",
    "SuccessionRecord",
    "TaskDetail",
    "TaskFilter",
    "TaskRow",
]
