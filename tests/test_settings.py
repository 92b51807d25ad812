"""dondoc.toml: defaults, values, and the errors a person makes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from dondoc import settings
from dondoc.settings import Settings
from ingest.errors import UsageError


def load(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "dondoc.toml"
    path.write_text(text, "utf-8")
    return settings.load(path)


def test_a_missing_file_means_the_defaults(tmp_path: Path) -> None:
    assert settings.load(tmp_path / "dondoc.toml") == Settings()


def test_values_are_read_and_the_rest_keeps_its_default(tmp_path: Path) -> None:
    found = load(tmp_path, "[inbox]\nsettle_seconds = 2\n[processing]\nrestore = false\n")
    assert found.inbox.settle_seconds == 2.0
    assert found.inbox.interval_seconds == Settings().inbox.interval_seconds
    assert found.processing.restore is False


def test_a_file_saved_by_notepad_is_read(tmp_path: Path) -> None:
    assert load(tmp_path, "\ufeff[lists]\nupcoming_days = 30\n").lists.upcoming_days == 30


def test_the_template_is_valid_and_names_every_key_with_its_default(tmp_path: Path) -> None:
    assert load(tmp_path, settings.TEMPLATE) == Settings()
    uncommented = "\n".join(line.removeprefix("# ") if "=" in line else line for line in settings.TEMPLATE.splitlines())
    written = tomllib.loads(uncommented)
    for name in ("inbox", "processing", "archive", "lists", "agencies", "remind", "smtp", "web"):
        section = getattr(Settings(), name)
        assert written[name] == {key: getattr(section, key) for key in section.__slots__}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param("[hop-den]\n", "hop-den", id="unknown-section"),
        pytest.param("[inbox]\nsettle = 3\n", "settle", id="unknown-key"),
        pytest.param("workers = 2\n", "workers", id="key-outside-a-section"),
        pytest.param("inbox = 3\n", "inbox", id="section-that-is-a-number"),
        pytest.param("[processing]\nworkers = 'hai'\n", "processing.workers", id="text-for-a-number"),
        pytest.param("[processing]\nworkers = -1\n", "processing.workers", id="negative"),
        pytest.param("[processing]\nworkers = true\n", "processing.workers", id="bool-for-a-number"),
        pytest.param("[processing]\nrestore = 1\n", "processing.restore", id="number-for-a-bool"),
        pytest.param("[inbox]\nsettle_seconds = nan\n", "inbox.settle_seconds", id="not-a-number"),
        pytest.param("[inbox\n", "TOML", id="no-toml"),
    ],
)
def test_a_mistake_is_named_with_the_file(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(UsageError, match=named.replace(".", r"\.")) as error:
        load(tmp_path, text)
    assert "dondoc.toml" in str(error.value)


@pytest.mark.parametrize(("wanted", "most"), [(0, None), (1, 1), (100_000, None)])
def test_workers_never_exceed_the_cores(wanted: int, most: int | None) -> None:
    found = Settings(processing=settings.ProcessingSettings(workers=wanted)).workers
    cores = Settings().workers
    assert found == (cores if most is None else most)
