from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from fieldstation.domain.decision import Event
from fieldstation.domain.reading import Quantity
from fieldstation.store.reader import Reader
from fieldstation.store.record import Record
from fieldstation.store.upkeep.expire import Expired
from tests.kit.rows import at, decision, reading, run
from tests.kit.store_clock import HandClock

UTC_ZONE = ZoneInfo("UTC")


def fill(record: Record, days: int) -> None:
    for n in range(days):
        record.add_round(at(days=n), n * 86400.0, True, [reading(at(days=n), 0.2)])
    record.flush()


def left(path: Path) -> list[datetime]:
    with Reader(path) as reader:
        return [found.at for found in reader.rounds(at(days=-10_000))]


def test_raw_rows_go_by_age_and_roll_ups_stay(path: Path, record: Record) -> None:
    fill(record, 60)
    record.roll_up(UTC_ZONE)
    assert record.expire(at(days=59), raw_days=45) == Expired(14, 0, 0)
    assert record.expire(at(days=59), raw_days=45) == Expired(0, 0, 0)
    assert left(path) == [at(days=n) for n in range(14, 60)]
    with Reader(path) as reader:
        assert len(reader.hourly("probe", Quantity.SOIL_WATER, at(), at(days=60))) == 60
        assert len(reader.daily("probe", Quantity.SOIL_WATER, at().date(), at(days=59).date())) == 60


def test_what_is_not_rolled_up_stays(record: Record) -> None:
    fill(record, 60)
    assert record.expire(at(days=59), raw_days=10).rounds == 0


def test_a_clock_that_jumped_ahead_deletes_nothing(path: Path, record: Record) -> None:
    fill(record, 5)
    record.add_round(at(days=4000), 6 * 86400.0, False, [reading(at(days=4000), 0.2)])
    record.flush()
    record.roll_up(UTC_ZONE)
    assert record.expire(at(days=4000), raw_days=45).rounds == 0
    assert len(left(path)) == 6


def test_rounds_from_a_lost_clock_go_with_their_neighbours(path: Path, record: Record) -> None:
    record.add_round(at(days=-9000), 0.0, False, [reading(at(days=-9000))])
    record.add_round(at(days=9000), 0.0, False, [reading(at(days=9000))])
    fill(record, 60)
    record.roll_up(UTC_ZONE)
    assert record.expire(at(days=59), raw_days=45).rounds == 16
    assert left(path)[0] == at(days=14)


def test_ids_are_never_given_twice_after_everything_went(path: Path, record: Record) -> None:
    fill(record, 3)
    record.roll_up(UTC_ZONE)
    record.expire(at(days=2), raw_days=0)
    record.add_round(at(days=3), 0.0, True, [reading(at(days=3))])
    record.flush()
    assert record.roll_up(UTC_ZONE) == 1


def test_old_decisions_and_events_go_and_runs_stay(path: Path, record: Record) -> None:
    for n in (0, 1200):
        record.add_decision(decision(at(days=n), f"d{n}"))
        record.add_event(Event("x", at(days=n), True))
        record.add_run(run(at(days=n), f"r{n}"), 6.0)
    record.add_round(at(days=1200), 0.0, True, [reading(at(days=1200))])
    record.flush()
    record.roll_up(UTC_ZONE)
    assert record.expire(at(days=1200), raw_days=45) == Expired(0, 1, 1)
    with Reader(path) as reader:
        since = at() - timedelta(days=1)
        assert [found.id for found in reader.decisions("north", since)] == ["d1200"]
        assert len(reader.events(since)) == 1
        assert len(reader.runs("north", since)) == 2


def test_an_empty_record_expires_nothing(record: Record) -> None:
    assert record.expire(at(), raw_days=45) == Expired(0, 0, 0)


def test_the_trail_and_old_settings_go_by_age_and_what_counts_stays(
    path: Path, record: Record, clock: HandClock
) -> None:
    for day, frac in ((0, 0.1), (1, -0.1), (1200, 0.2)):
        clock.at = at(days=day)
        record.set_setting("nudge_frac", "north", frac, "anna")
    clock.at = at(days=1201)
    record.set_setting("webhook_url", None, "https://old.example/key", "anna")
    record.set_setting("webhook_url", None, None, "anna")
    record.set_setting("language", None, "es", "anna")
    record.add_round(at(days=1201), 0.0, True, [reading(at(days=1201))])
    record.flush()
    record.expire(at(days=1201), raw_days=45)
    with sqlite3.connect(path) as connection:
        kept = list(connection.execute("SELECT name, value FROM setting ORDER BY id"))
        audit_log = [at_ms for (at_ms,) in connection.execute("SELECT at FROM audit")]
    connection.close()
    assert kept == [("nudge_frac", "0.2"), ("webhook_url", "null"), ("language", '"es"')]
    assert len(audit_log) == 4
    assert min(audit_log) > at(days=1100).timestamp() * 1000
