from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from fieldstation.domain.decision import Event, Rung, SkippedRung
from fieldstation.store import connect
from fieldstation.store.reader import Reader, RecordError, Trouble
from fieldstation.store.record import Record
from fieldstation.store.schema import APPLICATION_ID, TABLES, VERSION
from fieldstation.store.upkeep import migrate, quarantine
from fieldstation.store.upkeep.backup import named
from fieldstation.store.upkeep.migrate import NOT_NOW, NOT_OURS, READY, USAGE, migrate_in_child, prepare
from fieldstation.store.upkeep.migrations import steps
from tests.kit.records import newest_round, unsound
from tests.kit.rows import at, decision, reading, run

NOW = datetime(2026, 5, 2, 4, 0, tzinfo=UTC)


def released(version: int, path: Path) -> None:
    """A record as the release with schema `version` left it, with rows in it, made by code."""
    path.touch()
    connection = connect.writer(path, version=None)
    database = Database(connection)
    later = [step.name for step in steps.pending(database)][version:]
    steps.apply(database, stop_before=later)
    for statement in ROWS_OF[version]:
        connection.execute(statement)
    connection.close()


_V1_ROWS = [
    "INSERT INTO boot VALUES (1, 'boot')",
    "INSERT INTO series VALUES (1, 'probe', 'soil_water'), (2, 'air', 'air_t')",
    "INSERT INTO round VALUES (7, 1777694400000, 12.5, 1, 1, '[[1,0.21,1.8],[2,\"no_answer\"]]')",
    """INSERT INTO run VALUES (1, 1777694400000, 12.5, 1, 1, 'r1', 3, 'north', 'auto', 1777690000000,
    1777691200000, 1200.0, 600.0, 6.0, 1, 'done')""",
    """INSERT INTO decision VALUES (1, 1777694400000, 12.5, 1, 1, 'd1', 'north', 'learned', 'enough_water', 0.0, 'base-1',
        '{"id":"d1","zone":"north","at":"2026-05-02T04:00:00Z","clock_trusted":true,"rung":"learned","reason":"enough_water",
        "values":{"days_left":2.0},"depth_mm":0.0,"run_s":0.0,"start_at":null,"expected_at":null,"expected_run_s":null,
        "depletion_mm":20.0,"taw_mm":90.0,"dry_frac":0.15,"full_frac":0.3,"skipped":[{"rung":"learned","why":"no_forecast"}],
        "inputs":[],"limited_by":[],"forecast":null,"model":"base-1"}')""",
    "INSERT INTO event VALUES (1, 1777694400000, 12.5, 1, 0, 'stop_latched', NULL, '{\"by\":\"page\"}')",
]
ROWS_OF = {
    1: _V1_ROWS,
    2: [
        *_V1_ROWS,
        "INSERT INTO harvest VALUES (1, 1777694400000, 1, 'north', '2026-09-01', 7.5)",
        """INSERT INTO planting VALUES (1, 1777694400000, 'north', '2026-05-01', 'maize', 125, 100.0, 0.85, 0.25,
        0.1, 0.45)""",
    ],
}
ROWS_OF[3] = [
    *ROWS_OF[2],
    "INSERT INTO account VALUES (1, 1777694400000, 'anna', 'farmer', 'hash', 1, NULL)",
    "INSERT INTO setting VALUES (1, 1777694400000, 1, 'pause_until', 'north', '\"2026-05-04\"', 'anna')",
]


@pytest.mark.parametrize("version", range(1, VERSION + 1))
def test_every_released_record_becomes_this_releases(version: int, tmp_path: Path) -> None:
    path = tmp_path / "record.db"
    released(version, path)
    assert prepare(path, NOW) is None
    with Reader(path) as reader:
        found = newest_round(reader)
        assert found is not None
        assert [reading.value for reading in found.readings] == [0.21, None]
        assert [run.litres for run in reader.runs("north", datetime(2026, 1, 1, tzinfo=UTC))] == [600.0]
        decision = reader.latest_decision("north")
        assert decision is not None
        assert (decision.values, decision.changes, decision.account) == ({"days_left": 2.0}, (), None)
        assert decision.skipped == (SkippedRung(Rung.LEARNED, "no_forecast"),)
        (event,) = reader.events(datetime(2026, 1, 1, tzinfo=UTC))
        assert (event.code, event.values, event.clock_trusted) == ("stop_latched", {"by": "page"}, False)
        assert [harvest.t_ha for harvest in reader.harvests()] == ([7.5] if version >= 2 else [])
        assert [planting.crop for planting in reader.plantings()] == (["maize"] if version >= 2 else [])
        assert reader.models() == []
        assert reader.learning() is None


def test_the_fixtures_know_every_version() -> None:
    assert sorted(ROWS_OF) == list(range(1, VERSION + 1))


def test_a_new_record_is_ours_strict_and_complete(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        tables = {
            name: strict
            for _, name, kind, _, _, strict in connection.execute("PRAGMA table_list")
            if kind == "table" and not name.startswith(("sqlite_", "_sqlite"))
        }
    assert tables == dict.fromkeys(TABLES, 1)


def test_the_writer_waits_for_the_disk(record: Record) -> None:
    expected = {"synchronous": 2, "foreign_keys": 1, "wal_autocheckpoint": 200, "journal_size_limit": 1 << 20}
    found = {name: record._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in expected}
    assert found == expected


def test_an_older_record_is_backed_up_and_a_failing_step_changes_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (migrate, connect, quarantine):
        monkeypatch.setattr(module, "VERSION", VERSION + 1)
    with pytest.raises(RecordError, match="older release") as caught:
        connect.writer(path, version=VERSION + 1)
    assert caught.value.code is Trouble.OLDER

    def half(db: Database) -> None:
        db.execute("CREATE TABLE half (x INTEGER) STRICT")
        raise sqlite3.OperationalError("the step broke")

    monkeypatch.setattr(steps, "_migrations", list(steps._migrations))
    steps(name="next")(half)
    with pytest.raises(RecordError, match="the step broke"):
        prepare(path, NOW)
    assert named(path, 1).exists()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'half'").fetchone() == (0,)
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)


def test_a_next_step_is_applied_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (migrate, connect, quarantine):
        monkeypatch.setattr(module, "VERSION", VERSION + 1)

    def more(db: Database) -> None:
        db.execute("CREATE TABLE more (x INTEGER) STRICT")
        db.execute(f"PRAGMA user_version = {VERSION + 1}")

    monkeypatch.setattr(steps, "_migrations", list(steps._migrations))
    steps(name="next")(more)
    for _ in range(2):
        assert prepare(path, NOW) is None
    with closing(connect.writer(path, version=VERSION + 1)) as connection:
        assert connection.execute("SELECT count(*) FROM more").fetchone() == (0,)


def run_child(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "fieldstation.store.upkeep.migrate", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_child_makes_a_record_and_says_one_line(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "record.db"
    child = run_child(str(path))
    assert child.returncode == READY
    assert json.loads(child.stdout) == {"version": VERSION, "notice": None}
    assert sorted(file.name for file in path.parent.iterdir()) == ["ballast", "record.db"]
    assert run_child().returncode == USAGE


@pytest.mark.slow
def test_the_child_refuses_and_says_why(path: Path, tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("")
    child = run_child(str(tmp_path / "in the way" / "record.db"))
    assert child.returncode == NOT_NOW
    assert json.loads(child.stdout)["code"] in {"io", "read_only"}
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA user_version = 99")
    child = run_child(str(path))
    assert child.returncode == NOT_OURS
    with pytest.raises(RecordError, match="newer release") as caught:
        migrate_in_child(path)
    assert caught.value.code is Trouble.NEWER


@pytest.mark.slow
def test_the_notice_of_a_mended_record_comes_through(path: Path) -> None:
    path.write_bytes(b"")
    notice = migrate_in_child(path)
    assert notice is not None
    assert "a new record was begun" in notice
    Record.open(path, "boot").close()


@pytest.mark.slow
def test_a_child_that_dies_or_is_late_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RecordError, match="no migration within") as caught:
        migrate_in_child(path, timeout_s=0.0)
    assert caught.value.code is Trouble.FAILED
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RecordError, match="exit code 1"):
        migrate_in_child(path)


def test_a_cut_creation_leaves_no_half_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: Path) -> None:
        raise RecordError(Trouble.DISK_FULL, "full")

    monkeypatch.setattr(migrate, "_apply", broken)
    with pytest.raises(RecordError):
        prepare(tmp_path / "record.db", NOW)
    assert list(tmp_path.iterdir()) == []


def test_a_log_of_an_earlier_record_is_not_replayed_into_a_new_one(path: Path, tmp_path: Path) -> None:
    with closing(Record.open(path, "boot")) as record:
        record.add_round(at(), 0.0, True, [reading(at())])
        record.flush()
        log = path.with_name("record.db-wal").read_bytes()
    folder = tmp_path / "fresh"
    folder.mkdir()
    (folder / "record.db-wal").write_bytes(log)
    prepare(folder / "record.db", NOW)
    with Reader(folder / "record.db") as reader:
        assert newest_round(reader) is None


@pytest.mark.slow
@pytest.mark.parametrize(
    "module", ["reader", "record", "upkeep.migrate", "upkeep.export", "upkeep.quarantine"]
)
def test_no_door_loads_numpy(module: str) -> None:
    code = (
        f"import sys, fieldstation.store.{module}; "
        "print(sorted({'sqlite_utils', 'numpy', 'click'} & set(sys.modules)))"
    )
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert child.stdout.strip() == "[]"


def test_rows_fit_their_tables(record: Record) -> None:
    """A row with whole numbers where fractions stand, and the other way, is taken as STRICT tables demand."""
    record.add_round(at(), 1, True, [reading(at(), 1)])
    record.flush()
    record.add_run(run(at(), litres=6), 1)
    record.add_decision(decision(at()))
    record.add_event(Event("x", at(), True, None, {"n": 1}))
    assert unsound(record) is None
