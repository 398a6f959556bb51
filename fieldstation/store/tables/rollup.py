"""Hourly and daily roll-ups: each round is counted once, whatever happens in between.

A watermark moves in the same transaction as the sums, so a roll-up may be repeated, cut or late. Rounds
under an untrusted clock are kept apart. Those dated before the newest trusted instant are left out, for
their date is certainly wrong.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import tzinfo

from fieldstation.store.instant import from_ms
from fieldstation.store.tables.rounds import values

HOUR_MS = 3_600_000
QUARTER_MS = 900_000  # every zone's offset is a whole number of these
CHUNK = 20_000
IS_DUE = "SELECT 1 FROM round WHERE id > (SELECT rolled_round FROM progress) LIMIT 1"


@dataclass(slots=True)
class _Sum:
    n: int = 0
    low: float = float("inf")
    high: float = float("-inf")
    total: float = 0.0
    last: float = 0.0
    hours: int = 0

    def add(self, value: float) -> None:
        self.n += 1
        self.total += value
        self.last = value
        self.low = min(self.low, value)
        self.high = max(self.high, value)


def roll_up(connection: sqlite3.Connection, zone_info: tzinfo) -> int:
    """Add up to `CHUNK` new rounds to the roll-ups, inside the caller's transaction; how many were new."""
    rolled, floor_ms = connection.execute("SELECT rolled_round, newest_trusted_at FROM progress").fetchone()
    rows = connection.execute(
        "SELECT id, at, trusted, readings FROM round WHERE id > ? ORDER BY id LIMIT ?", (rolled, CHUNK)
    ).fetchall()
    if not rows:
        return 0
    hourly: dict[tuple[int, int, int], _Sum] = {}
    daily: dict[tuple[int, str, int], _Sum] = {}
    quarters: dict[int, tuple[str, int]] = {}
    for _, at_ms, trusted, text in rows:
        if trusted:
            floor_ms = max(floor_ms, at_ms)
        elif at_ms < floor_ms:
            continue
        hour_at = at_ms - at_ms % HOUR_MS
        quarter = at_ms // QUARTER_MS
        if quarter not in quarters:
            local = from_ms(quarter * QUARTER_MS).astimezone(zone_info)
            quarters[quarter] = local.date().isoformat(), 1 << local.hour
        on_date, hour_bit = quarters[quarter]
        for series, value in values(text):
            hourly.setdefault((hour_at, series, trusted), _Sum()).add(value)
            day = daily.setdefault((series, on_date, trusted), _Sum())
            day.add(value)
            day.hours |= hour_bit
    _store(connection, hourly, daily)
    connection.execute("UPDATE progress SET rolled_round = ?, newest_trusted_at = ?", (rows[-1][0], floor_ms))
    return len(rows)


def _store(
    connection: sqlite3.Connection,
    hourly: dict[tuple[int, int, int], _Sum],
    daily: dict[tuple[int, str, int], _Sum],
) -> None:
    connection.executemany(
        "INSERT INTO hourly VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n,"
        " min = min(min, excluded.min), max = max(max, excluded.max), sum = sum + excluded.sum,"
        " last = excluded.last",
        [(*key, s.n, s.low, s.high, s.total, s.last) for key, s in hourly.items()],
    )
    connection.executemany(
        "INSERT INTO daily VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n,"
        " min = min(min, excluded.min), max = max(max, excluded.max), sum = sum + excluded.sum,"
        " last = excluded.last, hours = hours | excluded.hours",
        [(*key, s.n, s.low, s.high, s.total, s.last, s.hours) for key, s in daily.items()],
    )
