"""`policies.depth.choose` for one morning, compiled: the one second copy of that formula in the project.

It may be used only after `check.chooser` found it to agree with the original to the hundredth of a millimetre.
"""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any, NamedTuple

from fieldstation.policies.depth import (
    AIR_FRAC,
    AIRLESS_SPAN,
    DEPTH_OF_MM,
    LINE_MAX_FRAC,
    LINE_MIN_FRAC,
    PRICE_MAX,
    PRICE_MIN,
    PRICE_POWER,
    REFILL_MAX_FRAC,
)
from fieldstation.policies.irrigation_strategy import IrrigationStrategy
from tests.benchmarks.decisions.compiled.account import p_frac, taw_mm, textbook_mm
from tests.benchmarks.decisions.compiled.jit import compiled
from tests.benchmarks.decisions.compiled.told import BUCKET, TEXTBOOK, Told

NO_CAP_MM = 1e9


class Ways(NamedTuple):
    """`Manner` as numba takes it."""

    lines_of_p: tuple[float, float, float, float]
    line_by_wetness: float
    line_by_depth: float
    refill_to_frac: float
    refill_by_wetness: float
    gap_frac: float
    rain_trust: float
    rain_fades: float
    rain_days: int
    bound_of_line: float
    end_frac: float
    last_mm: float
    airless_line_frac: float
    airless_refill_frac: float
    airless_by_wetness: float
    airless_from: float
    thrift: float
    worth_mm: float


def ways_of(strategy: IrrigationStrategy) -> Ways:
    """A strategy's numbers. Raises TypeError where Manner has other fields than this copy of it."""
    values: dict[str, Any] = asdict(strategy)
    # one type a field, or numba compiles again
    for name, value in values.items():
        kind = int if name == "rain_days" else float
        values[name] = tuple(map(float, value)) if isinstance(value, tuple) else kind(value)
    return Ways(**values)


@compiled
def choose(
    ways: Ways, told: Told, day: int, depletion_frac: float, wet: float, given_mm: float, cap_mm: float
) -> float:
    """Today's gross depth, mm."""
    taw, et0 = taw_mm(told, day), float(told.et0_mm[day])
    to_come = float(told.kc_to_come[day]) * et0
    left = max(0.0, cap_mm - given_mm)
    airless = _airless(ways, told)
    refill = _refill_frac(ways, wet, airless)
    line = max(_line_frac(ways, told, day, wet, airless, to_come, left, cap_mm), refill + ways.gap_frac)
    depletion, line_mm, rain = depletion_frac * taw, line * taw, 0.0
    for ahead in range(min(ways.rain_days, told.forecast_mm.shape[1])):
        rain += ways.rain_trust * ways.rain_fades**ahead * float(told.forecast_mm[day, ahead])
    if depletion < line_mm:
        return 0.0
    room = depletion + to_come - ways.end_frac * taw
    if room <= 0 or to_come < ways.last_mm:
        return 0.0
    if depletion - rain < line_mm and depletion < ways.bound_of_line * line_mm:
        return 0.0
    net = min(depletion - refill * taw - rain, room, to_come)
    depth = min(max(told.least_mm, net / told.efficiency_frac), told.most_mm, left)
    if depth < told.least_mm:
        return 0.0
    rounded = math.floor(depth * 100) / 100
    return rounded if rounded >= told.least_mm else depth


@compiled
def _airless(ways: Ways, told: Told) -> float:
    airless = AIR_FRAC - (told.sat_frac - told.fc_frac)
    return min(1.0, max(0.0, (airless / (told.fc_frac - told.wp_frac) + ways.airless_from) / AIRLESS_SPAN))


@compiled
def _refill_frac(ways: Ways, wet: float, airless: float) -> float:
    left = min(0.5, max(0.0, ways.refill_to_frac + ways.refill_by_wetness * wet))
    breathing = ways.airless_refill_frac + ways.airless_by_wetness * wet
    return min(REFILL_MAX_FRAC, (1 - airless) * left + airless * max(left, breathing))


@compiled
def _line_frac(
    ways: Ways, told: Told, day: int, wet: float, airless: float, to_come: float, left: float, cap_mm: float
) -> float:
    line = ways.lines_of_p[told.stage[day]] * p_frac(told, told.kc[day] * told.et0_mm[day])
    if told.worth_mm > 0:
        line *= min(PRICE_MAX, max(PRICE_MIN, (told.worth_mm / ways.worth_mm) ** PRICE_POWER))
    line *= 1 + ways.line_by_wetness * wet + ways.line_by_depth * (taw_mm(told, day) / DEPTH_OF_MM - 1)
    line = (1 - airless) * line + airless * max(line, ways.airless_line_frac)
    if cap_mm < NO_CAP_MM and to_come > 0:
        line *= 1 + ways.thrift * max(0.0, 1 - left * told.efficiency_frac / to_come)
    return min(LINE_MAX_FRAC, max(LINE_MIN_FRAC, line))


SENSED_AT, SENSED_SLOPE = 0.065, 0.80
"""The mean of many trees leans to the middle: so the virtual sensor reads the truth in places left out."""


@compiled
def water_today(
    ways: Ways,
    told: Told,
    day: int,
    true_frac: float,
    account_mm: float,
    wet: float,
    given_mm: float,
    cap_mm: float,
) -> float:
    """Whoever waters, on what they believe: the truth with an error, or the plain balance."""
    if day >= told.season_days:
        return 0.0
    if told.who == TEXTBOOK:
        return min(textbook_mm(told, day, account_mm), max(0.0, cap_mm - given_mm))
    if told.who == BUCKET:
        believed = account_mm / taw_mm(told, day)
    else:
        believed = max(0.0, min(1.0, SENSED_AT + SENSED_SLOPE * true_frac + told.error_frac[day]))
    return choose(ways, told, day, believed, wet, given_mm, cap_mm)
