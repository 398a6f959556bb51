"""A day through the pins and a day on the virtual clock decide the same."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from fieldstation.config.demo import demo_toml
from fieldstation.config.load import resolve
from fieldstation.domain.decision import Decision
from fieldstation.domain.run import Run
from fieldstation.simulation.weather import Weather, WeatherDay
from fieldstation.virtual_station.run import Notebook, planner
from fieldstation.virtual_station.station import VirtualStation
from tests.scenarios.pinned_world import PinnedWorld

PLANTED_ON = date(2026, 2, 1)
START_AT = datetime(2026, 3, 1, tzinfo=UTC)
DAYS_BEFORE = 9
RAIN_ON = START_AT.date() + timedelta(days=DAYS_BEFORE)


@pytest.fixture
def sockets() -> Iterator[Path]:
    folder = tempfile.mkdtemp(prefix="pins-")
    yield Path(folder)
    shutil.rmtree(folder)


def lived(plug_into: Path | None, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Decision], list[Run]]:
    """The decisions and runs of one day, after nine days that were the same for both."""
    text = demo_toml(planted_on=PLANTED_ON, seed=1)
    for most in (18, 15):
        text = text.replace(f"max_depth_mm_per_day = {most}\n", "max_depth_mm_per_day = 6\n")
    station = resolve(text)
    days = [
        WeatherDay(on, 17.0, 33.0, 1.0 if on == RAIN_ON else 0.0, 0.5, 2.0)
        for on in (PLANTED_ON + timedelta(days=n - 2) for n in range(60))
    ]
    world = PinnedWorld(station, Weather("one rain", {day.on: day for day in days}), 1, START_AT, 0.7)
    notebook = Notebook()
    season = VirtualStation(station, world, notebook, planner(None)[0])
    began = START_AT + timedelta(days=DAYS_BEFORE)
    season.may_water = False
    season.run_until(began)
    season.may_water = True
    if plug_into is not None:
        world.plug_in(plug_into, monkeypatch)
    try:
        season.run_until(began + timedelta(days=1))
    finally:
        if world.plugged is not None:
            world.plugged.close()
    assert not season.witness.broken
    return (
        [decision for decision in notebook.decisions if decision.at >= began],
        [run for run, _ in notebook.runs],
    )


@pytest.mark.slow
def test_a_day_through_the_pins_decides_as_a_day_on_the_virtual_clock(
    sockets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    season, season_runs = lived(None, monkeypatch)
    pins, pins_runs = lived(sockets / "field.sock", monkeypatch)
    assert len(season) == len(pins) == 4  # two zones, twice a day
    assert any(decision.depth_mm > 0 for decision in season)
    for one, other in zip(season, pins, strict=True):
        assert (one.zone, one.at, one.rung, one.reason) == (other.zone, other.at, other.rung, other.reason)
        assert other.depth_mm == pytest.approx(one.depth_mm, abs=0.5)
        assert one.taw_mm is not None
        assert other.depletion_mm == pytest.approx(one.depletion_mm, abs=0.05 * one.taw_mm)  # noise differs
        assert other.start_at == one.start_at
        assert [source.name for source in one.inputs] == [source.name for source in other.inputs]
        assert [source.quality for source in one.inputs] == [source.quality for source in other.inputs]
    assert len(season_runs) == len(pins_runs) > 0
    for run, through_pins in zip(season_runs, pins_runs, strict=True):
        assert run.stop_reason is through_pins.stop_reason
        assert through_pins.litres == pytest.approx(run.litres, rel=0.01)
        assert through_pins.started_at == run.started_at
