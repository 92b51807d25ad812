"""Directives as rows of one SQLite file; rows as overdue lists, registers and history. Nothing here parses text."""

from tracking.agencies import AgencyEntry, MemberEntry, SuccessionEntry
from tracking.dashboard import Dashboard
from tracking.detail import DeadlineRow, OccurrenceRow, ShareRow, SourceLine, TaskDetail
from tracking.heirs import TaskAgency
from tracking.history import EventRow
from tracking.reading import DepartmentTask
from tracking.rows import CitationRow, DepartmentRow, DocumentRow, QueryResult, SaveResult, SearchHit, TaskFilter, TaskRow
from tracking.store import Store

__all__ = [
    "AgencyEntry",
    "CitationRow",
    "Dashboard",
    "DeadlineRow",
    "DepartmentRow",
    "DepartmentTask",
    "DocumentRow",
    "EventRow",
    "MemberEntry",
    "OccurrenceRow",
    "QueryResult",
    "SaveResult",
    "SearchHit",
    "ShareRow",
    "SourceLine",
    "Store",
    "SuccessionEntry",
    "TaskAgency",
    "TaskDetail",
    "TaskFilter",
    "TaskRow",
]
