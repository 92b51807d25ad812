"""The notebooks run from top to bottom."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]


def outputs(name: str) -> list[Any]:
    """What the cells of a notebook show when it is run from the repository."""
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(ROOT)}}).execute()
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def test_every_notebook_is_run_here() -> None:
    assert {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")} == {"one-document", "spacy-pipeline"}


@pytest.mark.ocr
def test_one_document_shows_the_page_and_its_spans(rendered_samples: Path) -> None:
    assert rendered_samples.is_dir()
    kinds = {mime for output in outputs("one-document") for mime in output.get("data", {})}
    assert {"image/png", "text/html"} <= kinds


def test_spacy_pipeline_shows_spans_of_every_group() -> None:
    found = outputs("spacy-pipeline")
    pages = [output["data"]["text/html"] for output in found if "text/html" in output.get("data", {})]
    printed = "".join(output.get("text", "") for output in found)
    assert len(pages) == 6
    for label in ("lead", "coordinating", "receiver", "group", "before", "Kế hoạch", "task"):
        assert any(label in page for page in pages), label
    for name in ("Sở Nội vụ", "2026-06-30", "12/KH-UBND", "15/CT-UBND"):
        assert name in printed
    assert "Tổ" in pages[-1] or "TĐĐ" in pages[-1]
