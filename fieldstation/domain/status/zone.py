"""A zone as the controller tells it: soil water, runs, decision, forecast, and what people ask of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from fieldstation.binding import like, setting
from fieldstation.domain.decision import Value, ZoneState
from fieldstation.domain.forecast import Contribution, Quantiles, YieldBy
from fieldstation.domain.reading import Quality
from fieldstation.domain.run import Code
from fieldstation.domain.status.decision import DecisionStatus
from fieldstation.domain.status.guard import Phase, RunStatus


@dataclass(frozen=True, slots=True)
class SoilWater:
    """What the probe that speaks for a zone reads; `value` is None unless its quality is good."""

    value: float | None
    unit: str
    age_s: float | None
    quality: Quality


@dataclass(frozen=True, slots=True)
class ProbeStatus:
    """One probe: `value` in m3/m3, `volts` as it came."""

    id: str
    depth_m: float
    value: float | None
    quality: Quality
    age_s: float | None
    volts: float | None


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run that waters now; `by` is whose hand asked for it, None for the automatic."""

    id: str
    origin: str
    started_at: datetime
    on_s: float
    planned_s: float
    litres: float
    phase: Phase
    by: str | None


@dataclass(frozen=True, slots=True)
class LastRun:
    """The newest run that is over. `depth_mm` is gross."""

    started_at: datetime
    ended_at: datetime
    litres: float
    minutes: float
    depth_mm: float
    stop_reason: Code
    origin: str


@dataclass(frozen=True, slots=True)
class NextRun:
    """The next watering as far as it is known; `skipped` when people asked not to give it."""

    at: datetime
    minutes: int
    certain: bool
    skipped: bool


class AdjustmentName(StrEnum):
    """What people may ask of a zone's automatic watering."""

    AUTOMATIC_OFF = "automatic_off"
    PAUSE = "pause"  # value: the first day that may be watered again
    SKIP = "skip"  # the next watering
    SKIPPED = "skipped"  # a skip that was used lately
    NUDGE = "nudge"  # value: a part more or less
    QUIET = "quiet"  # value: hours, such as 22:00/06:00
    DAY_CAP = "day_cap"  # value: mm


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What somebody asks of a zone, in force now; `by` and `since` are None where nobody knows any more."""

    name: AdjustmentName
    value: Value
    by: str | None
    since: datetime | None


class HandState(StrEnum):
    """The life of a manual watering."""

    WAITING = "waiting"
    RUNNING = "running"
    DROPPED = "dropped"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class ManualWatering:
    """Water asked for by hand: while it waits or runs, and for a while after it was dropped; `code` is why."""

    state: HandState
    by: str
    minutes: float
    code: str | None
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class SoilRange:
    """Soil water so many hours after the forecast's instant if no water is given, m3/m3."""

    hours: int
    p10: float
    p50: float
    p90: float


@dataclass(frozen=True, slots=True)
class DateRange:
    """A range of days: p10 <= p50 <= p90."""

    p10: date
    p50: date
    p90: date


@dataclass(frozen=True, slots=True)
class Refusal:
    """The guard's last no to a zone."""

    code: Code
    at: datetime
    values: dict[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneStatus:
    """Everything of a zone that is known now.

    `dry_frac` and `full_frac` are soil water at the refill line and at field capacity, m3/m3 on the
    probe's scale. `unkept`: the record did not take its newest decision. `room_mm` is the gross depth
    that its day has left.
    """

    id: str
    name: str
    crop: str
    area_m2: float
    soil_water: SoilWater
    dry_frac: float
    full_frac: float
    verdict: ZoneState
    probes: tuple[ProbeStatus, ...]
    run: OpenRun | None
    last_run: LastRun | None
    next_run: NextRun | None
    unkept: bool
    adjustments: tuple[Adjustment, ...] = setting("what people ask, in force now", key="nudges")
    manual_watering: ManualWatering | None = setting("water asked for by hand", key="by_hand")
    room_mm: float
    decision: DecisionStatus | None
    forecast: tuple[SoilRange, ...]
    yield_t_ha: Quantiles | None
    yield_by: YieldBy | None
    harvest_on: DateRange | None
    contributions: tuple[Contribution, ...] = setting(
        "to the forecast depletion, parts of TAW", key="drivers"
    )
    yield_contributions: tuple[Contribution, ...] = setting(
        "to the forecast yield, t/ha", key="yield_drivers"
    )
    refusal: Refusal | None

    @property
    def pending(self) -> bool:
        """Whether water runs, or is decided and has not begun."""
        return self.run is not None or (self.next_run is not None and self.next_run.certain)


def open_run(run: RunStatus, by: str | None) -> OpenRun:
    """A run of the guard's, and whose hand asked for it."""
    return like(OpenRun, run, by=by)
