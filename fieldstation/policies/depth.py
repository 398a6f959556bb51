"""From how dry the roots are to how much water today: lines by stage, refill, rain to come, the end.

All rungs that know a depletion share it. The numbers in MANNER were chosen for the worst
of several simulators (tests/benchmarks/decisions), not for the mean of one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from fieldstation.agronomy.crop_stage import crop_coefficient, stage_of
from fieldstation.agronomy.soil_water import adjusted_p_frac
from fieldstation.domain.decision import Reason, Value
from fieldstation.domain.plot import ForecastDay, Plot


@dataclass(frozen=True, slots=True)
class Manner:
    """How the station waters. Lines are parts of the crop's own p (FAO-56 table 22), by stage."""

    lines_of_p: tuple[float, float, float, float]
    refill_to_frac: float  # depletion left after a refill, of TAW: room for rain
    rain_trust: float  # part of the rain foretold for the next days that may delay water
    rain_days: int
    bound_of_line: float  # beyond this multiple of the line no foretold rain delays
    end_frac: float  # depletion allowed at harvest, of TAW
    thrift: float  # how much the lines widen when the season's cap falls short


MANNER = Manner((0.7, 0.8, 0.85, 1.0), 0.03, 0.6, 3, 1.25, 0.62, 0.6)
MANNERS = {
    "maize": Manner((0.68, 0.69, 1.08, 1.33), 0.03, 0.6, 4, 1.33, 0.68, 0.6),
    "potato": Manner((0.95, 0.38, 0.5, 1.9), 0.0, 1.0, 4, 1.18, 0.44, 0.6),
    "tomato": Manner((0.5, 0.8, 0.85, 1.4), 0.0, 0.9, 4, 1.21, 0.58, 0.6),
    "wheat": Manner((0.61, 0.86, 0.79, 1.02), 0.0, 0.88, 4, 1.3, 0.4, 0.6),
}
"""Crops with a crop model to be judged by, each tuned for the worst of its simulators; others use MANNER."""
AIR_FRAC = 0.05
"""Roots need this much air: a soil that is nearly saturated at field capacity is not filled to it."""
LAST_MM = 12.0
"""So little to come until harvest that water would ripen nothing."""
AIRLESS_MAX_FRAC = 0.2
LINE_MAX_FRAC = 0.92
LINE_MIN_FRAC = 0.15


@dataclass(frozen=True, slots=True)
class RootState:
    """What the chooser knows of this morning."""

    day: int
    taw_mm: float
    depletion_frac: float
    et0_mm: float
    given_mm: float  # this season, gross


@dataclass(frozen=True, slots=True)
class Choice:
    """Gross depth today, 0 or at least the smallest event, and why."""

    depth_mm: float
    reason: Reason
    values: dict[str, Value]
    line_frac: float
    limited_by: tuple[str, ...] = ()
    states: tuple[RootState, ...] = ()  # what it was asked of, kept by who asked


def manner_of(plot: Plot) -> Manner:
    """How this crop is watered: by its own numbers where it was tuned, else by the common ones."""
    return MANNERS.get(plot.crop.name, MANNER)


def choose(
    plot: Plot, state: RootState, forecast: tuple[ForecastDay, ...], manner: Manner | None = None
) -> Choice:
    """Today's depth."""
    manner = manner or manner_of(plot)
    demand_mm = crop_coefficient(plot.crop, state.day) * state.et0_mm
    to_come_mm = remaining_mm(plot, state)
    left_mm = None if plot.season_cap_mm is None else max(0.0, plot.season_cap_mm - state.given_mm)
    line = line_frac(plot, state, demand_mm, to_come_mm, left_mm, manner)
    line = max(line, refill_to_frac(plot, manner) + 0.1)
    depletion_mm, line_mm = state.depletion_frac * state.taw_mm, line * state.taw_mm
    rain_mm = manner.rain_trust * foretold_mm(forecast, manner.rain_days)
    values: dict[str, Value] = {
        "depletion_mm": round(depletion_mm, 1), "line_mm": round(line_mm, 1), "taw_mm": round(state.taw_mm, 1),
        "use_mm_day": round(demand_mm, 1), "to_harvest_mm": round(to_come_mm, 1),
        "days_left": round(max(0.0, (line_mm - depletion_mm) / max(0.3, demand_mm)), 1),
    }  # fmt: skip
    if rain_mm > 0:
        values["rain_to_come_mm"] = round(rain_mm, 1)
    if depletion_mm < line_mm:
        return Choice(0.0, Reason.ENOUGH_WATER, values, line)
    room_mm = depletion_mm + to_come_mm - manner.end_frac * state.taw_mm
    if room_mm <= 0 or to_come_mm < LAST_MM:
        return Choice(0.0, Reason.ENOUGH_TO_HARVEST, values, line)
    if depletion_mm - rain_mm < line_mm and depletion_mm < manner.bound_of_line * line_mm:
        return Choice(0.0, Reason.RAIN_DELAY, values, line)
    net_mm = min(depletion_mm - refill_to_frac(plot, manner) * state.taw_mm - rain_mm, room_mm, to_come_mm)
    wanted_mm = max(plot.min_event_mm, net_mm / plot.application_efficiency_frac)
    bounds = {"max_depth_mm_per_day": plot.max_depth_mm_per_day}
    if left_mm is not None:
        bounds["season_water_cap_mm"] = left_mm
    depth_mm = min(wanted_mm, *bounds.values())
    cut = tuple(name for name, bound in bounds.items() if bound < wanted_mm)
    if depth_mm < plot.min_event_mm:
        return Choice(0.0, Reason.DAILY_LIMIT, values, line, cut)
    depth_mm = to_hundredth(depth_mm, plot.min_event_mm)
    return Choice(depth_mm, Reason.REFILL_LINE_REACHED, values, line, cut)


def to_hundredth(depth_mm: float, least_mm: float) -> float:
    """A depth rounded down to 0.01 mm, so that it passes no bound, but not below the smallest event."""
    rounded_mm = math.floor(depth_mm * 100) / 100
    return rounded_mm if rounded_mm >= least_mm else depth_mm


def line_frac(
    plot: Plot, state: RootState, demand_mm: float, to_come_mm: float, left_mm: float | None, manner: Manner
) -> float:
    """The depletion at which water is due, of TAW."""
    p_frac = adjusted_p_frac(plot.crop.p_frac, demand_mm)
    line = manner.lines_of_p[stage_of(plot.crop, state.day)] * p_frac
    if left_mm is not None and to_come_mm > 0:
        enough = left_mm * plot.application_efficiency_frac / to_come_mm
        line *= 1 + manner.thrift * max(0.0, 1 - enough)
    return min(LINE_MAX_FRAC, max(LINE_MIN_FRAC, line))


def refill_to_frac(plot: Plot, manner: Manner) -> float:
    """The depletion to leave, of TAW."""
    return max(manner.refill_to_frac, min(AIRLESS_MAX_FRAC, airless_frac(plot)))


def airless_frac(plot: Plot) -> float:
    """How far below field capacity roots begin to have air, of the soil's span; 0 or less where they always have."""
    soil = plot.soil
    airless = AIR_FRAC - (soil.saturation_frac - soil.field_capacity_frac)
    return airless / (soil.field_capacity_frac - soil.wilting_point_frac)


def remaining_mm(plot: Plot, state: RootState) -> float:
    """What the crop will still ask for until harvest if days go on like this one, mm."""
    crop = plot.crop
    return (
        sum(crop_coefficient(crop, day) for day in range(max(0, state.day), crop.season_days)) * state.et0_mm
    )


def foretold_mm(forecast: tuple[ForecastDay, ...], days: int) -> float:
    """Rain foretold for the next days, today included."""
    return sum(day.rain_mm or 0.0 for day in forecast[:days])
