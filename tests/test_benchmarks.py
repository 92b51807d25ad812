"""The frame of the benchmarks: what a figure says, what is kept, and that every part can be loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.__main__ import PARTS, keep, main
from benchmarks.figures import Figure, table


@pytest.mark.parametrize(
    ("figure", "reached"),
    [
        pytest.param(Figure("CER", 0.003, 0.003), True, id="at-the-limit"),
        pytest.param(Figure("CER", 0.0031, 0.003), False, id="over"),
        pytest.param(Figure("speed", 1.49, 1.5, "at least"), False, id="under"),
        pytest.param(Figure("speed", 1.6, 1.5, "at least"), True, id="enough"),
        pytest.param(Figure("pages", 12), True, id="nothing-promised"),
    ],
)
def test_a_figure_keeps_to_its_limit_or_does_not(figure: Figure, reached: bool) -> None:
    assert figure.reached is reached
    assert ("**no**" in table([figure])) is not reached


def test_the_table_names_limit_value_and_unit() -> None:
    row = table([Figure("pages a minute", 1.234567, 1.5, "at least", "×", "37 pages")]).splitlines()[-1]
    assert row == "| pages a minute | ≥ 1.5 × | 1.235 × | **no** | 37 pages |"


def test_a_part_that_is_kept_again_replaces_its_table_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "RESULTS.md"
    keep("memory", "old", path)
    keep("body_text", "first", path)
    keep("memory", "new", path)
    text = path.read_text("utf-8")
    assert text.index("## body_text\n\nfirst") < text.index("## memory\n\nnew")
    assert "old" not in text


def test_every_part_can_be_loaded_and_says_what_it_measures(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(PARTS)
    assert all(len(line.split()) > 5 for line in lines)
