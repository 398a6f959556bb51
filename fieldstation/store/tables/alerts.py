"""Rows about alerts: one from the first sight of a cause until it is solved, brought up to date in place."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from fieldstation.domain.alert import Alert, AlertCode, subject
from fieldstation.store.codec import decode_values, encode
from fieldstation.store.instant import from_ms, to_ms

_COLUMNS = "code, zone, sensor, since, trusted, ended_at, seen_at, seen_by, quiet_until, body"
ALERTS = f"SELECT id, {_COLUMNS} FROM alert WHERE ended_at IS NULL OR ended_at >= ? ORDER BY since DESC, id DESC LIMIT ?"  # noqa: S608 -- columns of ours


def save(connection: sqlite3.Connection, alerts: Iterable[Alert]) -> list[int]:
    """A new row for an alert without a number, its row brought up to date for the others; the numbers."""
    numbers = []
    for alert in alerts:
        values = (
            alert.code.value,
            alert.zone,
            subject(alert.code, alert.values),
            to_ms(alert.since),
            alert.clock_trusted,
            alert.ended_at and to_ms(alert.ended_at),
            alert.seen_at and to_ms(alert.seen_at),
            alert.seen_by,
            alert.quiet_until and to_ms(alert.quiet_until),
            encode(alert.values),
        )
        row = connection.execute(
            f"INSERT INTO alert (id, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
            " ON CONFLICT (id) DO UPDATE SET since = excluded.since, trusted = excluded.trusted,"
            " ended_at = excluded.ended_at, seen_at = excluded.seen_at, seen_by = excluded.seen_by,"
            " quiet_until = excluded.quiet_until, body = excluded.body RETURNING id",
            (alert.id, *values),
        ).fetchone()
        numbers.append(int(row[0]))
    return numbers


def alert_of(row: tuple[object, ...]) -> Alert:
    """A row of ALERTS. Raises ValueError or TypeError for a damaged one."""
    number, code, zone, _, since, trusted, ended, seen, seen_by, quiet, body = row
    at = [None if ms is None else from_ms(int(str(ms))) for ms in (ended, seen, quiet)]
    return Alert(
        AlertCode(str(code)),
        from_ms(int(str(since))),
        None if zone is None else str(zone),
        decode_values(str(body)),
        clock_trusted=bool(trusted),
        id=int(str(number)),
        ended_at=at[0],
        seen_at=at[1],
        seen_by=None if seen_by is None else str(seen_by),
        quiet_until=at[2],
    )
