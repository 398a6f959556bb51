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


def _build(db: Database, tables: str) -> None:
    for statement in tables.split(";\n"):
        if statement.strip():
            db.execute(statement)


@steps(name="v1")
def v1(db: Database) -> None:
    """The first release."""
    _build(db, _V1)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute("PRAGMA user_version = 1")


# what the station learns of itself; see `store/tables/learned.py`
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
    _build(db, _V2)
    db.execute("PRAGMA user_version = 2")


# people, their requests and what they did; see `store/tables/people.py`, `store/requests.py`
_V3 = """
CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    role TEXT NOT NULL CHECK (role IN ('viewer', 'farmer', 'technician')),
    password TEXT NOT NULL, -- an argon2id hash, never a password
    version INTEGER NOT NULL, -- a session with another one is over
    ended_at INTEGER -- a removed account stays, for the audit's sake
) STRICT;
CREATE TABLE token (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL, -- words with blanks between
    hash TEXT NOT NULL UNIQUE, -- SHA-256 of a random token; the token itself is shown once
    by TEXT NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE TABLE setting (
    id INTEGER PRIMARY KEY, -- of one name and zone the last row counts; the others are its history
    at INTEGER NOT NULL,
    trusted INTEGER NOT NULL CHECK (trusted IN (0, 1)),
    name TEXT NOT NULL,
    zone TEXT, -- NULL for the station's
    value TEXT NOT NULL, -- JSON
    by TEXT NOT NULL
) STRICT;
CREATE INDEX setting_by_name ON setting (name, zone);
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    trusted INTEGER NOT NULL CHECK (trusted IN (0, 1)),
    who TEXT NOT NULL,
    what TEXT NOT NULL, -- a code
    zone TEXT,
    body TEXT NOT NULL -- its values
) STRICT;
CREATE INDEX audit_by_at ON audit (at);
CREATE TABLE calibration (
    id INTEGER PRIMARY KEY, -- of one sensor the last row counts; going back adds a row
    at INTEGER NOT NULL,
    trusted INTEGER NOT NULL CHECK (trusted IN (0, 1)),
    sensor TEXT NOT NULL,
    kind TEXT NOT NULL, -- a code: index, gravimetric, as_installed, pulses_per_l ...
    body TEXT NOT NULL, -- points and what they were made of
    note TEXT NOT NULL,
    by TEXT NOT NULL
) STRICT;
CREATE INDEX calibration_by_sensor ON calibration (sensor, id);
CREATE TABLE alert (
    id INTEGER PRIMARY KEY, -- one row from the moment a cause appears until it is solved
    code TEXT NOT NULL,
    zone TEXT,
    sensor TEXT,
    since INTEGER NOT NULL,
    trusted INTEGER NOT NULL CHECK (trusted IN (0, 1)),
    ended_at INTEGER,
    seen_at INTEGER,
    seen_by TEXT,
    quiet_until INTEGER, -- snoozed
    body TEXT NOT NULL -- its values
) STRICT;
CREATE INDEX alert_open ON alert (ended_at, since);
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    alert INTEGER REFERENCES alert (id),
    channel TEXT NOT NULL,
    body TEXT NOT NULL,
    tries INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    state TEXT NOT NULL, -- waiting, sent, expired, given_up
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX outbox_due ON outbox (state, next_at);
CREATE TABLE commissioning (
    id INTEGER PRIMARY KEY, -- one row a step done or report signed
    at INTEGER NOT NULL,
    trusted INTEGER NOT NULL CHECK (trusted IN (0, 1)),
    visit TEXT NOT NULL,
    step TEXT NOT NULL,
    outcome TEXT NOT NULL,
    body TEXT NOT NULL,
    by TEXT NOT NULL
) STRICT;
"""


@steps(name="v3")
def v3(db: Database) -> None:
    """Accounts, tokens, settings, audit, calibrations, alerts with their outbox, commissioning."""
    _build(db, _V3)
    db.execute("PRAGMA user_version = 3")
