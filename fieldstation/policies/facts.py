"""Everything a decision may look at, gathered by the caller; nothing else exists for a policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from fieldstation.domain.adjustment import UNASKED, Adjustments
from fieldstation.domain.day import Day
from fieldstation.domain.forecast import ZoneForecast
from fieldstation.domain.learned import ZoneLearned
from fieldstation.domain.reading import Reading
from fieldstation.domain.station import Zone


@dataclass(frozen=True, slots=True)
class ZoneFacts:
    """One zone at one instant.

    `days` are the complete local days since planting, oldest first, `today` the open one.
    `probes` are (depth in m, newest Reading, its age in s). `given_last_24h_mm` is gross.
    `forecast_missing` is the code of why there is no forecast.
    """

    zone: Zone
    latitude_deg: float
    timezone: tzinfo
    at: datetime
    clock_trusted: bool
    decision_id: str
    days: tuple[Day, ...]
    today: Day
    probes: tuple[tuple[float, Reading, float], ...]
    forecast: ZoneForecast | None
    forecast_missing: str | None
    last_run_ended_at: datetime | None
    given_last_24h_mm: float
    nominal_lpm: float
    plan_interval_s: float
    learned: ZoneLearned = ZoneLearned()
    adjustments: Adjustments = UNASKED

    @property
    def day(self) -> int:
        """Days since planting, 0 on the day itself, negative before."""
        return (self.at.astimezone(self.timezone).date() - self.zone.planted_on).days
