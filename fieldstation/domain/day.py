"""The past as the deciders see it: one row a local day. Unknown is None, never 0."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ProbeDay:
    """The last good reading of one probe on one day, m3/m3, and the day's extremes."""

    sensor: str
    depth_m: float
    last_frac: float
    min_frac: float
    max_frac: float

    @property
    def depth_cm(self) -> int:
        """Whole centimetres: how readings and forecasts name a probe."""
        return round(self.depth_m * 100)


@dataclass(frozen=True, slots=True)
class Day:
    """One zone's day. `irrigation_mm` is gross depth really delivered (flow or time), never planned."""

    on: date
    air_t_min_c: float | None
    air_t_max_c: float | None
    rh_mean_frac: float | None
    rain_mm: float | None
    irrigation_mm: float
    probes: tuple[ProbeDay, ...] = ()
