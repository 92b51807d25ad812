"""The tokenizer and the spaCy pipeline."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract import pipeline, tokenizer

if TYPE_CHECKING:
    from spacy.language import Language

TEXT = "Giao Sở Nội vụ phối hợp với Sở Tài chính thực hiện Kế hoạch số 12/KH-UBND ngày 05/02/2025, xong trước ngày 30/6."


@pytest.fixture(scope="module")
def nlp() -> Language:
    return pipeline.load()


@pytest.mark.parametrize(
    "whole",
    [
        "12/KH-UBND",
        "1071/TB-VPUBND",
        "30/2020/NĐ-CP",
        "19-NQ/TW",
        "202/2025/QH15",
        "515/KH-BCA-BNN&MT",
        "30/6/2023",
        "05/02/2025",
        "17:30",
        "1.250,5",
        "https://sonoivu.songlam.gov.vn/vb",
        "vanthu@songlam.gov.vn",
    ],
)
def test_numbers_dates_and_addresses_stay_whole(whole: str) -> None:
    text = f"theo {whole}, và sau đó"
    assert whole in [text[begin:end] for begin, end in tokenizer.split(text)]


@given(st.text(max_size=80))
def test_tokens_cover_all_but_white_space(text: str) -> None:
    spans = tokenizer.split(text)
    kept = "".join(text[begin:end] for begin, end in spans)
    assert kept == "".join(char for char in text if not char.isspace())


@pytest.mark.parametrize("text", ["", " ", "  Sở  Nội\n vụ ", "a\t\tb", TEXT])
def test_a_doc_keeps_its_text(nlp: Language, text: str) -> None:
    assert nlp.make_doc(text).text == text


def test_components_have_names(nlp: Language) -> None:
    assert tuple(nlp.pipe_names) == pipeline.COMPONENTS


def test_span_groups(nlp: Language) -> None:
    doc = nlp(TEXT)
    assert [span.id_ for span in doc.spans["gazetteer"]] == ["Sở Nội vụ", "Sở Tài chính"]
    assert [(span.text, span.label_) for span in doc.spans["agencies"]] == [("Sở Nội vụ", "department"), ("Sở Tài chính", "department")]
    assert [span.id_ for span in doc.spans["references"]] == ["12/KH-UBND"]
    assert doc.spans["deadlines"]


def test_the_date_of_the_document_completes_a_deadline(nlp: Language) -> None:
    doc = nlp.make_doc(TEXT)
    doc.user_data["dated"] = date(2025, 2, 5)
    assert [span.id_ for span in nlp(doc).spans["deadlines"]] == ["2025-06-30"]


def test_the_gazetteer_overlooks_marks(nlp: Language) -> None:
    doc = nlp("So Noi vu và SỞ TÀI CHÍNH")
    assert [span.id_ for span in doc.spans["gazetteer"]] == ["Sở Nội vụ", "Sở Tài chính"]
