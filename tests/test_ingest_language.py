"""Whether text is Vietnamese."""

from __future__ import annotations

import pytest
from made_files import ENGLISH, GARBLED, SHARED

from ingest import read
from ingest.language import is_syllable, looks_vietnamese


@pytest.mark.parametrize("word", ["việt", "nghiêng", "Ủy", "gìn", "giếng", "quyết", "khuya", "đường", "y", "ương", "thuở"])
def test_syllables(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["viet", "quôc", "cac", "hiQn", "nganhh", "deadline", "phục\u0301", "đuợc", "zalo", "tmc"])
def test_no_syllables(word):
    assert not is_syllable(word)


@pytest.mark.parametrize("text", GARBLED.values(), ids=GARBLED)
def test_badly_read_vietnamese_is_still_vietnamese(text):
    assert looks_vietnamese(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(ENGLISH, id="english"),
        pytest.param(
            "Le conseil municipal a examiné hier soir les propositions présentées par les habitants du quartier et "
            "demande aux services compétents de rédiger un rapport détaillé avant la fin du mois prochain.",
            id="french",
        ),
        pytest.param("Настоящий приказ вступает в силу со дня его подписания. " * 5, id="russian"),
    ],
)
def test_other_languages_are_told_apart(text):
    assert not looks_vietnamese(text)


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="needs the real directives")
def test_real_directives_are_vietnamese():
    for path in [*sorted((SHARED / "seeds").glob("*.txt")), *sorted((SHARED / "directives").glob("*.txt"))]:
        assert read(path).pages, path.name
