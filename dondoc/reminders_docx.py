"""A digest as a Word file that a clerk may still change before printing. The formal công văn đôn đốc is an export of its own."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from dondoc.reminders import Digest, clean
from dondoc.reminders_text import STANDING_HEADINGS, closing, item_headings, more, opening, standing_rows, subject, title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document
    from docx.table import Table, _Cell

FONT = "Times New Roman"
_RED = RGBColor(0xA0, 0, 0)
# Widths in cm; together the 25.7 between the margins of a landscape A4 page.
_ITEM_WIDTHS = {"Mã": 1.5, "Nhiệm vụ": 10.7, "Cơ quan chủ trì": 4.0, "Văn bản giao": 5.7, "Thời hạn": 3.8}
_STANDING_WIDTHS = (10.7, 3.0, 3.0, 3.0, 3.0, 3.0)


def write(digest: Digest, path: Path | IO[bytes]) -> None:
    """Write the file: landscape A4, Times New Roman as Nghị định 30/2020 asks."""
    document = docx.Document()
    _set_page(document)
    document.core_properties.title = subject(digest)
    document.core_properties.author = digest.office
    _paragraph(document, title(digest), bold=True, size=14, centered=True)
    if not digest.is_summary:
        _paragraph(document, f"Kính gửi: {clean(digest.agency)}", centered=True, size=14)
    _paragraph(document, opening(digest))
    if digest.standings:
        _paragraph(document, "Theo cơ quan, đơn vị", bold=True)
        rows = standing_rows(digest)
        table = _table(document, STANDING_HEADINGS, _STANDING_WIDTHS, len(rows))
        for place, row in zip(_rows(table), rows, strict=True):
            _fill(place, [str(value) for value in row])
    headings = item_headings(digest)
    spare = 0 if digest.is_summary else _ITEM_WIDTHS["Cơ quan chủ trì"]
    widths = [_ITEM_WIDTHS[heading] + (spare if heading == "Nhiệm vụ" else 0) for heading in headings]
    for section in digest.sections:
        _paragraph(document, f"{section.heading} ({section.total})", bold=True)
        table = _table(document, headings, widths, len(section.items))
        for cells, item in zip(_rows(table), section.items, strict=True):
            lead = [item.lead] if digest.is_summary else []
            _fill(cells, [str(item.task_id), item.text, *lead, item.document, item.when])
            for remark in item.remarks:
                cells[1].add_paragraph().add_run(remark).italic = True
            if item.days is not None and item.days > 0:
                cells[-1].paragraphs[0].runs[0].font.color.rgb = _RED
        if section.total > len(section.items):
            _paragraph(document, more(section))
    for line in closing(digest):
        _paragraph(document, line)
    document.save(str(path) if isinstance(path, Path) else path)


def _set_page(document: Document) -> None:
    page = document.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(13)
    # Word takes the font of Vietnamese letters from here.
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    normal.paragraph_format.space_after = Pt(6)


def _paragraph(document: Document, text: str, *, bold: bool = False, size: int = 13, centered: bool = False) -> None:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(size)
    if centered:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = bold


def _table(document: Document, headings: Sequence[str], widths: Sequence[float], rows: int) -> Table:
    """A table with its headings and so many empty rows."""
    table: Table = document.add_table(rows=1 + rows, cols=len(headings), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    _fill(table.rows[0].cells, headings)
    for cell in table.rows[0].cells:
        cell.paragraphs[0].runs[0].bold = True
    # The headings once more on every page.
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    return table


def _rows(table: Table) -> list[tuple[_Cell, ...]]:
    """The cells of the rows below the headings."""
    return [row.cells for row in list(table.rows)[1:]]


def _fill(cells: Sequence[_Cell], texts: Sequence[str]) -> None:
    for cell, text in zip(cells, texts, strict=True):
        cell.paragraphs[0].add_run(text).font.size = Pt(12)
