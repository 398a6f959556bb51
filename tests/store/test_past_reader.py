"""Charts from the roll-ups: steps, gaps, trust, days of 23 and 25 hours; runs, decisions and events of a span."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from fieldstation.domain.decision import Event, Reason
from fieldstation.domain.reading import Quantity
from fieldstation.store.errors import RecordError, Trouble
from fieldstation.store.history.grid import Grid, days, hours, months
from fieldstation.store.history.month_cache import ClosedMonths
from fieldstation.store.history.reader import PastReader
from fieldstation.store.instant import to_ms
from fieldstation.store.record import Record
from tests.kit.rows import decision, reading, run
from tests.kit.store_clock import START, HandClock

MADRID = ZoneInfo("Europe/Madrid")
SOIL = ("probe", Quantity.SOIL_WATER)


def heard(record: Record, spots: list[tuple[datetime, float]], trusted: bool = True) -> None:
    for number, (when, value) in enumerate(spots):
        record.add_round(when, float(number), trusted, [reading(when, value)])
    record.flush()
    record.roll_up(MADRID)


def test_hours_are_laid_by_steps_and_gaps_stay_gaps(record: Record, path: Path) -> None:
    heard(
        record,
        [(START, 0.2), (START + timedelta(minutes=30), 0.3), (START + timedelta(hours=3), 0.1)],
    )
    with PastReader(path) as reader:
        (track,) = reader.tracks([SOIL], hours(START, 5)).values()
        (wide,) = reader.tracks([SOIL], hours(START, 2, 3)).values()
    assert track.n == [2, None, None, 1, None]
    assert track.low == [0.2, None, None, 0.1, None]
    assert track.high == [0.3, None, None, 0.1, None]
    assert track.mean[0] == pytest.approx(0.25)
    assert (wide.n, wide.low, wide.high) == ([2, 1], [0.2, 0.1], [0.3, 0.1])
    assert wide.total[0] == pytest.approx(0.5)
    assert track.heard == 2


def test_a_series_nobody_ever_heard_is_all_gap(path: Path) -> None:
    with PastReader(path) as reader:
        grid = days(date(2026, 5, 1), date(2026, 5, 3))
        track = reader.tracks([("ghost", Quantity.RAIN)], grid)["ghost", Quantity.RAIN]
        assert reader.first_day([("ghost", Quantity.RAIN)]) is None
    assert track.mean == [None, None, None]
    assert track.heard == 0


def test_days_weeks_and_months_of_the_same_readings(record: Record, path: Path) -> None:
    noon = datetime(2026, 1, 30, 12, tzinfo=UTC)
    heard(record, [(noon, 0.1), (noon + timedelta(days=1), 0.2), (noon + timedelta(days=2), 0.6)])
    with PastReader(path) as reader:
        assert reader.first_day([SOIL]) == date(2026, 1, 30)
        by_day = reader.tracks([SOIL], days(date(2026, 1, 29), date(2026, 2, 1)))[SOIL]
        by_week = reader.tracks([SOIL], days(date(2026, 1, 29), date(2026, 2, 1), 7))[SOIL]
        by_month = reader.tracks([SOIL], months(date(2026, 1, 15), date(2026, 3, 2)))[SOIL]
    assert by_day.mean == [None, 0.1, 0.2, 0.6]
    assert (by_week.n, by_week.low, by_week.high) == ([3], [0.1], [0.6])
    assert by_month.n == [2, 1, None]
    assert by_month.mean[0] == pytest.approx(0.15)


def test_months_kept_in_memory_tell_the_same(record: Record, path: Path) -> None:
    heard(record, [(START + timedelta(days=20 * n), 0.1 + n / 100) for n in range(5)])
    kept, grid = ClosedMonths(), months(date(2026, 5, 1), date(2026, 7, 30))
    ghost = ("ghost", Quantity.RAIN)
    with PastReader(path) as reader:
        plain = reader.tracks([SOIL, ghost], grid)
    for _ in range(2):
        with PastReader(path, kept) as reader:
            assert reader.tracks([SOIL, ghost], grid) == plain
            assert reader.tracks([ghost], grid)[ghost].heard == 0
    assert plain[SOIL].heard == 3


def test_steps_of_several_hours_hold_the_least_and_the_greatest_around_nought(
    record: Record, path: Path
) -> None:
    heard(record, [(START + timedelta(hours=n), v) for n, v in enumerate((0.0, 0.2, 0.3, 0.1, 0.0))])
    with PastReader(path) as reader:
        track = reader.tracks([SOIL], hours(START, 2, 3))[SOIL]
    assert (track.low, track.high, track.n) == ([0.0, 0.0], [0.3, 0.1], [3, 2])


@pytest.mark.parametrize("unit", ["hour", "day", "month"])
def test_what_a_trusted_clock_dated_takes_the_place_of_what_none_did(
    record: Record, path: Path, unit: str
) -> None:
    heard(record, [(START, 0.9)], trusted=False)
    grid = {
        "hour": hours(START, 1),
        "day": days(date(2026, 5, 2), date(2026, 5, 2)),
        "month": months(date(2026, 5, 2), date(2026, 5, 2)),
    }[unit]
    with PastReader(path) as reader:
        before = reader.tracks([SOIL], grid)[SOIL]
    assert (before.mean, before.untrusted) == ([0.9], 1)
    heard(record, [(START + timedelta(minutes=5), 0.2)])
    with PastReader(path) as reader:
        after = reader.tracks([SOIL], grid)[SOIL]
    assert (after.mean, after.untrusted) == ([0.2], 0)


def test_days_of_23_and_25_hours_are_whole_steps(record: Record, path: Path) -> None:
    spring = datetime(2026, 3, 28, 23, tzinfo=UTC)  # midnight in Madrid; the day has 23 hours
    autumn = datetime(2026, 10, 24, 22, tzinfo=UTC)  # and this one 25
    for begin, length in ((spring, 23), (autumn, 25)):
        spots = [(begin + timedelta(hours=n), 0.2) for n in range(length)]
        heard(
            record,
            [(begin - timedelta(minutes=1), 0.9), *spots, (begin + timedelta(hours=length), 0.9)],
        )
    with PastReader(path) as reader:
        for on, length in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25)):
            track = reader.tracks([SOIL], days(on, on))[SOIL]
            assert (track.n, track.low, track.high) == ([length], [0.2], [0.2])


def test_a_grid_knows_its_steps() -> None:
    grid = months(date(2025, 11, 20), date(2026, 2, 3))
    assert grid.starts() == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert grid.last_on() == date(2026, 2, 28)
    late = [to_ms(datetime(2026, month, 1, tzinfo=MADRID)) for month in (2, 3)]
    assert grid.indexes([late[0] - 1, late[0], late[1]], MADRID) == [2, 3, 4], "the last is outside"
    weeks = days(date(2025, 11, 20), date(2026, 2, 3), 7)
    assert weeks.indexes(
        [to_ms(datetime(2025, 11, day, tzinfo=MADRID)) for day in (19, 20, 26, 27)], MADRID
    ) == [-1, 0, 0, 1]
    hour = hours(START + timedelta(minutes=20), 4, 3)
    assert hour.since == START
    assert hour.indexes([to_ms(START + timedelta(hours=11)), to_ms(START) - 1000], UTC) == [3, -1]


def test_runs_and_decisions_of_a_span_newest_first(record: Record, path: Path, clock: HandClock) -> None:
    for number in range(3):
        record.add_run(run(START + timedelta(days=number), f"r{number}"), 6.0 + number)
        record.add_decision(decision(START + timedelta(days=number), f"d{number}"))
    record.add_run(run(START, "other", zone="south"), 1.0)
    end = START + timedelta(days=2)
    with PastReader(path) as reader:
        given = reader.given("north", START, end)
        told = reader.past_decisions("north", START, end)
        newest = reader.given("north", START, end, 1)
        short = reader.past_decisions("north", START, end, values=False)
        values = reader.values([one.id for one in short] + ["never"])
        assert reader.values([]) == {}
    assert [(one.run.id, one.depth_mm) for one in given] == [("r1", 7.0), ("r0", 6.0)], "the end is outside"
    assert [one.run.id for one in newest] == ["r1"]
    assert [one.id for one in told] == ["d1", "d0"]
    assert told[0].reason is Reason.REFILL_LINE_REACHED
    assert told[0].values == {"line_mm": 40.5, "why": "dry", "nothing": None}
    assert all(one.values == {} for one in short)
    assert [one._replace(values=values[one.id]) for one in short] == told


def test_events_and_deeds_of_a_zone(record: Record, path: Path) -> None:
    for code, zone in (
        ("water_refused", "north"),
        ("water_refused", "south"),
        ("clock_step", None),
        ("else", None),
    ):
        record.add_event(Event(code, START, True, zone, {"code": "tank_low"}))
    record.add_audit("ana", "skip_next", "north", {"n": 1})
    with PastReader(path) as reader:
        span = "north", START - timedelta(days=1), START + timedelta(days=1)
        found = reader.happened(*span, ["water_refused", "clock_step"], ["skip_next"])
        assert reader.happened(*span, ["water_refused"], limit=0) == []
    assert sorted((one.code, one.zone, one.who) for one in found) == [
        ("clock_step", None, None),
        ("skip_next", "north", "ana"),
        ("water_refused", "north", None),
    ]


def test_a_damaged_row_is_told_as_damage(record: Record, path: Path) -> None:
    import sqlite3

    record.add_decision(decision(START))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE decision SET reason = 'nonsense'")
    with PastReader(path) as reader, pytest.raises(RecordError) as error:
        reader.past_decisions("north", START, START + timedelta(days=1))
    assert error.value.code is Trouble.CORRUPT


def test_a_span_of_no_series_asks_nothing(path: Path) -> None:
    with PastReader(path) as reader:
        assert reader.tracks([], Grid("day", 1, 3, date(2026, 5, 1))) == {}
