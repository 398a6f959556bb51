"""Years of a simulated station on record, its ground another one than it was told."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from fieldstation.config.load import resolve
from fieldstation.config.tables import soils
from fieldstation.domain.adjustment import Adjustment
from fieldstation.domain.decision import Decision, Event
from fieldstation.domain.forecast import PlannerReport
from fieldstation.domain.learned import planting_of
from fieldstation.domain.reading import Reading
from fieldstation.domain.run import Run
from fieldstation.domain.settings import Settings
from fieldstation.domain.station import Station
from fieldstation.simulation.generator import generate
from fieldstation.simulation.world import World
from fieldstation.store.record import Record
from fieldstation.store.upkeep.migrate import prepare
from fieldstation.virtual_station.station import VirtualStation
from tests.kit.season_station import season_text


class YearsRecorder:
    """Keeps everything; a run's number never comes twice although each year has a ledger of its own."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.prefix = uuid.uuid4().hex[:8]

    def add_round(self, readings: list[Reading], at: datetime, mono_s: float, *, trusted: bool) -> None:
        self.record.add_round(at, mono_s, trusted, readings)

    def add_decision(self, decision: Decision) -> bool:
        return True

    def adjust(self, adjustment: Adjustment, decision: Decision | None = None) -> Settings | None:
        return None

    def add_run(self, run: Run, depth_mm: float) -> None:
        self.record.add_run(replace(run, id=f"{self.prefix}-{run.id}"), depth_mm)

    def add_event(self, event: Event) -> None:
        return None


class Late:
    """The clock of whatever virtual station it follows."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.lived: VirtualStation | None = None

    def mono_s(self) -> float:
        return self.lived.clock.mono_s() if self.lived else 0.0

    def now(self) -> datetime:
        return self.lived.clock.now() if self.lived else self.at

    def trusted(self) -> bool:
        return True


def station_of(
    year: int, zones: int, soil: str, crop: str, seed: int, month_day: tuple[int, int] = (4, 15)
) -> Station:
    """The station as its technician wrote it."""
    text = season_text(date(year, *month_day), crop=crop, zones=zones, seed=seed, soil=soil)
    return resolve(text, "years")


def really(station: Station, textures: Sequence[str]) -> Station:
    """The same station over the ground that is really there, zone by zone."""
    zones = tuple(
        replace(zone, soil=soils()[texture]) for zone, texture in zip(station.zones, textures, strict=True)
    )
    return replace(station, zones=zones)


def live(
    path: Path,
    years: Sequence[int],
    *,
    zones: int = 4,
    declared: str = "loam",
    truth: Sequence[str] = ("sandy_loam",) * 4,
    crop: str = "maize",
    days: int = 125,
    seed: int = 1,
) -> Station:
    """Live whole seasons by the water balance into the record at `path`; the last year's station."""
    prepare(path, datetime(years[0], 1, 1, tzinfo=UTC))
    clock = Late(datetime(years[0], 1, 1, tzinfo=UTC))
    record = Record.open(path, f"years-{seed}", clock)
    try:
        for number, year in enumerate(years):
            station = station_of(year, zones, declared, crop, seed)
            tz = ZoneInfo(station.timezone)
            first = station.zones[0].planted_on
            start = datetime.combine(first, time(), tz).astimezone(UTC)
            sky = generate("mediterranean", seed * 1000 + number, first - timedelta(days=2), days + 6, 37.0)
            world = World(really(station, truth), sky, seed * 100 + number, start, 0.8)
            with record.bulk(tz):
                lived = VirtualStation(station, world, YearsRecorder(record), _no_model)
                clock.lived = lived
                for zone in station.zones:
                    record.add_planting(planting_of(zone))
                lived.run_until(start + timedelta(days=days))
    finally:
        record.close()
    return station


def _no_model(core: object) -> PlannerReport:
    return PlannerReport(core.clock.now(), (), "model_missing", "")  # type: ignore[attr-defined] # a Core
