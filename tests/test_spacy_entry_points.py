"""Installed, dondoc's components are known to spaCy by name, without any import of ours."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from extract import pipeline

ROOT = Path(__file__).parents[1]
ENTRY_POINTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]
TEXT = "Giao Sở Nội vụ phối hợp với Sở Tài chính báo cáo trước ngày 30/6/2026."

ADDED = """
import spacy
nlp = spacy.blank("xx")
nlp.add_pipe("dondoc_roles")
nlp.add_pipe("dondoc_deadlines", config={"dated": "2026-01-01"})
"""
SAVED = """
import spacy
nlp = spacy.load(FOLDER)
"""
SHOWN = f"""
doc = nlp({TEXT!r})
print([(span.label_, span.id_) for group in ("roles", "deadlines") for span in doc.spans[group]])
"""


def test_every_component_has_its_entry_point() -> None:
    assert set(ENTRY_POINTS["spacy_factories"]) == {*pipeline.COMPONENTS, pipeline.TASKS}


@pytest.fixture
def installed(tmp_path: Path) -> dict[str, str]:
    """The environment of a process that finds the checkout as an installed package with these entry points."""
    folder = tmp_path / "site" / "dondoc_entry_points-0.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: dondoc-entry-points\nVersion: 0\n", "utf-8")
    groups = [f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in points.items()) for group, points in ENTRY_POINTS.items()]
    (folder / "entry_points.txt").write_text("\n".join(groups), "utf-8")
    return os.environ | {"PYTHONPATH": os.pathsep.join((str(tmp_path / "site"), str(ROOT)))}


@pytest.mark.parametrize("made", [pytest.param(ADDED, id="added by name"), pytest.param(SAVED, id="saved and loaded")])
def test_another_program_needs_no_import(installed: dict[str, str], made: str, tmp_path: Path) -> None:
    if "FOLDER" in made:
        pipeline.load().to_disk(tmp_path / "saved")
        made = made.replace("FOLDER", repr(str(tmp_path / "saved")))
    done = subprocess.run([sys.executable, "-c", made + SHOWN], env=installed, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[('lead', 'Sở Nội vụ'), ('coordinating', 'Sở Tài chính'), ('before', '2026-06-30')]"
