"""The yardstick of tables: rows paired in order, cells counted, rows lost, invented or shifted."""

from __future__ import annotations

import pytest

from benchmarks.table_scores import compare

TRUE = [("TT", "Nội dung", "Chủ trì"), ("1", "Rà soát quy trình", "Sở Nội vụ"), ("2", "Báo cáo kết quả", "")]


@pytest.mark.parametrize(
    ("read", "exact", "cells", "lost", "invented", "shifted"),
    [
        pytest.param(TRUE, 8, 8, 0, 0, 0, id="the same"),
        pytest.param([TRUE[0], ("1", "Rà soát  quy trình", "Sở Nội vụ"), TRUE[2]], 8, 8, 0, 0, 0, id="blanks do not matter"),
        pytest.param([TRUE[0], ("4", "Rà soát quy trình", "Sở Nội vụ"), TRUE[2]], 7, 8, 0, 0, 0, id="a number misread"),
        pytest.param([TRUE[0], TRUE[2]], 5, 8, 1, 0, 0, id="a row lost"),
        pytest.param([*TRUE, ("", "Phụ lục kèm theo", "")], 8, 9, 0, 1, 0, id="a row invented"),
        pytest.param([TRUE[0], TRUE[1], ("2", "", "Báo cáo kết quả")], 7, 9, 0, 0, 1, id="a cell in the wrong column"),
        pytest.param([TRUE[0], ("1", "Rà soát quy trình", "", "Sở Nội vụ"), TRUE[2]], 7, 9, 0, 0, 1, id="a column too many"),
        pytest.param([], 0, 8, 3, 0, 0, id="nothing read"),
    ],
)
def test_rows_and_cells_are_counted(read: list[tuple[str, ...]], exact: int, cells: int, lost: int, invented: int, shifted: int) -> None:
    score = compare(TRUE, read)
    assert (score.exact, score.cells, score.lost, score.invented, score.shifted) == (exact, cells, lost, invented, shifted)
    assert score.rows == 3
