"""What the benchmark of first pages counts as found."""

from __future__ import annotations

import pytest

from benchmarks.figures import NotReady
from benchmarks.transcripts import found, transcripts


@pytest.mark.parametrize(
    ("read", "anywhere", "in_order"),
    [
        pytest.param("Số: 15/KH-UBND\nSở Nội vụ", 1.0, 1.0, id="same"),
        pytest.param("Sở Nội vụ số 15/KH-UBND Số", 1.0, 0.6, id="another-order"),
        pytest.param("Số: 15/KH - UBND\nSở Nội vu", 0.6, 0.6, id="two-wrong"),
        pytest.param("", 0.0, 0.0, id="nothing"),
    ],
)
def test_found(read, anywhere, in_order):
    assert found("Số: 15/KH-UBND Sở Nội vụ.", read) == (pytest.approx(anywhere), pytest.approx(in_order))


def test_tone_marks_may_stand_on_either_vowel():
    assert found("Cộng hoà xã hội; thuỷ lợi", "Cộng hòa xã hội; thủy lợi") == (1.0, 1.0)


def test_without_transcripts_there_is_nothing_to_measure(tmp_path):
    with pytest.raises(NotReady):
        list(transcripts(tmp_path))
