"""From how dry the roots are to how much water today: lines by stage, refill, rain to come, the end.

All rungs that know a depletion share it. Its numbers, crop by crop, stand in policies/irrigation_strategy.py.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from fieldstation.agronomy.crop_stage import crop_coefficient, stage_of
from fieldstation.agronomy.month import Month
from fieldstation.agronomy.soil_water import adjusted_p_frac
from fieldstation.domain.decision import Reason, Value
from fieldstation.domain.plot import ForecastDay, Plot
from fieldstation.policies.irrigation_strategy import IrrigationStrategy, strategy_of

AIR_FRAC = 0.05
"""Roots need this much air (AquaCrop's default): some heavy soils do not leave it at field capacity."""
AIRLESS_SPAN = 0.27
"""So far below field capacity roots begin to breathe in clay, of its span: airless to the full."""
PRICE_POWER, PRICE_MIN, PRICE_MAX = -0.2, 0.85, 1.8
"""Lines go with worth to this power: the best power over prices from a tenth to four times the usual."""
LINE_MAX_FRAC, LINE_MIN_FRAC = 0.92, 0.12
REFILL_MAX_FRAC = 0.75
DEPTH_OF_MM = 150.0


@dataclass(frozen=True, slots=True)
class RootState:
    """What the chooser knows of this morning."""

    day: int
    taw_mm: float
    depletion_frac: float
    et0_mm: float
    given_mm: float  # this season, gross
    wetness: float = Month().wetness  # of the last month (agronomy/month.py)


@dataclass(frozen=True, slots=True)
class Choice:
    """Gross depth today, 0 or at least the smallest event, and why."""

    depth_mm: float
    reason: Reason
    values: dict[str, Value]
    line_frac: float
    left_frac: float = 0.0  # depletion that a refill leaves, of TAW
    limited_by: tuple[str, ...] = ()
    states: tuple[RootState, ...] = ()  # what it was asked of, kept by who asked


def choose(
    plot: Plot,
    state: RootState,
    forecast: tuple[ForecastDay, ...],
    strategy: IrrigationStrategy | None = None,
) -> Choice:
    """Today's depth."""
    strategy = strategy or strategy_of(plot)
    demand_mm = crop_coefficient(plot.crop, state.day) * state.et0_mm
    to_come_mm = remaining_mm(plot, state)
    left_mm = None if plot.season_cap_mm is None else max(0.0, plot.season_cap_mm - state.given_mm)
    left_frac = refill_to_frac(plot, state, strategy)
    line = max(
        line_frac(plot, state, demand_mm, to_come_mm, left_mm, strategy), left_frac + strategy.gap_frac
    )
    depletion_mm, line_mm = state.depletion_frac * state.taw_mm, line * state.taw_mm
    rain_mm = trusted_mm(forecast, strategy)
    values: dict[str, Value] = {
        "depletion_mm": round(depletion_mm, 1),
        "line_mm": round(line_mm, 1),
        "taw_mm": round(state.taw_mm, 1),
        "use_mm_day": round(demand_mm, 1),
        "to_harvest_mm": round(to_come_mm, 1),
        "days_left": round(max(0.0, (line_mm - depletion_mm) / max(0.3, demand_mm)), 1),
    }
    if rain_mm > 0:
        values["rain_to_come_mm"] = round(rain_mm, 1)
    if depletion_mm < line_mm:
        return Choice(0.0, Reason.ENOUGH_WATER, values, line, left_frac)
    room_mm = depletion_mm + to_come_mm - strategy.end_frac * state.taw_mm
    if room_mm <= 0 or to_come_mm < strategy.last_mm:
        return Choice(0.0, Reason.ENOUGH_TO_HARVEST, values, line, left_frac)
    if depletion_mm - rain_mm < line_mm and depletion_mm < strategy.bound_of_line * line_mm:
        return Choice(0.0, Reason.RAIN_DELAY, values, line, left_frac)
    net_mm = min(depletion_mm - left_frac * state.taw_mm - rain_mm, room_mm, to_come_mm)
    wanted_mm = max(plot.min_event_mm, net_mm / plot.application_efficiency_frac)
    bounds = {"max_depth_mm_per_day": plot.max_depth_mm_per_day}
    if left_mm is not None:
        bounds["season_water_cap_mm"] = left_mm
    depth_mm = min(wanted_mm, *bounds.values())
    cut = tuple(name for name, bound in bounds.items() if bound < wanted_mm)
    if depth_mm < plot.min_event_mm:
        return Choice(0.0, Reason.DAILY_LIMIT, values, line, left_frac, cut)
    depth_mm = to_hundredth(depth_mm, plot.min_event_mm)
    return Choice(depth_mm, Reason.REFILL_LINE_REACHED, values, line, left_frac, cut)


def to_hundredth(depth_mm: float, least_mm: float) -> float:
    """A depth rounded down to 0.01 mm, so that it passes no bound, but not below the smallest event."""
    rounded_mm = math.floor(depth_mm * 100) / 100
    return rounded_mm if rounded_mm >= least_mm else depth_mm


def line_frac(
    plot: Plot,
    state: RootState,
    demand_mm: float,
    to_come_mm: float,
    left_mm: float | None,
    strategy: IrrigationStrategy,
) -> float:
    """The depletion at which water is due, of TAW."""
    p_frac = adjusted_p_frac(plot.crop.p_frac, demand_mm)
    line = strategy.lines_of_p[stage_of(plot.crop, state.day)] * p_frac * dearness(plot, strategy)
    line *= (
        1
        + strategy.line_by_wetness * state.wetness
        + strategy.line_by_depth * (state.taw_mm / DEPTH_OF_MM - 1)
    )
    airless = airless_share(plot, strategy)
    line = (1 - airless) * line + airless * max(line, strategy.airless_line_frac)
    if left_mm is not None and to_come_mm > 0:
        enough = left_mm * plot.application_efficiency_frac / to_come_mm
        line *= 1 + strategy.thrift * max(0.0, 1 - enough)
    return min(LINE_MAX_FRAC, max(LINE_MIN_FRAC, line))


def dearness(plot: Plot, strategy: IrrigationStrategy) -> float:
    """How much deeper the lines go where water is dear for what the crop brings; 1 without prices."""
    prices = plot.prices
    if prices is None or prices.crop_per_t <= 0 or prices.water_per_mm_ha <= 0:
        return 1.0
    worth_mm = prices.crop_per_t * plot.crop.yield_potential_t_ha / prices.water_per_mm_ha
    return float(min(PRICE_MAX, max(PRICE_MIN, (worth_mm / strategy.worth_mm) ** PRICE_POWER)))


def refill_to_frac(plot: Plot, state: RootState, strategy: IrrigationStrategy) -> float:
    """The depletion to leave, of TAW."""
    left = min(0.5, max(0.0, strategy.refill_to_frac + strategy.refill_by_wetness * state.wetness))
    airless = airless_share(plot, strategy)
    breathing = strategy.airless_refill_frac + strategy.airless_by_wetness * state.wetness
    return min(REFILL_MAX_FRAC, (1 - airless) * left + airless * max(left, breathing))


def airless_share(plot: Plot, strategy: IrrigationStrategy) -> float:
    """0 where roots have air at field capacity, 1 where they have it only far below (heavy clay)."""
    soil = plot.soil
    airless = AIR_FRAC - (soil.saturation_frac - soil.field_capacity_frac)
    span = soil.field_capacity_frac - soil.wilting_point_frac
    return min(1.0, max(0.0, (airless / span + strategy.airless_from) / AIRLESS_SPAN))


def remaining_mm(plot: Plot, state: RootState) -> float:
    """What the crop will still ask for until harvest if days go on like this one, mm."""
    crop = plot.crop
    return (
        sum(crop_coefficient(crop, day) for day in range(max(0, state.day), crop.season_days)) * state.et0_mm
    )


def forecast_mm(forecast: tuple[ForecastDay, ...], days: int) -> float:
    """Rain forecast for the next days, today included."""
    return sum(day.rain_mm or 0.0 for day in forecast[:days])


def trusted_mm(forecast: tuple[ForecastDay, ...], strategy: IrrigationStrategy) -> float:
    """The part of that rain which may delay water: less with each day ahead."""
    return sum(
        strategy.rain_trust * strategy.rain_fades**ahead * (day.rain_mm or 0.0)
        for ahead, day in enumerate(forecast[: strategy.rain_days])
    )
