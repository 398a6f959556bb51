"""The seasons a strategy is tuned on: AquaCrop's and the second family's of one case, what hindsight made of each."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.benchmarks.decisions.compiled import ky, season
from tests.benchmarks.decisions.compiled.chooser import NO_CAP_MM, Ways
from tests.benchmarks.decisions.compiled.state import Start, start_of
from tests.benchmarks.decisions.compiled.told import OURS, TEXTBOOK, Floats, Told, told_of
from tests.benchmarks.decisions.field import NO_WARP, PRICES, TEXTURES, Case, season_days
from tests.benchmarks.decisions.places import ALLOWED
from tests.benchmarks.decisions.season import oracle

FAMILIES = ("aquacrop", "ky")
SEED = 50000
WARPED = 0.3
OFFSET_FRAC, DRIFT_FRAC, DRIFT_KEPT = 0.065, 0.078, 0.9
"""The virtual sensor's error as a station meets it: a season's own offset and a drift that lasts for days, of TAW."""


def case_of(crop: str, number: int) -> Case:
    """A case by number: places and textures in turn, some in weather warmer or drier than it was."""
    chance = random.Random(f"opt/{crop}/{number}")
    places = [place for place in sorted(ALLOWED) if crop in ALLOWED[place].plantings]
    place = places[number % len(places)]
    here, warp = ALLOWED[place], NO_WARP
    if chance.random() < WARPED:
        warp = (chance.uniform(-2, 5), chance.choice((0.3, 0.6, 1.0, 1.4)), chance.uniform(0.9, 1.15))
    texture = sorted(TEXTURES)[number // len(places) % len(TEXTURES)]
    return Case(place, chance.randrange(here.first_year, here.last_year), crop, texture, SEED + number, warp)


def sensed(count: int, number: int) -> Floats:
    """The error of the sensed depletion, morning by morning."""
    chance = np.random.default_rng([5, number])
    offset, drift = chance.normal(0, OFFSET_FRAC), chance.normal(0, DRIFT_FRAC)
    found = np.zeros(count)
    for day in range(count):
        drift = DRIFT_KEPT * drift + chance.normal(0, DRIFT_FRAC * np.sqrt(1 - DRIFT_KEPT**2))
        found[day] = offset + drift
    return found


@dataclass(frozen=True, slots=True)
class Lesson:
    """One case in both families. Dicts are by family."""

    case: Case
    start: Start
    land: ky.Land
    told: Told
    book: Told
    best: dict[str, float]  # hindsight's profit, $/ha

    def lived(self, family: str, ways: Ways, told: Told) -> season.Lived:
        """The season under whoever `told` is for."""
        if family == "ky":
            return ky.by_strategy(self.land, told, ways, NO_CAP_MM)
        return season.by_strategy(*self.start.run(told, ways, NO_CAP_MM))

    def profit(self, lived: season.Lived) -> float:
        """$/ha, as the referee counts it."""
        return PRICES[self.case.crop] * lived[0] - lived[1] - 2.0 * lived[2]


def lesson(crop: str, who: int, cache: Path, number: int) -> Lesson:
    """One, its oracles from the cache where they are there."""
    case = case_of(crop, number)
    error = sensed(season_days(crop) + 3, number) if who == OURS else None
    best = {family: oracle(case, family, None, cache, quick=True).profit for family in FAMILIES}
    return Lesson(
        case, start_of(case), ky.land_of(case), told_of(case, who, error), told_of(case, TEXTBOOK), best
    )
