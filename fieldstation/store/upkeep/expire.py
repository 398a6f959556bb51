"""Old rows go by age; roll-ups and runs stay for ever."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from fieldstation.domain.settings import SETTINGS
from fieldstation.store.instant import to_ms
from fieldstation.store.tables.learned import PREDICTION_DAYS

DETAIL_DAYS = 1100
"""Decisions, events, solved alerts, the audit log and what was set before are kept for three years."""
OUTBOX_DAYS = 30
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Expired:
    """How many rows went."""

    rounds: int
    decisions: int
    events: int


def expire(
    connection: sqlite3.Connection, now: datetime, raw_days: int, detail_days: int = DETAIL_DAYS
) -> Expired:
    """Delete what is older than its days, inside the caller's transaction.

    Age is counted from `now` or from the newest trusted round, whichever is earlier, so a
    wall clock that jumped ahead deletes nothing. Rounds go in the order they came, only
    once they are rolled up, and the newest always stays (its id must not be given twice).
    """
    newest_ms = _newest_ms(connection)
    if newest_ms is None:
        return Expired(0, 0, 0)
    end_ms = min(to_ms(now), newest_ms)
    raw_ms = end_ms - timedelta(days=raw_days) // timedelta(milliseconds=1)
    detail_ms = end_ms - timedelta(days=detail_days) // timedelta(milliseconds=1)
    rounds = connection.execute(
        "DELETE FROM round WHERE id < ? AND id <= (SELECT rolled_round FROM progress)"
        " AND id < (SELECT max(id) FROM round)",
        (_first_id(connection, "round", raw_ms),),
    ).rowcount
    decisions, events = (
        connection.execute(
            f"DELETE FROM {table} WHERE id < ?",  # noqa: S608 -- two names of ours
            (_first_id(connection, table, detail_ms),),
        ).rowcount
        for table in ("decision", "event")
    )
    connection.execute("DELETE FROM audit WHERE id < ?", (_first_id(connection, "audit", detail_ms),))
    secret = [name for name, spec in SETTINGS.items() if spec.secret]
    connection.execute(  # what counts stays however old; a secret that was replaced or taken back goes at once
        "DELETE FROM setting WHERE id NOT IN (SELECT max(id) FROM setting GROUP BY name, zone) AND"  # noqa: S608 -- marks only
        f" (id < ? OR name IN ({', '.join('?' * len(secret))}))",
        (_first_id(connection, "setting", detail_ms), *secret),
    )
    connection.execute(
        "DELETE FROM outbox WHERE state <> 'waiting' AND at < ?", (end_ms - OUTBOX_DAYS * _DAY_MS,)
    )
    connection.execute(
        "DELETE FROM alert WHERE ended_at < ? AND id NOT IN (SELECT alert FROM outbox WHERE alert IS NOT NULL)",
        (detail_ms,),
    )
    connection.execute(
        "DELETE FROM foretold WHERE at < ?", (end_ms - PREDICTION_DAYS * _DAY_MS,)
    )  # no id of theirs is ever asked for again
    return Expired(rounds, decisions, events)


def _newest_ms(connection: sqlite3.Connection) -> int | None:
    for query in (
        "SELECT at FROM round WHERE trusted ORDER BY id DESC LIMIT 1",
        "SELECT at FROM round ORDER BY id DESC LIMIT 1",
    ):
        row = connection.execute(query).fetchone()
        if row is not None:
            return int(row[0])
    return None


def _first_id(connection: sqlite3.Connection, table: str, since_ms: int) -> int:
    """The first row young enough to stay, by a trusted clock if there ever was one; 0 when none is."""
    for trusted in ("trusted AND", ""):
        row = connection.execute(
            f"SELECT id FROM {table} WHERE {trusted} at >= ? ORDER BY id LIMIT 1",  # noqa: S608 -- fixed words
            (since_ms,),
        ).fetchone()
        if row is not None:
            return int(row[0])
    return 0
