"""SQL typed by people, on the command line and on the pages: it changes nothing, reaches nothing, and costs no more than it may."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pages import Pages
from tracking_directive import save
from typer.testing import Result

from dondoc.workspace import Workspace
from ingest.errors import UsageError
from tracking import Store, readonly
from tracking.sql_guard import VALUE_LIMIT, guard

HUGE = "hex(zeroblob(2000000))"

REACHES_OUT = [
    "ATTACH DATABASE ':memory:' AS x",
    "ATTACH 'file:x.db?mode=rwc' AS x",
    "SELECT * FROM pragma_database_list",
    "SELECT * FROM pragma_journal_mode('delete')",
    "PRAGMA database_list",
    "PRAGMA main.writable_schema = ON",
    "PRAGMA temp_store_directory = '/'",
    "PRAGMA mmap_size = 1",
    "PRAGMA trusted_schema = 1",
    "PRAGMA wal_checkpoint(TRUNCATE)",
    "PRAGMA application_id = 0",
    "PRAGMA optimize",
    "SELECT load_extension('x', 'y')",
    "SELECT readfile('dondoc.toml')",
    "SELECT edit('x')",
    "SELECT fts3_tokenizer('simple', x'00')",
    "CREATE VIRTUAL TABLE temp.x USING fts5(y)",
    "CREATE TEMP TRIGGER x AFTER INSERT ON tasks BEGIN SELECT 1; END",
    "UPDATE sqlite_master SET sql = ''",
    "UPDATE sqlite_schema SET sql = '' RETURNING 1",
    "DELETE FROM task_events RETURNING id",
    "WITH x AS (SELECT 1) UPDATE tasks SET removed = 1 RETURNING id",
    "INSERT INTO search_index(search_index, rank) VALUES ('rank', 'bm25(0)')",
    "EXPLAIN INSERT INTO tasks(id) VALUES (9)",
    "/* SELECT */ DROP VIEW overdue_tasks",
    "SELECT 1; SELECT 2",
    "ROLLBACK",
    "RELEASE x",
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(tmp_path_factory.mktemp("sql") / "dondoc.db") as opened:
        save(opened)
        yield opened


@pytest.mark.parametrize("sql", REACHES_OUT)
def test_nothing_is_written_and_nothing_else_is_reached(store: Store, sql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = list(store._connection.iterdump())
    with pytest.raises(UsageError):
        store.query(sql)
    assert list(store._connection.iterdump()) == before
    assert not list(tmp_path.iterdir())
    assert sorted(path.name for path in store.path.parent.iterdir() if path.suffix == ".db") == ["dondoc.db"]


COSTLY = [
    pytest.param(f"SELECT * FROM ({' UNION ALL '.join(['SELECT 1'] * 600)})", id="too-many-selects"),
    pytest.param("SELECT " + "(" * 3000 + "1" + ")" * 3000, id="too-deep"),
    pytest.param("SELECT 1 " + "/* */" * 30_000, id="too-long"),
    pytest.param("SELECT zeroblob(5000000)", id="blob-out-of-nothing"),
    pytest.param("SELECT hex(zeroblob(3000000))", id="text-out-of-nothing"),
    pytest.param(f"SELECT replace({HUGE}, '0', '0000')", id="replace-that-grows"),
    pytest.param("WITH RECURSIVE n(x) AS (SELECT 'ab' UNION ALL SELECT x || x FROM n) SELECT length(x) FROM n", id="doubling"),
    pytest.param("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT zeroblob(4000000) FROM n", id="too-much-in-all"),
    pytest.param(f"SELECT {HUGE} LIKE '{'%0' * 200}'", id="long-pattern"),
    pytest.param(f"SELECT {HUGE} GLOB '{'*0' * 200}'", id="long-glob"),
]


@pytest.mark.parametrize("sql", COSTLY)
def test_what_costs_too_much_is_refused(store: Store, sql: str) -> None:
    with pytest.raises(UsageError):
        store.query(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT i FROM n WHERE i = 2",
        f"SELECT count(*) FROM {', '.join(f'agency_aliases AS a{n}' for n in range(9))}",
        "SELECT i FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n) ORDER BY random() LIMIT 1",
    ],
    ids=["endless", "endless-without-rows", "cross-join", "endless-sort"],
)
def test_queries_without_end_are_stopped(store: Store, sql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readonly, "TIME_LIMIT_S", 0.05)
    with pytest.raises(UsageError, match="giây"):
        store.query(sql)


@pytest.mark.parametrize(
    ("sql", "value"),
    [
        # With SQLite's own functions each of these takes from half a minute to hours, and no time limit stops it.
        (f"SELECT instr({HUGE}, substr({HUGE}, 1, 2000000) || 'b')", 0),
        (f"SELECT length(replace({HUGE}, substr({HUGE}, 1, 2000000) || 'b', ''))", 4_000_000),
        (f"SELECT length(trim({HUGE}, replace({HUGE}, '0', 'a') || '0'))", 0),
    ],
    ids=["instr", "replace", "trim"],
)
def test_functions_of_two_long_texts_end(store: Store, sql: str, value: int) -> None:
    assert store.query(sql).rows == ((value,),)


VALUES = st.one_of(st.none(), st.integers(-(10**6), 10**6), st.text("aAbđ0 .\u0301", max_size=8))


@given(VALUES, VALUES, VALUES)
@example("", "", "")
@example("a", "", "b")
@example("aaa", "aa", "a")
def test_our_functions_say_what_those_of_sqlite_say(first: object, second: object, third: object) -> None:
    plain, guarded = sqlite3.connect(":memory:"), sqlite3.connect(":memory:")
    guard(guarded)
    sql = """SELECT instr(:a, :b), replace(:a, :b, :c), trim(:a), ltrim(:a), rtrim(:a), trim(:a, :b), ltrim(:a, :b), rtrim(:a, :b),
        instr(CAST(:a AS BLOB), CAST(:b AS BLOB))"""
    values = {"a": first, "b": second, "c": third}
    assert guarded.execute(sql, values).fetchone() == plain.execute(sql, values).fetchone()
    plain.close()
    guarded.close()


def test_people_may_ask_much(store: Store) -> None:
    assert store.query("SELECT count(*) FROM search_index WHERE search_index MATCH 'folded : tuc OR cong'").rows[0][0] > 0
    assert store.query("SELECT count(*) FROM tasks WHERE fold(text) LIKE '%danh muc thu tuc hanh chinh da cong bo%'").rows == ((1,),)
    assert store.query(f"SELECT length(hex(zeroblob({VALUE_LIMIT // 2 - 10})))").rows == ((VALUE_LIMIT - 20,),)
    assert len(store.query("SELECT a.name FROM agencies AS a, agencies AS b LIMIT 20000", limit=None).rows) == 20_000


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT zeroblob(2000000)",
        "SELECT hex(zeroblob(600000))",
        "SELECT 'x' LIKE '" + "%x" * 150 + "'",
        "UPDATE tasks SET removed = 1 RETURNING id",
        "WITH x AS (SELECT 1) UPDATE tasks SET removed = 1 RETURNING id",
        "SELECT * FROM pragma_journal_mode('delete')",
        "ATTACH ':memory:' AS x",
    ],
)
def test_the_pages_refuse_the_same(workspace: Workspace, sql: str) -> None:
    with workspace.store() as store:
        save(store)
    answer = Pages(workspace).get(f"/sql/dondoc.json?sql={quote(sql)}")
    assert not answer.json()["ok"]
    with workspace.store() as store:
        assert len(store.tasks()) == 3


def test_what_a_query_shows_is_no_formula_and_always_json(workspace: Workspace, dondoc: Callable[..., Result]) -> None:
    sql = "SELECT '=1+1' AS a, x'ff00' AS b, 9e999 AS c, -5 AS d, NULL AS e"
    shown = dondoc("query", sql, "-f", "csv", "-w", workspace.root).stdout.splitlines()
    assert shown == ["a,b,c,d,e", "'=1+1,ff00,inf,-5,"]
    (row,) = json.loads(dondoc("query", sql, "--json", "-w", workspace.root).stdout)
    assert row == {"a": "=1+1", "b": "ff00", "c": "inf", "d": -5, "e": None}
