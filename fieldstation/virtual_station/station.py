"""A whole station and its field on one virtual clock, in one process.

The guard's engine, the controller's core and the world are those that run on a Pi and at the simulated
pins. Only the loop around them is different.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fieldstation.controller.core import Core, Recorder
from fieldstation.controller.guard_door import GuardDoor
from fieldstation.domain.forecast import PlannerReport
from fieldstation.domain.station import Station
from fieldstation.domain.status.guard import GuardStatus
from fieldstation.guard.engine import Engine
from fieldstation.simulation.world import World
from fieldstation.virtual_station.clock import VirtualClock
from fieldstation.virtual_station.guard_ports import MemoryLedger, WorldInputs, WorldLines
from fieldstation.virtual_station.witness import Witness

ROUND_S = 600.0
TICK_S = 1.0
CLEARLY = 1.12
"""So far past its line a zone stays due whatever a noisy probe says next."""

Planner = Callable[[Core], PlannerReport]


class EngineDoor(GuardDoor):
    """To a guard in the same process. Its status need not be written and read again: that took a fifth of a season's time."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine.handle)
        self._engine = engine

    def status(self) -> GuardStatus:
        """As the engine gives it."""
        return self._engine.status()


class VirtualStation:
    """One station lived through at speed."""

    def __init__(self, station: Station, world: World, recorder: Recorder, planner: Planner) -> None:
        self.station = station
        self.world = world
        self.clock = VirtualClock(world.at)
        self.witness = Witness(station, world)
        lines = WorldLines(world, self.witness, self.clock)
        self.engine = Engine(station, MemoryLedger(), lines, WorldInputs(station, world), self.clock)
        self._tz = ZoneInfo(station.timezone)
        self.guard = EngineDoor(self.engine)
        self.core = Core(station, self.clock, self.guard, recorder, self._tz, poll_idle_s=86400.0)
        self.core.watering.poll()
        self._planner = planner
        self._next_round_s = 0.0
        self._next_plan = self._plan_after(self.clock.now())
        self.may_water = True

    def run_until(self, end: datetime) -> None:
        """Live until an instant: rounds every ten minutes, seconds while water is about."""
        clock, core, engine = self.clock, self.core, self.engine
        while clock.now() < end:
            if engine.busy or core.watering.watering:
                self._pass(TICK_S)
                engine.tick()
                core.tick()
                self.witness.check(clock.mono_s())
            else:
                self._pass(self._quiet_s(end))
                engine.tick()
                core.tick()
            if clock.mono_s() >= self._next_round_s:
                self._next_round_s += ROUND_S
                core.take_round(self.world.samples(clock.mono_s()))
            if clock.now() >= self._next_plan:
                self._next_plan = self._plan_after(clock.now())
                self.plan()

    def plan(self) -> None:
        """Forecast and decide now, as at a planned hour."""
        self.core.decide(self._planner(self.core))
        if not self.may_water:
            self.core.watering.forget()
        self.core.tick()

    def look_ahead(self) -> bool:
        """Whether some zone is due beyond doubt: clearly past its line; nothing is recorded or asked."""
        decisions = self.core.consider(self._planner(self.core))
        return any(
            decision.depth_mm > 0
            and (decision.depletion_mm or 0.0) >= CLEARLY * float(decision.values.get("line_mm") or 0.0)
            for decision in decisions
        )

    def jump_clock(self, step: timedelta) -> None:
        """Set the wall clock; the calendar is built anew, as the controller's watcher does."""
        self.clock.jump(step.total_seconds())
        self._next_plan = self._plan_after(self.clock.now())

    def _pass(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.world.step(seconds)

    def _quiet_s(self, end: datetime) -> float:
        """Seconds until anything is due."""
        now, mono = self.clock.now(), self.clock.mono_s()
        due = [
            self._next_round_s - mono,
            (self._next_plan - now).total_seconds(),
            (end - now).total_seconds(),
        ]
        want = self.core.watering.next_mono_s()
        if want is not None:
            due.append(want - mono)
        return max(TICK_S, min(due))

    def _plan_after(self, now: datetime) -> datetime:
        local = now.astimezone(self._tz)
        times = self.station.cadence.plan_at or (time(5, 0),)
        for days in (0, 1):
            for at in sorted(times):
                moment = datetime.combine(local.date() + timedelta(days=days), at, self._tz).astimezone(UTC)
                if moment > now:
                    return moment
        raise AssertionError("a day always brings a plan")
