"""The steps from an empty file to this release's schema, one a version; never edit a released one.

Loads sqlite_utils, and with it numpy: imported only by the child process of `migrate`.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from fieldstation.store.schema import APPLICATION_ID

steps = Migrations("fieldstation")

# `at` is always UTC in ms; `trusted` whether the wall clock could be believed; `mono_s` the
# monotonic clock of that boot. Times may step back: the order of rows is the order of ids.
_V1 = """
CREATE TABLE boot (id INTEGER PRIMARY KEY, boot_id TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE series (
    id INTEGER PRIMARY KEY, sensor TEXT NOT NULL, quantity TEXT NOT NULL, UNIQUE (sensor, quantity)
) STRICT;
CREATE TABLE round (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    mono_s REAL NOT NULL,
    boot INTEGER NOT NULL REFERENCES boot (id),
    trusted INTEGER NOT NULL CHECK (trusted IN (0, 1)),
    readings TEXT NOT NULL -- [[series, value or quality, raw, age_s], ...]
) STRICT;
CREATE TABLE hourly (
    hour_at INTEGER NOT NULL, -- first, so that an hour of all series lands on one page
    series INTEGER NOT NULL REFERENCES series (id),
    trusted INTEGER NOT NULL CHECK (trusted IN (0, 1)),
    n INTEGER NOT NULL,
    min REAL NOT NULL,
    max REAL NOT NULL,
    sum REAL NOT NULL,
    last REAL NOT NULL,
    PRIMARY KEY (hour_at, series, trusted)
) STRICT, WITHOUT ROWID;
CREATE TABLE daily (
    series INTEGER NOT NULL REFERENCES series (id),
    on_date TEXT NOT NULL, -- the station's local date
    trusted INTEGER NOT NULL CHECK (trusted IN (0, 1)),
    n INTEGER NOT NULL,
    min REAL NOT NULL,
    max REAL NOT NULL,
    sum REAL NOT NULL,
    last REAL NOT NULL,
    hours INTEGER NOT NULL, -- bit h is set when local hour h was heard
    PRIMARY KEY (series, on_date, trusted)
) STRICT, WITHOUT ROWID;
CREATE TABLE progress (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    rolled_round INTEGER NOT NULL, -- roll-ups hold every round up to here
    newest_trusted_at INTEGER NOT NULL
) STRICT;
INSERT INTO progress VALUES (1, 0, 0);
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL, -- when it was recorded
    mono_s REAL NOT NULL,
    boot INTEGER NOT NULL REFERENCES boot (id),
    trusted INTEGER NOT NULL CHECK (trusted IN (0, 1)),
    run_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    zone TEXT NOT NULL,
    origin TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    on_s REAL NOT NULL,
    litres REAL NOT NULL,
    depth_mm REAL NOT NULL,
    measured INTEGER NOT NULL CHECK (measured IN (0, 1)),
    stop_reason TEXT NOT NULL,
    UNIQUE (run_id, seq)
) STRICT;
CREATE INDEX run_by_zone ON run (zone, ended_at);
CREATE TABLE decision (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    mono_s REAL NOT NULL,
    boot INTEGER NOT NULL REFERENCES boot (id),
    trusted INTEGER NOT NULL CHECK (trusted IN (0, 1)),
    decision_id TEXT NOT NULL UNIQUE,
    zone TEXT NOT NULL,
    rung TEXT NOT NULL,
    reason TEXT NOT NULL,
    depth_mm REAL NOT NULL,
    model TEXT,
    body TEXT NOT NULL -- the whole Decision
) STRICT;
CREATE INDEX decision_by_zone ON decision (zone, at);
CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    mono_s REAL NOT NULL,
    boot INTEGER NOT NULL REFERENCES boot (id),
    trusted INTEGER NOT NULL CHECK (trusted IN (0, 1)),
    code TEXT NOT NULL,
    zone TEXT,
    body TEXT NOT NULL -- its values
) STRICT;
CREATE INDEX event_by_at ON event (at);
"""


@steps(name="v1")
def v1(db: Database) -> None:
    """The first release."""
    for statement in _V1.split(";\n"):
        if statement.strip():
            db.execute(statement)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute("PRAGMA user_version = 1")
