"""Rows about calibrations: appended, never overwritten; the newest of a sensor counts."""

from __future__ import annotations

import json
import sqlite3

from fieldstation.domain.calibration import Calibration, CalibrationKind
from fieldstation.store.instant import from_ms, to_ms

CALIBRATIONS = "SELECT id, at, sensor, kind, body, note, by FROM calibration ORDER BY id"


def add_calibration(connection: sqlite3.Connection, trusted: bool, one: Calibration) -> None:
    """Keep one."""
    body = {"curve": one.curve, "values": one.values, "points": one.points}
    connection.execute(
        "INSERT INTO calibration (at, trusted, sensor, kind, body, note, by) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (to_ms(one.at), trusted, one.sensor, one.kind.value, json.dumps(body), one.note, one.by),
    )


def calibration_of(row: tuple[object, ...]) -> Calibration:
    """A row of CALIBRATIONS. Raises ValueError, KeyError or TypeError for a damaged one."""
    number, at_ms, sensor, kind, body, note, by = row
    stored = json.loads(str(body))
    return Calibration(
        str(sensor),
        CalibrationKind(str(kind)),
        from_ms(int(str(at_ms))),
        str(by),
        str(note),
        tuple((float(v), float(f)) for v, f in stored["curve"]),
        {str(name): float(value) for name, value in stored["values"].items()},
        tuple((float(v), float(f)) for v, f in stored["points"]),
        int(str(number)),
    )
