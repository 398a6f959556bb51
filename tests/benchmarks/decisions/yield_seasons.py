"""Seasons for the yield model, the station's advice followed or not: `python -m tests.benchmarks.decisions.yield_seasons OUT.npz`.

Three quarters are AquaCrop's. Half of all follow the advice, half a random irrigation strategy; half
are clean, as a grower would have them, half are faulty or in warped weather.
"""

from __future__ import annotations

import argparse
import random
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[3]))

from fieldstation.advice.input import parse_line, plot_from
from fieldstation.learning.forecaster import SHIPPED, SOIL_TARGETS, Forecaster
from fieldstation.learning.history import History
from fieldstation.learning.maturity import Maturity, matures
from fieldstation.learning.yield_row import YIELD_NAMES, yield_row
from fieldstation.learning.yields import FROM_DAY
from tests.benchmarks.decisions.deciding import Deciding
from tests.benchmarks.decisions.field import TEXTURES, Case
from tests.benchmarks.decisions.harvest import MANY, TRAINED_CROPS
from tests.benchmarks.decisions.places import ALLOWED
from tests.benchmarks.decisions.rules import ours
from tests.benchmarks.decisions.season import FAMILIES
from tests.benchmarks.decisions.view import View

SEED = 11
FAMILY_SHARES = {"aquacrop": 76, "ky": 12, "plot": 12}
STYLES = ("none", "deficit", "good", "good", "good", "rich", "timer")
MARKS = (0.25, 0.5, 0.75)
EVERY_DAYS = 7


@dataclass(slots=True)
class YieldSeason:
    """One season: a row now and then, and what came of it."""

    case: Case
    family: str
    condition: str
    style: str
    named: bool  # whether the grower knows the variety's days
    yield_frac: float = 0.0
    yield_t_ha: float = 0.0
    days: int = 0
    rows: list[list[float]] = field(default_factory=list)
    on_day: list[int] = field(default_factory=list)
    ripe: list[Maturity] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether the season lies in weather that was, seen by a station without fault."""
        return self.condition == "clean" and self.case.warp == (0.0, 1.0, 1.0)


@cache
def _models() -> Forecaster:
    return Deciding.load(SHIPPED, SOIL_TARGETS)


def begun(number: int) -> tuple[YieldSeason, random.Random]:
    """What season a number stands for, and the rest of its chance."""
    chance = random.Random(f"yield/{SEED}/{number}")
    place = sorted(ALLOWED)[number // 4 % 4]
    here = ALLOWED[place]
    family = chance.choices(list(FAMILY_SHARES), list(FAMILY_SHARES.values()))[0]
    crop = chance.choice(sorted(here.plantings))
    if family != "aquacrop" and chance.random() < 0.75:
        crop = chance.choice(TRAINED_CROPS)
    year = chance.randrange(here.first_year, here.last_year)
    clean = number // 2 % 2 == 0
    warp = (0.0, 1.0, 1.0)
    if not clean and chance.random() < 0.6:
        warp = (chance.uniform(-3, 9), chance.choice((0.1, 0.5, 1.0, 1.5)), chance.uniform(0.85, 1.25))
    case = Case(place, year, crop, chance.choice(sorted(TEXTURES)), 500000 + number, warp)
    condition = "clean" if clean else chance.choice(MANY)
    style = "advice" if number % 2 == 0 else chance.choice(STYLES)
    return YieldSeason(case, family, condition, style, named=False), chance


class AtRandom:
    """An irrigation strategy that nobody advised: how dry, how much, by whose clock."""

    def __init__(self, style: str, chance: random.Random) -> None:
        self.style, self.chance = style, chance
        triggers = {"deficit": chance.uniform(0.6, 0.95), "good": chance.uniform(0.3, 0.65), "rich": 0.15}
        self.trigger = triggers.get(style, 9.0)
        self.every = chance.randrange(4, 10)

    def mm(self, land: Any, day: int) -> float:
        """Gross depth of a day."""
        depletion, root = land.hidden()
        mm = 0.0
        if depletion > self.trigger + self.chance.gauss(0, 0.05):
            share = self.chance.uniform(0.4, 1.1)
            mm = share * depletion * (land.fc - land.wp) * 1000 * min(1.2, root) / 0.85
        return 20.0 if self.style == "timer" and day % self.every == 0 else mm


def lived(number: int) -> YieldSeason:
    """Live one season."""
    season, chance = begun(number)
    land: Any = FAMILIES[season.family](season.case)
    view = View(season.case, season.condition)
    season.named = view.knows_season
    plot = plot_from(view.zone())
    history = History(plot)
    rule = ours(_models(), None)(plot) if season.style == "advice" else None
    strategy = AtRandom(season.style, chance)
    seen: list[tuple[int, list[float], Maturity]] = []
    day = 0
    while not land.over:
        line = view.line(land, day)
        if line is not None:
            history.add(parse_line(line, 0.0).morning)
            if history.balance is not None and history.in_season:
                seen.append((day, yield_row(history), matures(history.growing)))
        land.give(strategy.mm(land, day) if rule is None else 0.0 if line is None else rule(line, land))
        day += 1
    best = history.growing.potential_t_ha if season.family == "aquacrop" else plot.crop.yield_potential_t_ha
    ended(season, day, land.yield_t_ha(), best, seen)
    return season


def ended(
    season: YieldSeason,
    days: int,
    yield_t_ha: float,
    best_t_ha: float,
    seen: list[tuple[int, list[float], Maturity]],
) -> None:
    """What came of it, and the mornings worth keeping."""
    season.days, season.yield_t_ha, season.yield_frac = days, yield_t_ha, yield_t_ha / best_t_ha
    marks = {round(mark * days) for mark in MARKS}
    for on_day, row, ripe in seen:
        if on_day in marks or (on_day >= FROM_DAY and on_day % EVERY_DAYS == 0):
            season.rows.append(row)
            season.on_day.append(on_day)
            season.ripe.append(ripe)


def save(seasons: list[YieldSeason], path: Path) -> None:
    """Keep them for `yields` and `train`."""
    import numpy as np

    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(
        str(path),
        allow_pickle=False,
        features=np.asarray(YIELD_NAMES),
        rows=np.asarray([row for one in seasons for row in one.rows], dtype=np.float32),
        who=np.asarray([n for n, one in enumerate(seasons) for _ in one.rows]),
        on_day=np.asarray([day for one in seasons for day in one.on_day]),
        ripe=np.asarray([[r.p10_days, r.p50_days, r.p90_days] for one in seasons for r in one.ripe]),
        told=np.asarray(
            [(one.case.place, one.case.crop, one.family, one.style, one.condition) for one in seasons]
        ),
        facts=np.asarray(
            [(one.yield_frac, one.yield_t_ha, one.days, one.clean, one.named) for one in seasons],
            dtype=np.float64,
        ),
    )


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("out", type=Path)
    args.add_argument("--seasons", type=int, default=2600)
    options = args.parse_args()
    seasons = []
    for number in range(options.seasons):
        seasons.append(lived(number))
        if number % 200 == 199:
            print(number + 1, "seasons", flush=True)
    save(seasons, options.out)


if __name__ == "__main__":
    main()
