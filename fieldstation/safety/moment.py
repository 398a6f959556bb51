"""The time the machine lives by, and what it is told of the world at that time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Moment:
    """Monotonic seconds decide; the wall clock only labels, and names the month when trusted."""

    mono_s: float
    wall: datetime
    trusted: bool

    @property
    def month(self) -> int | None:
        """1-12, or None when no one knows the date."""
        return self.wall.month if self.trusted else None


@dataclass(frozen=True, slots=True)
class PumpInputs:
    """What one pump's devices say. None is a device that did not answer.

    `litres` is the flow meter's running total; `flow_age_s` how long ago the meter's
    line was last known to be alive.
    """

    litres: float | None = None
    flow_age_s: float | None = None
    tank_ok: bool | None = None


@dataclass(frozen=True, slots=True)
class Inputs:
    """One look at the world. `lines` are relay lines as read back, not as believed."""

    pumps: Mapping[str, PumpInputs] = field(default_factory=dict)
    stop_button: bool | None = None
    lines: Mapping[str, bool | None] = field(default_factory=dict)


def known(value: float | None) -> float | None:
    """The number, or None for None, NaN and infinity: a broken number is no number.

    >>> known(float("nan")) is None
    True
    """
    return value if value is not None and math.isfinite(value) else None
