"""The tokenizer and the spaCy pipeline."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from extract import pipeline, tokenizer

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


def roles(doc: Doc) -> list[tuple[str, str]]:
    return [(span.label_, span.id_) for span in doc.spans["roles"]]


def test_roles(nlp: Language) -> None:
    text = f"{TEXT}\n  Công an tỉnh chủ trì kiểm tra, gửi kết quả về Văn phòng UBND tỉnh trước ngày 15/3."
    assert roles(nlp(text)) == [
        ("lead", "Sở Nội vụ"),
        ("coordinating", "Sở Tài chính"),
        ("lead", "Công an tỉnh"),
        ("receiver", "Văn phòng UBND tỉnh"),
    ]


def test_every_span_holds_what_was_read(nlp: Language) -> None:
    doc = nlp(TEXT)
    assert doc.spans["references"][0]._.dondoc == {"type": "Kế hoạch", "number": "12/KH-UBND", "date": "2025-02-05", "issuer": None}
    assert doc.spans["roles"][1]._.dondoc == {"name": "Sở Tài chính", "role": "coordinating"}
    assert doc.spans["deadlines"][0]._.dondoc["bound"] == "before"
    assert doc[0:1]._.dondoc is None


def dated(nlp: Language, text: str, day: str) -> Doc:
    doc = nlp.make_doc(text)
    doc._.dated = day
    return doc


@pytest.mark.parametrize("processes", [1, 2])
def test_pipe_reads_many(nlp: Language, processes: int) -> None:
    docs = [dated(nlp, TEXT, f"{year}-02-05") for year in (2023, 2024, 2025)]
    found = list(nlp.pipe(docs, n_process=processes, batch_size=2))
    assert [doc.spans["deadlines"][0].id_ for doc in found] == ["2023-06-30", "2024-06-30", "2025-06-30"]
    assert all(doc.spans["references"][0]._.dondoc["number"] == "12/KH-UBND" for doc in found)


def test_a_doc_keeps_its_spans_as_bytes(nlp: Language) -> None:
    doc = nlp(TEXT)
    copy = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert roles(copy) == roles(doc)
    assert copy.spans["deadlines"][0]._.dondoc == doc.spans["deadlines"][0]._.dondoc


def test_a_pipeline_can_be_saved_and_read_again(tmp_path: Path) -> None:
    own = tmp_path / "agencies.csv"
    own.write_text("tên,tên khác\nTổ Đèn đường Sông Lam,TĐĐ\n", encoding="utf-8")
    text = "Giao TĐĐ phối hợp với Sở Nội vụ rà soát Kế hoạch số 12/KH-UBND."
    nlp = pipeline.load(own)
    nlp.to_disk(tmp_path / "saved")
    again = pipeline.from_disk(tmp_path / "saved")
    assert again.pipe_names == nlp.pipe_names
    assert roles(again(text)) == roles(nlp(text)) == [("lead", "Tổ Đèn đường Sông Lam"), ("coordinating", "Sở Nội vụ")]


def test_components_fit_into_another_pipeline() -> None:
    pipeline.register()
    other = spacy.blank("xx")
    other.add_pipe("sentencizer")
    other.add_pipe("dondoc_deadlines", config={"dated": "2024-01-01"})
    other.add_pipe("dondoc_roles")
    doc = other("Giao Sở Nội vụ báo cáo trước ngày 30/6.")
    assert [span.id_ for span in doc.spans["deadlines"]] == ["2024-06-30"]
    assert roles(doc) == [("lead", "Sở Nội vụ")]


DIRECTIVE = """\
UBND TỈNH SÔNG LAM
Số: 15/CT-UBND
Sông Lam, ngày 10 tháng 3 năm 2025
CHỈ THỊ
Về việc chuẩn bị mùa mưa bão
Chủ tịch UBND tỉnh yêu cầu:
1. Sở Xây dựng
a) Chủ trì, phối hợp với Công an tỉnh rà soát các tuyến đường xung yếu trước ngày 15/4/2025.
b) Kiểm tra kho vật tư dự phòng, báo cáo UBND tỉnh hằng tháng.
2. Sở Y tế chuẩn bị đủ cơ số thuốc, hoàn thành trong tháng 5/2025.
Nơi nhận:
- Như trên;
"""


def test_a_task_over_a_page_break_ends_on_the_second_page() -> None:
    head = "UBND TỈNH SÔNG LAM\nSố: 15/CT-UBND\nCHỈ THỊ\nYêu cầu:\n"
    doc = pipeline.load(tasks=True)(head + "1. Sở Nội vụ chủ trì rà soát các\fkho vật tư trước mùa mưa.\n2. Sở Y tế báo cáo.")
    first, second = doc.spans["tasks"]
    assert first.text.endswith("kho vật tư trước mùa mưa.")
    assert second.text == "2. Sở Y tế báo cáo."


def test_a_whole_directive_gives_tasks() -> None:
    nlp = pipeline.load(tasks=True)
    assert nlp.pipe_names == [*pipeline.COMPONENTS, pipeline.TASKS]
    doc = nlp(DIRECTIVE)
    assert [(span.id_, span._.dondoc["lead"]) for span in doc.spans["tasks"]] == [
        ("1.a", ["Sở Xây dựng"]),
        ("1.b", ["Sở Xây dựng"]),
        ("2", ["Sở Y tế"]),
    ]
    assert doc.spans["tasks"][0].text.startswith("a) Chủ trì")
    assert doc._.directive["document"]["number"] == "15/CT-UBND"
    assert nlp("")._.directive["tasks"] == []


@given(st.text(alphabet=st.sampled_from("Sở Nội vụ giao trước ngày 30/6.;\n\f\t 12-KH"), max_size=60))
def test_no_text_breaks_the_pipeline(text: str) -> None:
    doc = pipeline_of_all()(text)
    for group in ("agencies", "roles", "deadlines", "references", "tasks"):
        for span in doc.spans[group]:
            assert span._.dondoc is not None


@lru_cache(maxsize=1)
def pipeline_of_all() -> Language:
    return pipeline.load(tasks=True)


def test_the_date_of_the_document_completes_a_deadline(nlp: Language) -> None:
    doc = nlp.make_doc(TEXT)
    doc.user_data["dated"] = date(2025, 2, 5)
    assert [span.id_ for span in nlp(doc).spans["deadlines"]] == ["2025-06-30"]


def test_the_gazetteer_overlooks_marks(nlp: Language) -> None:
    doc = nlp("So Noi vu và SỞ TÀI CHÍNH")
    assert [span.id_ for span in doc.spans["gazetteer"]] == ["Sở Nội vụ", "Sở Tài chính"]
