"""What the benchmark of first pages counts as found."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.figures import NotReady
from benchmarks.transcripts import SCANS, errata, found, syllables, transcripts


@pytest.fixture
def scans():
    if not (SCANS / "transcripts").is_dir():
        pytest.skip("the shared transcripts are not here")
    return SCANS


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
    share = found("Số: 15/KH-UBND Sở Nội vụ.", read)
    assert (share.anywhere, share.in_order) == (pytest.approx(anywhere), pytest.approx(in_order))


def test_tone_marks_may_stand_on_either_vowel():
    assert found("Cộng hoà xã hội; thuỷ lợi", "Cộng hòa xã hội; thủy lợi").in_order == 1.0


def test_words_that_the_paper_lacks_are_not_missed():
    share = found("Sở Nội vụ và và Sở Y tế", "Sở Nội vụ và Sở Y te", absent="và")
    assert (share.anywhere, share.on_paper) == (pytest.approx(6 / 8), pytest.approx(6 / 7))


def test_errata_name_transcripts_and_words_in_them(scans):
    for name, absent in errata().items():
        true = (scans / "transcripts" / f"{name}.p1.txt").read_text(encoding="utf-8")
        assert not Counter(syllables(absent)) - Counter(syllables(true))


def test_without_transcripts_there_is_nothing_to_measure(tmp_path):
    with pytest.raises(NotReady):
        list(transcripts(tmp_path))
