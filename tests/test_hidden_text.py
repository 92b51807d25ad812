"""Text that nobody sees is taken out of the archive copy; what shows stays, to the pixel."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pikepdf import Dictionary, Name
from scanned_pdf import GARBLED, LINES, STAMP, copy_of, document_of, form, line_of, page_of, pdf_of, picture_of, texts


@pytest.mark.parametrize(
    ("parts", "kept"),
    [
        pytest.param({"after": GARBLED}, "", id="invisible"),
        pytest.param({"after": GARBLED + STAMP}, "Ky boi: Van thu", id="invisible beside a stamp"),
        pytest.param(
            {"after": STAMP + b" 3 Tr q 0 Tr " + STAMP + b" Q " + GARBLED[:3] + GARBLED[8:]}, "Ky boi: Van thu", id="mode outside"
        ),
        pytest.param({"before": GARBLED.replace(b"3 Tr", b"0 Tr")}, "", id="under the picture"),
        pytest.param({"before": b"BT /F1 9 Tf 10 20 Td 3 Tr (garbled) Tj 0 Tr ( shown) Tj ET"}, "", id="before the picture, mixed"),
        pytest.param({"after": b"BT /F1 9 Tf 10 20 Td 3 Tr (H0I) Tj 0 Tr (shown) Tj ET"}, "H0Ishown", id="visible text goes on from it"),
        pytest.param(
            {"after": b"q /Fm Do Q", "resources": lambda pdf: {"/XObject": form(pdf, GARBLED + STAMP)}}, "Ky boi: Van thu", id="form"
        ),
        pytest.param(
            {"after": b"3 Tr /Fm Do", "resources": lambda pdf: {"/XObject": form(pdf, b"BT /F1 9 Tf (x) Tj ET")}}, "", id="inherited"
        ),
        pytest.param(
            {
                "after": b"/Fm Do",
                "resources": lambda pdf: {"/XObject": form(pdf, b"/Fm Do", {"/XObject": Dictionary(form(pdf, GARBLED))})},
            },
            "",
            id="form in a form",
        ),
        pytest.param({"after": b"/Fm Do", "resources": lambda pdf: {"/XObject": _own_tail(pdf)}}, "", id="form that draws itself"),
        pytest.param(
            {"before": STAMP, "after": b"/G gs", "resources": lambda _: {"/ExtGState": {"/G": Dictionary(ca=0.5)}}}, "", id="opacity later"
        ),
        pytest.param(
            {"before": b"/G gs " + STAMP, "resources": lambda _: {"/ExtGState": {"/G": Dictionary(BM=Name.Multiply)}}},
            "Ky boi: Van thu",
            id="shines through",
        ),
        pytest.param(
            {"after": b"/G gs " + STAMP, "resources": lambda _: {"/ExtGState": {"/G": Dictionary(ca=0)}}}, "", id="without opacity"
        ),
        pytest.param({"before": STAMP + b" 0 100 300 300 re W n "}, "Ky boi: Van thu", id="picture clipped away there"),
    ],
)
def test_only_text_that_nobody_sees_is_taken_out(tmp_path: Path, parts: dict[str, Any], kept: str) -> None:
    page = page_of()
    source = pdf_of([picture_of(page)], tmp_path / "scan.pdf", **parts)
    copy = copy_of(source, document_of(page))
    assert sorted(texts(copy)[0].split()) == sorted(" ".join([*LINES, kept]).split())
    assert rendered(copy) == rendered(source.read_bytes())


def _own_tail(pdf: pikepdf.Pdf) -> dict[str, Any]:
    forms = form(pdf, GARBLED + b" /Fm Do")
    forms["/Fm"].Resources.XObject = Dictionary(forms)
    return forms


def rendered(file: bytes) -> bytes:
    with pypdfium2.PdfDocument(file) as pdf:
        return bytes(pdf[0].render(scale=1).to_pil().tobytes())


def test_a_form_of_several_pages_is_changed_only_where_it_is_hidden(tmp_path: Path) -> None:
    page = page_of()
    source = pdf_of(
        [picture_of(page)] * 2,
        tmp_path / "scan.pdf",
        after=b"/Fm Do",
        resources=lambda pdf: {"/XObject": form(pdf, GARBLED)},
    )
    # The second page was not recognised and keeps all that it had.
    first, second = texts(copy_of(source, document_of(page, page_of(number=2, lines=()))))
    assert "H0I" not in first
    assert "H0I" in second


@pytest.mark.parametrize(
    ("content", "raw", "replaced"),
    [
        pytest.param(GARBLED, LINES[0], False, id="hidden and right"),
        pytest.param(GARBLED, "Kinh gui: So Noi vu", True, id="hidden and restored"),
        pytest.param(STAMP, "Kinh gui: So Noi vu", False, id="visible"),
    ],
)
def test_a_page_read_from_its_own_text(tmp_path: Path, content: bytes, raw: str, replaced: bool) -> None:
    page = replace(page_of(), source="text-layer", lines=(line_of(LINES[0], 40, raw=raw),))
    source = pdf_of([picture_of(page)], tmp_path / "scan.pdf", after=content)
    before, after = texts(source.read_bytes()), texts(copy_of(source, document_of(page)))
    assert after == (list(LINES[:1]) if replaced else before)


@pytest.mark.parametrize("broken", [b"/Fm cm ", b"Tr ", b"(a) Do ", b"q q Q Q Q Q ", b"1 2 Tm ", b"BT /F1 9 Tf (x Tj"])
def test_a_page_whose_content_is_broken_gets_its_text_all_the_same(tmp_path: Path, broken: bytes) -> None:
    page = page_of()
    source = pdf_of([picture_of(page)], tmp_path / "scan.pdf", after=broken + GARBLED)
    assert all(line in texts(copy_of(source, document_of(page)))[0] for line in LINES)
