"""What was chosen, from which inputs, by which rung, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from fieldstation.domain.change import Change
from fieldstation.domain.forecast import ZoneForecast
from fieldstation.domain.soil_water_balance import SoilWaterBalance

Value = bool | int | float | str | None
"""What fills a sentence. Whole numbers stay whole on the wire."""


class Rung(StrEnum):
    """The ladder, best first. Missing, stale or implausible input moves down one."""

    LEARNED = "learned"
    WATER_BALANCE = "water_balance"
    THRESHOLD = "threshold"
    CALENDAR = "calendar"
    HOLD = "hold"


class Reason(StrEnum):
    """Why water was chosen or not. The page turns each into a sentence."""

    REFILL_LINE_REACHED = "refill_line_reached"  # water: depletion is at or past the refill line
    REFILL_BEFORE_DRY = "refill_before_dry"  # water: it would pass the line before the next chance
    PROBE_DRY = "probe_dry"  # water, threshold rung
    CALENDAR_DUE = "calendar_due"  # water, calendar rung
    ENOUGH_WATER = "enough_water"  # wait: the line is not near
    ENOUGH_TO_HARVEST = "enough_to_harvest"  # wait: what the soil holds lasts until harvest
    RAIN_DELAY = "rain_delay"  # wait: it rained or rain is likely, bounded by the soil's deficit
    RECENTLY_WATERED = "recently_watered"  # wait: last water has not settled
    DAILY_LIMIT = "daily_limit"  # wait: today's depth is used up
    OUT_OF_SEASON = "out_of_season"  # wait: before planting or after harvest
    PAUSED = "paused"  # wait: `by` paused it until `until`
    PAUSED_CLOCK = "paused_clock"  # wait: the same, and nobody knows the date, so it holds
    AUTOMATIC_OFF = "automatic_off"  # wait: `by` switched automatic watering off
    SKIPPED = "skipped"  # wait: `by` asked to skip this watering
    NO_QUIET_TIME = "no_quiet_time"  # wait: the quiet hours of `by` leave no time to water
    NO_TRUSTED_INPUT = "no_trusted_input"  # hold: no rung has what it needs
    CLOCK_UNTRUSTED = "clock_untrusted"  # hold: calendar needs a date


@dataclass(frozen=True, slots=True)
class Input:
    """One fact a decision used, with its age and quality."""

    name: str
    value: Value
    unit: str
    age_s: float | None
    quality: str


@dataclass(frozen=True, slots=True)
class SkippedRung:
    """A rung that could not decide, the code of why, and the gross depth it would have given, where known."""

    rung: Rung
    why: str
    would_mm: float | None = None


SKIPPED_BECAUSE = (
    "no_forecast",
    "lightgbm_missing",
    "model_missing",
    "model_damaged",
    "model_foreign",
    "planner_late",
    "planner_died",
    "planner_garbage",
    "clock_untrusted",
    "no_weather",
    "no_good_probe",
    "forecast_old",
    "forecast_unsure",
    "disagrees_with_balance",
    "weather_unknown",
    "no_last_run",
)
"""Every code of a skipped rung."""
NOTICED = (
    "air_impossible",
    "air_reversed",
    "air_jumps",
    "humidity_impossible",
    "rain_impossible",
    "irrigation_impossible",
    "season_total_fell",
    "season_total_disagrees",
    "soil_impossible",
    "soil_in_percent",
    "soil_depth_twice",
    "forecast_impossible",
    "gap_of_weeks",
    "date_went_back",
    "probe_drier_than_air",
    "probe_new_depth",
    "probe_stuck",
    "probes_swapped",
    "probes_over_full",
    "probes_below_wilting",
    "more_than_the_crop_can_use",
    "rain_untold",
)
"""Every code of an input that was not believed; in the advice stream each skips the learned rung."""


@dataclass(frozen=True, slots=True)
class OtherRung:
    """What another rung would have given, gross mm, 0 for none."""

    rung: Rung
    depth_mm: float


@dataclass(frozen=True, slots=True)
class Decision:
    """One zone's decision. `depth_mm` gross, 0 for no water.

    `start_at` is when a run may start (None when depth is 0); `expected_at` the next
    watering the forecast points to if nothing changes. `dry_frac` and `full_frac` are
    the soil water (m3/m3, on the probe's scale) at refill line and field capacity.
    """

    id: str
    zone: str
    at: datetime
    clock_trusted: bool
    rung: Rung
    reason: Reason
    values: dict[str, Value]
    depth_mm: float
    run_s: float
    start_at: datetime | None
    expected_at: datetime | None
    expected_run_s: float | None
    depletion_mm: float | None
    taw_mm: float | None
    dry_frac: float
    full_frac: float
    skipped: tuple[SkippedRung, ...] = ()
    inputs: tuple[Input, ...] = ()
    limited_by: tuple[str, ...] = ()
    forecast: ZoneForecast | None = None
    model: str | None = None
    changes: tuple[Change, ...] = ()  # what would have changed it, the telling one first
    below: OtherRung | None = None  # the next rung down, had this one not been able
    account: SoilWaterBalance | None = None  # None where too many days had no weather


class ZoneState(StrEnum):
    """A zone in one word, driest last but one."""

    TOO_WET = "too_wet"
    FINE = "fine"
    GETTING_DRY = "getting_dry"
    NEEDS_WATER = "needs_water"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `code` is from a fixed list; `values` fill its sentence."""

    code: str
    at: datetime
    clock_trusted: bool
    zone: str | None = None
    values: dict[str, Value] = field(default_factory=dict)
