"""A wipe: what goes, what stays, that it is whole or not at all, and that nothing kept in memory outlives it."""

from __future__ import annotations

import sqlite3
import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from fieldstation.domain.calibration import Calibration, CalibrationKind
from fieldstation.domain.commissioning import Outcome, Step, StepDone
from fieldstation.domain.decision import Event
from fieldstation.domain.people import Role, Scope
from fieldstation.domain.reading import Quantity
from fieldstation.store.history.grid import months
from fieldstation.store.history.month_cache import ClosedMonths
from fieldstation.store.history.reader import PastReader
from fieldstation.store.reader import Reader
from fieldstation.store.record import Record, RecordError, Trouble
from fieldstation.store.schema import TABLES
from fieldstation.store.upkeep import wipe
from tests.kit.records import unsound
from tests.kit.rows import at, reading, run

ALL = datetime(2000, 1, 1, tzinfo=UTC)


def counts(path: Path) -> dict[str, int]:
    with sqlite3.connect(path) as connection:
        return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in TABLES}


def live(record: Record) -> None:
    """People, settings twice, calibrations twice, a sign-off, a round, an event."""
    with record.people() as people:
        for name, role in (("Ana", Role.TECHNICIAN), ("Gone", Role.FARMER)):
            people.add_account(name, role, "$argon2id$kept")
            people.add_token(f"of {name}", (Scope.READ,), name[0].lower() * 64, name)
        people.end_account("Gone")
    for units in ("us", "metric"):
        record.set_setting("units", None, units, "Gone")
    record.set_setting("automatic", "north", False, "Ana")
    for curve in (((1.0, 0.4), (2.0, 0.1)), ((1.1, 0.4), (2.1, 0.1))):
        record.add_calibration(
            Calibration("probe", CalibrationKind.TWO_POINT, at(), "Ana", "bucket", curve, {}, (), 0)
        )
    record.add_step(StepDone("v1", Step.CLOCK, Outcome.PASSED, at(), "Ana"))
    record.add_round(at(), 0.0, True, [reading(at())])
    record.flush()
    record.roll_up(ZoneInfo("UTC"))
    record.add_event(Event("x", at(), True, "north", {"by": "Gone"}))


def test_what_the_station_needs_to_go_on_stays_as_it_stands(path: Path, record: Record) -> None:
    live(record)
    with Reader(path) as reader:
        before = (reader.accounts(), reader.tokens(), reader.visits(), reader.calibrations()[-1].curve)
        units = reader.settings().get("units")
    record.wipe("Ana")
    with Reader(path) as reader:
        after = (reader.accounts(), reader.tokens(), reader.visits(), reader.calibrations()[-1].curve)
        assert after == before
        assert [one.name for one in before[0]] == ["Ana"]
        assert reader.settings().get("units") == units == "metric"
        assert reader.settings().get("automatic", "north") is False
        (entry,) = reader.audit()
        assert (entry.who, entry.what, entry.zone) == ("Ana", "record_wiped", None)
        (event,) = reader.events(ALL)
        assert event.code == "record_wiped"
    kept = {name: n for name, n in counts(path).items() if n}
    assert kept == {
        "boot": 1,
        "progress": 1,
        "event": 1,
        "audit": 1,
        "account": 1,
        "token": 1,
        "setting": 2,
        "calibration": 1,
        "commissioning": 1,
    }


def test_the_record_goes_on_and_migrations_know_it(path: Path, record: Record) -> None:
    live(record)
    record.wipe("Ana")
    record.add_round(at(), 0.0, True, [reading(at())])
    record.flush()
    record.add_event(Event("y", at(), True))
    record.close()
    from fieldstation.store.upkeep.migrate import prepare

    prepare(path, at())
    again = Record.open(path, "boot-b")
    assert unsound(again) is None
    assert again._connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert again._connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert again._connection.execute("PRAGMA foreign_key_check").fetchall() == []
    again.close()


def test_waterings_of_the_last_day_stay_for_the_days_limit(path: Path, record: Record, clock: object) -> None:
    now = record._clock.now()
    for number, hours in enumerate((1, 23, 25, 900)):
        record.add_run(run(now - timedelta(hours=hours), f"run-{number}"), 5.0)
    record.wipe("Ana", ["run-2", "run-3"])
    with Reader(path) as reader:
        assert sorted(one.id for one in reader.runs("north", ALL)) == ["run-0", "run-1"]
        assert reader.runs_before_wipe() == ["run-2", "run-3"]
    assert record._connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_record_never_wiped_was_told_nothing(path: Path, record: Record) -> None:
    with Reader(path) as reader:
        assert reader.runs_before_wipe() == []
    record.add_event(Event("x", at(), True))
    with Reader(path) as reader:
        assert reader.runs_before_wipe() == []


@pytest.mark.slow
def test_a_long_reader_is_waited_for_no_longer_than_a_wish_and_nothing_has_changed(path: Path) -> None:
    from fieldstation.store.upkeep.migrate import prepare

    prepare(path, at())
    record = Record.open(path, "boot", busy_s=0.1)
    live(record)
    record.backup()
    held = sqlite3.connect(path, isolation_level=None)
    held.execute("BEGIN")
    assert held.execute("SELECT count(*) FROM round").fetchone() == (1,)
    record.add_event(Event("later", at(), True))
    before = counts(path)
    with pytest.raises(RecordError) as caught:
        record.wipe("Ana")
    assert caught.value.code is Trouble.LOCKED
    assert counts(path) == before
    assert list(path.parent.glob("*.backup-1"))
    held.close()
    record.wipe("Ana")
    assert counts(path)["round"] == 0
    assert not list(path.parent.glob("*.backup-*"))
    record.close()


def test_a_reader_sees_the_old_record_or_the_new_one(path: Path, record: Record) -> None:
    """Also one that began before, and prepared its questions before."""
    live(record)
    held = sqlite3.connect(path, isolation_level=None)
    question = "SELECT (SELECT count(*) FROM round), (SELECT count(*) FROM setting)"
    assert held.execute(question).fetchone() == (1, 3)
    record.wipe("Ana")
    assert held.execute(question).fetchone() == (0, 2)
    held.close()


def test_a_wipe_that_fails_half_way_has_changed_no_row(
    path: Path, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(record)
    before = counts(path)

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(wipe, "add_audit", full)
    with pytest.raises(RecordError):
        record.wipe("Ana")
    assert counts(path) == before
    record.add_event(Event("goes on", at(), True))


def test_ten_years_are_gone_from_the_disk_at_once(path: Path, record: Record) -> None:
    name = "z" + uuid.uuid4().hex
    with record.together():
        for _ in range(3000):
            record.add_event(Event("x", at(), True, None, {"by": name * 20}))
    assert path.stat().st_size > 1_000_000
    record.wipe("Ana")
    for file in path.parent.iterdir():
        assert name.encode() not in file.read_bytes(), file
    assert path.stat().st_size < 400_000


def test_months_that_were_kept_in_memory_go_with_the_record(path: Path, record: Record) -> None:
    kept, series = ClosedMonths(lambda: 0.0), ("probe", Quantity.SOIL_WATER)
    on = months(date(2026, 1, 1), date(2026, 9, 1))

    def seen() -> list[float | None]:
        with PastReader(path, kept) as reader:
            return reader.tracks([series], on)[series].mean

    record.add_round(at(), 0.0, True, [reading(at(), 0.25)])
    record.flush()
    record.roll_up(ZoneInfo("UTC"))
    assert 0.25 in seen()
    record.wipe("Ana")
    assert set(seen()) == {None}
    record.add_round(at(), 0.0, True, [reading(at(), 0.125)])  # the same series has the same number again
    record.flush()
    record.roll_up(ZoneInfo("UTC"))
    assert 0.125 in seen()
