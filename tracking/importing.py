"""Filled-in workbooks come back: what would change, what others changed meanwhile, what cannot be read.

:func:`plan` only looks; :func:`apply` writes, all in one act. Every value is compared three ways: as it went out (the hidden sheet of the
workbook), as it is in the file now, as it is in the database now. What the person with the file left alone is not touched whatever others
did; what both changed differently is a conflict, which is only written when somebody says so (:meth:`ImportPlan.taking`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import UsageError
from tracking import workbook_base
from tracking.cell_values import Unreadable, parse, short
from tracking.folding import fold_name
from tracking.import_plan import LABELS, PAIR, Change, Conflict, ImportPlan, ImportResult, Problem, combined
from tracking.register import ID_TITLE
from tracking.standing import Standing
from tracking.views import OWED
from tracking.workbook_base import Exported
from tracking.workbook_reading import FilledCell, FilledRow, opened, tables

if TYPE_CHECKING:
    from tracking.store import Store

__all__ = ["Change", "Conflict", "ImportPlan", "ImportResult", "Problem", "apply", "combined", "plan"]

_ID = fold_name(ID_TITLE)
_TITLES = {name: fold_name(title) for name, title in LABELS.items()}


def plan(store: Store, path: Path, today: date | None = None) -> ImportPlan:
    """What the workbook would change in this workspace; nothing is written.

    :raises DondocError: it is no workbook, damaged, too large, without our hidden sheet, or of another workspace.
    """
    with opened(path) as workbook:
        exported = _exported(workbook, path)
        if exported.workspace != store.identity:
            raise UsageError(
                "sổ tính được xuất từ một không gian làm việc khác.",
                path=path,
                remedy="Hãy chọn đúng không gian bằng --workspace, hoặc xuất lại từ không gian này.",
            )
        rows = list(tables(workbook, ID_TITLE))
        reader = _Reader(exported, workbook.epoch, today or date.today())
    if not rows:
        raise UsageError(f"không thấy bảng có cột «{ID_TITLE}».", path=path, remedy="Hãy giữ nguyên dòng tiêu đề của bảng khi xuất.")
    filled = reader.read(rows)
    seen = store.standings({standing.task_id: (standing.task_id, standing.agency) for standing, _ in filled}.values())
    changes: list[Change] = []
    conflicts: list[Conflict] = []
    for base, cells in filled:
        if (now := seen.get((base.task_id, base.agency))) is None:
            reader.problem(next(iter(cells.values()), None), f"không còn nhiệm vụ mang mã {base.task_id}.", base.task_id)
            continue
        for change, clash in _compare(base, cells, now, reader):
            if clash:
                conflicts.append(_conflict(store, change, now, base.last_event))
            else:
                changes.append(_with_remark(store, change))
    return ImportPlan(str(path), exported.at, len(filled), tuple(changes), tuple(conflicts), tuple(reader.problems), seen)


def apply(store: Store, wanted: ImportPlan, who: str) -> ImportResult:
    """Write the plan's changes as one act; what somebody else changed since the plan was made is left out and told."""
    if not wanted.changes:
        return ImportResult(0, ())
    return store.write_import(wanted, who)


def _exported(workbook: Any, path: Path) -> Exported:
    for sheet in workbook.worksheets:
        sheet.reset_dimensions()
        exported = workbook_base.read(sheet.iter_rows(values_only=True, max_col=50))
        if exported is not None:
            return exported
    raise UsageError(
        "sổ tính không có trang ẩn «dondoc», nên không biết ô nào đã được sửa.",
        path=path,
        remedy="Hãy điền vào tệp do «dondoc export» ghi ra, không chép bảng sang sổ tính khác.",
    )


class _Reader:
    """Turns rows into values, and collects what cannot be read."""

    def __init__(self, exported: Exported, epoch: datetime, today: date) -> None:
        self.exported, self.epoch, self.today = exported, epoch, today
        self.problems: list[Problem] = []

    def problem(self, cell: FilledCell | None, message: str, task_id: int | None = None) -> None:
        self.problems.append(Problem(cell.where if cell else "", message, task_id))

    def read(self, rows: Iterable[FilledRow]) -> list[tuple[Standing, dict[str, FilledCell]]]:
        """For each task once: how it went out, and field → its cell."""
        found: dict[int, tuple[Standing, dict[str, FilledCell]]] = {}
        for row in rows:
            cells = {name: row.cells[title] for name, title in _TITLES.items() if title in row.cells}
            if (task_id := self._task_id(row, cells)) is None:
                continue
            went_out = self.exported.rows.get(task_id)
            if went_out is None:
                self.problem(row.cells[_ID], f"tệp này khi xuất không có nhiệm vụ mang mã {task_id}.", task_id)
            elif task_id in found:
                same = all(found[task_id][1][name].as_text() == cell.as_text() for name, cell in cells.items() if name in found[task_id][1])
                if not same:
                    self.problem(row.cells[_ID], f"nhiệm vụ {task_id} có ở hai dòng khác nhau; chỉ dòng đầu được đọc.", task_id)
            elif went_out[0] == "coordinating" and (touched := self._touched(cells, went_out[1])):
                self.problem(touched, "đơn vị chỉ phối hợp nhiệm vụ này; việc cập nhật thuộc đơn vị chủ trì.", task_id)
            else:
                found[task_id] = (went_out[1], cells)
        return list(found.values())

    def _task_id(self, row: FilledRow, cells: Mapping[str, FilledCell]) -> int | None:
        cell = row.cells[_ID]
        if cell.empty:
            if filled := next((one for one in cells.values() if not one.empty), None):
                self.problem(filled, "dòng này không có mã nhiệm vụ nên không được đọc.")
            return None
        try:
            return int(cell.as_text().strip())
        except ValueError:
            self.problem(cell, f"«{short(cell.as_text())}» không phải mã nhiệm vụ.")
            return None

    def _touched(self, cells: Mapping[str, FilledCell], base: Standing) -> FilledCell | None:
        before = len(self.problems)
        values = self.values(cells, base)
        del self.problems[before:]
        return next((cells[name] for name, value in values.items() if value != base.values[name]), None)

    def values(self, cells: Mapping[str, FilledCell], base: Standing) -> dict[str, str | None]:
        """The canonical value of each cell that can be read."""
        found = {}
        for name, cell in cells.items():
            try:
                found[name] = parse(name, cell, base.values[name], self.epoch)
            except Unreadable as error:
                self.problem(cell, str(error), base.task_id)
        return found


def _compare(base: Standing, cells: Mapping[str, FilledCell], now: Standing, reader: _Reader) -> Iterator[tuple[Change, bool]]:
    """Each change, and whether somebody else changed the same meanwhile."""
    changed = {name: value for name, value in reader.values(cells, base).items() if value != base.values[name]}
    told = set(changed)
    if changed.keys() & set(PAIR):
        _complete_pair(base, changed, cells, reader)
    if "due" in changed and now.own_due:
        reader.problem(cells["due"], "thời hạn này đã được gia hạn riêng cho đơn vị; hãy sửa bằng việc gia hạn.", base.task_id)
        del changed["due"]
    changed = {name: value for name, value in changed.items() if value != now.values[name]}
    clashes = {name for name in changed if now.values[name] != base.values[name]}
    if clashes & set(PAIR):
        clashes |= changed.keys() & set(PAIR)
    for name, value in changed.items():
        if name in told:
            remark = "trạng thái thành «Hoàn thành»" if name == "completed_on" and changed.keys() - told else ""
            yield Change(base.task_id, base.agency, name, base.values[name], value, cells[name].where, remark), name in clashes


def _complete_pair(base: Standing, changed: dict[str, str | None], cells: Mapping[str, FilledCell], reader: _Reader) -> None:
    """Make status and day of completion fit each other: a day alone completes the task, another status takes the day away."""
    status, day = (changed.get(name, base.values[name]) for name in PAIR)
    message = ""
    if day is not None and "completed_on" in changed and day > reader.today.isoformat():
        message = "ngày hoàn thành ở sau hôm nay."
    elif status == "done" and day is None:
        message = (
            "đã hoàn thành thì phải có ngày hoàn thành." if "status" in changed else "trạng thái vẫn là «Hoàn thành»; hãy sửa cả hai ô."
        )
    elif status != "done" and "completed_on" in changed and day is not None:
        if "status" in changed or status not in OWED:
            message = "có ngày hoàn thành thì trạng thái phải là «Hoàn thành»."
        else:
            changed["status"] = "done"
    if message:
        reader.problem(cells["completed_on" if "completed_on" in changed else "status"], message, base.task_id)
        for name in PAIR:
            changed.pop(name, None)
    elif changed.get("status") not in (None, "done"):
        changed.pop("completed_on", None)


def _conflict(store: Store, change: Change, now: Standing, last_event: int) -> Conflict:
    fields = PAIR if change.field in PAIR else (change.field,)
    events = [event for event in store.events(change.task_id) if event.id > last_event and event.field in fields]
    newest = events[-1] if events else None
    value = now.values[change.field]
    return Conflict(change, value, newest.who if newest else None, newest.at if newest else None)


def _with_remark(store: Store, change: Change) -> Change:
    if change.field not in ("lead", "coordinating") or change.new is None:
        return change
    unknown = store.unknown_agencies(change.new.split("; "))
    return replace(change, remark=f"chưa có trong danh mục: {'; '.join(unknown)}") if unknown else change
