"""The plain FAO-56 account and the month's wetness, compiled. Their one truth is `agronomy/`: checked against it."""

from __future__ import annotations

import numpy as np

from fieldstation.agronomy.month import FADES_IN_DAYS, WETTEST, Month
from fieldstation.agronomy.water_balance import LOST_RAIN_OF_ET0
from tests.benchmarks.decisions.compiled.jit import compiled
from tests.benchmarks.decisions.compiled.told import BEGIN_FRAC, Floats, Told

FIRST_MM = (Month().rain_mm, Month().demand_mm)


@compiled
def taw_mm(told: Told, day: int) -> float:
    """Total available water of the declared soil."""
    return 1000 * (told.fc_frac - told.wp_frac) * float(told.root_m[day])


@compiled
def p_frac(told: Told, demand_mm: float) -> float:
    """The crop's p for a day's demand."""
    return min(0.8, max(0.1, told.p_frac + 0.04 * (5 - demand_mm)))


@compiled
def opened_mm(told: Told) -> float:
    """The depletion an account begins with."""
    return BEGIN_FRAC * taw_mm(told, 0)


@compiled
def account_next(told: Told, day: int, before_mm: float, gross_mm: float) -> float:
    """This morning's depletion from yesterday's, mm: `agronomy.account.next_morning`."""
    if day >= told.season_days:
        return before_mm
    et0 = float(told.day_et0_mm[day])
    taw, demand = taw_mm(told, day - 1), float(told.kc[day - 1]) * et0
    raw = p_frac(told, demand) * taw
    ks = 1.0 if before_mm <= raw else max(0.0, (taw - before_mm) / (taw - raw))
    rain = float(told.rain_mm[day])
    told_mm = round(gross_mm, 2)  # as a line has it
    came = (rain if rain >= LOST_RAIN_OF_ET0 * et0 else 0.0) + told_mm * told.efficiency_frac
    after = before_mm - came + ks * demand
    return min(taw, max(0.0, after)) * taw_mm(told, day) / taw


@compiled
def first_month() -> Floats:
    """Rain and demand, mm, as a season begins: `agronomy.month.Month`."""
    return np.array([FIRST_MM[0], FIRST_MM[1]])


@compiled
def wetness(told: Told, day: int, month: Floats) -> float:
    """Of the month before this morning; `month` is brought forward."""
    if day > 0:
        kept = 1 - 1 / FADES_IN_DAYS
        month[0] = month[0] * kept + told.rain_mm[day]
        month[1] = month[1] * kept + told.kc[day - 1] * told.day_et0_mm[day]
    return float(min(WETTEST, month[0] / max(10.0, month[1])))


@compiled
def textbook_mm(told: Told, day: int, depletion_mm: float) -> float:
    """FAO-56 by the book: filled when p is reached (`rules.fao56`)."""
    demand = told.kc[day - 1] * told.day_et0_mm[day] if day > 0 else 0.0
    if depletion_mm / taw_mm(told, day) < p_frac(told, demand):
        return 0.0
    return min(told.most_mm, depletion_mm / told.efficiency_frac)
