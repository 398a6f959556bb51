"""Decisions, runs and events: rows that are added and never changed."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Any

from fieldstation.domain.decision import Decision, Event
from fieldstation.domain.run import Run
from fieldstation.store.codec import encode
from fieldstation.store.instant import to_ms

Stamp = tuple[float, int]
"""Monotonic seconds, and the number of the boot that they count from."""


def add_decision(connection: sqlite3.Connection, stamp: Stamp, decision: Decision) -> None:
    """The same decision twice is kept once."""
    _add(
        connection,
        "decision",
        _dated(decision.at, stamp, decision.clock_trusted)
        | {
            "decision_id": decision.id,
            "zone": decision.zone,
            "rung": decision.rung.value,
            "reason": decision.reason.value,
            "depth_mm": decision.depth_mm,
            "model": decision.model,
            "body": encode(decision),
        },
    )


def add_run(
    connection: sqlite3.Connection, stamp: Stamp, at: tuple[datetime, bool], run: Run, depth_mm: float
) -> None:
    """A closed run with its gross depth; `at` is now, and whether the clock is trusted. Twice is kept once."""
    _add(
        connection,
        "run",
        _dated(at[0], stamp, at[1])
        | {
            "run_id": run.id,
            "seq": run.seq,
            "zone": run.zone,
            "origin": run.origin,
            "started_at": to_ms(run.started_at),
            "ended_at": to_ms(run.ended_at),
            "on_s": run.on_s,
            "litres": run.litres,
            "depth_mm": depth_mm,
            "measured": run.measured,
            "stop_reason": run.stop_reason.value,
        },
    )


def add_event(connection: sqlite3.Connection, stamp: Stamp, event: Event) -> None:
    """Each event is a row of its own."""
    row = {"code": event.code, "zone": event.zone, "body": encode(event.values)}
    _add(connection, "event", _dated(event.at, stamp, event.clock_trusted) | row)


def _dated(at: datetime, stamp: Stamp, trusted: bool) -> dict[str, Any]:
    return {"at": to_ms(at), "mono_s": stamp[0], "boot": stamp[1], "trusted": trusted}


def _add(connection: sqlite3.Connection, table: str, row: dict[str, Any]) -> None:
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    connection.execute(
        f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING",  # noqa: S608 # own names
        tuple(row.values()),
    )
