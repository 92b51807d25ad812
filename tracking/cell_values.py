"""What a person typed into a cell → the canonical value of a field (:mod:`tracking.standing`).

Spreadsheet programs turn dates into texts and texts into dates or numbers when they save, so each kind of value is taken in all its forms.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

from tracking.folding import fold_name
from tracking.standing import as_day, canonical, joined
from tracking.views import STATUS_LABELS
from tracking.workbook_reading import FilledCell, serial_day

_SHORT = 40
_DAY = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.]+)?")
_ARROW = "→"


class Unreadable(ValueError):
    """The cell cannot be taken; the message says why, in Vietnamese."""


def parse(field: str, cell: FilledCell, went_out: str | None, epoch: datetime) -> str | None:
    """The canonical value in a cell; ``went_out`` what was in it when the file was written, ``epoch`` the day 0 of the workbook's dates.

    :raises Unreadable: it is a formula, an error, or no value of that kind.
    """
    if cell.kind == "f":
        raise Unreadable("ô có công thức; hãy ghi thẳng giá trị.")
    if cell.kind == "e":
        raise Unreadable(f"ô báo lỗi {cell.as_text()}.")
    if isinstance(cell.value, bool):
        raise Unreadable(f"không dùng được giá trị {'TRUE' if cell.value else 'FALSE'}.")
    if field in ("due", "completed_on"):
        return _day(cell, went_out, epoch)
    special: dict[str, Callable[[FilledCell, str | None], str | None]] = {
        "status": _status,
        "percent": _percent,
        "text": _task_text,
        "lead": _names,
        "coordinating": _names,
        "reply_number": _number,
    }
    return special[field](cell, went_out) if field in special else canonical(cell.as_text())


def short(text: str) -> str:
    """The beginning of a text, for a message."""
    text = " ".join(text.split())
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"


def _day(cell: FilledCell, went_out: str | None, epoch: datetime) -> str | None:
    if cell.empty:
        # Words ("hằng quý") are no date that somebody could take away.
        return went_out if as_day(went_out) is None else None
    if isinstance(cell.value, datetime):
        return _plausible(cell.value.date(), cell)
    if isinstance(cell.value, int | float):
        if (day := serial_day(cell.value, epoch)) is None:
            raise _no_day(cell)
        return day.isoformat()
    text = str(canonical(cell.as_text()))
    if text == went_out:
        return went_out
    if (found := _DAY.fullmatch(text)) is None:
        raise _no_day(cell)
    numbers = [int(part) for part in found.groups() if part is not None]
    year, month, day_number = numbers if found[4] else reversed(numbers)
    try:
        return _plausible(date(year, month, day_number), cell)
    except ValueError:
        raise Unreadable(f"«{short(text)}» không có trong lịch; hãy ghi ngày/tháng/năm, ví dụ 28/02/2026.") from None


def _plausible(day: date, cell: FilledCell) -> str:
    if not 1990 <= day.year <= 2100:
        raise _no_day(cell)
    return day.isoformat()


def _no_day(cell: FilledCell) -> Unreadable:
    return Unreadable(f"«{short(cell.as_text())}» không phải ngày; hãy ghi ngày/tháng/năm, ví dụ 28/02/2026.")


def _status(cell: FilledCell, _went_out: str | None) -> str:
    if cell.empty:
        raise Unreadable("trạng thái không được để trống.")
    words = fold_name(cell.as_text())
    labels = {code: fold_name(label) for code, label in STATUS_LABELS.items()}
    exact = [code for code, label in labels.items() if label == words]
    # "Trả lại", "Đã hoàn thành", "Hoàn thành đúng hạn" are as plain.
    like = [code for code, label in labels.items() if f"{label} ".startswith(f"{words} ") or words.removeprefix("da ") == label]
    computed = ["done"] if words in ("hoan thanh dung han", "hoan thanh qua han") else []
    for found in (exact, like, computed):
        if len(found) == 1:
            return found[0]
    raise Unreadable(f"không có trạng thái «{short(cell.as_text())}»; các trạng thái: {'; '.join(STATUS_LABELS.values())}.")


def _percent(cell: FilledCell, _went_out: str | None) -> str | None:
    if cell.empty:
        return None
    value = cell.value
    if isinstance(value, int | float) and "%" in cell.number_format:
        value = round(value * 100, 6)
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    text = re.sub(r"[.,]0+$", "", text.removesuffix("%").strip())
    if not re.fullmatch(r"[0-9]{1,3}", text) or int(text) > 100:
        raise Unreadable(f"«{short(cell.as_text())}» không phải tỷ lệ; hãy ghi một số nguyên từ 0 đến 100.")
    return str(int(text))


def _task_text(cell: FilledCell, _went_out: str | None) -> str:
    text = canonical(cell.as_text())
    if text is None:
        raise Unreadable("nội dung nhiệm vụ không được để trống.")
    return text


def _names(cell: FilledCell, went_out: str | None) -> str | None:
    """Names between semicolons or on lines of their own; what stands after the arrow says who does that work today and is not read."""
    written = cell.as_text().split(_ARROW)[0]
    names = [name for part in re.split(r"[;\n]", written) if (name := canonical(part))]
    if any(not fold_name(name) for name in names):
        raise Unreadable("tên cơ quan không được chỉ có dấu.")
    found = joined(dict.fromkeys(names))
    # Names with other spacing or line breaks are the same names.
    return (
        went_out
        if [fold_name(one) for one in (found or "").split(";")] == [fold_name(one) for one in (went_out or "").split(";")]
        else found
    )


def _number(cell: FilledCell, _went_out: str | None) -> str | None:
    if isinstance(cell.value, datetime):
        raise Unreadable(
            f"chương trình bảng tính đã đổi số văn bản thành ngày {cell.as_text()}; hãy định dạng ô là chữ (Text) rồi ghi lại."
        )
    return canonical(cell.as_text())
