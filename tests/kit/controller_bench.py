"""A controller's surroundings in one thread: a clock to push, a guard to script, a record to look into."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from fieldstation.config.demo import demo_toml
from fieldstation.config.load import resolve
from fieldstation.domain.adjustment import Adjustment
from fieldstation.domain.decision import Decision, Event, Reason, Rung
from fieldstation.domain.errors import PeerSilent
from fieldstation.domain.reading import Quality, Quantity, Reading, Sample
from fieldstation.domain.run import Run
from fieldstation.domain.settings import Settings, StoredSetting
from fieldstation.wire.line import Message
from tests.kit.status import closed, guard_status, run, z

PLANTED = date(2026, 6, 1)
STATION = resolve(demo_toml(planted_on=PLANTED, seed=1))
START = datetime(2026, 7, 1, 5, tzinfo=UTC)


class HandClock:
    """Both clocks, moved by hand. Monotonic time is nobody's wall time."""

    def __init__(self, at: datetime = START) -> None:
        self.wall = at
        self.mono = 1000.0
        self.sure = True

    def mono_s(self) -> float:
        return self.mono

    def now(self) -> datetime:
        return self.wall

    def trusted(self) -> bool:
        return self.sure

    def advance(self, seconds: float) -> None:
        self.mono += seconds
        self.wall += timedelta(seconds=seconds)

    def set(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)


class ScriptedGuard:
    """Answers as told and keeps every question. A permitted start shows up in the status as a run."""

    def __init__(self) -> None:
        self.asked: list[Message] = []
        self.silent: set[str] = set()
        self.no: Message | None = None  # the refusal of every start
        self.lease = True
        self.status: dict[str, Any] = guard_status()

    def __call__(self, message: Message) -> Message:
        self.asked.append(message)
        command = message["verb"]
        if command in self.silent:
            raise PeerSilent("nobody there")
        if command == "status":
            return guard_status(**self.status)
        if command == "start":
            if self.no is not None:
                return self.no
            self.status["runs"].append(run(message["zone"], message["id"]))
            return {"permitted": True, "lease_s": 10.0}
        return {"permitted": True} if self.lease else {"permitted": False, "reason": "tank_low"}

    def refuse(self, reason: str, wait_s: float | None = None) -> None:
        values = {} if wait_s is None else {"wait_s": wait_s}
        self.no = {"permitted": False, "reason": reason, "values": values}

    def close_run(
        self, run_id: str, *, litres: float = 200.0, reason: str = "done", at: datetime = START
    ) -> None:
        gone = [run for run in self.status["runs"] if run["id"] == run_id]
        self.status["runs"] = [run for run in self.status["runs"] if run["id"] != run_id]
        over = closed(
            run_id,
            gone[0]["zone"] if gone else "north",
            seq=len(self.status["closed"]) + 1,
            started_at=z(at - timedelta(minutes=5)),
            ended_at=z(at),
            litres=litres,
            stop_reason=reason,
        )
        self.status["closed"].append(over)

    def of(self, command: str) -> list[Message]:
        return [message for message in self.asked if message["verb"] == command]


class Memory:
    """The record as the core sees it, in lists; `keeps` is whether it takes decisions."""

    def __init__(self) -> None:
        self.keeps = True
        self.decisions: list[Decision] = []
        self.runs: list[tuple[Run, float]] = []
        self.events: list[Event] = []
        self.made: list[Adjustment] = []
        self.settings: dict[tuple[str, str | None], StoredSetting] = {}
        self.before_keeping: Callable[[], None] = lambda: None

    def add_round(self, readings: list[Reading], at: datetime, mono_s: float, *, trusted: bool) -> None:
        return None

    def add_decision(self, decision: Decision) -> bool:
        self.before_keeping()
        if self.keeps:
            self.decisions.append(decision)
        return self.keeps

    def adjust(self, adjustment: Adjustment, decision: Decision | None = None) -> Settings | None:
        if decision is not None and not self.add_decision(decision):
            return None
        self.made.append(adjustment)
        for name, value in adjustment.values.items():
            self.settings[name, adjustment.zone] = StoredSetting(value, adjustment.by, START)
        return Settings(dict(self.settings))

    def add_run(self, run: Run, depth_mm: float) -> None:
        self.runs.append((run, depth_mm))

    def add_event(self, event: Event) -> None:
        self.events.append(event)


WATER = Decision(
    id="d1",
    zone="north",
    at=START,
    clock_trusted=True,
    rung=Rung.WATER_BALANCE,
    reason=Reason.REFILL_LINE_REACHED,
    values={},
    depth_mm=10.0,
    run_s=1200.0,
    start_at=START,
    expected_at=None,
    expected_run_s=None,
    depletion_mm=20.0,
    taw_mm=80.0,
    dry_frac=0.13,
    full_frac=0.19,
)
NO_WATER = replace(WATER, id="d0", reason=Reason.ENOUGH_WATER, depth_mm=0.0, run_s=0.0, start_at=None)


def sample(
    value: float | None,
    mono_s: float = 0.0,
    quantity: Quantity = Quantity.AIR_T,
    *,
    sensor: str = "air",
    fault: Quality | None = None,
) -> Sample:
    """A sample; without value and fault, one that had no answer."""
    if value is None and fault is None:
        fault = Quality.NO_ANSWER
    return Sample(sensor, quantity, value, fault, START, mono_s)


def wait_for(what: Callable[[], bool], why: str, within_s: float = 10.0) -> None:
    """Returns as soon as `what` is true; fails with `why` when it never is."""
    deadline = time.monotonic() + within_s
    while not what():
        assert time.monotonic() < deadline, why
        time.sleep(0.005)


def gone(pid: int) -> bool:
    """Whether a process has ended, reaped or not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True
