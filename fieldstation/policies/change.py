"""What would have changed a decision: the smallest shift of the world that flips it, found by asking again.

Nothing here knows how a depth is chosen. The decider is asked again in a slightly different world. A search
over tenths of a millimetre finds where its answer turns.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from fieldstation.domain.change import Change, ChangeCode

STEP_MM = 0.1
MOST_RAIN_MM = 100.0


@dataclass(frozen=True, slots=True)
class Shift:
    """A world a little different from the one that was decided on. Rain that fell is in the soil, too."""

    drier_mm: float = 0.0  # negative: wetter
    forecast_part: float = 1.0  # of the forecast rain
    forecast_more_mm: float = 0.0
    fallen_part: float = 1.0  # of the rain of today and yesterday
    fallen_more_mm: float = 0.0
    settled: bool = False  # as if the last water had long sunk in
    without: frozenset[str] = frozenset()  # bounds that are lifted


Ask = Callable[[Shift], float]
"""Gross depth today, mm, in a shifted world; without a shift what was decided."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The decision that is asked about. None where the decider does not look at such a thing."""

    depth_mm: float
    depletion_mm: float
    taw_mm: float
    line_mm: float  # where the search looks first; any number will do
    use_mm_day: float
    forecast_mm: float | None = None
    fallen_mm: float | None = None
    settles_h: float | None = None  # until water that was given lately has settled
    limits: tuple[str, ...] = ()  # bounds in force


def changes(ask: Ask, asked: Asked) -> tuple[Change, ...]:
    """Every single change that flips the decision, the telling one first; for a cut depth what cut it.

    Empty when asking again does not give what was decided: no sentence is better than a false one.
    """
    if (ask(Shift()) > 0) != (asked.depth_mm > 0):
        return ()
    return _of_water(ask, asked) if asked.depth_mm > 0 else _of_wait(ask, asked)


def smallest_mm(flips: Callable[[float], bool], most_mm: float, guess_mm: float = -1.0) -> float | None:
    """The least amount in tenths, over 0 and up to `most_mm` rounded up, that flips; None if none does.

    `flips` must stay true once it is true.

    >>> smallest_mm(lambda mm: mm >= 3.14, 50.0), smallest_mm(lambda mm: mm > 60, 50.0)
    (3.2, None)
    """
    low, high = 0, max(1, math.ceil(round(most_mm / STEP_MM, 6)))
    likely = math.ceil(round(guess_mm / STEP_MM, 6))
    if 0 < likely <= high and flips(likely / 10):
        high, low = likely, likely - 1
        if low == 0 or not flips(low / 10):
            return high / 10
        low, high = 0, low
    elif not flips(high / 10):
        return None
    elif 0 < likely < high:
        low = likely
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if flips(middle / 10) else (middle, high)
    return high / 10


def _of_wait(ask: Ask, asked: Asked) -> tuple[Change, ...]:
    if asked.settles_h is not None:
        return (_settled(ask, asked, asked.settles_h),)
    found = []
    less = _less_rain(asked.forecast_mm, lambda part: ask(Shift(forecast_part=part)) > 0)
    if less is not None:
        found.append(Change(ChangeCode.LESS_RAIN_FORECAST, {"foretold_mm": less[0], "below_mm": less[1]}))
    less = _less_rain(asked.fallen_mm, lambda part: ask(Shift(fallen_part=part)) > 0)
    if less is not None:
        found.append(Change(ChangeCode.LESS_RAIN_FALLEN, {"fallen_mm": less[0], "below_mm": less[1]}))
    found += _without_limit(ask, asked)
    mm = _drier_mm(ask, asked, settled=False)
    if mm is not None:
        days = round(mm / max(0.3, asked.use_mm_day), 1)
        found.append(Change(ChangeCode.DRIER, {"mm": mm, "days": days}))
    return tuple(found) or (Change(ChangeCode.NOTHING),)


def _settled(ask: Ask, asked: Asked, hours: float) -> Change:
    hours = max(0.1, round(hours, 1))
    if ask(Shift(settled=True)) > 0:
        return Change(ChangeCode.SETTLED, {"hours": hours})
    mm = _drier_mm(ask, asked, settled=True)
    if mm is None:
        return Change(ChangeCode.NOTHING)
    return Change(ChangeCode.SETTLED_AND_DRIER, {"hours": hours, "mm": mm})


def _drier_mm(ask: Ask, asked: Asked, *, settled: bool) -> float | None:
    most_mm = asked.taw_mm - asked.depletion_mm
    if most_mm <= 0:
        return None
    return smallest_mm(
        lambda mm: ask(Shift(drier_mm=mm, settled=settled)) > 0, most_mm, asked.line_mm - asked.depletion_mm
    )


def _less_rain(total_mm: float | None, flips: Callable[[float], bool]) -> tuple[float, float] | None:
    """The rain there is, and how much of it would still let water flow, in mm; None if that is not it."""
    if not total_mm:
        return None
    less_mm = smallest_mm(lambda mm: flips(max(0.0, 1 - mm / total_mm)), total_mm)
    if less_mm is None:
        return None
    return round(total_mm, 1), math.floor(round(max(0.0, total_mm - less_mm) / STEP_MM, 6)) / 10


def _of_water(ask: Ask, asked: Asked) -> tuple[Change, ...]:
    found = []
    wetter_mm = smallest_mm(
        lambda mm: ask(Shift(drier_mm=-mm)) <= 0,
        asked.depletion_mm,
        asked.depletion_mm - asked.line_mm + 0.05,
    )
    if wetter_mm is not None:
        found.append(Change(ChangeCode.WETTER, {"mm": wetter_mm}))
    if asked.forecast_mm is not None:
        mm = smallest_mm(lambda mm: ask(Shift(forecast_more_mm=mm)) <= 0, MOST_RAIN_MM)
        if mm is not None:
            found.append(Change(ChangeCode.MORE_RAIN_FORECAST, {"mm": mm}))
    if asked.fallen_mm is not None and wetter_mm is not None and wetter_mm > STEP_MM:
        mm = smallest_mm(lambda mm: ask(Shift(fallen_more_mm=mm)) <= 0, wetter_mm - STEP_MM)
        if mm is not None:
            found.append(Change(ChangeCode.MORE_RAIN_FALLEN, {"mm": mm}))
    return (*found, *_without_limit(ask, asked)) or (Change(ChangeCode.NOTHING),)


def _without_limit(ask: Ask, asked: Asked) -> list[Change]:
    """The one bound that matters most, and the depth without it; of bounds that cut alike the first, with all lifted."""
    best, best_mm = None, asked.depth_mm + STEP_MM / 2
    for name in asked.limits:
        mm = ask(Shift(without=frozenset({name})))
        if mm > best_mm:
            best, best_mm = name, mm
    if best is None and len(asked.limits) > 1:
        mm = ask(Shift(without=frozenset(asked.limits)))
        if mm > best_mm:
            best, best_mm = asked.limits[0], mm
    return (
        [] if best is None else [Change(ChangeCode.WITHOUT_LIMIT, {"limit": best, "mm": round(best_mm, 1)})]
    )
