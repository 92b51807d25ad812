"""The CSV of addresses: what people write in spreadsheets, and what they get wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dondoc import workspace as workspaces
from dondoc.reminders import EVERYBODY
from dondoc.reminders_addresses import is_address, read, resolve
from ingest.errors import UsageError
from tracking import Store


def written(tmp_path: Path, text: str, encoding: str = "utf-8-sig") -> Path:
    path = tmp_path / "thu-dien-tu.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("cơ quan,địa chỉ\nSở Nội vụ,a@x.vn|b@x.vn\n", id="commas"),
        pytest.param('\n"# ghi chú, của Excel";\nCơ quan;Địa chỉ\nSở Nội vụ;a@x.vn | b@x.vn\n;\n', id="semicolons-and-a-quoted-comment"),
        pytest.param("agency\taddress\tghi chú\nSở  Nội vụ\ta@x.vn|b@x.vn|a@x.vn\tx\n", id="tabs-and-another-column"),
        pytest.param("address,agency\r\na@x.vn|b@x.vn,Sở Nội vụ\r\n", id="the-other-order"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_ways_to_write_it(tmp_path: Path, text: str, encoding: str) -> None:
    found = read(written(tmp_path, text, encoding))
    assert {name: addresses for name, (_, addresses) in found.items()} == {"Sở Nội vụ": ("a@x.vn", "b@x.vn")}


def test_no_file_no_addresses(tmp_path: Path) -> None:
    assert read(tmp_path / "x.csv") == {}
    assert read(written(tmp_path, "")) == {}


def test_the_template_of_a_new_workspace_is_read(tmp_path: Path) -> None:
    place, _ = workspaces.create(tmp_path / "ws")
    path = place.root / place.settings().remind.addresses
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert read(path) == {}
    assert f"«{EVERYBODY}»" in path.read_text("utf-8-sig")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param("cơ quan,địa chỉ\nSở Nội vụ,a@x.vn\n\nSở Y tế,khong-co\n", "dòng 4.*khong-co", id="no-address-after-an-empty-line"),
        pytest.param("# x\ncơ quan,địa chỉ\nSở Y tế,\n", "dòng 3.*chưa có địa chỉ", id="empty-address"),
        pytest.param("cơ quan,địa chỉ\n,a@x.vn\n", "dòng 2.*thiếu tên", id="no-name"),
        pytest.param("cơ quan,địa chỉ\nSở Y tế,a@x.vn\nSỞ Y TẾ,b@x.vn\n", "dòng 3.*dòng 2", id="twice"),
        pytest.param("cơ quan\nSở Y tế\n", "địa chỉ", id="no-column"),
        pytest.param("Sở Y tế,a@x.vn\n", "cơ quan", id="no-headings"),
        pytest.param('cơ quan,địa chỉ\n"Sở Y tế,a@x.vn\n', "không đọc được", id="quote-never-closed"),
        pytest.param("cơ quan,địa chỉ\nSở Y tế,a@x.vn,b@x.vn;c@x.vn\nSở,a@x.vn;b@x.vn\n", "dòng 3", id="addresses-joined-wrongly"),
    ],
)
def test_mistakes_are_named_with_their_line(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(UsageError, match=named) as error:
        read(written(tmp_path, text))
    assert "thu-dien-tu.csv" in str(error.value)


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="UTF-8"):
        read(written(tmp_path, "cơ quan,địa chỉ\n", "utf-16"))


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("vanthu.snv@songlam.example", True),
        ("a+b@mail", True),
        ("a@x.vn\nBcc: b@x.vn", False),
        ("a@x.vn\r", False),
        ("a@x.vn, b@x.vn", False),
        ("An <a@x.vn>", False),
        ("ăn@x.vn", False),
        ("a@sở.vn", False),
        ("a b@x.vn", False),
        ("@x.vn", False),
        ("a@", False),
        ("a@x..vn", False),
        ("a@" + "x." * 150 + "vn", False),
        ("", False),
    ],
    ids=repr,
)
def test_addresses(text: str, good: bool) -> None:
    assert is_address(text) is good


def test_lines_find_departments_by_name_alias_or_only_heir_never_by_likeness(tmp_path: Path) -> None:
    departments = ["Sở Nội vụ", "Sở Khoa học và Công nghệ", "UBND xã Đồng Lau", "Sở Y tế"]
    listed = {
        "SỞ  NỘI VỤ": (2, ("snv@x.vn",)),
        "Sở Thông tin và Truyền thông": (3, ("stttt@x.vn",)),
        "UBND xã Đồng Lau": (4, ("dl@x.vn",)),
        "Y tế": (5, ("y@x.vn",)),
        "Sở Nội Vụu": (6, ("z@x.vn",)),
        "tổng hợp": (7, ("vp@x.vn",)),
    }
    with Store.open(tmp_path / "x.db") as store:
        found, warnings = resolve(store, listed, departments)
        assert found == {
            "Sở Nội vụ": ("snv@x.vn",),
            "Sở Khoa học và Công nghệ": ("stttt@x.vn",),
            "UBND xã Đồng Lau": ("dl@x.vn",),
            EVERYBODY: ("vp@x.vn",),
        }
        assert [warning.split(":")[0] for warning in warnings] == ["dòng 5", "dòng 6"]
        own = listed | {"Sở Khoa học và Công nghệ": (8, ("skhcn@x.vn",))}
        assert resolve(store, own, departments)[0]["Sở Khoa học và Công nghệ"] == ("skhcn@x.vn",)
        assert store.departments(date(2026, 1, 1)) == []
