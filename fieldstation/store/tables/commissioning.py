"""Rows about commissioning: each step tried is a row, never overwritten; that a visit began is a line of the audit log."""

from __future__ import annotations

import json
import sqlite3

from fieldstation.domain.commissioning import Outcome, Step, StepDone, Visit
from fieldstation.store.instant import from_ms, to_ms

STEPS = "SELECT visit, step, outcome, at, by, body FROM commissioning WHERE visit = ? ORDER BY id"
VISITS = """
SELECT visit, min(at), max(at), max(signed), max(tried) FROM (
    SELECT visit, at, step = 'signed' AS signed, 1 AS tried FROM commissioning
    UNION ALL SELECT json_extract(body, '$.visit'), at, 0, 0 FROM audit WHERE what = 'visit_begun')
GROUP BY visit ORDER BY max(at) DESC, visit LIMIT 50
"""


def add_step(connection: sqlite3.Connection, trusted: bool, done: StepDone) -> None:
    """Keep one."""
    body = json.dumps({"of": done.of, "note": done.note, "values": done.values})
    connection.execute(
        "INSERT INTO commissioning (at, trusted, visit, step, outcome, body, by) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (to_ms(done.at), trusted, done.visit, done.step.value, done.outcome.value, body, done.by),
    )


def step_of(row: tuple[object, ...]) -> StepDone:
    """A row of STEPS. Raises ValueError, KeyError or TypeError for a damaged one."""
    visit, step, outcome, at_ms, by, body = row
    stored = json.loads(str(body))
    return StepDone(
        str(visit),
        Step(str(step)),
        Outcome(str(outcome)),
        from_ms(int(str(at_ms))),
        str(by),
        str(stored["of"]),
        str(stored["note"]),
        dict(stored["values"]),
    )


def visit_of(row: tuple[object, ...]) -> Visit:
    """A row of VISITS. Raises ValueError or TypeError for a damaged one."""
    visit, first_ms, last_ms, signed, tried = row
    return Visit(
        str(visit), from_ms(int(str(first_ms))), from_ms(int(str(last_ms))), bool(signed), bool(tried)
    )
