"""Harvests against what was forecast for them: a factor, or a line once seasons are many. Pure.

With one or two seasons a factor drawn strongly towards 1: measured fields say that with few
seasons the simple thing wins (Foggia: mean 24.5, line 16.7, trees 20.0 t/ha).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from fieldstation.domain.learned import YieldCorrection

PRIOR_SEASONS = 2.0
"""The shipped model counts as so many seasons."""
SCALE_FROM, SCALE_TO = 0.4, 1.6
CREDIBLE_FROM, CREDIBLE_TO = 0.1, 3.0
"""Harvest over forecast beyond these is a slip of the pen, or fresh weight: not used, and named."""
LINE_FROM_SEASONS = 6

Pair = tuple[float, float]
"""Forecast at the season's end, and what was harvested, t/ha dry."""


def correction(zone: str, crop: str, pairs: Sequence[Pair]) -> YieldCorrection:
    """What harvests of this crop on this zone say; `used` is False when they say nothing usable."""
    good = [
        (forecast, got)
        for forecast, got in pairs
        if forecast > 0 and got > 0 and CREDIBLE_FROM <= got / forecast <= CREDIBLE_TO
    ]
    if not good:
        return YieldCorrection(zone, crop, 1.0, 0.0, 0, False, "not_credible" if pairs else "no_harvest")
    why = "some_not_credible" if len(good) < len(pairs) else "ratio"
    scale = ratio(good)
    if len(good) >= LINE_FROM_SEASONS and (found := line(good)) is not None:
        by_line = left_out(good, line)
        by_ratio = left_out(good, lambda some: (ratio(some), 0.0))
        if by_line is not None and by_ratio is not None and by_line < by_ratio:
            return YieldCorrection(
                zone, crop, round(found[0], 4), round(found[1], 4), len(good), True, "line"
            )
    return YieldCorrection(zone, crop, round(scale, 4), 0.0, len(good), True, why)


def ratio(pairs: Sequence[Pair]) -> float:
    """Harvest over forecast, its logarithm drawn towards 0 by PRIOR_SEASONS.

    >>> round(ratio([(10.0, 8.0)]), 3), round(ratio([(10.0, 8.0)] * 8), 3)
    (0.928, 0.837)
    """
    logs = [math.log(got / forecast) for forecast, got in pairs]
    return min(SCALE_TO, max(SCALE_FROM, math.exp(sum(logs) / (len(logs) + PRIOR_SEASONS))))


def line(pairs: Sequence[Pair]) -> tuple[float, float] | None:
    """Slope and intercept by least squares, None where forecasts do not differ or the slope makes no sense."""
    n = len(pairs)
    mean_told, mean_got = sum(forecast for forecast, _ in pairs) / n, sum(got for _, got in pairs) / n
    spread = sum((forecast - mean_told) ** 2 for forecast, _ in pairs)
    if spread < 1e-6 * n * mean_told**2:
        return None
    slope = sum((forecast - mean_told) * (got - mean_got) for forecast, got in pairs) / spread
    return None if not 0 <= slope <= 2 else (slope, mean_got - slope * mean_told)


def left_out(
    pairs: Sequence[Pair], fit: Callable[[Sequence[Pair]], tuple[float, float] | None]
) -> float | None:
    """Root mean square error with each season left out of its own fit; None when a fit fails."""
    total = 0.0
    for number, (forecast, got) in enumerate(pairs):
        found = fit([*pairs[:number], *pairs[number + 1 :]])
        if found is None:
            return None
        total += (found[0] * forecast + found[1] - got) ** 2
    return math.sqrt(total / len(pairs))


def corrected(value_t_ha: float, found: YieldCorrection, potential_t_ha: float) -> float:
    """A forecast moved by what harvests say, within 0 and 1.5 of the crop's potential."""
    if not found.used:
        return value_t_ha
    return min(1.45 * potential_t_ha, max(0.0, found.scale * value_t_ha + found.plus_t_ha))


def by_harvests(effect_t_ha: float, found: YieldCorrection, *, start: bool) -> float:
    """One part of a forecast moved likewise, so that parts still add up; the line's own part goes to the `start`."""
    if not found.used:
        return effect_t_ha
    return found.scale * effect_t_ha + (found.plus_t_ha if start else 0.0)
