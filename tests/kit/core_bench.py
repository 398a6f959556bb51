"""A core on a clock, with a guard by script and a record in memory."""

from __future__ import annotations

from datetime import UTC

from fieldstation.controller.core import Core
from fieldstation.domain.forecast import PlannerReport
from fieldstation.domain.reading import Quantity
from tests.kit.controller_bench import START, STATION, HandClock, Memory, ScriptedGuard, sample

FAILED = PlannerReport(START, (), "planner_late", "no answer in 60 s")
DRY, FULL = 2.6, 1.6
"""Volts of soil near the wilting point, and at field capacity."""


class Bench:
    """A core whose zones are as wet as their probes say; nothing else is known."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.guard = ScriptedGuard()
        self.record = Memory()
        self.core = Core(STATION, self.clock, self.guard, self.record, UTC)

    def feel(self, north: float, south: float) -> None:
        """Let the probes of each zone say so many volts until it is believed."""
        for _ in range(2):
            self.clock.advance(600)
            self.core.take_round(
                sample(volts, self.clock.mono, Quantity.SOIL_WATER, sensor=probe.device.id)
                for zone, volts in zip(STATION.zones, (north, south), strict=True)
                for probe in zone.probes
            )

    def live(self, seconds: int) -> None:
        for _ in range(seconds):
            self.clock.advance(1)
            self.core.tick()
