"""A controller that starts again knows from the record what it knew before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fieldstation.controller.core import Core
from fieldstation.controller.restore import restore_state
from fieldstation.domain.reading import Quality, Quantity, Reading
from fieldstation.store.record import Record
from fieldstation.store.upkeep.migrate import prepare
from tests.kit.controller_bench import START, STATION, WATER, HandClock, Memory, ScriptedGuard

DAY = datetime(2026, 7, 2, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    assert prepare(tmp_path / "record.db", START) is None
    return tmp_path / "record.db"


@pytest.fixture
def record(path: Path) -> Iterator[Record]:
    opened = Record.open(path, "boot", HandClock(DAY))
    yield opened
    opened.close()


def air(hour: int, value: float) -> Reading:
    return Reading("air", Quantity.AIR_T, value, Quality.GOOD, DAY + timedelta(hours=hour), 0.0)


def core_at(when: datetime, path: Path) -> Core:
    core = Core(STATION, HandClock(when), ScriptedGuard(), Memory(), UTC)
    restore_state(core, path, when)
    return core


@pytest.mark.parametrize(("first_hour", "whole"), [(0, True), (8, False)])
def test_a_restart_in_the_afternoon_does_not_lose_the_days_extremes(
    path: Path, record: Record, first_hour: int, *, whole: bool
) -> None:
    for hour in range(first_hour, 15):
        record.add_round(DAY + timedelta(hours=hour), 0.0, True, [air(hour, 10.0 + hour)])
    record.flush()
    record.roll_up(UTC)
    core = core_at(DAY + timedelta(hours=15), path)
    core.daily_history.add(air(hour, 5.0) for hour in range(15, 24))
    found = core.daily_history.days("north", DAY + timedelta(days=1, hours=5))[-1]
    assert (found.air_t_min_c, found.air_t_max_c) == ((5.0, 24.0) if whole else (None, None))


def test_runs_on_record_are_remembered_and_not_credited_again(path: Path, record: Record) -> None:
    guard = ScriptedGuard()
    guard.close_run("r1", litres=500.0, at=DAY)
    first = Core(STATION, HandClock(DAY), guard, Memory(), UTC)
    first.watering.poll()
    record.add_run(first.last_runs["north"], 5.0)
    memory = Memory()
    again = Core(STATION, HandClock(DAY), guard, memory, UTC)
    restore_state(again, path, DAY + timedelta(hours=1))
    again.watering.poll()
    assert memory.runs == []
    assert again.last_runs["north"].id == "r1"
    assert again.given_mm("north", DAY - timedelta(hours=1)) == 5.0
    assert again.daily_history.today("north", DAY + timedelta(hours=1)).irrigation_mm == 5.0


@pytest.mark.parametrize(
    ("run_s", "reason", "rests"),
    [(900.0, "stopped", False), (400.0, "stopped", True), (900.0, "tank_low", True)],
)
def test_a_run_that_stop_cut_early_is_no_watering_to_rest_after_a_restart_either(
    path: Path, record: Record, run_s: float, reason: str, *, rests: bool
) -> None:
    record.add_decision(replace(WATER, at=DAY - timedelta(minutes=6), run_s=run_s))
    guard = ScriptedGuard()
    guard.close_run("r1", litres=500.0, reason=reason, at=DAY)  # after 300 s
    first = Core(STATION, HandClock(DAY), guard, Memory(), UTC)
    first.watering.poll()
    record.add_run(first.last_runs["north"], 5.0)
    core = core_at(DAY + timedelta(minutes=1), path)
    assert core.given_mm("north", DAY - timedelta(hours=1)) == 5.0, "its litres count all the same"
    assert ("north" in core._watered_at) is rests


def test_without_a_record_everything_is_unknown_and_nothing_is_raised(tmp_path: Path) -> None:
    core = core_at(DAY, tmp_path / "none.db")
    assert {day.air_t_min_c for day in core.daily_history.days("north", DAY)} == {None}
    assert core.last_runs == {}
