"""Groups with the members of the issuer's province, bodies with a place and their heirs, names that may be others; old files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database
from tracking_directive import DIRECTIVE, HEADER, TASKS, make_document, make_task, save

from extract.directive import Task
from tracking import Store, TaskAgency, TaskFilter, export_csv, schema

HA_TINH, CENTRAL = "UBND tỉnh Hà Tĩnh", "Thủ tướng Chính phủ"
BEFORE, AFTER = date(2024, 5, 6), date(2025, 9, 1)
NOW = date(2026, 1, 1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "dondoc.db") as opened:
        yield opened


def put(store: Store, lead: str, dated: date = AFTER, issuer: str | None = HA_TINH, **changes: object) -> int:
    """A directive with one task, led by that agency; the task's id."""
    task = replace(TASKS[0], lead=(lead,), coordinating=(), **changes)  # type: ignore[arg-type]
    header = replace(HEADER, issuer=issuer, date=dated, place="Hà Tĩnh" if issuer != CENTRAL else "Hà Nội", number=f"{lead}/{dated}")
    found = save(store, replace(DIRECTIVE, header=header, tasks=(task,)), make_document(f"{lead}{dated}{issuer}"))
    return store.tasks(TaskFilter(document=found.document_id))[0].id


def agency(store: Store, task: int, as_of: date = NOW) -> TaskAgency:
    (found,) = store.task(task, as_of).agencies
    return found


@pytest.mark.parametrize(
    ("wording", "dated", "issuer", "departments"),
    [
        pytest.param("các sở, ban, ngành thuộc tỉnh", AFTER, HA_TINH, 12, id="any-wording"),
        pytest.param("các sở, ban, ngành thuộc tỉnh", BEFORE, HA_TINH, 12, id="members-then-heirs-today"),
        pytest.param("các sở, ban, ngành có liên quan", AFTER, HA_TINH, 1, id="open-group-stays"),
        pytest.param("các bộ, cơ quan ngang bộ", AFTER, CENTRAL, 17, id="ministries"),
        pytest.param("UBND các xã, phường", AFTER, HA_TINH, 1, id="places-stay-one-department"),
        pytest.param("các sở, ban, ngành, địa phương", AFTER, HA_TINH, 13, id="departments-and-the-places-as-one"),
    ],
)
def test_who_has_the_task_of_a_group(store: Store, wording: str, dated: date, issuer: str, departments: int) -> None:
    put(store, wording, dated, issuer)
    found = store.departments(NOW)
    assert len(found) == departments
    assert ("Sở Giao thông vận tải" in found) is False


def test_a_commune_finds_the_tasks_of_its_group(store: Store) -> None:
    task = put(store, "UBND các xã, phường, đặc khu trên địa bàn tỉnh")
    assert agency(store, task).members == 69
    assert [row.id for row in store.tasks(TaskFilter(agency="UBND xã Đức Thọ", as_of=NOW))] == [task]
    (given,) = store.department_tasks("UBND xã Đức Thọ", NOW)
    assert given.as_written == "UBND các xã, phường, đặc khu trên địa bàn tỉnh"
    assert len(store.tasks_by_department(NOW, places=True)) == 69
    assert store.tasks(TaskFilter(agency="UBND xã Đức Thọ", role="coordinating", as_of=NOW)) == []


def test_communes_of_another_province_do_not_have_it(store: Store) -> None:
    put(store, "UBND các xã, phường", issuer="UBND tỉnh Nghệ An")
    assert "UBND xã Đức Thọ" not in store.tasks_by_department(NOW, places=True)
    put(store, "UBND các xã, phường")
    both = store.tasks_by_department(NOW, places=True)
    assert len(both["UBND xã Đức Thọ"]) == 1


def test_without_a_known_province_the_group_stays(store: Store) -> None:
    task = put(store, "UBND các xã, phường", issuer="UBND tỉnh Sông Lam")
    store.edit(task, who="An", note="x")
    assert store.departments(NOW) == ["UBND các xã, phường"]


def test_each_speaker_has_members_of_its_own(store: Store) -> None:
    for issuer in ("UBND tỉnh Sông Lam", HA_TINH):
        task = put(store, "các tổ chức chính trị - xã hội", issuer=issuer)
        assert agency(store, task).members == 6
        put(store, "các sở, ngành", issuer=issuer)
    assert agency(store, put(store, "các sở, ngành", issuer=CENTRAL)).members == 0, "of which province is not said"
    task = put(store, "các tổ chức chính trị - xã hội", issuer=CENTRAL)
    assert agency(store, task).members == 6
    by_department = store.tasks_by_department(NOW)
    assert [given.task.id for given in by_department["Hội Nông dân Việt Nam"]] == [task]
    assert task not in [given.task.id for given in by_department["Hội Nông dân tỉnh"]]


def test_exports_keep_one_file_for_a_group_of_places_unless_asked(store: Store, tmp_path: Path) -> None:
    put(store, "UBND các xã, phường")
    few = export_csv.export_all(store, tmp_path / "few", NOW)
    assert [path.name for path in few] == ["ubnd-cac-xa-phuong.csv", "tong-hop.csv"]
    many = export_csv.export_all(store, tmp_path / "many", NOW, places=True)
    assert len(many) == 70
    assert "ubnd-xa-duc-tho.csv" in {path.name for path in many}
    one = export_csv.export_department(store, "UBND xã Đức Thọ", tmp_path / "mot.csv", NOW)
    assert "Rà soát" in one.read_text("utf-8-sig") or "rà soát" in one.read_text("utf-8-sig")


def test_the_views_for_people_and_programs(store: Store) -> None:
    put(store, "UBND các xã, phường", date.today().replace(day=1))
    short = store.query("SELECT agency FROM task_list", limit=None).rows
    assert short == (("UBND các xã, phường",),)
    assert len(store.query("SELECT agency FROM task_list_members", limit=None).rows) == 69


@pytest.mark.parametrize(
    ("written", "text", "as_of", "now", "undecided"),
    [
        pytest.param("Sở Giao thông vận tải", "Rà soát cầu yếu.", date(2025, 2, 1), ("Sở Giao thông vận tải",), False, id="not-yet"),
        pytest.param("Sở GTVT", "Rà soát cầu yếu.", NOW, ("Sở Xây dựng",), False, id="successor"),
        pytest.param("Cục Thuế tỉnh", "Rà soát hộ khoán.", NOW, ("Thuế tỉnh",), False, id="chain"),
        pytest.param("Sở Y tế tỉnh Hà Giang", "Rà soát trạm y tế.", NOW, ("Sở Y tế tỉnh Tuyên Quang",), False, id="merged-province"),
        pytest.param("Sở Lao động - Thương binh và Xã hội", "Rà soát việc làm.", NOW, ("Sở Nội vụ",), False, id="default"),
        pytest.param(
            "Sở Lao động - Thương binh và Xã hội", "Rà soát hộ nghèo, công tác giảm nghèo.", NOW, ("Sở Nông nghiệp và Môi trường",), False,
            id="by-subject",
        ),
        pytest.param("Sở Tư pháp", "Rà soát hồ sơ lý lịch tư pháp.", NOW, ("Công an tỉnh",), False, id="one-subject-moved"),
        pytest.param("Sở Tư pháp", "Rà soát hộ tịch.", NOW, ("Sở Tư pháp",), False, id="the-rest-stays"),
        pytest.param("Ban Dân tộc", "Rà soát.", NOW, ("Sở Dân tộc và Tôn giáo", "Sở Nội vụ"), True, id="depends-on-the-province"),
        pytest.param("UBND huyện Đức Thọ", "Rà soát.", NOW, (), True, id="district"),
        pytest.param("Tổ Đèn đường", "Rà soát.", NOW, ("Tổ Đèn đường",), False, id="unknown"),
    ],
)  # fmt: skip
def test_who_stands_there_today(store: Store, written: str, text: str, as_of: date, now: tuple[str, ...], undecided: bool) -> None:
    task = put(store, written, BEFORE, text=text)
    found = agency(store, task, as_of)
    assert (found.name, found.now, found.needs_decision) == (written, now, undecided)
    departments = store.tasks_by_department(as_of)
    assert set(departments) == (set(now) or {written})
    assert all(given.needs_decision == undecided for rows in departments.values() for given in rows)
    row = store.tasks(TaskFilter(as_of=as_of))[0]
    assert row.lead == (written,)
    assert row.lead_now == (now if found.changed and now else ())


def test_a_district_offers_its_communes_and_a_person_decides(store: Store) -> None:
    task = put(store, "UBND huyện Đức Thọ", BEFORE)
    assert "UBND xã Đức Thọ" in agency(store, task).choices
    store.assign(task, who="An", lead=["UBND xã Đức Thọ"])
    found = agency(store, task)
    assert (found.now, found.needs_decision) == (("UBND xã Đức Thọ",), False)
    store.assign(task, who="An", lead=["các sở, ngành"])
    assert len(store.departments(NOW)) == 12, "a group that somebody assigned is expanded too"


def test_a_register_says_who_it_is_now(store: Store, tmp_path: Path) -> None:
    put(store, "Sở Giao thông vận tải", BEFORE)
    text = export_csv.export_combined(store, tmp_path / "tat-ca.csv", NOW).read_text("utf-8-sig")
    assert "Sở Giao thông vận tải → hiện nay: Sở Xây dựng" in text
    before = export_csv.export_combined(store, tmp_path / "tat-ca.csv", date(2025, 1, 1)).read_text("utf-8-sig")
    assert "hiện nay" not in before


def test_other_readings_of_a_name_are_kept_until_a_person_decides(store: Store) -> None:
    written = "Hội Nôngg dân tỉnh"
    task = put(store, "Hội Nông dân tỉnh", alternatives=(("Hội Nông dân tỉnh", (written,)),))
    assert agency(store, task).candidates == (written,)
    assert agency(store, task).as_json()["candidates"] == [written]
    store.assign(task, who="An", lead=["Hội Nông dân tỉnh"])
    assert agency(store, task).candidates == ()


def test_what_a_misread_name_brought_in_goes_with_it(store: Store) -> None:
    def directive(lead: str) -> Task:
        return make_task("1", "Rà soát các công trình thủy lợi trước mùa mưa.", lead=(lead,), coordinating=())

    header = replace(HEADER, issuer=HA_TINH, date=BEFORE)
    for lead in ("Sở Y tế tỉnh Hà Giang", "các sở, ngành thuộc tỉnh", "Sở Y tế"):
        save(store, replace(DIRECTIVE, header=header, tasks=(directive(lead),)))
    left = {row[0] for row in store.query("SELECT name FROM agencies WHERE origin = 'document'", limit=None).rows}
    assert left == set()
    assert store.query("SELECT count(*) FROM agency_successions WHERE derived").rows == ((0,),)
    assert store.query("SELECT count(*) FROM agency_members WHERE province IS NOT NULL").rows == ((0,),)


def first_version(path: Path) -> Path:
    """A file with the tables of the first version and what they can hold of the file at ``path``, without the gazetteer."""
    first = path.with_name("first.db")
    db = Database(first)
    schema.migrations.apply(db, stop_before="002_agencies_in_their_province")
    db.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    db.attach("now", path)
    for table in ("documents", "pages", "agencies", "tasks", "task_agencies", "task_deadlines"):
        names = ", ".join(db[table].columns_dict)
        db.execute(f"INSERT INTO main.{table}({names}) SELECT {names} FROM now.{table}")
    db.close()
    return first


def test_a_file_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "dondoc.db"
    with Store.open(path) as store:
        task = put(store, "UBND các xã, phường", AFTER)
        put(store, "Sở Y tế tỉnh Hà Giang", BEFORE)
    old = Database(first_version(path))
    assert old["task_agencies"].columns_dict.keys().isdisjoint({"candidates"})
    old.close()
    path = tmp_path / "first.db"
    with Store.open(path) as store:
        assert agency(store, task).members == 69
        assert [row.lead_now for row in store.tasks(TaskFilter(agency="Hà Giang", as_of=NOW))] == [("Sở Y tế tỉnh Tuyên Quang",)]
    assert Database(path)["task_agencies"].columns_dict.keys() >= {"candidates"}
    assert [row["name"] for row in Database(path).query("SELECT name FROM _sqlite_migrations ORDER BY name")] == [
        migration.name for migration in schema.migrations._migrations
    ]


def test_a_file_from_before_the_first_release_is_brought_up_to_date(tmp_path: Path) -> None:
    """One whose quick lists were called 007, with occurrences that had no day of their own beside the rhythm's."""
    path = tmp_path / "dondoc.db"
    with Store.open(path) as store:
        task = put(store, "Sở Y tế tỉnh Hà Giang", BEFORE)
        old = Database(tmp_path / "old.db")
        schema.migrations.apply(old, stop_before="010_headers_and_occurrences")
        old.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        old.attach("now", path)
        for table in ("documents", "pages", "agencies", "tasks", "task_agencies"):
            names = ", ".join(old[table].columns_dict)
            old.execute(f"INSERT INTO main.{table}({names}) SELECT {names} FROM now.{table}")
        received = date.fromisoformat(store.document(1).received_at[:10])
    days = [(received + timedelta(days=ahead)).isoformat() for ahead in (-40, -20, 20)]
    for day, status, completed in zip(days, ("open", "done", "open"), (None, days[0], None), strict=True):
        old.execute("INSERT INTO occurrences(task_id, due, status, completed_on) VALUES (?, ?, ?, ?)", (task, day, status, completed))
    old.execute("UPDATE tasks SET recurrence = 'other'")
    old.execute("UPDATE _sqlite_migrations SET name = '007_quick_lists' WHERE name = '008_quick_lists'")
    old.conn.commit()
    old.close()
    with Store.open(tmp_path / "old.db") as store:
        assert store.query("SELECT scheduled, due, status FROM occurrences ORDER BY due").rows == tuple(
            (day, day, status) for day, status in zip(days, ("not_followed", "done", "open"), strict=True)
        )
        assert store.query("SELECT due FROM task_standing").rows == ((days[2],),)
        store.edit(task, who="An", note="x")
    Store.open(tmp_path / "old.db").close()
