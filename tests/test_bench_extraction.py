"""The benchmark measures what it says; how fast the machine is, no test asks."""

from __future__ import annotations

from conftest import DIRECTIVE

from extract import gazetteer
from extract.folding import fold_word
from scripts import bench_extraction
from scripts.bench_extraction import Work
from scripts.score_samples import as_document


def test_speed_counts_the_pages_of_all_documents_and_the_time_of_both_stages() -> None:
    document = as_document(DIRECTIVE)
    speed = bench_extraction.measure([Work(document, document, 2), Work(document, document, 3)], rounds=1)
    assert speed.pages == 5
    assert speed.extraction > 0
    assert speed.restoration > 0
    assert str(speed).split()[0] == "5"


def test_before_a_round_readings_of_texts_are_forgotten_and_lists_are_kept() -> None:
    names = gazetteer.load(None)
    fold_word("Xanh")
    assert fold_word.cache_info().currsize
    bench_extraction.forget()
    assert fold_word.cache_info().currsize == 0
    assert gazetteer.load(None) is names
