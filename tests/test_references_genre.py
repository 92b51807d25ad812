"""Citations as directives write them and scanning breaks them: type, number, date, issuer. Local documents and bodies are invented.

A reading is "type | number | date | issuer", "-" for what the text does not give; several are joined by " ; ".
The table is citations_genre.csv.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from extract.directive import Reference
from extract.references import find_references, linked_references, resolve


def short(reference: Reference) -> str:
    fields = (reference.type, reference.number, reference.date, reference.issuer)
    return " | ".join(str(field) if field else "-" for field in fields)


LINES = (Path(__file__).parent / "citations_genre.csv").read_text("utf-8").splitlines()
ROWS = [pytest.param(row["text"].replace("⏎", "\n"), row["reading"], id=row["id"]) for row in csv.DictReader(LINES[1:])]


@pytest.mark.parametrize(("text", "reading"), ROWS)
def test_citations(text: str, reading: str) -> None:
    assert " ; ".join(map(short, find_references(text))) == reading


def test_the_table_names_its_source_and_tells_its_rows_apart() -> None:
    assert LINES[0].startswith("# source:")
    assert len({row.id for row in ROWS}) == len(ROWS)


KNOWN = resolve(
    find_references(
        "Kế hoạch số 262/KH-UBND ngày 20/12/2022 của UBND tỉnh; Nghị định số 30/2020/NĐ-CP ngày 05/3/2020; "
        "Công điện số 224/CĐ-TTg ngày 26/11/2025; Quyết định số 12/QĐ-UBND, Quyết định số 15/QĐ-UBND; Công văn số 7514/VPCP-KGVX"
    )
)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        pytest.param("triển khai Kế hoạch 262 đúng tiến độ", ["262/KH-UBND"], id="without số"),
        pytest.param("triển khai Kế hoạch số 262 đúng tiến độ", ["262/KH-UBND"], id="without the symbol"),
        pytest.param("theo Nghị định 30", ["30/2020/NĐ-CP"], id="without the year"),
        pytest.param("thực hiện Kế hoạch nêu trên", ["262/KH-UBND"], id="the plan above, when there is one"),
        pytest.param("thực hiện Quyết định nêu trên", [], id="the decision above, when there are two"),
        pytest.param("Quyết định 12 của UBND tỉnh", ["12/QĐ-UBND"], id="one of two by its number"),
        pytest.param("Công điện 224 và Công điện 225", ["224/CĐ-TTg"], id="what is not known stays out"),
        pytest.param("Công văn số 7514/VPCP", ["7514/VPCP-KGVX"], id="a symbol cut short"),
        pytest.param("Chương trình 135, Kế hoạch 5 năm", [], id="numbers that are names and counts"),
        pytest.param("Kế hoạch số 999", ["999"], id="a short form that nothing fits"),
        pytest.param("Kế hoạch này", [], id="the document itself"),
    ],
)
def test_short_and_indirect_mentions_are_linked(text: str, numbers: list[str]) -> None:
    found = linked_references(text, KNOWN)
    assert [one.number for one in found] == numbers
    assert all(text[one.begin : one.end].strip() for one in found)


def test_a_symbol_cut_short_is_no_other_document_unless_the_date_says_so() -> None:
    same = "Công văn số 7514/VPCP-KGVX ngày 12/8/2025; Công văn số 7514/VPCP ngày 12/8/2025"
    assert [one.number for one in resolve(find_references(same))] == ["7514/VPCP-KGVX"]
    other = f"{same}; Công văn số 7514/VPCP ngày 15/9/2024"
    assert [one.number for one in resolve(find_references(other))] == ["7514/VPCP-KGVX", "7514/VPCP"]
