"""One season under one rule, and the best that hindsight could have done."""

from __future__ import annotations

import hashlib
import json
import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldstation.advice.input import plot_from
from fieldstation.domain.plot import Plot
from tests.benchmarks.decisions.field import EFFICIENCY, MAX_MM, NO_WARP, Case, Field, season_days
from tests.benchmarks.decisions.ky_field import KyField
from tests.benchmarks.decisions.plot_field import PlotField
from tests.benchmarks.decisions.rules import Rule
from tests.benchmarks.decisions.view import View

FAMILIES: dict[str, Callable[[Case], Any]] = {"aquacrop": Field, "ky": KyField, "plot": PlotField}
ORACLE_VERSION = 2


@dataclass(frozen=True, slots=True)
class Season:
    """What came of it."""

    profit: float
    yield_t_ha: float
    water_mm: float
    events: int


def live(
    case: Case, family: str, condition: str, make: Callable[[Plot], Rule], cap_mm: float | None = None
) -> Season:
    """The whole season under a rule that sees it through a condition."""
    land = FAMILIES[family](case)
    view = View(case, condition)
    rule = make(plot_from(view.zone(cap_mm)))
    day = 0
    while not land.over:
        line = view.line(land, day)
        land.give(0.0 if line is None else rule(line, land))
        day += 1
    return _sum(land)


def _sum(land: Any) -> Season:
    return Season(land.profit(), land.yield_t_ha(), sum(land.given_mm), sum(mm > 0 for mm in land.given_mm))


def _by_thresholds(
    case: Case, family: str, thresholds: tuple[float, ...], cap_mm: float | None
) -> tuple[Season, list[float]]:
    land = FAMILIES[family](case)
    *lines, refill = thresholds
    left = cap_mm if cap_mm is not None else 1e9
    length = season_days(case.crop)
    day = 0
    while not land.over:
        depletion, root = land.hidden()
        stage = min(3, int(4 * day / length))
        mm = 0.0
        if depletion > lines[stage]:
            mm = max(1.0, (depletion - refill) * (land.fc - land.wp) * 1000 * root / EFFICIENCY)
        mm = min(mm, MAX_MM, left)
        left -= mm
        land.give(mm)
        day += 1
    return _sum(land), list(land.given_mm)


class Slow:
    """What the oracle asks of a season, answered by the models as they are."""

    def __init__(self, case: Case, family: str) -> None:
        self.case, self.family = case, family

    def by_thresholds(
        self, thresholds: tuple[float, ...], cap_mm: float | None
    ) -> tuple[Season, list[float]]:
        """Four lines and a refill on the hidden root zone, and what was given."""
        return _by_thresholds(self.case, self.family, thresholds, cap_mm)

    def by_schedule(self, given: list[float]) -> Season:
        """Water as written."""
        return _schedule(self.case, self.family, given)


class Quick:
    """The same answers by compiled seasons (compiled/), fifty times faster."""

    def __init__(self, case: Case, family: str) -> None:
        from tests.benchmarks.decisions.compiled.hindsight import Hindsight

        self._asked = Hindsight(case, family)

    def by_thresholds(
        self, thresholds: tuple[float, ...], cap_mm: float | None
    ) -> tuple[Season, list[float]]:
        """Four lines and a refill on the hidden root zone, and what was given."""
        sums, given = self._asked.by_thresholds(thresholds, cap_mm)
        return Season(*sums), given

    def by_schedule(self, given: list[float]) -> Season:
        """Water as written."""
        return Season(*self._asked.by_schedule(given))


QUICK_FAMILIES = ("aquacrop", "ky")


def oracle(
    case: Case, family: str, cap_mm: float | None, cache: Path, tries: int = 70, quick: bool = False
) -> Season:
    """The best schedule found for this very season: thresholds on the hidden root zone, then a local search.

    `quick` asks compiled seasons, kept apart: machine code rounds some last bits otherwise, and in heavy clay, where a
    layer stands just at its limit, that moves a yield by up to a hundred-thousandth.
    """
    quick = quick and family in QUICK_FAMILIES
    warped = "" if case.warp == NO_WARP else f"/{case.warp}"
    told = f"{ORACLE_VERSION}/{case.name}/{family}/{cap_mm}/{tries}{warped}{'/quick' if quick else ''}"
    kept = cache / f"{hashlib.sha256(told.encode()).hexdigest()[:20]}.json"
    if kept.exists():
        return Season(**json.loads(kept.read_text()))
    best = _searched(case, family, cap_mm, tries, (Quick if quick else Slow)(case, family))
    cache.mkdir(parents=True, exist_ok=True)
    aside = kept.with_suffix(f".{os.getpid()}")
    aside.write_text(json.dumps({name: getattr(best, name) for name in Season.__slots__}))
    aside.replace(kept)
    return best


def _searched(case: Case, family: str, cap_mm: float | None, tries: int, asked: Slow | Quick) -> Season:
    chance = random.Random(f"oracle/{case.name}/{family}")
    begin: list[tuple[float, ...]] = [
        (0.5, 0.5, 0.5, 0.7, 0.0),
        (0.6, 0.5, 0.5, 1.1, 0.0),
        (1.1, 1.1, 1.1, 1.1, 0.0),
        (0.7, 0.7, 0.7, 1.1, 0.2),
        (0.3, 0.3, 0.3, 0.5, 0.0),
    ]
    tried = [(asked.by_thresholds(point, cap_mm), point) for point in begin]
    while len(tried) < tries:  # differential evolution in small
        good = sorted(tried, key=lambda found: -found[0][0].profit)[:8]
        a, b, c = (chance.choice(good)[1] for _ in range(3))
        child = tuple(
            min(1.1 if n < 4 else 0.5, max(0.1 if n < 4 else 0.0, x + 0.7 * (y - z) + chance.gauss(0, 0.06)))
            for n, (x, y, z) in enumerate(zip(a, b, c, strict=True))
        )
        tried.append((asked.by_thresholds(child, cap_mm), child))
    (best, given), _ = max(tried, key=lambda found: found[0][0].profit)
    for _ in range(tries // 2):
        trial = list(given)
        events = [day for day, mm in enumerate(trial) if mm > 0]
        if not events:
            break
        day = chance.choice(events)
        move = chance.choice(("drop", "less", "later", "earlier"))
        if move == "drop":
            trial[day] = 0.0
        elif move == "less":
            trial[day] *= chance.uniform(0.3, 0.9)
        else:
            other = min(
                len(trial) - 1,
                max(0, day + (chance.randrange(1, 6) if move == "later" else -chance.randrange(1, 6))),
            )
            trial[other] = min(MAX_MM, trial[other] + trial[day])
            trial[day] = 0.0
        found = asked.by_schedule(trial)
        if found.profit > best.profit:
            best, given = found, trial
    return best


def _schedule(case: Case, family: str, given: list[float]) -> Season:
    land = FAMILIES[family](case)
    day = 0
    while not land.over:
        land.give(given[day] if day < len(given) else 0.0)
        day += 1
    return _sum(land)
