"""Lists with 100,000 tasks in the file: pages of 200 for every kind of filter and order, counts, dashboard, summary, a department's list.

The file is invented (4,000 directives of one province over four years, bodies abolished in 2025 among those named, groups such as
"các sở, ban, ngành") and kept in a temporary folder from one run to the next. Every figure is the median of several calls of one store
that has been used before, as in a server.
"""

from __future__ import annotations

import json
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure
from extract import gazetteer
from tracking import Store, TaskFilter, schema
from tracking.agencies import agency_id_for
from tracking.expansion import expand
from tracking.folding import fold, fold_name
from tracking.migrations_acts import migrations
from tracking.rows import ORDERS

TODAY = date(2026, 11, 20)
"""The day as of which everything is asked."""

TASKS = 100_000
_TASKS_A_DOCUMENT = 25
_PAGE = 200
_FIRST_DAY = date(2023, 1, 2)
_ISSUER, _PLACE = "UBND tỉnh Hà Tĩnh", "Hà Tĩnh"

_GROUPS = (
    "các sở, ban, ngành",
    "các sở, ban, ngành thuộc tỉnh",
    "UBND các xã, phường",
    "các sở, ngành, địa phương",
    "các tổ chức chính trị - xã hội",
)
_DEPARTMENTS = (
    "Sở Nội vụ", "Sở Tài chính", "Sở Xây dựng", "Sở Y tế", "Sở Tư pháp", "Sở Công Thương", "Sở Khoa học và Công nghệ", "Thanh tra tỉnh",
    "Sở Giáo dục và Đào tạo", "Sở Văn hóa, Thể thao và Du lịch", "Sở Nông nghiệp và Môi trường", "Văn phòng UBND tỉnh", "Công an tỉnh",
    "Bộ Chỉ huy Quân sự tỉnh", "Thuế tỉnh", "Kho bạc Nhà nước khu vực", "Hội Nông dân tỉnh", "Tỉnh đoàn", "Ban Quản lý Khu kinh tế tỉnh",
)  # fmt: skip
_ENDED = (
    "Sở Giao thông vận tải", "Sở Kế hoạch và Đầu tư", "Sở Thông tin và Truyền thông", "Sở Tài nguyên và Môi trường", "Sở Ngoại vụ",
    "Sở Lao động - Thương binh và Xã hội", "Sở Nông nghiệp và Phát triển nông thôn", "Ban Dân tộc", "Cục Thuế tỉnh", "UBND huyện Đức Thọ",
    "UBND huyện Can Lộc", "UBND huyện Thạch Hà", "UBND thị xã Kỳ Anh",
)  # fmt: skip
_VOCABULARY = """
    rà soát thống kê tổng hợp báo cáo tiến độ thực hiện kế hoạch dự toán ngân sách đầu tư công giải ngân vốn chương trình mục tiêu
    quốc gia nông thôn mới giảm nghèo cải cách hành chính thủ tục một cửa chuyển đổi số hạ tầng dữ liệu kết nối chia sẻ an toàn thông
    tin phòng chống thiên tai cháy nổ dịch bệnh gia súc cây trồng thủy lợi hồ đập đê điều giao thông đường bộ cầu yếu vận tải trường
    học giáo viên học sinh khám chữa bệnh bảo hiểm y tế dược phẩm văn hóa du lịch lễ hội di tích thể thao quy hoạch xây dựng nhà ở đất
    đai khoáng sản môi trường rác thải nước sạch thanh tra kiểm tra khiếu nại tố cáo tiếp công dân tôn giáo dân tộc lao động việc làm
    an sinh xã hội người có công trẻ em bình đẳng giới quốc phòng an ninh trật tự biên giới hội nghị tổng kết sơ kết tuyên truyền
"""
_WORDS = _VOCABULARY.split()
_STATUSES = (
    ("done",) * 55 + ("open",) * 25 + ("in_progress",) * 10 + ("extension_requested",) * 4 + ("returned", "transferred", "cancelled") * 2
)


FILTERS: dict[str, dict[str, Any]] = {
    "all tasks": {},
    "overdue": {"overdue": True},
    "two states": {"states": ("overdue", "due_soon")},
    "to check": {"needs_review": True},
    "words": {"words": "bao cao tien do"},
    "a common word begun": {"words": "thong ti"},
    "words of a department's name": {"agency": "noi vu"},
    "a department": {"agency_exact": "Sở Nội vụ"},
    "a department's overdue": {"agency_exact": "Sở Xây dựng", "overdue": True},
    "a commune through its groups": {"agency_exact": "UBND xã Đức Thọ"},
    "a document's number": {"document": "12/KH"},
    "a half year": {"due_from": date(2025, 1, 1), "due_to": date(2025, 6, 30)},
    "completed, by the day received": {"completed_from": date(2025, 1, 1), "received_from": date(2024, 1, 1)},
    "undecided": {"undecided": True},
}
_CALLS = 5
_PARTS = ("tasks", "task_agencies", "task_deadlines", "task_events", "task_shares", "occurrences", "search_index")


def measure(*, quick: bool) -> Iterator[Figure]:
    """Milliseconds in the store."""
    number = 2000 if quick else TASKS
    note = f"{number} tasks, median of {_CALLS}"
    with Store.open(file(number)) as store:
        for name, members in FILTERS.items():
            slowest, order = max((_page(store, members, order, 0), order) for order in ORDERS)
            yield Figure(f"page of {_PAGE} and count, {name}", slowest, 60, unit="ms", note=f"{note}; slowest order: {order}")
        half = number // 2
        slowest, order = max((_page(store, {}, order, half), order) for order in ORDERS)
        yield Figure(f"page of {_PAGE} and count, from row {half}", slowest, 60, unit="ms", note=f"{note}; slowest order: {order}")
        yield Figure("dashboard", _time(lambda: store.dashboard(TODAY)), 300, unit="ms", note=note)
        yield Figure("department_summary", _time(lambda: store.department_summary(TODAY)), 300, unit="ms", note=note)
        own = len(store.department_tasks("UBND thị xã Kỳ Anh", TODAY))
        took = _time(lambda: store.department_tasks("UBND thị xã Kỳ Anh", TODAY))
        yield Figure("a department's whole list", took, unit="ms", note=f"{note}; {own} tasks")


def _page(store: Store, members: dict[str, Any], order: str, offset: int) -> float:
    wanted = TaskFilter(as_of=TODAY, order=order, limit=_PAGE, offset=offset, **members)
    return _time(lambda: store.page_of_tasks(wanted))


def _time(call: Callable[[], object]) -> float:
    """Milliseconds, the median."""
    took = []
    for _ in range(_CALLS):
        begin = time.perf_counter()
        call()
        took.append(time.perf_counter() - begin)
    return statistics.median(took) * 1000


def file(tasks: int = TASKS) -> Path:
    """The invented file, built if this machine has none of this version of dondoc."""
    version = fold_name(migrations._migrations[-1].name).replace(" ", "-")
    path = Path(tempfile.gettempdir()) / f"dondoc-lists-{tasks}-{version}.db"
    if not path.exists():
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        build(fresh, tasks)
        fresh.replace(path)
    return path


def build(path: Path, tasks: int = TASKS) -> None:
    """Write the invented file; the same for the same number of tasks."""
    chance = random.Random(6)
    db = schema.open_database(path)
    try:
        with schema.writing(db) as connection:
            names = [*_DEPARTMENTS, *_ENDED, *(f"UBND xã {name}" for name in _communes(60 - len(_DEPARTMENTS) - len(_ENDED)))]
            ids = {name: agency_id_for(connection, name, origin="document", issuer=_ISSUER) for name in (*names, *_GROUPS)}
            _put_documents(connection, max(1, tasks // _TASKS_A_DOCUMENT), chance)
            _put_tasks(connection, tasks, ids, names, chance)
            # What follows from a name is the same in every document: the first of each half year bring it in.
            connection.execute("UPDATE documents SET province = ?", (_PLACE,))
            expand(connection, gazetteer.load(None), range(1, tasks // _TASKS_A_DOCUMENT + 1, 50))
        db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        db.close()


def _communes(number: int) -> list[str]:
    return [
        place.name.removeprefix("UBND xã ")
        for place in gazetteer.load(None).membership("UBND các xã", _PLACE)
        if place.name.startswith("UBND xã ")
    ][:number]


def _put_documents(connection: sqlite3.Connection, number: int, chance: random.Random) -> None:
    documents: list[tuple[Any, ...]] = []
    pages: list[tuple[Any, ...]] = []
    index: list[tuple[Any, ...]] = []
    for one in range(1, number + 1):
        issued = _FIRST_DAY + timedelta(days=(TODAY - _FIRST_DAY).days * one // number)
        received = datetime(issued.year, issued.month, issued.day, 8) + timedelta(days=chance.randint(0, 6), minutes=chance.randint(0, 500))
        name = f"{one % 900 + 1}/KH-UBND"
        documents.append((
            one, f"{one:064x}", f"van-ban-{one}.pdf", f"inbox/van-ban-{one}.pdf", "pdf", name, fold(name), "Kế hoạch", _ISSUER,
            issued.isoformat(), _PLACE, _sentence(chance, 12), 2, "ocr", 0.9, "ok", _at(received), _at(received),
        ))  # fmt: skip
        text = "\n".join(_sentence(chance, 12) for _ in range(30))
        lines = [
            {"number": n, "raw": line, "text": line, "box": [56, 20 * n, 540, 20 * n + 14], "confidence": 0.9, "words": []}
            for n, line in enumerate(text.split("\n"), 1)
        ]
        pages.append((one, one, 1, "ocr", 595, 842, 0, 0, 0.9, text, text, json.dumps(lines, ensure_ascii=False)))
        index.append((2 * one, text, fold(text)))
    connection.executemany(
        """INSERT INTO documents(id, sha256, file_name, path, kind, number, number_key, type, issuer, date, place, subject, page_count,
        text_source, ocr_confidence, status, received_at, taken_in_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)""",
        documents,
    )
    connection.executemany(
        """INSERT INTO pages(id, document_id, number, source, width, height, rotation, skew, confidence, raw_text, text, words)
        VALUES (?,?,?,?,?,?,?,?,?,?,?,?)""",
        pages,
    )
    connection.executemany("INSERT INTO search_index(rowid, text, folded) VALUES (?, ?, ?)", index)


def _put_tasks(connection: sqlite3.Connection, number: int, ids: dict[str, int], names: list[str], chance: random.Random) -> None:
    issued = {row["id"]: date.fromisoformat(row["date"]) for row in connection.execute("SELECT id, date FROM documents")}
    rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in _PARTS}
    tasks, agencies, deadlines, events, shares, occurrences, index = rows.values()
    for one in range(1, number + 1):
        document = min((one - 1) // _TASKS_A_DOCUMENT + 1, len(issued))
        day = issued[document]
        text = _sentence(chance, chance.randint(15, 50))
        due = day + timedelta(days=chance.randint(5, 400)) if chance.random() < 0.7 else None
        status = chance.choice(_STATUSES) if day < TODAY - timedelta(days=40) else "open"
        completed = min(TODAY, day + timedelta(days=chance.randint(3, 420))) if status == "done" else None
        doubtful = chance.random() < 0.15
        recurring = due is None and chance.random() < 0.1
        tasks.append((
            one, document, one, f"{one % 9}/-{one % 7}", text, fold(text), text, "trước ngày" if due else None, _iso(due),
            "before" if due else None, "quarterly" if recurring else None, status, _iso(completed), round(chance.uniform(0.3, 1), 3),
            int(doubtful),
            '["chưa rõ thời hạn"]' if doubtful else "[]", 1, one % 30 + 1, one % 30 + 1, '{"text":0.9,"lead":0.8}',
        ))  # fmt: skip
        index.append((2 * one + 1, text, fold(text)))
        leads = [chance.choice(_GROUPS)] if chance.random() < 0.08 else chance.sample(names, chance.choice((1, 1, 1, 1, 1, 2, 2, 3)))
        others = chance.sample([name for name in (*names, *_GROUPS) if name not in leads], chance.choice((0, 0, 1, 1, 2, 4)))
        for role, listed in (("lead", leads if chance.random() < 0.97 else []), ("coordinating", others)):
            agencies += [(one, ids[name], role, name, place) for place, name in enumerate(listed)]
        if due:
            deadlines.append((one, 0, 1, "trước ngày", _iso(due), "before", 0.9))
        if status != "open":
            events.append((one, f"{completed or TODAY}T09:00:00", "Lan", "status", "status", "open", status, one))
        if len(leads) > 1 and chance.random() < 0.3:
            shares.append((one, ids[leads[0]], "done", _iso(completed or TODAY)))
        if recurring:
            occurrences += [
                (one, _iso(day + timedelta(days=90 * n)), "done" if n < 4 else "open", _iso(day) if n < 4 else None) for n in range(1, 7)
            ]
    many = connection.executemany
    many(
        """INSERT INTO tasks(id, document_id, position, path, text, folded, found_text, deadline_text, due, bound, recurrence, status,
        completed_on, confidence, needs_review, reasons, page, line_first, line_last, field_confidence)
        VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)""",
        tasks,
    )
    many("INSERT INTO task_agencies(task_id, agency_id, role, name, position) VALUES (?,?,?,?,?)", agencies)
    many("INSERT INTO task_deadlines(task_id, position, decisive, text, due, bound, confidence) VALUES (?,?,?,?,?,?,?)", deadlines)
    many("INSERT INTO task_events(task_id, at, who, what, field, old_value, new_value, action) VALUES (?,?,?,?,?,?,?,?)", events)
    many("INSERT INTO task_shares(task_id, agency_id, status, completed_on) VALUES (?,?,?,?)", shares)
    many("INSERT INTO occurrences(task_id, scheduled, due, status, completed_on) VALUES (?1,?2,?2,?3,?4)", occurrences)
    many("INSERT INTO search_index(rowid, text, folded) VALUES (?, ?, ?)", index)


def _sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(_WORDS, k=words)).capitalize()


def _at(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
