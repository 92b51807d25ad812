"""The notebooks run from top to bottom."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]


@pytest.mark.ocr
@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_runs_and_shows_something(path: Path, rendered_samples: Path) -> None:
    assert rendered_samples.is_dir()
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(ROOT)}}).execute()
    kinds = {mime for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs for mime in output.get("data", {})}
    assert {"image/png", "text/html"} <= kinds
