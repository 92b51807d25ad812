"""Make the packaged templates of letters, laid out by Phụ lục I of Nghị định 30/2020/NĐ-CP: `python -m scripts.letter_templates`.

A4, margins 20/20/30/15 mm, Times New Roman; national title and issuer side by side with their rules; page numbers in the top margin from
page 2 on. The marks between braces are filled by tracking/letters.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from tracking.export_docx import number_pages

RESOURCES = Path(__file__).parents[1] / "tracking" / "resources"
FONT = "Times New Roman"
CENTER, JUSTIFY, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.LEFT
Column = tuple[str, str, float]


def assignment() -> Any:
    """Phiếu giao việc."""
    document = _page()
    _head(document, "Số: ……/PGV-{{ ky_hieu }}", subject=None)
    _line(document, "PHIẾU GIAO VIỆC", bold=True, align=CENTER, before=12)
    _line(document, "Về việc thực hiện các nhiệm vụ được giao", bold=True, align=CENTER, after=0)
    _rule(document, 6)
    _body(document, "Đơn vị chủ trì: {{ don_vi }}.")
    _body(
        document,
        "Căn cứ các văn bản chỉ đạo, điều hành nêu tại danh mục dưới đây, đề nghị {{ don_vi }} chủ trì, phối hợp với các cơ quan, đơn vị "
        f"liên quan thực hiện {_two('tong')} nhiệm vụ sau:",
    )
    _table(
        document,
        [("STT", "stt", 1.2), ("Nội dung nhiệm vụ", "noi_dung", 5.9), ("Văn bản giao", "van_ban", 3.6),
         ("Cơ quan cùng chủ trì, phối hợp", "cung_thuc_hien", 3.3), ("Thời hạn", "thoi_han", 2.5)],
    )  # fmt: skip
    _body(
        document,
        "Đề nghị {{ don_vi }} tổ chức thực hiện bảo đảm chất lượng, đúng thời hạn; báo cáo kết quả bằng văn bản; trường hợp có khó khăn, "
        "vướng mắc hoặc không thể hoàn thành đúng hạn thì báo cáo trước khi hết thời hạn./.",
        before=6,
    )
    _foot(document, "- {{ don_vi }};")
    return document


def urging() -> Any:
    """Công văn đôn đốc."""
    document = _page()
    _head(document, "Số: ……/{{ ky_hieu }}", subject="V/v đôn đốc thực hiện các nhiệm vụ được giao")
    _line(document, "Kính gửi: {{ don_vi }}.", align=CENTER, before=12, after=12)
    _body(
        document,
        "Qua theo dõi việc thực hiện các nhiệm vụ được giao, tính đến ngày {{ tinh_den }}, {{ don_vi }} còn "
        f"{_two('tong')} nhiệm vụ {{% if so_qua_han and so_sap_den_han %}}cần khẩn trương hoàn thành, trong đó {_two('so_qua_han')} "
        f"nhiệm vụ đã quá hạn và {_two('so_sap_den_han')} nhiệm vụ sắp đến hạn{{% elif so_qua_han %}}đã quá hạn, cần khẩn trương hoàn thành"
        "{% else %}sắp đến hạn, cần hoàn thành đúng thời hạn{% endif %}, cụ thể như sau:",
    )
    _table(
        document,
        [("STT", "stt", 1.3), ("Nội dung nhiệm vụ", "noi_dung", 6.3), ("Văn bản giao", "van_ban", 4.0), ("Thời hạn", "thoi_han", 2.5),
         ("Số ngày quá hạn", "so_ngay_qua_han or ''", 2.3)],
    )  # fmt: skip
    _body(
        document,
        "Đề nghị {{ don_vi }} tập trung chỉ đạo hoàn thành các nhiệm vụ nêu trên; đối với nhiệm vụ đã quá hạn, báo cáo rõ nguyên nhân, "
        "trách nhiệm và thời gian hoàn thành. Kết quả thực hiện gửi về {{ co_quan_gui }} để tổng hợp, theo dõi./.",
        before=6,
    )
    _foot(document, "- Như trên;")
    return document


def _two(name: str) -> str:
    """A number as offices write it: 05 nhiệm vụ."""
    return f"{{{{ '%02d' % {name} }}}}"


def _page() -> Any:
    document = docx.Document()
    _slim(document)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin = section.bottom_margin = Cm(2)
    section.left_margin, section.right_margin = Cm(3), Cm(1.5)
    section.header_distance = Cm(1)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(14)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    normal.paragraph_format.space_after = Pt(0)
    number_pages(section)
    document.core_properties.author, document.core_properties.title = "dondoc", ""
    return document


def _slim(document: Any) -> None:
    """Leave out what the empty document of python-docx has and no letter uses: nine tenths of the time to fill in a letter went there."""
    used = {"Normal", "Table Normal", "Table Grid", "Header", "Default Paragraph Font"}
    for style in list(document.styles.element.style_lst):
        if style.name_val not in used:
            document.styles.element.remove(style)
    kept = ("styles", "settings", "fontTable", "officeDocument", "core-properties")
    for part in (document.part, document.part.package):
        for name, relation in list(part.rels.items()):
            if relation.reltype.rsplit("/", 1)[1] not in kept:
                del part.rels[name]


def _head(document: Any, number: str, subject: str | None) -> None:
    table = document.add_table(rows=1, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    left, right = table.rows[0].cells
    _widths(table, (7.0, 10.0))
    _line(left, "{%p if co_quan_chu_quan %}", first=True)
    _line(left, "{{ co_quan_chu_quan }}", size=13, align=CENTER)
    _line(left, "{%p endif %}")
    _line(left, "{{ co_quan }}", size=13, bold=True, align=CENTER)
    _rule(left, 2.3)
    _line(left, number, size=13, align=CENTER, before=2)
    if subject:
        _line(left, subject, size=12, align=CENTER, before=2)
    _line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=13, bold=True, align=CENTER, first=True)
    _line(right, "Độc lập - Tự do - Hạnh phúc", size=14, bold=True, align=CENTER)
    _rule(right, 1.9)
    _line(right, "{{ dia_danh }}, ngày {{ ngay }} tháng {{ thang }} năm {{ nam }}", size=14, italic=True, align=CENTER, before=2)


def _foot(document: Any, receiver: str) -> None:
    # The signature never stands alone on a page: the last words of the letter go with it.
    document.paragraphs[-1].paragraph_format.keep_together = document.paragraphs[-1].paragraph_format.keep_with_next = True
    _line(document, "", size=6).paragraph_format.keep_with_next = True
    table = document.add_table(rows=1, cols=2)
    _widths(table, (8.0, 8.5))
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    left, right = table.rows[0].cells
    _line(left, "Nơi nhận:", size=12, bold=True, italic=True, first=True)
    _line(left, receiver, size=11)
    _line(left, "- Lưu: {{ luu }}.", size=11)
    _line(right, "{{ chuc_vu }}", size=14, bold=True, align=CENTER, first=True)
    for _ in range(4):
        _line(right, "", align=CENTER)
    _line(right, "{{ nguoi_ky }}", size=14, bold=True, align=CENTER)


def _table(document: Any, columns: list[Column]) -> None:
    table = document.add_table(rows=4, cols=len(columns))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _widths(table, [width for _, _, width in columns])
    _margins(table)
    for cell, (title, _, _) in zip(table.rows[0].cells, columns, strict=True):
        _line(cell, title, size=12, bold=True, align=CENTER, first=True)
    header = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(header)
    _line(table.rows[1].cells[0], "{%tr for viec in nhiem_vu %}", first=True)
    for cell, (_, name, _) in zip(table.rows[2].cells, columns, strict=True):
        align = LEFT if name in ("noi_dung", "van_ban", "cung_thuc_hien") else CENTER
        _line(cell, f"{{{{ viec.{name} }}}}", size=12, align=align, first=True)
    table.rows[2]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    _line(table.rows[3].cells[0], "{%tr endfor %}", first=True)


def _margins(table: Any) -> None:
    """Some air above and below the texts of cells: 1 mm."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("top", "bottom"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "57")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription")


def _widths(table: Any, widths: Any) -> None:
    table.autofit = False
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)


def _body(document: Any, text: str, before: float = 0) -> None:
    paragraph = _line(document, text, align=JUSTIFY, before=before, after=6)
    paragraph.paragraph_format.first_line_indent = Cm(1.27)
    paragraph.paragraph_format.line_spacing = 1.15


def _line(  # noqa: PLR0913 - how a line looks
    place: Any, text: str, *, size: float = 14, bold: bool = False, italic: bool = False, align: Any = LEFT, before: float = 0,
    after: float = 0, first: bool = False,
) -> Any:  # fmt: skip
    paragraph = place.paragraphs[0] if first else place.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size, run.font.name = bold, italic, Pt(size), FONT
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    return paragraph


def _rule(place: Any, indent: float) -> None:
    """A short line in the middle: the border of an empty paragraph, drawn in by so many cm on both sides."""
    paragraph = _line(place, "", size=2, before=2)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Cm(indent)
    paragraph.paragraph_format.line_spacing = Pt(3)
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    properties = paragraph._p.get_or_add_pPr()
    # The schema wants the border before spacing and indents.
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr")


def main() -> None:
    """Write both templates."""
    for name, make in (("phieu-giao-viec", assignment), ("cong-van-don-doc", urging)):
        make().save(RESOURCES / f"{name}.docx")


if __name__ == "__main__":
    main()
