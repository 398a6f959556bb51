"""How much of a yield nobody can foretell from the present: `python -m tests.benchmarks.decisions.unforeseen`.

AquaCrop's clean seasons that are watered at random, stopped at a part of the season and lived on several times from
the very same soil and plant, in the same weather, with other watering. What their yields differ is no model's fault.
"""

from __future__ import annotations

import argparse
import random
import statistics
from typing import Any

from tests.benchmarks.decisions.field import season_days
from tests.benchmarks.decisions.season import FAMILIES
from tests.benchmarks.decisions.yield_seasons import MARKS, STYLES, AtRandom, begun

LIVES = 5


def main() -> None:
    args = argparse.ArgumentParser(prog="tests.benchmarks.decisions.unforeseen", description=__doc__)
    args.add_argument("--seasons", type=int, default=48, help="how many seasons (default 48)")
    options = args.parse_args()
    square: dict[tuple[float, bool], list[float]] = {
        (mark, same): [] for mark in MARKS for same in (True, False)
    }
    yields: list[float] = []
    number = 1
    while len(yields) < options.seasons:
        season, chance = begun(number)
        number += 2  # the even ones follow the advice
        if season.family != "aquacrop" or not season.clean:
            continue
        land = FAMILIES["aquacrop"](season.case)
        strategy, day = AtRandom(season.style, chance), 0
        stops = {round(mark * season_days(season.case.crop)): mark for mark in MARKS}
        while not land.over:
            if day in stops:
                for same in (True, False):
                    lives = [
                        lived_on(land.branch(), day, strategy, same, f"{number}/{day}/{life}")
                        for life in range(LIVES)
                    ]
                    square[stops[day], same].append(statistics.variance(lives))
            land.give(strategy.mm(land, day))
            day += 1
        yields.append(land.yield_t_ha())
    mean = statistics.fmean(yields)
    print(
        f"{options.seasons} seasons; spread of yields lived on from one present, % of their mean {mean:.1f} t/ha"
    )
    for same, told in ((True, "the same manner, other luck"), (False, "a manner drawn afresh")):
        parts = " / ".join(
            f"{100 * statistics.fmean(square[mark, same]) ** 0.5 / mean:.1f}" for mark in MARKS
        )
        print(f"{told}: {parts} at {', '.join(f'{100 * mark:.0f}' for mark in MARKS)} % of the season")


def lived_on(land: Any, day: int, strategy: AtRandom, same: bool, seed: str) -> float:
    """The season's yield, t/ha, when the rest of it is watered by the same strategy or another."""
    chance = random.Random(f"unforeseen/{seed}")
    other = AtRandom(strategy.style if same else chance.choice(STYLES), chance)
    if same:
        other.trigger, other.every = strategy.trigger, strategy.every
    while not land.over:
        land.give(other.mm(land, day))
        day += 1
    return float(land.yield_t_ha())


if __name__ == "__main__":
    main()
