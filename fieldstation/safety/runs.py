"""A run as it is asked for, and as long as it is open."""

from __future__ import annotations

from dataclasses import dataclass

from fieldstation.domain.run import Code
from fieldstation.domain.status.guard import Phase
from fieldstation.safety.memory import OpenRun


@dataclass(frozen=True, slots=True)
class Ask:
    """What a controller asks for; it can never widen a limit."""

    id: str
    zone: str
    origin: str
    max_s: float
    max_l: float | None
    air_t_c: float | None
    air_age_s: float | None


@dataclass(slots=True)
class RunState:
    """One open run. `kept` is its part of the memory, updated every tick."""

    kept: OpenRun
    phase: Phase
    asked_s: float
    max_l: float | None
    renewed_mono_s: float
    phase_since_s: float
    air_t_c: float | None
    air_at_s: float | None
    ending: Code | None = None
