"""What the guard tells: its lines, runs, latches and budgets, and its answers to those who ask for water."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from fieldstation.domain.decision import Value
from fieldstation.domain.run import Code, Run


class Phase(StrEnum):
    """The life of a run, in order."""

    GRANTED = "granted"  # permitted, not yet durable: every line still off
    OPENING = "opening"  # valve open, pump still off
    WATERING = "watering"
    CLOSING = "closing"  # pump off, valve still open


@dataclass(frozen=True, slots=True)
class LineStatus:
    """A relay line as it reads back; `on` is None when it cannot be read."""

    on: bool | None
    on_for_s: float | None
    lease_left_s: float | None


@dataclass(frozen=True, slots=True)
class PumpStatus:
    """What a pump's meter and tank float say; None without one, or while it is silent."""

    flow_lpm: float | None
    tank_ok: bool | None


@dataclass(frozen=True, slots=True)
class LatchStatus:
    """A fault that only a person may clear, and how long it has stood."""

    code: Code
    pump: str | None
    zone: str | None
    since_s: float


@dataclass(frozen=True, slots=True)
class RunStatus:
    """A run that is open. `on_s` counts while water flows, `lease_left_s` until the next renewal is due."""

    id: str
    seq: int
    zone: str
    origin: str  # "auto" or "manual"
    started_at: datetime
    planned_s: float
    on_s: float
    litres: float
    phase: Phase
    lease_left_s: float


@dataclass(frozen=True, slots=True)
class BudgetStatus:
    """What is left of a zone's sliding day and hour, and the seconds it still has to rest."""

    litres_left: float
    seconds_left: float
    starts_left: int
    rest_left_s: float


@dataclass(frozen=True, slots=True)
class GuardStatus:
    """Everything the guard knows of now. `stops` counts STOPs since it started as `boot_id`.

    `lines` are by name (`pump:ID`, `valve:ZONE`), `inputs` by pump, `budgets` by zone;
    `closed` are the newest runs that are over, oldest first. `faults` say in words why a meter, float,
    button or line does not answer, by its name, `ledger_detail` why the ledger cannot be kept.
    """

    alive: bool
    boot_id: str
    stop_latched: bool
    latched_by: str | None
    stops: int
    lines: dict[str, LineStatus]
    inputs: dict[str, PumpStatus]
    stop_button: bool | None
    ledger_ok: bool
    latches: tuple[LatchStatus, ...]
    runs: tuple[RunStatus, ...]
    closed: tuple[Run, ...]
    budgets: dict[str, BudgetStatus]
    tick_late_p99_s: float | None = None  # of the guard's process: how late a tick comes
    faults: dict[str, str] = field(default_factory=dict)
    ledger_detail: str = ""

    def run_of(self, zone: str) -> RunStatus | None:
        """The run that is open in a zone."""
        return next((run for run in self.runs if run.zone == zone), None)


@dataclass(frozen=True, slots=True)
class LeaseAnswer:
    """The answer to a start or a renewal. `reason` is set exactly when it is no."""

    permitted: bool
    lease_s: float | None = None
    litres: float | None = None  # of a run that is renewed, like the next two
    on_s: float | None = None
    phase: Phase | None = None
    reason: Code | None = None
    values: dict[str, Value] = field(default_factory=dict)

    @property
    def wait_s(self) -> float | None:
        """When asking again may help."""
        found = self.values.get("wait_s")
        return float(found) if isinstance(found, int | float) else None


@dataclass(frozen=True, slots=True)
class StopAnswer:
    """The answer to STOP: whether every line reads off, and each line."""

    stopped: bool
    lines: dict[str, LineStatus]


@dataclass(frozen=True, slots=True)
class ResumeAnswer:
    """The answer to a resume; `reason` is why not."""

    resumed: bool
    reason: Code | None = None
