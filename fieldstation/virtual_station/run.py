"""`fieldstation simulate`: a season in seconds, and what came of it."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fieldstation.advice.zones import Pasts, forecast_zones
from fieldstation.controller.core import Core
from fieldstation.domain.adjustment import Adjustment
from fieldstation.domain.decision import Decision, Event
from fieldstation.domain.forecast import PlannerReport
from fieldstation.domain.reading import Reading
from fieldstation.domain.run import Run
from fieldstation.domain.settings import Settings
from fieldstation.domain.station import Station
from fieldstation.learning.boosters import ModelError
from fieldstation.learning.forecaster import Forecaster
from fieldstation.simulation.weather import Weather
from fieldstation.simulation.world import World
from fieldstation.virtual_station.station import Planner, VirtualStation


@dataclass(slots=True)
class Notebook:
    """A recorder that keeps runs, decisions and events, and lets readings go."""

    decisions: list[Decision] = field(default_factory=list)
    runs: list[tuple[Run, float]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def add_round(self, readings: list[Reading], at: datetime, mono_s: float, *, trusted: bool) -> None:
        """Readings are not kept: the daily history has what deciding needs."""

    def add_decision(self, decision: Decision) -> bool:
        """Keep a decision; True as it is on record."""
        self.decisions.append(decision)
        return True

    def adjust(self, adjustment: Adjustment, decision: Decision | None = None) -> Settings | None:
        """Nobody asks anything of a season."""

    def add_run(self, run: Run, depth_mm: float) -> None:
        """Keep a run with its gross depth."""
        self.runs.append((run, depth_mm))

    def add_event(self, event: Event) -> None:
        """Keep an event."""
        self.events.append(event)


def planner(models: Path | None) -> tuple[Planner, str | None]:
    """A planner on the virtual clock, and the code of why it cannot forecast, if it cannot."""
    try:
        forecaster = Forecaster.load(models) if models else Forecaster.load()
    except ModelError as error:
        code, detail = error.code, str(error)
        return lambda core: PlannerReport(core.clock.now(), (), code, detail), code

    pasts = Pasts()

    def plan(core: Core) -> PlannerReport:
        now = core.clock.now()
        asked = [
            (zone, core.daily_history.days(zone.id, now), core.daily_history.today(zone.id, now))
            for zone in core.station.zones
        ]
        return PlannerReport(now, forecast_zones(forecaster, asked, core.station.latitude_deg, now, pasts))

    return plan, None


def simulate(
    station: Station,
    weather: Weather,
    *,
    start_at: datetime,
    days: int,
    seed: int,
    available_frac: float,
    fault: tuple[str, str | None] | None = None,
    fault_day: int | None = None,
    models: Path | None = None,
) -> dict[str, Any]:
    """Live `days` days from `start_at` and tell what came of them, as plain JSON values.

    A fault begins on `fault_day` (default: a third of the way) and stays.
    """
    began = time.perf_counter()
    notebook = Notebook()
    plan, no_model = planner(models)
    world = World(station, weather, seed, start_at, available_frac)
    simulated = VirtualStation(station, world, notebook, plan)
    end = start_at + timedelta(days=days)
    if fault is not None:
        simulated.run_until(
            min(end, start_at + timedelta(days=days // 3 if fault_day is None else fault_day))
        )
        name, target = fault
        if name == "jump_clock":
            simulated.jump_clock(timedelta(days=30))
        else:
            world.fault(name, target)
    simulated.run_until(end)
    rungs = Counter(decision.rung.value for decision in notebook.decisions)
    refusals = Counter(
        str(event.values["code"]) for event in notebook.events if event.code == "water_refused"
    )
    cut = Counter(str(event.values["code"]) for event in notebook.events if event.code == "run_cut")
    return {
        "days": days,
        "from": start_at.date().isoformat(),
        "seed": seed,
        "wall_s": round(time.perf_counter() - began, 3),
        "zones": [_zone(simulated, notebook, zone.id) for zone in station.zones],
        "refusals": dict(refusals),
        "runs_cut": dict(cut),
        "rungs": dict(rungs),
        "model": no_model or "learned",
        "safety_rules_broken": [
            f"{rule} ({count} times)" for rule, count in simulated.witness.broken.items()
        ],
    }


def _zone(simulated: VirtualStation, notebook: Notebook, zone_id: str) -> dict[str, Any]:
    zone = simulated.station.zone(zone_id)
    truth = simulated.world.truth()["zones"][zone_id]
    mine = [(run, depth_mm) for run, depth_mm in notebook.runs if run.zone == zone_id]
    return {
        "id": zone_id,
        "crop": zone.crop.name,
        "irrigation_mm": round(sum(depth_mm for _, depth_mm in mine), 1),
        "runs": len(mine),
        "litres": round(sum(run.litres for run, _ in mine)),
        "yield_t_ha": round(truth["yield_t_ha"], 2),
        "yield_potential_t_ha": zone.crop.yield_potential_t_ha,
        "stress_days": truth["stress_days"],
        "rain_mm": round(truth["rain_mm"], 1),
        "drainage_mm": round(truth["drainage_mm"], 1),
    }


def describe_result(result: dict[str, Any]) -> str:
    """The same result as words for a terminal."""
    lines = [
        f"{result['days']} days from {result['from']} in {result['wall_s']:.1f} s, forecasts: {result['model']}"
    ]
    lines += [
        f"{zone['id']} ({zone['crop']}): {zone['irrigation_mm']:.0f} mm in {zone['runs']} runs, rain {zone['rain_mm']:.0f} mm, "
        f"yield {zone['yield_t_ha']:.1f} of {zone['yield_potential_t_ha']:g} t/ha dry, {zone['stress_days']} stress days"
        for zone in result["zones"]
    ]
    lines.append("decided by: " + ", ".join(f"{rung} {count}" for rung, count in result["rungs"].items()))
    for title, counts in (("refused", result["refusals"]), ("runs cut short", result["runs_cut"])):
        lines.append(
            f"{title}: " + (", ".join(f"{code} {count}" for code, count in counts.items()) or "none")
        )
    lines.append("safety rules broken: " + ("; ".join(result["safety_rules_broken"]) or "none"))
    return "\n".join(lines)
