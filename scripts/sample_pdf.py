"""Draw a :class:`~scripts.sample_format.Sample` as a born-digital PDF in the look of Nghị định 30/2020/NĐ-CP, Phụ lục I.

The text layer is real Unicode text (embedded TrueType with ToUnicode), so that the same file serves as source of the scans and as the
test of reading text layers.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from reportlab import rl_config
from reportlab.lib.colors import black, red
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Spacer,
    Table,
    TableStyle,
)
from reportlab.platypus import Paragraph as Flow

from scripts.sample_fonts import font_file
from scripts.sample_format import ABOVE, LEFT, MOTTO, Appendix, Grid, Paragraph, Sample, addressee_lines

FACES = {"Serif": "Regular", "Serif-Bold": "Bold", "Serif-Italic": "Italic", "Serif-BoldItalic": "BoldItalic"}
LEFT_MARGIN, RIGHT_MARGIN, TOP_MARGIN, BOTTOM_MARGIN = 30 * mm, 17 * mm, 20 * mm, 18 * mm
SIGNATURE_HEIGHT = 25 * mm
# Text encoding of binary streams took half of the rendering time and made files a quarter larger.
rl_config.useA85 = 0
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class SignaturePlace:
    """Where the signature goes: page from 1, the middle of the room in points from the page's bottom left corner."""

    page: int
    x: float
    y: float


def render(sample: Sample) -> tuple[bytes, SignaturePlace]:
    """The PDF of a sample and the place of its signature."""
    for name, face in FACES.items():
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(font_file(face))))
    return _Drawing(sample).draw()


class _SignatureSpace(Flowable):
    """Empty room for the signature that remembers where it came to lie."""

    def __init__(self, width: float) -> None:
        super().__init__()
        self.width, self.height = width, SIGNATURE_HEIGHT
        self.place: SignaturePlace | None = None

    def wrap(self, *_: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        x, y = self.canv.absolutePosition(self.width / 2, self.height / 2)
        self.place = SignaturePlace(self.canv.getPageNumber(), x, y)


class _RuledTable(Table):
    """A table that is closed by a line above and below a page break, also where the break runs through a row."""

    def split(self, available_width: float, available_height: float) -> list[Any]:
        parts: list[Any] = super().split(available_width, available_height)
        for part in parts:
            part.setStyle(TableStyle([("BOX", (0, 0), (-1, -1), 0.6, black)]))
        return parts


class _Template(BaseDocTemplate):
    """Pages numbered at the top from the second page of each part on."""

    part_page = 1

    def first_page(self, _canvas: Any, _doc: Any) -> None:
        self.part_page = 1

    def later_page(self, canvas: Any, _doc: Any) -> None:
        self.part_page += 1
        canvas.setFont("Serif", 13)
        canvas.drawCentredString(canvas._pagesize[0] / 2, canvas._pagesize[1] - 13 * mm, str(self.part_page))


class _Drawing:
    """One rendering; holds the styles that follow from the sample's font size."""

    def __init__(self, sample: Sample) -> None:
        self.sample = sample
        self.size = sample.layout.font_size
        self.width = A4[0] - LEFT_MARGIN - RIGHT_MARGIN
        body: dict[str, Any] = {"fontSize": self.size, "leading": self.size * sample.layout.leading, "spaceAfter": self.size * 0.38}
        body |= {"alignment": TA_JUSTIFY, "firstLineIndent": 12.7 * mm}
        self.styles = {
            "plain": ParagraphStyle("plain", fontName="Serif", **body),
            "italic": ParagraphStyle("italic", fontName="Serif-Italic", **body),
            "heading": ParagraphStyle("heading", fontName="Serif-Bold", **body),
            "subheading": ParagraphStyle("subheading", fontName="Serif-BoldItalic", **body),
            "center": self._style("Serif-Bold", self.size, TA_CENTER, after=4),
        }

    def draw(self) -> tuple[bytes, SignaturePlace]:
        buffer = io.BytesIO()
        document = _Template(buffer, pagesize=A4, invariant=1, title=str(self.sample.document["subject"]), author="dondoc sample")
        for name, size in (("portrait", A4), ("landscape", landscape(A4))):
            width, height = size[0] - LEFT_MARGIN - RIGHT_MARGIN, size[1] - TOP_MARGIN - BOTTOM_MARGIN
            frame = Frame(LEFT_MARGIN, BOTTOM_MARGIN, width, height, 0, 0, 0, 0)
            document.addPageTemplates(
                [
                    PageTemplate(name, [frame], onPage=document.first_page, pagesize=size, autoNextPageTemplate=f"{name}-later"),
                    PageTemplate(f"{name}-later", [frame], onPage=document.later_page, pagesize=size),
                ]
            )
        space = _SignatureSpace(self.width * 0.5)
        story: list[Any] = [*self._masthead(), *self._title(), *self._blocks(self.sample.body, self.width), *self._foot(space)]
        for appendix in self.sample.appendices:
            story += [NextPageTemplate("landscape" if appendix.landscape else "portrait"), PageBreak(), *self._appendix(appendix)]
        document.build(story)
        if space.place is None:
            raise RuntimeError(f"{self.sample.name}: the signature was not drawn")
        return buffer.getvalue(), space.place

    def _style(self, font: str, size: float, alignment: Any = TA_LEFT, after: float = 0.0) -> ParagraphStyle:
        return ParagraphStyle(font, fontName=font, fontSize=size, leading=size * 1.18, alignment=alignment, spaceAfter=after)

    def _lines(self, lines: Iterable[str], font: str, size: float, alignment: Any = TA_CENTER) -> list[Flowable]:
        style = self._style(font, size, alignment)
        return [Flow(escape(line), style) for line in lines]

    def _issuer(self) -> list[Flowable]:
        layout = self.sample.layout
        return [*self._lines(layout.parent, "Serif", 13), *self._lines(layout.head, "Serif-Bold", 13), _Rule(26 * mm)]

    def _motto(self) -> list[Flowable]:
        return [*self._lines(MOTTO[:1], "Serif-Bold", 12.5), *self._lines(MOTTO[1:], "Serif-Bold", 13.5), _Rule(56 * mm)]

    def _masthead(self) -> list[Flowable]:
        sample = self.sample
        number: list[Flowable] = self._lines([sample.number_line.replace("  ", 2 * NO_BREAK_SPACE)], "Serif", 13)
        if sample.is_letter:
            number += self._lines([f"V/v {sample.document['subject']}"], "Serif", 12.5)
        if sample.layout.urgency:
            number += [Spacer(1, 5), _boxed(sample.layout.urgency)]
        rows = [[self._issuer(), self._motto()], [number, self._lines([sample.date_line], "Serif-Italic", 13.5)]]
        # A letter has room for the ĐẾN stamp beside its "V/v"; other types get it between number and title.
        return [self._columns(rows, 0.41), Spacer(1, 12 if sample.is_letter or sample.layout.urgency else 34)]

    def _columns(self, rows: list[list[Any]], share: float) -> Table:
        table = Table(rows, colWidths=[self.width * share, self.width * (1 - share)])
        sides = [("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0)]
        table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *sides, ("BOTTOMPADDING", (0, 0), (-1, -1), 4)]))
        return table

    def _title(self) -> list[Flowable]:
        sample, flows = self.sample, []
        if not sample.is_letter:
            flows += self._lines([str(sample.document["type"]).upper()], "Serif-Bold", 14)
            flows += [*self._lines([str(sample.document["subject"])], "Serif-Bold", 14), _Rule(40 * mm), Spacer(1, 8)]
        flows += self._addressees("Kính gửi:", sample.layout.kinh_gui)
        flows += self._addressees(f"{' '.join(sample.layout.head)} điện:", sample.layout.dien)
        return flows

    def _addressees(self, call: str, names: tuple[str, ...]) -> list[Flowable]:
        lines = addressee_lines(call, names)
        if not lines:
            return []
        if len(lines) == 1:
            return [*self._lines(lines, "Serif", self.size), Spacer(1, 10)]
        indent = 45 * mm
        call_style = ParagraphStyle("call", parent=self._style("Serif", self.size), leftIndent=indent - 12 * mm)
        list_style = ParagraphStyle("list", parent=self._style("Serif", self.size), leftIndent=indent)
        return [Flow(escape(lines[0]), call_style), *(Flow(escape(line), list_style) for line in lines[1:]), Spacer(1, 10)]

    def _blocks(self, blocks: Sequence[Paragraph | Grid], width: float) -> list[Flowable]:
        flows: list[Flowable] = []
        for block, following in zip(blocks, [*blocks[1:], None], strict=True):
            if isinstance(block, Grid):
                flows.append(self._grid(block, width))
            else:
                flows.append(self._paragraph(block))
                # A table is kept whole with what is kept with it, so a long one would leave half a page empty.
                flows[-1].keepWithNext = block.style in {"heading", "subheading"} and not isinstance(following, Grid)
        return flows

    def _paragraph(self, block: Paragraph) -> Flowable:
        parts = [escape(block.mark)] if block.mark else []
        if block.run_in:
            parts.append(f'<font name="Serif-Bold">{escape(block.run_in)}</font>')
        parts.append(escape(block.text))
        return Flow(" ".join(parts), self.styles[block.style])

    def _grid(self, grid: Grid, width: float) -> Flowable:
        total = sum(grid.widths)
        commands: list[Any] = [
            ("GRID", (0, 0), (-1, -1), 0.6, black),
            ("VALIGN", (0, 0), (-1, -1), "TOP" if grid.split else "MIDDLE"),
            ("LEFTPADDING", (0, 0), (-1, -1), 3.5),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3.5),
        ]
        rows = [*((cells, "head") for cells in grid.header), *((row.cells, "section" if row.section else "row") for row in grid.rows)]
        data = []
        for number, (cells, kind) in enumerate(rows):
            data.append([self._cell(cell, kind, column, grid) for column, cell in enumerate(cells)])
            commands += [("SPAN", *span) for span in _spans(rows, number)]
        table = _RuledTable(
            data,
            colWidths=[width * share / total for share in grid.widths],
            repeatRows=len(grid.header) if grid.repeat_header else 0,
            splitInRow=1 if grid.split else 0,
            spaceAfter=6,
        )
        table.setStyle(TableStyle(commands))
        return table

    def _cell(self, cell: str, kind: str, column: int, grid: Grid) -> Flowable | str:
        if cell in {ABOVE, LEFT, ""}:
            return ""
        font = "Serif" if kind == "row" else "Serif-Bold"
        centred = kind == "head" or column == 0 or (kind == "row" and len(cell) < 26 and column != grid.task_column)
        style = self._style(font, grid.font_size, TA_CENTER if centred else TA_LEFT)
        return Flow("<br/>".join(escape(line) for line in cell.split("\n")), style)

    def _foot(self, space: _SignatureSpace) -> list[Flowable]:
        sample = self.sample
        copies = self._lines(["Nơi nhận:"], "Serif-BoldItalic", 12, TA_LEFT)
        copies += self._lines(sample.recipient_lines(), "Serif", 11, TA_LEFT)
        signing = [*self._lines(sample.layout.authority, "Serif-Bold", 13.5), space]
        signing += self._lines([str(sample.document["signer"])], "Serif-Bold", 14)
        return [Spacer(1, 6), self._columns([[copies, signing]], 0.5)]

    def _appendix(self, appendix: Appendix) -> list[Flowable]:
        page = landscape(A4) if appendix.landscape else A4
        width = page[0] - LEFT_MARGIN - RIGHT_MARGIN
        flows: list[Flowable] = [self._columns([[self._issuer(), self._motto()]], 0.41), Spacer(1, 10)] if appendix.masthead else []
        flows += self._lines(appendix.title, "Serif-Bold", 14)
        if appendix.attached:
            flows += self._lines([appendix.attached], "Serif-Italic", 13)
        return [*flows, _Rule(40 * mm), Spacer(1, 10), *self._blocks(appendix.body, width)]


def _spans(rows: Sequence[tuple[tuple[str, ...], str]], number: int) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The merged cells whose top left corner lies in row ``number``, as reportlab's (column, row) pairs."""
    spans = []
    cells = rows[number][0]
    for column, cell in enumerate(cells):
        if cell in {ABOVE, LEFT}:
            continue
        right = column
        while right + 1 < len(cells) and cells[right + 1] == LEFT:
            right += 1
        bottom = number
        while bottom + 1 < len(rows) and rows[bottom + 1][0][column] == ABOVE:
            bottom += 1
        if (right, bottom) != (column, number):
            spans.append(((column, number), (right, bottom)))
    return spans


class _Rule(Flowable):
    """A short line in the middle of whatever column it stands in (HRFlowable keeps to the left inside table cells)."""

    def __init__(self, length: float) -> None:
        super().__init__()
        self.length, self.width, self.height = length, length, 5.0

    def wrap(self, available_width: float, _available_height: float) -> tuple[float, float]:
        self.width = available_width
        return self.width, self.height

    def draw(self) -> None:
        self.canv.setLineWidth(0.7)
        self.canv.line((self.width - self.length) / 2, 1.5, (self.width + self.length) / 2, 1.5)


def _boxed(text: str) -> Flowable:
    style = ParagraphStyle("urgency", fontName="Serif-Bold", fontSize=13, leading=16, alignment=TA_CENTER, textColor=red)
    table = Table([[Flow(escape(text), style)]], colWidths=[34 * mm])
    table.setStyle(TableStyle([("BOX", (0, 0), (-1, -1), 1.2, red), ("TOPPADDING", (0, 0), (-1, -1), 1)]))
    return table
