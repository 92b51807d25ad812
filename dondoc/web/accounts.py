"""Who may use the pages: users with their roles, sessions, failed logins. Kept beside the database in a file of its own.

``dondoc.db`` may be queried by everybody who can see the pages, so no hash and no session belongs into it. Passwords are kept as
argon2id hashes (RFC 9106, the library's default parameters), session tokens as SHA-256 of 32 random bytes.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Semaphore
from typing import Literal, get_args

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from ingest.errors import NotFound, UsageError, WorkspaceError

FILE_NAME = "users.db"

Role = Literal["view", "update", "admin"]
ROLES: dict[str, str] = {"view": "Xem", "update": "Cập nhật", "admin": "Quản trị"}
"""What a clerk reads for each role; a later role may do all that an earlier one may."""

SHORTEST_PASSWORD = 10
"""Characters; NIST SP 800-63B asks for 8 at least and for no rules of composition."""

FAILURES_OF_A_NAME = 5
FAILURES_OF_AN_ADDRESS = 20
FAILURE_WINDOW = 15 * 60
"""So many failed logins of one name or from one address within so many seconds, and further ones are refused unread."""

AT_ONCE = 2
"""So many passwords are looked at at a time; each takes 64 MB, and anybody may send forty at once."""

_TABLES = """
CREATE TABLE IF NOT EXISTS users (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    password TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('view', 'update', 'admin')),
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
);
CREATE TABLE IF NOT EXISTS sessions (
    token TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    seen REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS failures (name TEXT NOT NULL, address TEXT NOT NULL, at REAL NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may log in."""

    id: int
    name: str
    role: Role
    active: bool = True

    def may(self, role: Role) -> bool:
        """Whether this user may do what ``role`` may."""
        order = get_args(Role)
        return order.index(self.role) >= order.index(role)


class TooManyFailures(UsageError):
    """Too many failed logins of this name or from this address."""


class Accounts:
    """The file of users. Every call opens it anew: logins are rare, and threads and the command line share it."""

    def __init__(self, path: Path, session_hours: float = 12) -> None:
        self.path = path
        self._longest = session_hours * 3600
        self._hasher = PasswordHasher()
        self._nobody = self._hasher.hash(secrets.token_hex())
        self._turns = Semaphore(AT_ONCE)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = sqlite3.connect(self.path, timeout=10)
        except sqlite3.Error as error:
            raise WorkspaceError(f"không mở được tệp người dùng ({error}).", path=self.path) from error
        try:
            self.path.chmod(0o600)
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA foreign_keys = ON")
            connection.executescript(_TABLES)
            with connection:
                yield connection
        except sqlite3.DatabaseError as error:
            raise WorkspaceError(f"tệp người dùng không dùng được ({error}).", path=self.path) from error
        finally:
            connection.close()

    def users(self) -> list[User]:
        """Everybody, by name."""
        if not self.path.exists():
            return []
        with self._open() as connection:
            return [_user(row) for row in connection.execute("SELECT * FROM users ORDER BY name")]

    def add(self, name: str, password: str, role: str) -> User:
        """A new user.

        :raises UsageError: the name is taken or empty, the role unknown, the password too short.
        """
        name = _clean(name)
        _check_role(role)
        hashed = self._hashed(password)
        if any(_folded(user.name) == _folded(name) for user in self.users()):
            raise UsageError(f"đã có người dùng «{name}».", remedy="Hãy chọn tên khác hoặc dùng «dondoc user set».")
        with self._open() as connection:
            cursor = connection.execute("INSERT INTO users(name, password, role) VALUES (?, ?, ?)", (name, hashed, role))
            return User(cursor.lastrowid or 0, name, role)  # type: ignore[arg-type]

    def change(self, name: str, *, password: str | None = None, role: str | None = None, active: bool | None = None) -> User:
        """Another password, role, or whether they may log in. Their sessions end.

        :raises NotFound: no such user. :raises UsageError: as for :meth:`add`, or nobody could administer any more.
        """
        user = self.named(name)
        if role is not None:
            _check_role(role)
        still_admin = (role or user.role) == "admin" and (user.active if active is None else active)
        if user.role == "admin" and not still_admin and not any(other.role == "admin" and other.active for other in self._others(user)):
            raise UsageError("phải còn ít nhất một người quản trị.", remedy="Hãy thêm hoặc nâng quyền một người khác trước.")
        changes = {
            "password": self._hashed(password) if password is not None else None,
            "role": role,
            "active": None if active is None else int(active),
        }
        with self._open() as connection:
            for column, value in changes.items():
                if value is not None:
                    connection.execute(f"UPDATE users SET {column} = ? WHERE id = ?", (value, user.id))  # noqa: S608 - names of ours
            connection.execute("DELETE FROM sessions WHERE user_id = ?", (user.id,))
        return self.named(user.name)

    def log_in(self, name: str, password: str, address: str) -> tuple[User, str]:
        """The user and the token of a new session.

        :raises UsageError: name or password is wrong, in one and the same wording. :raises TooManyFailures: as said there.
        """
        since = time.time() - FAILURE_WINDOW
        folded = _folded(name)
        # Each attempt is written down before the password is looked at: parallel guesses find no gap.
        with self._open() as connection:
            connection.execute("DELETE FROM failures WHERE at < ?", (since,))
            of_name = connection.execute("SELECT count(*) FROM failures WHERE name = ?", (folded,)).fetchone()[0]
            of_address = connection.execute("SELECT count(*) FROM failures WHERE address = ?", (address,)).fetchone()[0]
            if of_name >= FAILURES_OF_A_NAME or of_address >= FAILURES_OF_AN_ADDRESS:
                raise TooManyFailures("đăng nhập sai quá nhiều lần.", remedy=f"Hãy thử lại sau {FAILURE_WINDOW // 60} phút.")
            connection.execute("INSERT INTO failures VALUES (?, ?, ?)", (folded, address, time.time()))
            rows = connection.execute("SELECT * FROM users WHERE active").fetchall()
        row = next((row for row in rows if _folded(row["name"]) == folded), None)
        # Verified against something even for a name that nobody has, so that the time tells nothing.
        right = self._matches(row["password"] if row else self._nobody, password)
        if row is None or not right:
            raise UsageError("tên hoặc mật khẩu không đúng.")
        with self._open() as connection:
            connection.execute("DELETE FROM failures WHERE name = ?", (folded,))
            if self._hasher.check_needs_rehash(row["password"]):
                connection.execute("UPDATE users SET password = ? WHERE id = ?", (self._hasher.hash(password), row["id"]))
            connection.execute("DELETE FROM sessions WHERE seen < ?", (time.time() - self._longest,))
            token = secrets.token_urlsafe(32)
            connection.execute("INSERT INTO sessions VALUES (?, ?, ?)", (_digest(token), row["id"], time.time()))
        return _user(row), token

    def session(self, token: str, *, renew: bool = True) -> User | None:
        """Whose session that is, if it lives; using it keeps it alive unless ``renew`` says no."""
        if not token or not self.path.exists():
            return None
        with self._open() as connection:
            row = connection.execute(
                "SELECT u.*, s.seen AS seen FROM sessions AS s JOIN users AS u ON u.id = s.user_id WHERE s.token = ? AND u.active",
                (_digest(token),),
            ).fetchone()
            now = time.time()
            if row is None or row["seen"] < now - self._longest:
                return None
            if renew and row["seen"] < now - 60:
                connection.execute("UPDATE sessions SET seen = ? WHERE token = ?", (now, _digest(token)))
        return _user(row)

    def log_out(self, token: str) -> None:
        """End a session."""
        if not self.path.exists():
            return
        with self._open() as connection:
            connection.execute("DELETE FROM sessions WHERE token = ?", (_digest(token),))

    def named(self, name: str) -> User:
        """The user of that name, however it is written.

        :raises NotFound: there is none.
        """
        for user in self.users():
            if _folded(user.name) == _folded(name):
                return user
        raise NotFound(f"không có người dùng «{name}».", remedy="Hãy xem danh sách bằng «dondoc user list».")

    def _others(self, user: User) -> list[User]:
        return [other for other in self.users() if other.id != user.id]

    def _hashed(self, password: str) -> str:
        if len(password) < SHORTEST_PASSWORD:
            raise UsageError(f"mật khẩu phải có ít nhất {SHORTEST_PASSWORD} ký tự.")
        return self._hasher.hash(_normal(password))

    def _matches(self, hashed: str, password: str) -> bool:
        try:
            with self._turns:
                return self._hasher.verify(hashed, _normal(password))
        except (Argon2Error, InvalidHashError):
            return False


def _user(row: sqlite3.Row) -> User:
    return User(row["id"], row["name"], row["role"], bool(row["active"]))


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise UsageError(
            f"quyền «{role}» không có.", remedy="Chọn: " + ", ".join(f"{code} ({label})" for code, label in ROLES.items()) + "."
        )


def _clean(name: str) -> str:
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not name or len(name) > 80 or any(unicodedata.category(sign).startswith("C") for sign in name):
        raise UsageError("tên người dùng không được để trống, dài quá 80 ký tự hay chứa ký tự điều khiển.")
    return name


def _normal(password: str) -> str:
    """Vietnamese keyboards compose the same letter in two ways (RFC 8265 asks for NFC)."""
    return unicodedata.normalize("NFC", password)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
