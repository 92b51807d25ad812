"""``dondoc search``, ``query`` and ``report``."""

# ruff: noqa: PLC0415 - heavy imports stand in the functions that need them, so that «dondoc --help» is quick
from __future__ import annotations

import csv
import sys
from enum import StrEnum
from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dondoc import screen
from dondoc import workspace as workspaces
from dondoc.commands.options import JsonOption, WorkspaceOption
from ingest.errors import UsageError

if TYPE_CHECKING:
    from tracking import QueryResult


class QueryFormat(StrEnum):
    """How ``dondoc query`` prints."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS...", help='With or without diacritics; "words in quotes" stay together.')],
    workspace: WorkspaceOption = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, metavar="N", help="At most so many finds.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """Search the text of all documents and tasks.

    Examples: `dondoc search cai cach hanh chinh` · `dondoc search '"Sở Nội vụ" báo cáo'`
    """
    # A word with a space inside was quoted in the shell: keep it together.
    wanted = " ".join(f'"{word}"' if " " in word and '"' not in word else word for word in words)
    with workspaces.find(workspace).store() as store:
        hits = store.search(wanted, limit)
    if as_json:
        screen.write_json([{name: getattr(hit, name) for name in hit.__slots__} for hit in hits])
        return
    if not hits:
        screen.say("Không tìm thấy.")
        return
    screen.print_table(
        [
            screen.Column("Văn bản", widest=20),
            screen.Column("Tệp", widest=30),
            screen.Column("Trang", "right"),
            screen.Column("Nhiệm vụ", "right"),
            screen.Column("Đoạn tìm thấy", "wide"),
        ],
        (
            [
                screen.cell(value)
                for value in (hit.document_number or hit.document_id, hit.file_name, hit.page, hit.task_id or "", hit.snippet)
            ]
            for hit in hits
        ),
    )


def query(
    sql: Annotated[str, typer.Argument(metavar="SQL", help="A SELECT; nothing can be changed.")],
    workspace: WorkspaceOption = None,
    form: Annotated[QueryFormat, typer.Option("--format", "-f", help="How to print.")] = QueryFormat.TABLE,
    as_json: JsonOption = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, metavar="N", help="At most so many rows.")] = 1000,
) -> None:
    """Ask the workspace in SQL, read-only.

    Views for people: overdue_tasks, upcoming_tasks, task_list, task_list_members (a row for each commune of a group), department_summary.

    Example: `dondoc query "SELECT * FROM department_summary" --format csv > so-lieu.csv`
    """
    with workspaces.find(workspace).store() as store:
        _print(store.query(sql, limit=limit), QueryFormat.JSON if as_json else form, limit)


def report(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Which report. Default: list them.")] = None,
    values: Annotated[list[str] | None, typer.Argument(metavar="[PARAMETER=VALUE]...", help="What to ask for.")] = None,
    workspace: WorkspaceOption = None,
    form: Annotated[QueryFormat, typer.Option("--format", "-f", help="How to print.")] = QueryFormat.TABLE,
    as_json: JsonOption = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, metavar="N", help="At most so many rows.")] = 1000,
) -> None:
    """Answer one of the questions that offices ask again and again; the pages of `dondoc serve` have the same under /sql.

    Examples: `dondoc report` · `dondoc report sap-den-han so_ngay=30` · `dondoc report bao-cao-thang thang=2026-03 --format csv`
    """
    from tracking.reports import report as named
    from tracking.reports import reports

    if name is None:
        columns = [screen.Column("Tên"), screen.Column("Báo cáo", "wide"), screen.Column("Tham số")]
        screen.print_table(
            columns,
            (
                [screen.cell(one.name), screen.cell(f"{one.title}. {one.description}"), screen.cell(", ".join(one.parameters))]
                for one in reports().values()
            ),
        )
        return
    wanted = named(name)
    if wrong := [value for value in values or () if "=" not in value]:
        raise UsageError(f"«{wrong[0]}» thiếu dấu bằng.", remedy="Hãy viết dạng so_ngay=30.")
    given = wanted.values(dict(value.split("=", 1) for value in values or ()))
    with workspaces.find(workspace).store() as store:
        _print(store.query(wanted.sql, given, limit=limit), QueryFormat.JSON if as_json else form, limit)


def _print(result: QueryResult, form: QueryFormat, limit: int) -> None:
    rows = [[_plain(value) for value in row] for row in result.rows]
    if form is QueryFormat.JSON:
        screen.write_json([dict(zip(result.columns, row, strict=True)) for row in rows])
    elif form is QueryFormat.CSV:
        from tracking.export_csv import harmless

        # A file for a spreadsheet more often than for a program: texts of papers must not become formulas.
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow([harmless(column) for column in result.columns])
        writer.writerows([[harmless(value) for value in row] for row in rows])
    else:
        cells = ([screen.cell("" if value is None else value) for value in row] for row in rows)
        screen.print_table([screen.Column(column) for column in result.columns], cells)
    if result.truncated:
        screen.say(f"Chỉ hiện {limit} dòng đầu; dùng --limit để xem thêm.", stderr=True, style="yellow")


def _plain(value: Any) -> Any:
    """The value as JSON and a table can show it: a blob in hexadecimal, what is no number (SQL's 9e999) as text."""
    if isinstance(value, bytes):
        return value.hex()
    return str(value) if isinstance(value, float) and not isfinite(value) else value
