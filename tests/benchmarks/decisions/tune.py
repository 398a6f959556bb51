"""Choose the irrigation strategy for the worst simulator: `python -m tests.benchmarks.decisions.tune --crop maize`.

CMA-ES over hundreds of compiled seasons of AquaCrop and of the second family. `--who ours` waters on the true
root zone with a virtual sensor's error, `--who bucket` on the plain FAO-56 account. Deterministic: the same
command prints the same strategy. Needs the bench extra.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[3]))

from fieldstation.config.tables import crop as table
from fieldstation.policies.irrigation_strategy import STRATEGIES, STRATEGY, IrrigationStrategy
from tests.benchmarks.decisions import check
from tests.benchmarks.decisions.compiled import check as copies
from tests.benchmarks.decisions.compiled import there
from tests.benchmarks.decisions.compiled.lessons import Lesson, lesson
from tests.benchmarks.decisions.compiled.objective import Judge, Score
from tests.benchmarks.decisions.compiled.told import BUCKET, OURS
from tests.benchmarks.decisions.field import PRICES
from tests.benchmarks.decisions.sample import cases

WHO = {"ours": OURS, "bucket": BUCKET}
# what is tuned: least, most, first guess; the four lines are named by stage
BOUNDS = {
    "line_0": (0.3, 1.8, 0.8),
    "line_1": (0.3, 1.8, 0.8),
    "line_2": (0.3, 1.8, 1.0),
    "line_3": (0.3, 2.4, 1.3),
    "refill_to_frac": (0, 0.35, 0.03),
    "refill_by_wetness": (0, 0.35, 0.05),
    "rain_trust": (0, 1.0, 0.6),
    "rain_fades": (0.5, 1.0, 0.8),
    "bound_of_line": (1.0, 2.0, 1.3),
    "end_frac": (0.3, 0.98, 0.65),
    "airless_by_wetness": (-0.3, 0.3, 0.0),
    "line_by_wetness": (-0.3, 1.0, 0.0),
    "gap_frac": (0.03, 0.3, 0.1),
    "line_by_depth": (-0.4, 0.4, 0.0),
    "last_mm": (0, 40, 12),
    "airless_line_frac": (0.25, 0.9, 0.55),
    "airless_refill_frac": (0.1, 0.7, 0.4),
    "airless_from": (-0.05, 0.2, 0.03),
}
HELD_OUT = 0.25
"""This part of the seasons, by chance, is never tuned on: the strategy's honest score."""
POPULATION, STEP, SEED, TOLD_EVERY = 14, 0.15, 7, 8
WATER_PRICE = 1.0  # $ a mm and hectare, as the referee counts


def strategy_of(point: Any, worth_mm: float) -> IrrigationStrategy:
    """A point of the unit cube as a strategy."""
    values: dict[str, Any] = {}
    for (name, (low, high, _)), share in zip(BOUNDS.items(), point, strict=True):
        values[name] = round(low + min(1.0, max(0.0, float(share))) * (high - low), 3)
    a, b, c, d = (values.pop(f"line_{stage}") for stage in range(4))
    return IrrigationStrategy((a, b, c, d), **values, worth_mm=worth_mm)


def as_text(name: str, strategy: IrrigationStrategy) -> str:
    """A line for MANNERS; what is as in the class is left out."""
    given = [str(strategy.lines_of_p)]
    for one in fields(IrrigationStrategy)[1:]:
        value = getattr(strategy, one.name)
        if value != one.default:
            given.append(f"{one.name}={value:g}")
    return f'    "{name}": Manner({", ".join(given)}),'


def told(label: str, scores: dict[str, Score]) -> None:
    for family, score in scores.items():
        print(f"{label:<22} {family:<9} {score}", flush=True)


def gathered(options: argparse.Namespace) -> tuple[list[Lesson], list[Lesson]]:
    """Seasons to tune on, and seasons held out. Oracles are searched on both cores, and kept."""
    make = partial(lesson, options.crop, WHO[options.who], options.cache)
    make(0)  # machine code is made once, for all children
    with ProcessPoolExecutor(options.processes) as pool:
        found = list(pool.map(make, range(options.seasons), chunksize=8))
    chance = random.Random(f"held/{options.crop}")  # not in turn: places and textures are dealt in turn
    apart = [chance.random() < HELD_OUT for _ in found]
    tuned_on = [one for one, out in zip(found, apart, strict=True) if not out]
    return tuned_on, [one for one, out in zip(found, apart, strict=True) if out]


def main() -> int:
    args = argparse.ArgumentParser(prog="tests.benchmarks.decisions.tune", description=__doc__)
    args.add_argument("--crop", required=True, choices=sorted(PRICES))
    args.add_argument("--who", default="ours", choices=sorted(WHO))
    args.add_argument("--generations", type=int, default=56)
    args.add_argument("--seasons", type=int, default=320, help="a fourth of them is held out (default 320)")
    args.add_argument("--processes", type=int, help="for the oracles alone (default: every core)")
    args.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "fieldstation-referee")
    options = args.parse_args()
    if not there():
        print("tuning needs numba and cma: install the bench extra (make bench)", file=sys.stderr)
        return 2
    try:
        print("\n".join([*copies.everything(cases(1)[0]), *check.seasons(quick=True)]), flush=True)
    except (copies.CopyError, check.DisagreementError) as error:
        print(f"refused to tune: {error}", file=sys.stderr)
        return 1
    import cma

    began = time.monotonic()
    lessons, held = gathered(options)
    judge, apart = Judge(lessons), Judge(held)
    print(
        f"{len(lessons)} seasons to tune on, {len(held)} held out, {time.monotonic() - began:.0f} s",
        flush=True,
    )
    worth_mm = round(PRICES[options.crop] * table(options.crop).yield_potential_t_ha / WATER_PRICE)
    told("fao56", judge.scores(STRATEGY, textbook=True))
    now = STRATEGIES.get(options.crop, STRATEGY)
    told("as it is", judge.scores(now))
    first = [(guess - low) / (high - low) for low, high, guess in BOUNDS.values()]
    search = cma.CMAEvolutionStrategy(
        first, STEP, {"bounds": [0, 1], "popsize": POPULATION, "seed": SEED, "verbose": -9}
    )
    for generation in range(1, options.generations + 1):
        points = search.ask()
        search.tell(points, [-judge.worth(strategy_of(point, worth_mm)) for point in points])
        if generation % TOLD_EVERY == 0:
            best = strategy_of(search.result.xfavorite, worth_mm)
            told(
                f"{generation}, {time.monotonic() - began:.0f} s, {judge.worth(best):.4f}", judge.scores(best)
            )
    ends = (
        search.result.xbest,
        search.result.xfavorite,
    )  # the best point met, and the middle of the last cloud
    best = max((strategy_of(point, worth_mm) for point in ends), key=judge.worth)
    told("tuned", judge.scores(best))
    told("tuned, held out", apart.scores(best))
    told("as it is, held out", apart.scores(now))
    print(as_text(options.crop if options.who == "ours" else f"{options.crop} (bucket)", best))
    return 0


if __name__ == "__main__":
    sys.exit(main())
