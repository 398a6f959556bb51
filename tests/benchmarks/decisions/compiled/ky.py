"""The second family's day, compiled. `KyField` stays the reference: `check.second_family` compares them."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fieldstation.agronomy.crop_stage import crop_coefficient, stage_of
from tests.benchmarks.decisions.compiled.account import account_next, first_month, opened_mm, wetness
from tests.benchmarks.decisions.compiled.chooser import Ways, water_today
from tests.benchmarks.decisions.compiled.jit import compiled
from tests.benchmarks.decisions.compiled.told import Floats, Told
from tests.benchmarks.decisions.field import EFFICIENCY, MAX_MM, Case
from tests.benchmarks.decisions.ky_field import LAYER_M, LAYERS, KyField

Lived = tuple[float, float, int, int]
"""Dry yield t/ha, water mm, events, days."""


class Land(NamedTuple):
    """What does not change in a season of `KyField`."""

    fc: float
    wp: float
    kc_factor: float
    p_frac: float
    ky: Floats
    potential: float
    begun: Floats  # theta by layer at planting
    kc: Floats
    root_m: Floats
    stage: NDArray[np.int64]
    rain_mm: Floats
    et0_mm: Floats


def land_of(case: Case) -> Land:
    """The field of a case."""
    field, days, roots = KyField(case), [], []
    for day in range(field.crop.season_days):
        field.day = day
        roots.append(field.root_m)
        days.append(field.days[case.planted_on + timedelta(days=day)])
    season = range(field.crop.season_days)
    return Land(
        field.fc,
        field.wp,
        field.kc_factor,
        field.p_frac,
        np.array(field.ky),
        field.potential,
        np.array(field.theta),
        np.array([crop_coefficient(field.crop, day) for day in season]),
        np.array(roots),
        np.array([stage_of(field.crop, day) for day in season], dtype=np.int64),
        np.array([day.rain_mm for day in days]),
        np.array([day.et0_mm for day in days]),
    )


@compiled
def depletion_frac(land: Land, theta: Floats, root_m: float) -> float:
    """`KyField.depletion_frac`."""
    missing = total = 0.0
    for layer in range(LAYERS):
        weight = max(0.0, min(1.0, root_m / LAYER_M - layer))
        missing += weight * (land.fc - theta[layer])
        total += weight
    return max(0.0, min(1.0, missing / (total * (land.fc - land.wp))))


@compiled
def live_day(land: Land, theta: Floats, used: Floats, day: int, depth_mm: float) -> None:
    """`KyField.give`: `theta` and `used` (a row a stage: used, wanted) are brought forward."""
    et0, rain = land.et0_mm[day], land.rain_mm[day]
    mm = rain - (max(0.0, rain - 25) * 0.2) + depth_mm * EFFICIENCY
    for layer in range(LAYERS):
        taken = min(max(0.0, (land.fc - theta[layer]) * 1000 * LAYER_M), mm)
        theta[layer] += taken / (1000 * LAYER_M)
        mm -= taken
        if mm <= 0:
            break
    kc = land.kc[day] * land.kc_factor
    wanted = kc * et0
    bare = max(0.1, 1 - kc / 1.2)
    top = max(0.0, min(1.0, (theta[0] - land.wp * 0.5) / (land.fc - land.wp * 0.5)))
    theta[0] -= min(0.3 * bare * et0 * top / (1000 * LAYER_M), max(0.0, theta[0] - land.wp * 0.5))
    used[land.stage[day], 0] += _drink(land, theta, land.root_m[day], wanted)
    used[land.stage[day], 1] += wanted


@compiled
def _drink(land: Land, theta: Floats, root: float, wanted_mm: float) -> float:
    p = min(0.8, max(0.1, land.p_frac + 0.04 * (5 - wanted_mm)))
    depletion = depletion_frac(land, theta, root)
    ks = 1.0 if depletion <= p else max(0.0, (1 - depletion) / (1 - p))
    weights, total = np.zeros(LAYERS), 0.0
    for layer in range(LAYERS):
        share = max(0.0, min(1.0, root / LAYER_M - layer))
        if share > 0:
            wet = max(0.0, theta[layer] - land.wp) / (land.fc - land.wp)
            weights[layer] = share * max(0.05, 1 - (layer + 0.5) * LAYER_M / root) * wet
            total += weights[layer]
    found = 0.0
    if total > 0:
        for layer in range(LAYERS):
            taken = min(
                ks * wanted_mm * weights[layer] / total, max(0.0, theta[layer] - land.wp) * 1000 * LAYER_M
            )
            theta[layer] -= taken / (1000 * LAYER_M)
            found += taken
    return found


@compiled
def yield_t_ha(land: Land, used: Floats) -> float:
    """`KyField.yield_t_ha`."""
    found = land.potential
    for stage in range(4):
        if used[stage, 1] > 0:
            found *= max(0.0, 1 - land.ky[stage] * (1 - used[stage, 0] / used[stage, 1]))
    return found


@compiled
def by_schedule(land: Land, given: Floats) -> Lived:
    """Water as written, none after its end."""
    theta, used, water, events = land.begun.copy(), np.zeros((4, 2)), 0.0, 0
    for day in range(len(land.kc)):
        mm = given[day] if day < len(given) else 0.0
        water += mm
        events += mm > 0
        live_day(land, theta, used, day, mm)
    return yield_t_ha(land, used), water, events, len(land.kc)


@compiled
def by_thresholds(
    land: Land, lines: Floats, refill: float, length_days: int, cap_mm: float, given: Floats
) -> Lived:
    """Lines by quarter of the season on the hidden root zone; `given` is filled in."""
    theta, used, water, events, left = land.begun.copy(), np.zeros((4, 2)), 0.0, 0, cap_mm
    for day in range(len(land.kc)):
        root = land.root_m[day]
        depletion, mm = depletion_frac(land, theta, root), 0.0
        if depletion > lines[min(3, int(4 * day / length_days))]:
            mm = max(1.0, (depletion - refill) * (land.fc - land.wp) * 1000 * root / EFFICIENCY)
        mm = min(mm, MAX_MM, left)
        left -= mm
        given[day] = mm
        water += mm
        events += mm > 0
        live_day(land, theta, used, day, mm)
    return yield_t_ha(land, used), water, events, len(land.kc)


@compiled
def by_strategy(land: Land, told: Told, ways: Ways, cap_mm: float) -> Lived:
    """The station's chooser, or the textbook, on what it believes of the root zone."""
    theta, used, water, events, mm = land.begun.copy(), np.zeros((4, 2)), 0.0, 0, 0.0
    month, account = first_month(), opened_mm(told)
    for day in range(len(land.kc)):
        if day > 0:
            account = account_next(told, day, account, mm)
        wet = wetness(told, day, month)
        true = depletion_frac(land, theta, min(1.2, told.root_m[day]))
        mm = water_today(ways, told, day, true, account, wet, water, cap_mm)
        water += mm
        events += mm > 0
        live_day(land, theta, used, day, mm)
    return yield_t_ha(land, used), water, events, len(land.kc)
