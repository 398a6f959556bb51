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


# what the station learns of itself; see `store/learned.py`
_V2 = """
CREATE TABLE planting (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    zone TEXT NOT NULL,
    planted_on TEXT NOT NULL,
    crop TEXT NOT NULL,
    season_days INTEGER NOT NULL,
    area_m2 REAL NOT NULL,
    efficiency_frac REAL NOT NULL,
    field_capacity_frac REAL NOT NULL,
    wilting_point_frac REAL NOT NULL,
    saturation_frac REAL NOT NULL
) STRICT;
CREATE TABLE harvest (
    id INTEGER PRIMARY KEY, -- of one season the last row counts; the others stay as what was once said
    at INTEGER NOT NULL,
    trusted INTEGER NOT NULL CHECK (trusted IN (0, 1)),
    zone TEXT NOT NULL,
    on_date TEXT NOT NULL,
    t_ha REAL NOT NULL CHECK (t_ha >= 0)
) STRICT;
CREATE TABLE model (
    id INTEGER PRIMARY KEY, -- of one version the last row is how it stands; the others are its history
    at INTEGER NOT NULL,
    version TEXT NOT NULL,
    state TEXT NOT NULL,
    body TEXT NOT NULL -- the whole OwnModel
) STRICT;
CREATE INDEX model_by_version ON model (version);
CREATE TABLE learning (
    id INTEGER PRIMARY KEY, -- one row a learning run
    at INTEGER NOT NULL,
    failure TEXT,
    body TEXT NOT NULL -- the whole LearnReport: calibrations and yields as they were found
) STRICT;
CREATE TABLE foretold (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    zone TEXT NOT NULL,
    version TEXT NOT NULL,
    points TEXT NOT NULL -- [[depth_cm, hours, now, p10, p50, p90], ...]
) STRICT;
CREATE INDEX foretold_by_at ON foretold (at);
"""


@steps(name="v2")
def v2(db: Database) -> None:
    """Plantings, harvests, models of the station's own, learning runs, forecasts to be judged."""
    for statement in _V2.split(";\n"):
        if statement.strip():
            db.execute(statement)
    db.execute("PRAGMA user_version = 2")
