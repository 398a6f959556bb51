"""Everything on record as a zip of CSV files, for spreadsheets and for leaving. Streamed, never held in memory."""

from __future__ import annotations

import csv
import io
import os
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from fieldstation.domain.reading import Quantity
from fieldstation.store import connect
from fieldstation.store.errors import Trouble, record_errors, trouble
from fieldstation.store.instant import from_ms
from fieldstation.store.tables.rounds import Series, unpack
from fieldstation.wire.durable import sync_folder

_README = """The record of a field station.

Times are UTC (ISO 8601); `on` is the station's local date. trusted 0 means that the clock had
not been set when the row was written. value is in the unit beside it and empty when the reading
was not good; quality says why. raw is what the device gave (volts for soil probes).
hourly and daily hold the number of good readings, their least, greatest, sum and last value;
the sum of rain is millimetres. depth_mm is gross water depth. body is JSON.
Of several harvests of one season the last row counts; t_ha is dry matter.
audit is who did what: a code and its values; secrets are not in it, nor are accounts and tokens.
foretold holds forecasts that were kept to be judged: [depth_cm, hours, now, p10, p50, p90].
A text that a spreadsheet would take for a formula begins with an apostrophe.
"""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

_RUNS = (
    "SELECT run_id AS id, seq, zone, origin, started_at, ended_at, on_s, litres, depth_mm, measured,"
    " stop_reason, at AS recorded_at, trusted FROM run ORDER BY run.id"
)
_DECISIONS = (
    "SELECT decision_id AS id, at, trusted, zone, rung, reason, depth_mm, model, body"
    " FROM decision ORDER BY decision.id"
)
_EVENTS = "SELECT at, trusted, boot_id AS boot, code, zone, body FROM event JOIN boot ON boot.id = boot ORDER BY event.id"
_HOURLY = (
    "SELECT hour_at AS at, sensor, quantity, trusted, n, min, max, sum, last"
    " FROM hourly JOIN series ON series.id = series ORDER BY hour_at, series"
)
_DAILY = (
    "SELECT on_date AS 'on', sensor, quantity, trusted, n, min, max, sum, last"
    " FROM daily JOIN series ON series.id = series ORDER BY on_date, series"
)
_READINGS = (
    "SELECT at, mono_s, boot_id, trusted, readings FROM round JOIN boot ON boot.id = boot ORDER BY round.id"
)
_PLANTINGS = "SELECT planting.* FROM planting ORDER BY planting.id"
_HARVESTS = "SELECT harvest.* FROM harvest ORDER BY harvest.id"
_MODELS = "SELECT at, version, state, body FROM model ORDER BY model.id"
_LEARNING = "SELECT at, failure, body FROM learning ORDER BY learning.id"
_PREDICTIONS = "SELECT at, zone, version, points FROM foretold ORDER BY foretold.id"
_ALERTS = (
    "SELECT code, zone, sensor, since, trusted, ended_at, seen_at, seen_by, body FROM alert ORDER BY alert.id"
)
_AUDIT = "SELECT at, trusted, who, what, zone, body FROM audit ORDER BY audit.id"
_CALIBRATIONS = "SELECT at, trusted, sensor, kind, body, note, by FROM calibration ORDER BY calibration.id"
_COMMISSIONING = (
    "SELECT at, trusted, visit, step, outcome, body, by FROM commissioning ORDER BY commissioning.id"
)
LOOK_EVERY = 1000
_INSTANTS = {"at", "since", "seen_at", "started_at", "ended_at", "recorded_at"}


def _unseen() -> None:
    """Nobody looks."""


Look = Callable[[], None]
"""Called for each table and each thousand rows; what it raises ends the export."""


def export(path: Path, target: Path, look: Look = _unseen) -> int:
    """Write the whole record at `path` to the zip `target`; its size in bytes.

    `target` appears only when it is complete, also after a power cut. Raises RecordError.
    """
    part = target.with_name(target.name + ".part")
    try:
        with record_errors(target):
            with part.open("wb") as file:
                write(path, file, target, look)
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
            sync_folder(target.parent)
            return target.stat().st_size
    finally:
        with suppress(OSError):  # what went wrong first is what to tell
            part.unlink(missing_ok=True)


def write(path: Path, file: IO[bytes], target: Path, look: Look = _unseen) -> None:
    """Write the whole record at `path` as a zip into the open file of `target`: one consistent view of it. Raises RecordError."""
    connection, _ = connect.reader(path)
    try:
        with record_errors(path):
            connection.execute("BEGIN")
            try:
                _archive(connection, path, file, look)
            except OSError:  # the record's own troubles are sqlite3.Error
                with record_errors(target):
                    raise
    finally:
        connection.close()


def _archive(connection: sqlite3.Connection, path: Path, file: IO[bytes], look: Look) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _README)
        _csv(archive, "readings.csv", *_readings(connection, path), look)
        for name, query in (
            ("hourly", _HOURLY),
            ("daily", _DAILY),
            ("runs", _RUNS),
            ("decisions", _DECISIONS),
            ("events", _EVENTS),
            ("plantings", _PLANTINGS),
            ("harvests", _HARVESTS),
            ("models", _MODELS),
            ("learning", _LEARNING),
            ("foretold", _PREDICTIONS),
            ("alerts", _ALERTS),
            ("audit", _AUDIT),
            ("calibrations", _CALIBRATIONS),
            ("commissioning", _COMMISSIONING),
        ):
            _csv(archive, f"{name}.csv", *_table(connection, query), look)


def _csv(
    archive: zipfile.ZipFile, name: str, head: list[str], rows: Iterable[Iterable[Any]], look: Look
) -> None:
    with (
        archive.open(name, "w", force_zip64=True) as file,
        io.TextIOWrapper(file, "utf-8", newline="") as text,
    ):
        writer = csv.writer(text)
        writer.writerow(head)
        look()
        for number, row in enumerate(rows, 1):
            writer.writerow([_cell(value) for value in row])
            if number % LOOK_EVERY == 0:
                look()


def _cell(value: Any) -> Any:
    """A value as a spreadsheet may see it: a text is never a formula."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value


def _table(connection: sqlite3.Connection, query: str) -> tuple[list[str], Iterator[list[Any]]]:
    cursor = connection.execute(query)
    head = [column[0] for column in cursor.description]
    dated = [name in _INSTANTS for name in head]
    rows = (
        [
            _iso(value) if instant and value is not None else value
            for value, instant in zip(row, dated, strict=True)
        ]
        for row in cursor
    )
    return head, rows


def _readings(connection: sqlite3.Connection, path: Path) -> tuple[list[str], Iterator[list[Any]]]:
    names: dict[int, Series] = {
        number: (sensor, Quantity(quantity))
        for number, sensor, quantity in connection.execute("SELECT id, sensor, quantity FROM series")
    }

    def rows() -> Iterator[list[Any]]:
        for at_ms, mono_s, boot_id, trusted, text in connection.execute(_READINGS):
            try:
                readings = unpack(text, from_ms(at_ms), mono_s, names)
            except (ValueError, KeyError, TypeError) as error:
                raise trouble(path, Trouble.CORRUPT, f"damaged row: {error}") from error
            for reading in readings:
                yield [
                    reading.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                    trusted,
                    boot_id,
                    round(reading.mono_s, 3),
                    reading.sensor,
                    reading.quantity.value,
                    reading.value,
                    reading.quantity.unit,
                    reading.quality.value,
                    reading.raw,
                ]

    head = ["at", "trusted", "boot", "mono_s", "sensor", "quantity", "value", "unit", "quality", "raw"]
    return head, rows()


def _iso(ms: int) -> str:
    return from_ms(ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")
