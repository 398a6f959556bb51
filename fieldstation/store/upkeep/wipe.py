"""The record begins anew: what the station needs to go on is carried over, all else is gone.

A small new record is made in memory and copied over the old one in one transaction. A full card has room for it, and ten
years take no longer than a day. Readers see the old record or the new one, never a part.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from fieldstation.store.codec import encode
from fieldstation.store.errors import Trouble, record_errors, trouble
from fieldstation.store.instant import to_ms
from fieldstation.store.schema import APPLICATION_ID, TABLES, VERSION
from fieldstation.store.tables.people import add_audit

STAYS = {
    "account": "SELECT * FROM account WHERE ended_at IS NULL",
    "token": "SELECT * FROM token WHERE ended_at IS NULL",
    "setting": "SELECT * FROM setting WHERE id IN (SELECT max(id) FROM setting GROUP BY name, zone)",
    "calibration": "SELECT * FROM calibration WHERE id IN (SELECT max(id) FROM calibration GROUP BY sensor)",
    "commissioning": "SELECT * FROM commissioning",
}
"""Who may come in, what is set, how the probes are read, what was signed off: each as it stands, without its history."""
RUNS_STAY = timedelta(hours=24)
"""Of the waterings the last day's stay: the day's limit of each zone reckons with them."""
WIPED = "record_wiped"
RUNS_BEFORE_WIPE = "told"
RECORD_ID = "SELECT boot_id FROM boot ORDER BY id LIMIT 1"
"""Another one after each wipe, which begins with a boot of its own."""


def alone(connection: sqlite3.Connection, path: Path) -> None:
    """Raise RecordError while somebody reads: the old pages would stay in the file as long."""
    with record_errors(path):
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise trouble(path, Trouble.LOCKED, "somebody is reading the record")


def begin_anew(
    connection: sqlite3.Connection,
    path: Path,
    now: datetime,
    *,
    trusted: bool,
    mono_s: float,
    by: str,
    known_runs: Iterable[str],
) -> None:
    """Put the new record in the old one's place, with who wiped it in the audit log. Raises RecordError, nothing is changed then.

    `known_runs` are runs that the guard remembers and may tell again: the new record knows that it had them.
    """
    with record_errors(path), closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        _shape(connection, fresh)
        fresh.execute("BEGIN")
        boot = _boot(fresh, str(uuid.uuid4()))
        for table, query in {**dict.fromkeys(_others(connection), ""), **STAYS}.items():
            _carry(connection, fresh, table, query or f'SELECT * FROM "{table}"')  # noqa: S608 -- names of ours
        _runs(connection, fresh, to_ms(now - RUNS_STAY))
        fresh.execute("INSERT INTO progress VALUES (1, 0, 0)")
        fresh.execute(
            "INSERT INTO event (at, mono_s, boot, trusted, code, zone, body) VALUES (?, ?, ?, ?, ?, NULL, ?)",
            (to_ms(now), mono_s, boot, trusted, WIPED, encode({RUNS_BEFORE_WIPE: " ".join(known_runs)})),
        )
        add_audit(fresh, now, trusted, by, WIPED, None, {})
        fresh.execute("COMMIT")
        fresh.backup(connection)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _shape(connection: sqlite3.Connection, fresh: sqlite3.Connection) -> None:
    """The same schema on pages of the same size."""
    (page_size,) = connection.execute("PRAGMA page_size").fetchone()
    fresh.execute(f"PRAGMA page_size = {page_size}")
    fresh.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    fresh.execute(f"PRAGMA user_version = {VERSION}")
    for (statement,) in connection.execute(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
    ).fetchall():
        fresh.execute(statement)


def _others(connection: sqlite3.Connection) -> list[str]:
    """Tables that hold nothing of the field: which migrations were made."""
    rows = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    return [name for (name,) in rows if name not in TABLES]


def _carry(connection: sqlite3.Connection, fresh: sqlite3.Connection, table: str, query: str) -> None:
    rows = connection.execute(query).fetchall()
    if rows:
        fresh.executemany(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(rows[0]))})', rows)  # noqa: S608 -- as above


def _runs(connection: sqlite3.Connection, fresh: sqlite3.Connection, since_ms: int) -> None:
    """The last day's waterings, each with the boot it was recorded in."""
    cursor = connection.execute(
        "SELECT boot.boot_id, run.* FROM run JOIN boot ON boot.id = run.boot WHERE ended_at > ? ORDER BY run.id",
        (since_ms,),
    )
    place = [column[0] for column in cursor.description].index("boot") - 1
    for boot_id, *row in cursor.fetchall():
        row[place] = _boot(fresh, boot_id)
        fresh.execute(f"INSERT INTO run VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608 -- marks only


def _boot(fresh: sqlite3.Connection, boot_id: str) -> int:
    fresh.execute("INSERT INTO boot (boot_id) VALUES (?) ON CONFLICT DO NOTHING", (boot_id,))
    (number,) = fresh.execute("SELECT id FROM boot WHERE boot_id = ?", (boot_id,)).fetchone()
    return int(number)
