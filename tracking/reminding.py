"""The table ``reminders``: which digest went out to whom on which day, claimed before it is sent so that no two processes send it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ingest.errors import UsageError
from tracking.agencies import find_agency

STALE = timedelta(minutes=15)
"""A claim so old that nothing was sent for belongs to a process that died; a mail takes a few times ``[smtp] timeout_seconds`` at most."""

MAIL = "email"
"""The channel of mails. Whether one went out whose process died over it nobody knows, so it is not sent a second time unless somebody
says so; a file is simply written again."""

_MEANT = "agency = :agency AND day = :day AND channel = :channel"
_ABANDONED = f"(channel <> '{MAIL}' AND sent_at IS NULL AND claimed_at <= :stale)"


@dataclass(frozen=True, slots=True)
class Slot:
    """One digest: the department's name, its day, and how it goes out (``email``, or the format of a file)."""

    agency: str
    day: date
    channel: str


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """A digest that went out; ``sent_at`` (local time, ISO) is None while one is being sent or after its process died."""

    agency: str
    day: str
    channel: str
    address: str | None
    claimed_at: str
    sent_at: str | None
    who: str

    @classmethod
    def from_row(cls, row: sqlite3.Row) -> ReminderRow:
        """From a row of ``reminders``."""
        return cls(**{name: row[name] for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class OccurrenceDue:
    """An occurrence of a recurring task that is still owed."""

    task_id: int
    due: date


def claim(connection: sqlite3.Connection, slot: Slot, address: str, *, who: str, again: bool, now: datetime) -> bool:
    """Whether the digest is now ours to send: nobody has sent it (``again``: even so), and nobody is sending it."""
    if not who.strip():
        raise UsageError("chưa rõ ai gửi nhắc việc.")
    free = f"{_ABANDONED} OR (:again AND (claimed_at <= sent_at OR claimed_at <= :stale))"
    cursor = connection.execute(
        f"""INSERT INTO reminders(agency, day, channel, address, claimed_at, who) VALUES (:agency, :day, :channel, :address, :now, :who)
        ON CONFLICT (agency, day, channel) DO UPDATE SET address = excluded.address, claimed_at = excluded.claimed_at, who = excluded.who
        WHERE {free}""",  # noqa: S608 - constants of ours
        _key(slot) | {"address": address, "who": who.strip(), "again": again, "now": _stamp(now), "stale": _stamp(now - STALE)},
    )
    return cursor.rowcount > 0


def finish(connection: sqlite3.Connection, slot: Slot, now: datetime) -> None:
    """What was claimed has gone out; ``office_events`` keeps every time, also those of ``again``."""
    # Never before the claim, even when the clock was set back in between: claimed after it was sent means that it is being sent again.
    connection.execute(f"UPDATE reminders SET sent_at = max(claimed_at, :now) WHERE {_MEANT}", _key(slot) | {"now": _stamp(now)})  # noqa: S608
    connection.execute(
        f"""INSERT INTO office_events(at, who, what, subject, field, new_value)
        SELECT sent_at, who, 'remind', agency, channel, address FROM reminders WHERE {_MEANT}""",  # noqa: S608
        _key(slot),
    )


def release(connection: sqlite3.Connection, slot: Slot) -> None:
    """What was claimed has not gone out: as before the claim."""
    connection.execute(f"DELETE FROM reminders WHERE {_MEANT} AND sent_at IS NULL", _key(slot))  # noqa: S608
    connection.execute(f"UPDATE reminders SET claimed_at = sent_at WHERE {_MEANT}", _key(slot))  # noqa: S608


def is_free(connection: sqlite3.Connection, slot: Slot, now: datetime) -> bool:
    """Whether nobody has sent it or is sending it; for plans, since only :func:`claim` makes sure."""
    taken = f"SELECT 1 FROM reminders WHERE {_MEANT} AND NOT {_ABANDONED}"  # noqa: S608
    return connection.execute(taken, _key(slot) | {"stale": _stamp(now - STALE)}).fetchone() is None


def broken_off(connection: sqlite3.Connection, slot: Slot, now: datetime) -> str | None:
    """When it was begun by a process that died before it could say whether the digest went out; None when that did not happen."""
    row = connection.execute(
        f"SELECT claimed_at FROM reminders WHERE {_MEANT} AND sent_at IS NULL AND claimed_at <= :stale",  # noqa: S608
        _key(slot) | {"stale": _stamp(now - STALE)},
    ).fetchone()
    return str(row["claimed_at"]) if row else None


def history(connection: sqlite3.Connection, agency: str | None, limit: int | None) -> list[ReminderRow]:
    """What went out, newest first; to one department, or to all."""
    rows = connection.execute(
        "SELECT * FROM reminders WHERE :agency IS NULL OR agency = :agency ORDER BY claimed_at DESC, agency, channel LIMIT :limit",
        {"agency": agency, "limit": -1 if limit is None else limit},
    )
    return [ReminderRow.from_row(row) for row in rows]


def occurrences_due(connection: sqlite3.Connection, until: date) -> list[OccurrenceDue]:
    """Occurrences still owed up to that day, of tasks still owed, earliest first."""
    rows = connection.execute(
        """SELECT o.task_id AS task_id, o.due AS due FROM occurrences AS o JOIN task_statuses AS s ON s.code = o.status
            JOIN tasks AS t ON t.id = o.task_id JOIN task_statuses AS ts ON ts.code = t.status
        WHERE s.active AND ts.active AND o.due <= ? ORDER BY o.due, o.task_id""",
        (until.isoformat(),),
    )
    return [OccurrenceDue(row["task_id"], date.fromisoformat(row["due"])) for row in rows]


def known_as(connection: sqlite3.Connection, name: str) -> set[str]:
    """The names under which a body exactly so called, or an alias, has tasks today: its own and that of its only heir."""
    agency_id = find_agency(connection, name)
    if agency_id is None:
        return set()
    rows = connection.execute(
        """WITH RECURSIVE heirs(id) AS (
            SELECT :id UNION SELECT s.new_id FROM agency_successions AS s JOIN heirs ON s.old_id = heirs.id
            WHERE s.subject IS NULL AND s.new_id IS NOT NULL
            AND (SELECT count(*) FROM agency_successions AS o WHERE o.old_id = s.old_id AND o.subject IS NULL) = 1)
        SELECT name FROM agencies WHERE id IN (SELECT id FROM heirs)""",
        {"id": agency_id},
    )
    return {row["name"] for row in rows}


def _key(slot: Slot) -> dict[str, object]:
    return {"agency": slot.agency, "day": slot.day.isoformat(), "channel": slot.channel}


def _stamp(now: datetime) -> str:
    return now.isoformat(timespec="seconds")
