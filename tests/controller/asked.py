"""A core with a real record, and people who ask things of it."""

from __future__ import annotations

import sqlite3
from datetime import UTC
from pathlib import Path
from typing import Any, cast

from fieldstation.controller.alerts.lifecycle import Alerts
from fieldstation.controller.commands.context import CommandContext
from fieldstation.controller.commands.registry import answer
from fieldstation.controller.core import Core
from fieldstation.controller.recording import Recording
from fieldstation.controller.watering.relay_test import RelayTest
from fieldstation.domain.decision import Decision, Reason
from fieldstation.domain.forecast import PlannerReport
from fieldstation.domain.reading import Quantity
from fieldstation.store.record import Record
from fieldstation.store.upkeep.migrate import prepare
from tests.kit.controller_bench import START, STATION, HandClock, ScriptedGuard, sample

FAILED = PlannerReport(START, (), "planner_late", "no answer in 60 s")
DRY, FULL = 2.6, 1.6
"""Volts of soil near the wilting point, and at field capacity."""


class Asked:
    """A core whose zones are as wet as their probes say, on a record in a folder."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "record.db"
        prepare(self.path, START)
        self.clock = HandClock()
        self.guard = ScriptedGuard()
        self.boots = 0
        self._felt = 0
        self.record: Record
        self.restart()

    def restart(self) -> None:
        """The controller begins anew on the same record, as `main` does."""
        if self.boots:
            self.record.close()
        self.boots += 1
        self.record = Record.open(self.path, f"boot-{self.boots}", self.clock, busy_s=0.1)
        recording = Recording(self.record)
        self.core = Core(STATION, self.clock, self.guard, recording, UTC)
        self.core.apply_settings(self.record.settings())
        self.desk = CommandContext(
            self.core,
            self.record,
            recording,
            cast("Any", None),
            RelayTest(self.guard, self.clock, self.core.air_for_guard),
            Alerts(self.core, self.record),
            Path(),
        )

    def say(self, command: str, **more: Any) -> dict[str, Any]:
        """A request and its answer; of anna for the north, where nothing else is said."""
        found = answer(self.desk, {"verb": command, "zone": "north", "by": "anna", **more})
        assert found is not None
        return found

    def feel(self, north: float = DRY, south: float = FULL) -> None:
        """Let the probes of each zone say so many volts until it is believed."""
        for _ in range(2):
            self.clock.advance(600)
            self._felt = (self._felt + 1) % 3  # a probe that never moves is a broken one
            self.core.take_round(
                sample(volts + self._felt / 500, self.clock.mono, Quantity.SOIL_WATER, sensor=probe.device.id)
                for zone, volts in zip(STATION.zones, (north, south), strict=True)
                for probe in zone.probes
            )

    def decide(self) -> Decision:
        """What a plan decides for the north."""
        return next(one for one in self.core.decide(FAILED) if one.zone == "north")

    def reason(self) -> Reason:
        return self.decide().reason

    def live(self, seconds: float, step_s: float = 1.0) -> None:
        for _ in range(round(seconds / step_s)):
            self.clock.advance(step_s)
            self.core.tick()

    def audit_log(self) -> list[tuple[str, str]]:
        """Who did what, oldest first."""
        with sqlite3.connect(self.path) as connection:
            return list(connection.execute("SELECT who, what FROM audit ORDER BY id"))
