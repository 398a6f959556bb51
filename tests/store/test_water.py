"""Water by steps: each run where it ended by the local date; sums by months only as long as no run came after."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from fieldstation.store.history.grid import Grid, days, hours, months
from fieldstation.store.history.month_cache import ClosedMonths
from fieldstation.store.history.reader import PastReader
from fieldstation.store.instant import to_ms
from fieldstation.store.record import Record
from fieldstation.store.tables.water import MOST, Water, WaterByMonth, added
from tests.kit.rows import run
from tests.kit.store_clock import START, HandClock

MADRID = ZoneInfo("Europe/Madrid")
SINCE, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
YEAR = months(date(2026, 1, 1), date(2026, 12, 31))


def poured(*ended: datetime) -> list[tuple[int, int, float, float]]:
    return [(to_ms(at) - 60_000, to_ms(at), 2.0 + number, 200.0 + number) for number, at in enumerate(ended)]


@pytest.mark.parametrize(
    ("grid", "step"),
    [
        (months(date(2026, 2, 10), date(2026, 6, 1)), 2),
        (days(date(2026, 3, 30), date(2026, 4, 3)), 2),
        (days(date(2026, 3, 24), date(2026, 4, 8), 7), 1),
        (hours(datetime(2026, 3, 31, 10, tzinfo=UTC), 8, 3), 4),
    ],
)
def test_a_run_is_in_the_step_in_which_it_ended_there(grid: Grid, step: int) -> None:
    ended = datetime(2026, 3, 31, 22, 0, 30, tzinfo=UTC)  # the first of April in Madrid
    water = added(grid, poured(ended, ended + timedelta(minutes=5)), MADRID)
    assert [(n, mm) for n, mm in enumerate(water.mm) if mm] == [(step, 5.0)]
    assert (water.litres[step], water.runs[step]) == (401.0, 2)
    assert added(grid, poured(ended - timedelta(days=400), ended + timedelta(days=400)), MADRID).runs == (
        [0] * grid.count
    )


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_on_the_days_when_clocks_change_midnights_part_the_days(day: date) -> None:
    grid = days(day - timedelta(days=1), day + timedelta(days=1))
    edges = [datetime(on.year, on.month, on.day, tzinfo=MADRID) for on in (day, day + timedelta(days=1))]
    ended = [at.astimezone(UTC) + timedelta(seconds=s) for at in edges for s in (-1, 0)]
    assert added(grid, poured(*ended), MADRID).runs == [1, 2, 1]


def test_when_each_began_is_told_for_hours_alone() -> None:
    runs = poured(START, START - timedelta(hours=1))
    assert added(hours(START - timedelta(hours=3), 4), runs, MADRID).begun_ms == [
        to_ms(START) - 60_000,
        to_ms(START) - 3_660_000,
    ]
    assert added(months(START.date(), START.date()), runs, MADRID).begun_ms == []


def test_sums_by_months_are_the_records_at_once_whatever_came(
    record: Record, path: Path, clock: HandClock
) -> None:
    kept = ClosedMonths()

    def sums(zone: str = "north") -> list[float]:
        with PastReader(path, kept) as reader, PastReader(path) as plain:
            found = reader.water(zone, SINCE, UNTIL, YEAR, MADRID)
            assert found == plain.water(zone, SINCE, UNTIL, YEAR, MADRID)
        return found.mm

    assert not any(sums()), "nothing yet"
    record.add_run(run(START, "r0"), 6.0)
    assert sums()[4] == 6.0
    record.add_run(run(START - timedelta(days=40), "late"), 3.0)  # recorded late, of a month that was over
    assert sums()[2:5] == [3.0, 0.0, 6.0]
    record.add_run(run(START, "other", zone="south"), 1.0)
    assert (sums()[4], sums("south")[4]) == (6.0, 1.0)
    record.wipe("Ana")
    assert sums()[2:5] == [0.0, 0.0, 6.0], "the last day's watering stays"
    clock.at += timedelta(hours=25)
    record.wipe("Ana")
    assert not any(sums())


def test_they_are_added_up_again_only_after_another_run() -> None:
    kept, asked = WaterByMonth(), []

    def get(key: str, newest: tuple[int, ...]) -> Water:
        def add() -> Water:
            asked.append((key, newest))
            return added(YEAR, [], MADRID)

        return kept.get((key,), newest, add)

    for newest in ((), (), (1,), (1,), (2,), ()):
        get("north", newest)
    get("south", ())
    assert asked == [("north", ()), ("north", (1,)), ("north", (2,)), ("north", ()), ("south", ())]


def test_they_do_not_grow_with_the_spans_that_are_asked_for() -> None:
    kept = WaterByMonth()
    for number in range(5 * MOST):
        kept.get((number,), (), lambda: added(YEAR, [], MADRID))
    assert len(kept._kept) <= MOST
