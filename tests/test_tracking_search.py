"""Full text, SQL by hand, folding."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tracking_directive import DIRECTIVE, make_document, make_task, save

from ingest.errors import UsageError
from tracking import Store, TaskFilter
from tracking.folding import fold, fold_name, fold_number


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dondoc.db"


@pytest.fixture
def store(path: Path):
    with Store.open(path) as opened:
        yield opened


# Searching


@pytest.mark.parametrize("words", ["thủ tục đã công bố", "thu tuc da cong bo", "THỦ TỤC ĐÃ", '"danh mục thủ tục"', "tuc thu", "6/2024"])
def test_search_with_and_without_diacritics(store: Store, words: str) -> None:
    save(store)
    hits = store.search(words)
    assert {(hit.page, hit.task_id) for hit in hits} == {(1, None), (1, 2)}
    assert all("«" in hit.snippet for hit in hits)


def test_search_puts_exact_finds_first(store: Store) -> None:
    texts = ("Công tác thư viện", "Công tác thủ viện")
    save(store, replace(DIRECTIVE, tasks=tuple(make_task(str(i), text) for i, text in enumerate(texts))), make_document(texts=("x",)))
    assert [hit.task_id for hit in store.search("thư viện")] == [1, 2]
    assert [hit.task_id for hit in store.search("thủ viện")] == [2, 1]


@settings(deadline=None)
@given(words=st.text(max_size=30))
def test_search_takes_any_words(tmp_path_factory: pytest.TempPathFactory, words: str) -> None:
    path = tmp_path_factory.getbasetemp() / "search.db"
    with Store.open(path) as store:
        if not store.documents():
            save(store)
        store.search(words)
        store.tasks(TaskFilter(words=words, agency=words, document=words))


@pytest.mark.parametrize(
    "words", ['"', "a*", "NEAR(", "folded:x", "AND", "OR NOT", "-", "^x", "(", "'; DROP TABLE tasks; --", "x\0y", "", "tuc -"]
)
def test_search_has_no_syntax(store: Store, words: str) -> None:
    save(store)
    store.search(words)
    assert len(store.tasks()) == 3


def test_corrected_text_is_found(store: Store) -> None:
    save(store)
    store.edit(2, who="An", text="Đối thoại doanh nghiệp")
    assert [hit.task_id for hit in store.search("doi thoai")] == [2]
    assert {hit.task_id for hit in store.search("danh mục thủ tục")} == {None}


# SQL by hand


def test_query(store: Store) -> None:
    save(store)
    result = store.query("SELECT id, path FROM tasks WHERE due > ? ORDER BY id", ["2024-01-01"])
    assert (result.columns, result.rows, result.truncated) == (("id", "path"), ((1, "1/-1"), (2, "1/-2")), False)
    assert store.query("SELECT * FROM tasks WHERE id = :id", {"id": 1}).rows[0][0] == 1
    cut = store.query("SELECT * FROM tasks", limit=2)
    assert (len(cut.rows), cut.truncated) == (2, True)
    assert store.query("SELECT count(*) FROM search_index WHERE search_index MATCH 'folded : tuc'").rows == ((2,),)
    for view in ("overdue_tasks", "upcoming_tasks", "task_list", "department_summary"):
        assert store.query(f"SELECT * FROM {view}").columns
    assert store.query("PRAGMA table_info(tasks)").rows
    assert store.query("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT sum(i) FROM n").rows == ((15,),)


WRITES = [
    "UPDATE tasks SET status = 'done'",
    "DELETE FROM tasks",
    "INSERT INTO task_statuses VALUES ('x', 'x', 1)",
    "DROP TABLE tasks",
    "CREATE TABLE x(y)",
    "CREATE TEMP TABLE x(y)",
    "CREATE VIEW x AS SELECT 1",
    "ALTER TABLE tasks ADD COLUMN x",
    "ATTACH 'x.db' AS x",
    "DETACH main",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA query_only = 0",
    "PRAGMA writable_schema = 1",
    "PRAGMA user_version = 9",
    "VACUUM",
    "VACUUM INTO 'x.db'",
    "REINDEX",
    "ANALYZE",
    "BEGIN IMMEDIATE",
    "COMMIT",
    "SAVEPOINT x",
    "SELECT load_extension('x')",
    "SELECT 1; DROP TABLE tasks",
    "WITH x AS (SELECT 1) DELETE FROM tasks",
    "INSERT INTO search_index(search_index) VALUES ('optimize')",
    "REPLACE INTO tasks(id) VALUES (1)",
    "EXPLAIN DELETE FROM tasks",
    "CREATE TRIGGER x AFTER INSERT ON tasks BEGIN SELECT 1; END",
    "SELECT writefile('x', 'y')",
]


@pytest.mark.parametrize("sql", WRITES)
def test_query_refuses_to_write(store: Store, path: Path, sql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    save(store)
    before = list(store._connection.iterdump())
    with pytest.raises(UsageError):
        store.query(sql)
    assert list(store._connection.iterdump()) == before
    assert not (tmp_path / "x.db").exists()


@pytest.mark.parametrize("sql", ["SELEC 1", "SELECT * FROM nowhere", "SELECT ?", "SELECT zeroblob(900000000)", "\0"])
def test_query_explains_wrong_sql(store: Store, sql: str) -> None:
    with pytest.raises(UsageError):
        store.query(sql)


def test_query_stops_what_runs_too_long(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracking.readonly.TIME_LIMIT_S", 0.05)
    with pytest.raises(UsageError, match="giây"):
        store.query("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")


# Folding


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đôn đốc", "don doc"),
        ("ĐẶNG THỊ Ưng", "dang thi ung"),
        ("Nguyê\u0303n", "nguyen"),
        ("Quý III/2024", "quy iii/2024"),
        ("", ""),
        ("Ðà", "da"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("number", "key"), [("07 /KH-UBND", "7/kh-ubnd"), ("1071/TB-VPUBND", "1071/tb-vpubnd"), ("19-NQ/TW", "19-nq/tw"), ("0", "0")]
)
def test_fold_number(number: str, key: str) -> None:
    assert fold_number(number) == key


@settings(deadline=None)
@given(text=st.text())
def test_folding_is_idempotent(text: str) -> None:
    for function in (fold_name, fold_number):
        assert function(function(text)) == function(text)
    assert fold(fold(text)) == fold(text)
    assert "đ" not in fold(text)


@settings(deadline=None)
@given(text=st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậÉÈẺẼẸỚỜỞỠỢỨỪỬỮỰÝỲỶỸỴĐ 0123/-"))
def test_folding_vietnamese_gives_ascii_of_the_same_length(text: str) -> None:
    assert fold(text).isascii()
    assert len(fold(text)) == len(text)
