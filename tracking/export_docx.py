"""Registers as a Word table, A4 landscape, to be put into a report or a letter by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Cm, Pt
from docx.table import _Row

from ingest.errors import UsageError
from tracking.exporting import combined_register, put_in_place, write_department
from tracking.register import TITLE, Entry, Register, document_title
from tracking.rows import TaskFilter
from tracking.standing import cell_text, shown
from tracking.store import Store

MOST_ROWS = 2000
"""A Word table of more rows takes minutes to lay out; a spreadsheet does not."""

COLUMNS = (
    ("TT", 1.1), ("Nội dung nhiệm vụ", 9.2), ("Văn bản giao", 5.0), ("Chủ trì", 3.6), ("Thời hạn", 2.4), ("Tình trạng", 2.6),
    ("Tiến độ, ghi chú", 2.8),
)  # fmt: skip
"""Headings and widths in cm; together the width of the sheet between its margins."""


def export_department(store: Store, agency: str | None, path: Path, as_of: date | None = None) -> Path:
    """Write the list of one department (None: of nobody); an existing file is replaced.

    :raises NotFound: no agency has such a name. :raises UsageError: more than :data:`MOST_ROWS` tasks.
    """
    return write_department(store, agency, path, as_of, write)


def export_combined(store: Store, path: Path, as_of: date | None = None, wanted: TaskFilter | None = None) -> Path:
    """Write one list with every task once, or with those that pass the filter.

    :raises UsageError: more than :data:`MOST_ROWS` tasks.
    """
    if store.count_tasks(wanted or TaskFilter(as_of=as_of)) > MOST_ROWS:
        raise UsageError(f"danh sách Word nhiều nhất {MOST_ROWS} nhiệm vụ.", remedy="Hãy lọc bớt, hoặc xuất ra Excel.")
    register = combined_register(store, as_of, wanted)
    return put_in_place(path, lambda temporary: write(register, temporary))


def write(register: Register, path: Path) -> None:
    """Write a register.

    :raises UsageError: more than :data:`MOST_ROWS` tasks.
    """
    if len(register.rows) > MOST_ROWS:
        raise UsageError(f"danh sách Word nhiều nhất {MOST_ROWS} nhiệm vụ.", remedy="Hãy xuất ra Excel.")
    paper = Document()
    _lay_out(paper)
    _line(paper, register.agency.upper(), bold=True)
    _line(paper, TITLE, bold=True, size=14, centred=True)
    _line(paper, f"(Tính đến ngày {register.as_of:%d/%m/%Y})", italic=True, centred=True)
    _line(paper, f"{register.counted()}.")
    table = paper.add_table(rows=1, cols=len(COLUMNS))
    table.style, table.autofit = "Table Grid", False
    for column, (_, width) in zip(table.columns, COLUMNS, strict=True):
        column.width = Cm(width)  # LibreOffice goes by the columns, Word by the cells
    heading = table.rows[0]
    heading._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # on each sheet again
    _fill(heading, [title for title, _ in COLUMNS], bold=True)
    for number, entry in enumerate(register.rows, 1):
        row = table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        _fill(row, _cells(number, entry))
    paper.save(str(path))


def _cells(number: int, entry: Entry) -> list[str]:
    task, values = entry.task, entry.standing.values
    late = f" (trễ {task.days_late} ngày)" if task.days_late and entry.owed else ""
    done = f" ngày {shown('completed_on', values['completed_on'])}" if values["completed_on"] else ""
    notes = "; ".join(text for text in (values["progress"], values["note"]) if text)
    return [str(number), task.text, document_title(task), task.lead_text, entry.deadline, f"{task.state_label}{late}{done}", notes]


def _lay_out(paper: Paper) -> None:
    section = paper.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(1.5)
    section.top_margin = section.bottom_margin = Cm(1.8)
    font = paper.styles["Normal"].font
    font.name, font.size = "Times New Roman", Pt(11)
    paper.styles["Normal"].element.rPr.rFonts.set(qn("w:eastAsia"), "Times New Roman")
    paper.styles["Normal"].paragraph_format.space_after = Pt(2)
    number_pages(section)


def number_pages(section: Section) -> None:
    """The number of the page in the top margin, from the second on."""
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    for kind in ("begin", "", "end"):
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.text = "PAGE"
        run._r.append(mark)


def _line(paper: Paper, text: str, *, bold: bool = False, italic: bool = False, size: int = 12, centred: bool = False) -> None:
    paragraph = paper.add_paragraph()
    run = paragraph.add_run(cell_text(text))
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _fill(row: _Row, texts: list[str], *, bold: bool = False) -> None:
    for cell, text, (_, width) in zip(row.cells, texts, COLUMNS, strict=True):
        cell.width = Cm(width)
        cell.paragraphs[0].add_run(cell_text(text)).bold = bold
