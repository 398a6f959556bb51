"""Choose the manner of watering for the worst simulator: `python -m tests.benchmarks.decisions.tune --left DIR`.

Each case is judged with models that never saw its place. A manner's score is what its bad
seasons bring, in both families, with water dearer than its price.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from fieldstation.domain.plot import Plot
from fieldstation.learning.forecaster import SOIL_TARGETS, Forecaster
from fieldstation.policies.manner import MANNER, MANNERS, Manner
from tests.benchmarks.decisions.deciding import Deciding
from tests.benchmarks.decisions.field import Case
from tests.benchmarks.decisions.rules import Rule, bucket, fao56, ours, yardstick
from tests.benchmarks.decisions.sample import cases
from tests.benchmarks.decisions.season import live, oracle

MIN_PROFIT = 200.0


@cache
def models(folder: str) -> Forecaster:
    return Deciding.load(Path(folder), SOIL_TARGETS)


def _rule(who: str, manner: Manner, folder: str) -> Callable[[Plot], Rule]:
    if who == "ours":
        return ours(models(folder), manner)
    return {"bucket": bucket(manner), "fao56": fao56, "yardstick": yardstick(manner)}[who]


def judged(job: tuple[str, Case, str, Manner, str, str]) -> tuple[float, float, float]:
    """(profit of the oracle's, yield of the oracle's, water mm) of one season."""
    who, case, family, manner, left, kept = job
    rule = _rule(who, manner, f"{left}/{case.place}")
    found = live(case, family, "clean", rule)
    best = oracle(case, family, None, Path(kept))
    if best.profit < MIN_PROFIT:
        return float("nan"), float("nan"), found.water_mm
    return found.profit / best.profit, found.yield_t_ha / max(0.1, best.yield_t_ha), found.water_mm


def summary(
    parts: list[tuple[float, float, float]], base: list[tuple[float, float, float]]
) -> dict[str, float]:
    good = sorted(p for p, _, _ in parts if p == p)
    return {
        "median": statistics.median(good), "p10": good[len(good) // 10], "worst": good[0],
        "mean": statistics.fmean(good), "water": sum(w for *_, w in parts) / max(1.0, sum(w for *_, w in base)),
    }  # fmt: skip


def score(found: dict[str, dict[str, float]]) -> float:
    total = 0.0
    for name, family in found.items():
        weight = 2.0 if name == "aquacrop" else 1.0
        dear = 0.5 * max(0.0, family["water"] - 0.75) + 1.5 * max(0.0, family["water"] - 0.97)
        total += weight * (
            family["median"] + 1.2 * family["p10"] + 0.8 * family["worst"] + family["mean"] - dear
        )
    return total


def mutated(manner: Manner, chance: random.Random, wide: float) -> Manner:
    lines = tuple(min(2.6, max(0.3, line + chance.gauss(0, 0.3 * wide))) for line in manner.lines_of_p)
    return Manner(
        (lines[0], lines[1], lines[2], lines[3]),
        min(0.4, max(0.0, manner.refill_to_frac + chance.gauss(0, 0.06 * wide))),
        min(1.0, max(0.0, manner.rain_trust + chance.gauss(0, 0.25 * wide))),
        min(5, max(1, manner.rain_days + chance.choice((-1, 0, 0, 1)))),
        min(1.8, max(1.0, manner.bound_of_line + chance.gauss(0, 0.12 * wide))),
        min(0.95, max(0.4, manner.end_frac + chance.gauss(0, 0.1 * wide))),
        manner.thrift,
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--left", required=True, help="models that left each place out (train --also-left)")
    asked.add_argument("--cache", default=str(Path.home() / ".cache" / "fieldstation-oracles"))
    asked.add_argument("--who", default="ours", choices=("ours", "bucket", "yardstick"))
    asked.add_argument("--seconds", type=float, default=600)
    asked.add_argument("--cases", type=int, default=56)
    asked.add_argument("--crop", help="tune for one crop alone")
    options = asked.parse_args()
    jobs = [(case, "aquacrop") for case in cases(options.cases)] + [
        (case, "ky") for case in cases(options.cases, seed=8)
    ]
    jobs = [(case, family) for case, family in jobs if options.crop in (None, case.crop)]
    with ProcessPoolExecutor() as pool:

        def run(who: str, manner: Manner) -> dict[str, list[tuple[float, float, float]]]:
            parts = list(
                pool.map(
                    judged,
                    [(who, case, family, manner, options.left, options.cache) for case, family in jobs],
                    chunksize=2,
                )
            )
            return {
                name: [part for part, (_, family) in zip(parts, jobs, strict=True) if family == name]
                for name in ("aquacrop", "ky")
            }

        began = time.monotonic()
        base = run("fao56", MANNER)
        print(
            f"fao56 ({time.monotonic() - began:.0f} s)",
            {f: {k: round(v, 3) for k, v in summary(p, base[f]).items()} for f, p in base.items()},
            flush=True,
        )

        def weigh(manner: Manner) -> tuple[float, dict[str, dict[str, float]]]:
            found = {f: summary(p, base[f]) for f, p in run(options.who, manner).items()}
            return score(found), found

        chance = random.Random("tune")
        begin = MANNERS.get(options.crop or "", MANNER)
        best = (*weigh(begin), begin)
        print(round(best[0], 4), best[1], flush=True)
        tries = 0
        while time.monotonic() - began < options.seconds:
            tries += 1
            manner = mutated(best[2], chance, 0.8 if tries < 15 else 0.5)
            points, found = weigh(manner)
            if points > best[0]:
                best = (points, found, manner)
                print(
                    tries,
                    round(points, 4),
                    {f: {k: round(v, 3) for k, v in p.items()} for f, p in found.items()},
                    [
                        tuple(round(x, 3) for x in v) if isinstance(v, tuple) else round(v, 3)
                        for v in astuple(manner)
                    ],
                    flush=True,
                )


if __name__ == "__main__":
    main()
