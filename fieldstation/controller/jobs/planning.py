"""Run the planner as a child with a deadline; whatever it does, a PlannerReport comes back."""

from __future__ import annotations

from pathlib import Path

from fieldstation.controller.jobs.child import Child, command
from fieldstation.domain.clock import Clock
from fieldstation.domain.errors import cause
from fieldstation.domain.forecast import PlannerReport
from fieldstation.domain.station import Station
from fieldstation.wire.places import Places
from fieldstation.wire.report import decode_report


class Planning:
    """At most one planner child at a time, polled from the controller's loop."""

    def __init__(self, station: Station, places: Places, config: Path, clock: Clock) -> None:
        self._station = station
        self._clock = clock
        line = command("plan", config, places.data, places.sockets)
        self._child = Child(line, station.cadence.planner_deadline_s, clock)

    @property
    def running(self) -> bool:
        """Whether a child is at work or its failure has yet to be told."""
        return self._child.running

    def start(self) -> None:
        """Start a child unless one is at work."""
        self._child.start()

    def poll(self) -> PlannerReport | None:
        """The report once the child is done, failed or late; None while it works."""
        outcome = self._child.poll()
        if outcome is None:
            return None
        if outcome.trouble is not None:
            return self._failed(f"planner_{outcome.trouble}", outcome.detail)
        try:
            return decode_report(outcome.text, self._station)
        except (ValueError, ArithmeticError) as error:  # a date or number beyond all bounds overflows
            return self._failed("planner_garbage", str(error))

    def close(self) -> None:
        """End a child that is still at work, and whatever it started."""
        self._child.close()

    def _failed(self, code: str, detail: str) -> PlannerReport:
        return PlannerReport(self._clock.now(), (), code, cause(detail))
