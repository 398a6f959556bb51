"""Rows about commissioning: each step tried is a row, never overwritten."""

from __future__ import annotations

import json
import sqlite3

from fieldstation.domain.commissioning import Outcome, Step, StepDone
from fieldstation.store.instant import from_ms, to_ms

STEPS = "SELECT visit, step, outcome, at, by, body FROM commissioning WHERE visit = ? ORDER BY id"
VISITS = "SELECT visit, min(at), max(at), max(step = 'signed') FROM commissioning GROUP BY visit ORDER BY max(id) DESC LIMIT 50"


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
    told = json.loads(str(body))
    return StepDone(
        str(visit), Step(str(step)), Outcome(str(outcome)), from_ms(int(str(at_ms))), str(by),
        str(told["of"]), str(told["note"]), dict(told["values"]),
    )  # fmt: skip
