"""A guard's whole world on a virtual clock: it persists until a rule changes it, and it watches the lines."""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from fieldstation.config.tables import crop, soils
from fieldstation.domain.station import (
    Cadence,
    Device,
    Flow,
    GuardSettings,
    Limits,
    Pump,
    Station,
    Zone,
)
from fieldstation.guard.engine import Engine
from fieldstation.guard.ledger import LedgerError
from fieldstation.safety.memory import Memory
from fieldstation.safety.moment import Inputs, PumpInputs

TICK_S = 0.5
SLACK_S = 1.0
LPM = 40.0
LIMITS = Limits(longest_run_s=120, min_rest_s=30, max_starts_per_hour=4, max_l_per_day=200, max_s_per_day=300)
NONE = Device("x", "relay", None)
LEAD_S = 2.0


def station() -> Station:
    flow = Flow(NONE, min_lpm=16, max_lpm=72, leak_lpm=2, grace_s=10, dry_trip_s=10, leak_after_s=30)
    pump = Pump(
        id="main",
        relay=NONE,
        limits=Limits(120, 5, 8, 400, 600),
        nominal_lpm=LPM,
        valve_lead_s=LEAD_S,
        zones_at_once=1,
        flow=flow,
        tank_float=NONE,
    )
    zones = tuple(
        Zone(
            id=name,
            name=name,
            pump="main",
            valve=NONE,
            limits=LIMITS,
            area_m2=100,
            soil=soils()["loam"],
            crop=crop("maize"),
            planted_on=date(2026, 5, 1),
            application_efficiency_frac=0.9,
            max_depth_mm_per_day=20,
            probes=(),
        )
        for name in ("north", "south")
    )
    guard = GuardSettings(frost_limit_c=2, frost_months=(1, 2), air_stale_s=3600, stop_button=NONE)
    return Station(
        name="t",
        latitude_deg=40,
        elevation_m=100,
        timezone="UTC",
        pins="simulated",
        guard=guard,
        cadence=Cadence(plan_at=(time(5),)),
        pumps=(pump,),
        zones=zones,
        air=None,
        rain=None,
        field=None,
    )


class Violation(AssertionError):
    """A water rule broken, seen on the lines."""


class PlantClock:
    def __init__(self, plant: Plant) -> None:
        self._plant = plant

    def mono_s(self) -> float:
        return self._plant.mono_s

    def now(self) -> datetime:
        return self._plant.wall

    def trusted(self) -> bool:
        return self._plant.trust


@dataclass
class Plant:
    """`env` is what rules change. `tick` moves everything and checks every rule on the lines."""

    flow: str = "normal"  # normal none burst leak nan stale
    tank: bool | None = True
    button: bool | None = False
    air: tuple[float | None, float | None] = (20.0, 60.0)
    renewing: bool = True
    disk: bool = True
    mono_s: float = 0.0
    wall: datetime = field(default_factory=lambda: datetime(2026, 7, 1, tzinfo=UTC))
    trust: bool = True
    real_s: float = 0.0  # the time that really passes, reboots included

    def __post_init__(self) -> None:
        self.saved: dict[str, Any] = Memory().as_dict()
        self.lines: dict[str, bool] = {}
        self.litres = 0.0
        self.run: str | None = None
        self.count = 0
        self.on_since: dict[str, float] = {}
        self.off_at: dict[str, float] = {}
        self.starts: dict[str, list[float]] = {"north": [], "south": []}
        self.given: list[tuple[float, str, float, float]] = []
        self.stopped = False
        self.renewed_s = -1e9
        self._litres_at = 0.0
        self.dry_since: float | None = None
        self.tank_low_since: float | None = None
        self.faults: dict[str, str] = {}
        self.engine = Engine(station(), self, self, self, PlantClock(self))

    # the engine's doors -----------------------------------------------------------------
    def load(self) -> dict[str, Any]:
        return copy.deepcopy(self.saved)

    def save(self, memory: dict[str, Any]) -> None:
        if not self.disk:
            raise LedgerError("disk")
        self.saved = copy.deepcopy(memory)

    def drive(self, name: str, on: bool) -> None:
        if on and not self.lines.get(name):
            self._closes(name)
        elif not on and self.lines.get(name):
            self._opens(name)
        self.lines[name] = on

    def read(self, name: str) -> bool:
        return self.lines.get(name, False)

    def read_inputs(self, mono_s: float) -> Inputs:
        litres = math.nan if self.flow == "nan" else self.litres
        age = 60.0 if self.flow == "stale" else 0.0
        return Inputs({"main": PumpInputs(litres, age, self.tank)}, self.button)

    # what rules do ----------------------------------------------------------------------
    def start(self, zone: str, max_s: float = 60, max_l: float | None = None) -> dict[str, Any]:
        self.count += 1
        message = {
            "verb": "start",
            "id": f"r{self.count}",
            "zone": zone,
            "max_s": max_s,
            "max_l": max_l,
            "air_t_c": self.air[0],
            "air_t_age_s": self.air[1],
        }
        answer = self.engine.handle(message)
        if answer.get("permitted"):
            self.run, self.renewed_s = f"r{self.count}", self.real_s
            check(self.disk, "a start without a durable ledger")
            check(not self.stopped, "a start while stopped")
            t_c, age_s = self.air
            unknown = t_c is None or math.isnan(t_c) or age_s is None or age_s > 3600
            check(unknown or (t_c or 0) >= 2, "a start in frost")
            check(
                not unknown or (self.trust and self.wall.month not in (1, 2)),
                "a start with unknown air in frost time",
            )
        return answer

    def end(self) -> None:
        if self.run:
            self.engine.handle({"verb": "end", "id": self.run})

    def stop(self) -> None:
        answer = self.engine.handle({"verb": "stop", "by": "test"})
        self.stopped = True
        check(answer["stopped"] is True, "STOP was not confirmed")
        check(not any(self.lines.values()), "a line is on in the instant after STOP")

    def resume(self) -> None:
        if self.engine.handle({"verb": "resume", "by": "test"})["resumed"]:
            self.stopped = False

    def reboot(self, away_s: float = 5.0, clean: bool = False) -> None:
        if clean:
            self.engine.close()
        for name in [n for n, on in self.lines.items() if on]:
            self.drive(name, False)
        self.real_s += away_s
        self.wall += timedelta(seconds=away_s)
        self.mono_s = 0.0
        self.run = None
        self.engine = Engine(station(), self, self, self, PlantClock(self))
        check(not any(self.lines.values()), "a line is on after a restart")

    def hold(self, seconds: float) -> None:
        for _ in range(int(seconds / TICK_S)):
            self.tick()

    def tick(self) -> None:
        self.mono_s += TICK_S
        self.real_s += TICK_S
        self.wall += timedelta(seconds=TICK_S)
        pumping = self.lines.get("pump:main", False)
        lpm = {"none": 0.0, "burst": 3 * LPM}.get(self.flow, LPM) if pumping else 0.0
        if self.flow == "leak":
            lpm = max(lpm, 10.0)
        self.litres += lpm * TICK_S / 60
        if self.renewing and self.run and self.real_s - self.renewed_s >= 3:
            answer = self.engine.handle(
                {"verb": "renew", "id": self.run, "air_t_c": self.air[0], "air_t_age_s": self.air[1]}
            )
            if answer.get("permitted"):
                self.renewed_s = self.real_s
            else:
                self.run = None
        self.engine.tick()
        if self.button is True:
            self.stopped = True
        self._watch()

    # what is watched, on the lines --------------------------------------------------------
    def _watch(self) -> None:
        now, on = self.real_s, self.lines.get("pump:main", False)
        valves = [z for z in ("north", "south") if self.lines.get(f"valve:{z}")]
        check(len(valves) <= 1, "two zones at once")
        if self.stopped:
            check(not any(self.lines.values()), "a line is on while stopped")
        if not on:
            self.dry_since = self.tank_low_since = None
            return
        check(bool(valves), "pump against shut valves")
        check(
            now - self.on_since[f"valve:{valves[0]}"] >= LEAD_S - TICK_S, "pump before valve"
        ) if valves else None
        check(now - self.on_since["pump:main"] <= LIMITS.longest_run_s + SLACK_S, "run too long")
        check(now - self.renewed_s <= 10 + SLACK_S, "on without a lease")
        seen = self.flow in ("normal", "burst", "leak")
        if seen:
            self.dry_since = None
        elif self.dry_since is None:
            self.dry_since = now
        check(self.dry_since is None or now - self.dry_since <= 10 + 10 + 6 + SLACK_S, "pumping dry or blind")
        if self.tank is True:
            self.tank_low_since = None
        elif self.tank_low_since is None:
            self.tank_low_since = now
        check(
            self.tank_low_since is None or now - self.tank_low_since <= SLACK_S, "pumping from an empty tank"
        )
        check(self.button is False, "on with the stop button pressed or silent")
        t_c = self.air[0]
        if t_c is not None and t_c < 2 and self.renewing:
            check(now - self.renewed_s <= 3 + SLACK_S, "on in frost")
        for zone in valves:
            since = self.on_since["pump:main"]
            day = [g for g in self.given if g[1] == zone and g[0] > now - 86400]
            check(
                sum(g[2] for g in day) + now - since <= LIMITS.max_s_per_day + SLACK_S, "seconds of the day"
            )
            litres = sum(g[3] for g in day) + self.litres - self._litres_at
            step = 4 * LPM * SLACK_S / 60 + 1
            if seen:
                check(litres <= LIMITS.max_l_per_day + step, "litres of the day")

    def _closes(self, name: str) -> None:
        now = self.real_s
        self.on_since[name] = now
        if name.startswith("valve:"):
            zone = name.removeprefix("valve:")
            ids = {run["id"] for run in self.saved["open"]}
            check(self.engine.machine.runs.keys() <= ids, "a relay closed before its start was durable")
            check(now - self.off_at.get(name, -1e9) >= LIMITS.min_rest_s - SLACK_S, "rest too short")
            hour = [at for at in self.starts[zone] if at > now - 3600]
            check(len(hour) < LIMITS.max_starts_per_hour, "too many starts an hour")
            self.starts[zone] = [*hour, now]
        else:
            self._litres_at = self.litres

    def _opens(self, name: str) -> None:
        self.off_at[name] = self.real_s
        if name == "pump:main":
            zone = next(z for z in ("north", "south") if self.lines.get(f"valve:{z}"))
            self.given.append(
                (self.real_s, zone, self.real_s - self.on_since[name], self.litres - self._litres_at)
            )
        else:
            check(not self.lines.get("pump:main"), "valve shut before the pump")


def check(right: bool, rule: str) -> None:
    if not right:
        raise Violation(rule)
