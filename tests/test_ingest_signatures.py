"""Days on which a PDF was signed digitally, as it says itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pikepdf
import pytest

from ingest import inspect
from ingest.pdf import signed_on


def signed(path: Path, *times: str) -> Path:
    """A PDF of one page with a signature for each time, as PDF writes it; an empty one has none."""
    with pikepdf.new() as made:
        made.add_blank_page()
        fields = [
            made.make_indirect(
                pikepdf.Dictionary(
                    FT=pikepdf.Name.Sig,
                    T=pikepdf.String(f"Signature{at}"),
                    V=pikepdf.Dictionary(
                        {"/Type": pikepdf.Name.Sig, "/Filter": pikepdf.Name("/Adobe.PPKLite"), "/Contents": pikepdf.String("x")}
                        | ({"/M": pikepdf.String(time)} if time else {})
                    ),
                )
            )
            for at, time in enumerate(times)
        ]
        made.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(fields), SigFlags=3)
        made.save(path)
    return path


@pytest.mark.parametrize(
    ("times", "days"),
    [
        pytest.param((), (), id="not signed"),
        pytest.param(("D:20240307163012+07'00'",), (date(2024, 3, 7),), id="Vietnam's time"),
        pytest.param(("D:20240307203012Z",), (date(2024, 3, 8),), id="Greenwich, a day earlier"),
        pytest.param(("D:20240307203012+00'00'",), (date(2024, 3, 8),), id="Greenwich in figures"),
        pytest.param(("D:20240307163012",), (date(2024, 3, 7),), id="no zone"),
        pytest.param(("D:20240309080000+07'00'", "D:20240307163012+07'00'"), (date(2024, 3, 7), date(2024, 3, 9)), id="in order"),
        pytest.param(("D:20240307163012+07'00'", "D:20240307173012+07'00'"), (date(2024, 3, 7),), id="twice in a day"),
        pytest.param(("", "D:20241399000000", "hôm qua", "D:" + "9" * 500), (), id="no time in it"),
    ],
)
def test_days_of_signatures(tmp_path: Path, times: tuple[str, ...], days: tuple[date, ...]) -> None:
    assert signed_on(signed(tmp_path / "a.pdf", *times)) == days


def test_the_file_tells_them(tmp_path: Path) -> None:
    assert inspect(signed(tmp_path / "a.pdf", "D:20240307163012+07'00'")).signed_on == (date(2024, 3, 7),)
