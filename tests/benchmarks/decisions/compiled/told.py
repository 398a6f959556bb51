"""What a station knows of a season, morning by morning, as arrays; all but the state of the soil."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fieldstation.advice.input import plot_from
from fieldstation.agronomy.balance import TYPICAL_ET0_MM
from fieldstation.agronomy.crop_stage import crop_coefficient, root_depth_m, stage_of
from fieldstation.agronomy.evapotranspiration import hargreaves_et0_mm
from fieldstation.domain.plot import Plot
from tests.benchmarks.decisions.field import FORECAST_DAYS, Case, day_weather, forecast, season_days
from tests.benchmarks.decisions.view import View

Floats = NDArray[np.float64]
OURS, BUCKET, TEXTBOOK = 0, 1, 2
"""Who waters: our chooser on a sensed root zone, our chooser on the plain balance, FAO-56 on the account."""
BEGIN_FRAC = 0.3
ET0_DAYS = 5


class Told(NamedTuple):
    """Of a plot, then by morning (0 at planting). Weather is of the day before, rounded as a line's is."""

    who: int
    season_days: int
    p_frac: float
    fc_frac: float
    wp_frac: float
    sat_frac: float
    least_mm: float
    most_mm: float
    efficiency_frac: float
    worth_mm: float  # of a hectare's full yield, in water at its price; 0 without prices
    stage: NDArray[np.int64]
    kc: Floats
    kc_to_come: Floats
    root_m: Floats
    rain_mm: Floats
    day_et0_mm: Floats
    et0_mm: Floats  # as the chooser is told: ours takes the mean of five days
    forecast_mm: Floats  # a row a morning, today's first
    error_frac: Floats  # of the sensed depletion


def of_plot(
    plot: Plot,
    who: int,
    rain_mm: Floats,
    day_et0_mm: Floats,
    et0_mm: Floats,
    forecast_mm: Floats,
    error: Floats,
) -> Told:
    """A plot and its mornings."""
    crop, soil, prices = plot.crop, plot.soil, plot.prices
    days = range(len(rain_mm))
    kc = np.array([crop_coefficient(crop, day) for day in days])
    full = [crop_coefficient(crop, day) for day in range(crop.season_days)]
    dear = prices is not None and prices.crop_per_t > 0 and prices.water_per_mm_ha > 0
    worth = prices.crop_per_t * crop.yield_potential_t_ha / prices.water_per_mm_ha if prices and dear else 0.0
    return Told(
        who,
        crop.season_days,
        crop.p_frac,
        soil.field_capacity_frac,
        soil.wilting_point_frac,
        soil.saturation_frac,
        plot.min_event_mm,
        plot.max_depth_mm_per_day,
        plot.application_efficiency_frac,
        worth,
        np.array([stage_of(crop, day) for day in days], dtype=np.int64),
        kc,
        np.array([float(sum(full[day:])) for day in days]),
        np.array([root_depth_m(crop, day) for day in days]),
        rain_mm,
        day_et0_mm,
        et0_mm,
        forecast_mm,
        error,
    )


def told_of(case: Case, who: int, error: Floats | None = None) -> Told:
    """The mornings of a case seen clean. `error` is of the sensed depletion, a number a morning."""
    plot = plot_from(View(case).zone())
    count = season_days(case.crop) + 3
    rain, day_et0, predicted = (
        np.zeros(count),
        np.full(count, TYPICAL_ET0_MM),
        np.zeros((count, FORECAST_DAYS)),
    )
    for day in range(count):
        on = case.planted_on + timedelta(days=day)
        for ahead, one in enumerate(forecast(case, on)):
            predicted[day, ahead] = one["rain_mm"]
        if day == 0:
            continue
        past = day_weather(case, on - timedelta(days=1))
        rain[day] = round(past.rain_mm, 1)
        dated = on - timedelta(days=1) if who == OURS else on  # the referee's book dates air by its line
        day_et0[day] = hargreaves_et0_mm(
            round(past.t_min_c, 1), round(past.t_max_c, 1), plot.latitude_deg, dated.timetuple().tm_yday
        )
    et0 = day_et0.copy()
    if who == OURS:
        for day in range(1, count):
            et0[day] = day_et0[max(1, day + 1 - ET0_DAYS) : day + 1].mean()
    return of_plot(plot, who, rain, day_et0, et0, predicted, np.zeros(count) if error is None else error)
