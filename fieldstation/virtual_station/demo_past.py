"""The demo's simulated past: a record, a ledger and a field that are forty-five days old."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fieldstation.config.demo import demo_toml
from fieldstation.config.load import resolve
from fieldstation.domain.adjustment import Adjustment
from fieldstation.domain.decision import Decision, Event
from fieldstation.domain.reading import Reading
from fieldstation.domain.run import Run
from fieldstation.domain.settings import Settings
from fieldstation.domain.station import Station
from fieldstation.guard.ledger import new_ledger
from fieldstation.simulation.generator import generate
from fieldstation.simulation.weather import Weather, repeated
from fieldstation.simulation.world import World
from fieldstation.store.record import Record
from fieldstation.store.upkeep.migrate import prepare as prepare_record
from fieldstation.virtual_station.run import planner
from fieldstation.virtual_station.station import VirtualStation
from fieldstation.wire.places import Places

PLANTED_BEFORE_DAYS = 10
MID_SEASON_DAYS = 55
DRY_SPELL_DAYS = (2, 3, 4, 5, 6, 8, 10, 14)
"""Tried in turn: how long the demo's last days went without water, until a zone is due."""
WET_FRAC, DRY_FRAC = 0.85, 0.4
"""Available water at the past's begin; a past too short to dry out begins dry."""


Say = Callable[[str], None]


def _nobody(text: str) -> None:
    del text


class _DemoRecorder:
    """The core's recorder over a Record in one bulk transaction; says when ten more days are over."""

    def __init__(self, record: Record, say: Say) -> None:
        self._record, self._say = record, say
        self._begun: datetime | None = None
        self._days = 0

    def add_round(self, readings: list[Reading], at: datetime, mono_s: float, *, trusted: bool) -> None:
        """Keep a round."""
        self._begun = self._begun or at
        if (at - self._begun).days >= self._days + 10:
            self._days += 10
            self._say(f"  {self._days} days are over")
        self._record.add_round(at, mono_s, trusted, readings)

    def add_decision(self, decision: Decision) -> bool:
        """Keep a decision."""
        self._record.add_decision(decision)
        return True

    def adjust(self, adjustment: Adjustment, decision: Decision | None = None) -> Settings | None:
        """Nobody asked anything in this past."""

    def add_run(self, run: Run, depth_mm: float) -> None:
        """Keep a run."""
        self._record.add_run(run, depth_mm)

    def add_event(self, event: Event) -> None:
        """Keep an event."""
        self._record.add_event(event)


def prepare(
    places: Places, *, seed: int, history_days: int, weather: Weather | None, climate: str, say: Say = _nobody
) -> tuple[Station, Path, str]:
    """Make a past in an empty folder; the station, its configuration file and a sentence. `say` hears how far it is."""
    now = datetime.now(UTC).replace(microsecond=0)
    planted_on = now.date() - timedelta(days=max(MID_SEASON_DAYS, history_days + PLANTED_BEFORE_DAYS))
    text = demo_toml(planted_on=planted_on, seed=seed)
    station = resolve(text, "demo station.toml")
    sky = weather or generate(climate, seed, _first_weather_day(station), 800, station.latitude_deg)
    if weather is not None:
        sky = repeated(weather, _first_weather_day(station), 800)
    spells = [(spell, WET_FRAC) for spell in DRY_SPELL_DAYS if spell <= history_days]
    for spell, begin_frac in [*spells, (history_days, DRY_FRAC)]:
        say(f"Simulating {history_days} days of field and station, the last {spell} without water.")
        simulated, due = _live(station, sky, places, seed, now, history_days, spell, begin_frac, say)
        if due:
            break
        say("Nothing is thirsty at its end: once more, with a longer dry spell.")
    config = places.data / "station.toml"
    config.write_text(text)
    (places.data / "field.json").write_text(json.dumps(simulated.world.dump()))
    new_ledger(places.ledger, _ledger(simulated))
    words = f"A past of {history_days} days is on record; the last {spell} without water."
    return station, config, words


def _live(
    station: Station,
    sky: Weather,
    places: Places,
    seed: int,
    now: datetime,
    history_days: int,
    spell_days: int,
    begin_frac: float,
    say: Say,
) -> tuple[VirtualStation, bool]:
    """Live the past into a new record; whether any zone is due at its end."""
    places.data.mkdir(parents=True, exist_ok=True)
    for path in places.data.glob("record.db*"):
        path.unlink()
    start = now - timedelta(days=history_days)
    world = World(station, sky, seed, start, begin_frac)
    prepare_record(places.record, now)
    plan, _ = planner(None)
    zone_info = ZoneInfo(station.timezone)
    clock_source = _Late(start)
    record = Record.open(places.record, f"past-{seed}", clock_source)
    try:
        with record.bulk(zone_info):
            simulated = VirtualStation(station, world, _DemoRecorder(record, say), plan)
            clock_source.follow(simulated)
            simulated.run_until(now - timedelta(days=spell_days))
            simulated.may_water = False
            simulated.run_until(now)
            due = simulated.look_ahead()
    finally:
        record.close()
    return simulated, due


class _Late:
    """The clock that dates the past's rows; it follows the virtual station once that exists."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._station: VirtualStation | None = None

    def follow(self, simulated: VirtualStation) -> None:
        """From now on, tell this station's time."""
        self._station = simulated

    def mono_s(self) -> float:
        """Monotonic seconds of the past."""
        return self._station.clock.mono_s() if self._station else 0.0

    def now(self) -> datetime:
        """The past's wall clock."""
        return self._station.clock.now() if self._station else self._start

    def trusted(self) -> bool:
        """Return True: the past knows its date."""
        return True


def _ledger(simulated: VirtualStation) -> dict[str, Any]:
    memory = simulated.engine.machine.memory.as_dict()
    memory["closed"] = []  # these runs are on record already
    return memory


def _first_weather_day(station: Station) -> date:
    return min(zone.planted_on for zone in station.zones) - timedelta(days=60)
