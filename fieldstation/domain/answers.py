"""What the controller tells of a request that it granted, where that is more than yes."""

from __future__ import annotations

from dataclasses import dataclass

from fieldstation.domain.calibration import Curve
from fieldstation.domain.status.zone import HandState


@dataclass(frozen=True, slots=True)
class ProbeWatch:
    """A probe that somebody looks at: its newest volts and their age, `steady_v` once they have settled."""

    sensor: str
    volts: float | None
    age_s: float | None
    readings: int
    steady_v: float | None
    recent_v: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class CalibrationMade:
    """A calibration as it is kept, or would be; `curve` is (volts, m3/m3), empty where it is not about volts."""

    calibrated: bool
    curve: Curve
    values: dict[str, float]


@dataclass(frozen=True, slots=True)
class RelayTestBegun:
    """The guard's name of the run that a relay test opened."""

    id: str


@dataclass(frozen=True, slots=True)
class ManualAnswer:
    """What came of asking for water by hand; `again`: the same form was sent before; `code` is why it waits."""

    state: HandState
    minutes: float
    again: bool
    code: str | None
