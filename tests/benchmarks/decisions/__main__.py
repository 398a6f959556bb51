"""The referee: `make bench`, or `python -m tests.benchmarks.decisions [--cases 120] [--slice] [--full]`.

Seasons of crop models nobody here wrote (AquaCrop) and of two further families, under
conditions a farm knows, watered by every rule; printed against what hindsight could have done.
Resumable: finished seasons are kept in `--cache` by hash. Both cores.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import cache
from pathlib import Path

from fieldstation.domain.plot import Plot
from fieldstation.learning.forecaster import SHIPPED, SOIL_TARGETS, Forecaster
from fieldstation.policies.irrigation_strategy import STRATEGY, strategy_of
from tests.benchmarks.decisions import check
from tests.benchmarks.decisions.buckets import BUCKETS
from tests.benchmarks.decisions.compiled import there
from tests.benchmarks.decisions.deciding import Deciding
from tests.benchmarks.decisions.field import Case
from tests.benchmarks.decisions.places import ALLOWED
from tests.benchmarks.decisions.rules import (
    Rule,
    bucket,
    fao56,
    ours,
    probes,
    rainfed,
    timer,
    yardstick,
    zimmerman,
)
from tests.benchmarks.decisions.sample import cases
from tests.benchmarks.decisions.season import FAMILIES, Season, live, oracle
from tests.benchmarks.decisions.view import CONDITIONS

CROSSED = 40
MIN_PROFIT = 200.0
CAP_OF_FAO56 = 0.6
SLICE = 12
LIVE = "no forecast"
"""What a live station sees today: it has no source of a rain forecast. The clean seasons are lived once more so."""
Job = tuple[str, Case, str, str]  # rule, case, family, condition


@cache
def _models(folder: str) -> Forecaster:
    return Deciding.load(Path(folder), SOIL_TARGETS)


def _rule(name: str, case: Case, folder: str | None) -> Callable[[Plot], Rule]:
    if name == "ours":
        return ours(_models(f"{folder}/{case.place}" if folder else str(SHIPPED)), None)
    return RULES[name]


def tuned_bucket(plot: Plot) -> Rule:
    return bucket(BUCKETS.get(plot.crop.name, STRATEGY))(plot)


def tuned_yardstick(plot: Plot) -> Rule:
    return yardstick(strategy_of(plot))(plot)


RULES: dict[str, Callable[[Plot], Rule]] = {
    "rainfed": rainfed,
    "timer": timer,
    "zimmerman": zimmerman,
    "one probe": probes(1),
    "two probes": probes(2),
    "fao56": fao56,
    "tuned bucket": tuned_bucket,
    "yardstick": tuned_yardstick,
}


def season_of(job: Job, kept: str, folder: str | None, version: str, quick: bool) -> Season:
    """One season, from the cache where it is there."""
    name, case, family, condition = job
    cap = _cap(case, family, kept, folder, version) if condition == "season water cap" else None
    if name == "oracle":
        return oracle(case, family, cap, Path(kept), quick=quick)
    key = hashlib.sha256(f"{version}/{name}/{case.name}/{family}/{condition}/{folder}".encode()).hexdigest()[
        :20
    ]
    file = Path(kept) / f"{key}.json"
    if file.exists():
        return Season(**json.loads(file.read_text()))
    found = live(case, family, condition, _rule(name, case, folder), cap)
    file.write_text(json.dumps(asdict(found)))
    return found


def _cap(case: Case, family: str, kept: str, folder: str | None, version: str) -> float:
    """Sixty per cent of what the textbook would have given."""
    return round(
        max(
            20.0,
            CAP_OF_FAO56
            * season_of(("fao56", case, family, "clean"), kept, folder, version, quick=False).water_mm,
        ),
        1,
    )


def _work(given: tuple[Job, str, str | None, str, bool]) -> Season:
    return season_of(*given)


def version() -> str:
    """Changes with the code and models that decide: cached seasons of older ones are not used."""
    import fieldstation

    root, told = Path(fieldstation.__file__).parent, hashlib.sha256()
    folders = ("agronomy", "learning", "policies", "advice", "planner")
    for path in sorted(
        p for folder in folders for p in (root / folder).rglob("*") if p.suffix in (".py", ".toml", ".txt")
    ):
        told.update(path.read_bytes())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        told.update(path.read_bytes())
    return told.hexdigest()[:12]


def jobs_of(options: argparse.Namespace) -> list[Job]:
    """Clean seasons under every rule; the conditions, crossed on the first forty cases, likewise."""
    found: list[Job] = []
    count = SLICE if options.slice else options.cases
    for family in ("aquacrop",) if options.slice else tuple(FAMILIES):
        mine = cases(count if family == "aquacrop" else count // 3)
        rules = ("oracle", "fao56", "tuned bucket", "ours") if options.slice else ("oracle", *RULES, "ours")
        found += [(rule, case, family, "clean") for case in mine for rule in rules]
        found += [("ours", case, family, LIVE) for case in mine]
        if family == "aquacrop" and not options.slice:
            crossed = mine if options.full else mine[:CROSSED]
            found += [
                (rule, case, family, condition)
                for case in crossed
                for condition in CONDITIONS[1:]
                for rule in (*RULES, "ours", *(("oracle",) if condition == "season water cap" else ()))
            ]
    return list(dict.fromkeys(found))


def main() -> int:
    args = argparse.ArgumentParser(prog="tests.benchmarks.decisions", description=__doc__)
    args.add_argument("--cases", type=int, default=120, help="AquaCrop season-cases (default 120)")
    args.add_argument("--full", action="store_true", help="every condition on every case")
    args.add_argument(
        "--slice", action="store_true", help="a few cases; fails when ours falls behind the tuned bucket"
    )
    args.add_argument("--left", help="folder of models that left each place out (train --also-left)")
    args.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "fieldstation-referee")
    options = args.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    quick = there() and not options.slice  # a few cases are sooner done than machine code is made
    try:
        for line in check.seasons(quick):
            print(line, file=sys.stderr, flush=True)
    except check.DisagreementError as error:
        print(f"refused to judge: {error}", file=sys.stderr)
        return 2
    jobs, made = jobs_of(options), version()
    began, results = time.monotonic(), {}
    with ProcessPoolExecutor() as pool:
        work = [(job, str(options.cache), options.left, made, quick) for job in jobs]
        for number, (job, season) in enumerate(
            zip(jobs, pool.map(_work, work, chunksize=2), strict=True), start=1
        ):
            results[job] = season
            if number % 100 == 0:
                print(
                    f"{number} of {len(jobs)} seasons, {time.monotonic() - began:.0f} s",
                    file=sys.stderr,
                    flush=True,
                )
    told(results)
    print(f"{len(jobs)} seasons in {time.monotonic() - began:.0f} s; places: {', '.join(ALLOWED)}")
    if options.slice:
        mine, theirs = (_shares(results, rule, "aquacrop", "clean") for rule in ("ours", "tuned bucket"))
        behind = statistics.fmean(mine) < statistics.fmean(theirs) - 0.005
        print("ours is BEHIND the tuned bucket" if behind else "ours is not behind the tuned bucket")
        return int(behind)
    return 0


Results = dict[Job, Season]


def _shares(
    results: Results,
    rule: str,
    family: str,
    condition: str,
    crop: str | None = None,
    place: str | None = None,
) -> list[float]:
    """Profit of the oracle's, season by season; seasons that cannot earn are apart."""
    found = []
    for (name, case, kind, under), season in results.items():
        if (
            (name, kind, under) != (rule, family, condition)
            or crop not in (None, case.crop)
            or place not in (None, case.place)
        ):
            continue
        best = _best(results, case, family, condition)
        if best.profit >= MIN_PROFIT:
            found.append(season.profit / best.profit)
    return sorted(found)


def _best(results: Results, case: Case, family: str, condition: str) -> Season:
    under = "season water cap" if condition == "season water cap" else "clean"
    return results["oracle", case, family, under]


def _row(name: str, shares: list[float], more: str) -> str:
    if not shares:
        return f"{name:<32}     -      -      -   {more}"
    return f"{name:<32} {100 * statistics.median(shares):6.1f} {100 * shares[len(shares) // 10]:6.1f} {100 * shares[0]:6.1f}   {more}"


def told(results: Results) -> None:
    """Print every table."""
    head = f"{'':<32} {'median':>6} {'p10':>6} {'worst':>6}   % of the oracle's profit"
    for family in FAMILIES:
        rules = _rules(results, family, "clean")
        if not rules:
            continue
        print(f"\n{family}, clean\n{head}; water, FAO-56 = 1, timer = 1; yield of the oracle's median, p10")
        for rule in rules:
            name = "ours, handed a forecast" if rule == "ours" else rule
            print(_row(name, _shares(results, rule, family, "clean"), _water(results, rule, family)))
        print(
            _row(
                "OURS, AS A STATION REALLY IS",
                _shares(results, "ours", family, LIVE),
                _water(results, "ours", family, LIVE),
            )
        )
        for crop in sorted({case.crop for _, case, kind, _ in results if kind == family}):
            shares = _shares(results, "ours", family, LIVE, crop)
            print(_row(f"  ours, {crop}", shares, _water(results, "ours", family, LIVE, crop=crop)))
        for place in sorted({case.place for _, case, kind, _ in results if kind == family}):
            shares = _shares(results, "ours", family, LIVE, place=place)
            theirs = _shares(results, "fao56", family, "clean", place=place)
            than = f"   fao56 median {100 * statistics.median(theirs):.1f}" if theirs else ""
            print(_row(f"  ours, {place}", shares, _water(results, "ours", family, LIVE, place=place) + than))
    print(
        f"\nunder each condition\n{head}; ours: lowest yield of the oracle's, most water above 1.3 x FAO-56 clean + 25 mm"
    )
    for condition in CONDITIONS:
        for rule in _rules(results, "aquacrop", condition):
            more = _bounds(results, condition) if rule == "ours" else ""
            print(_row(f"{condition}: {rule}", _shares(results, rule, "aquacrop", condition), more))


def _rules(results: Results, family: str, condition: str) -> list[str]:
    found = (name for name, _, kind, under in results if (kind, under) == (family, condition))
    return [name for name in dict.fromkeys(found) if name != "oracle"]


def _bounds(results: Results, condition: str) -> str:
    mine = [
        (case, season)
        for (name, case, kind, under), season in results.items()
        if (name, kind, under) == ("ours", "aquacrop", condition)
    ]
    low = min(s.yield_t_ha / max(0.1, _best(results, c, "aquacrop", condition).yield_t_ha) for c, s in mine)
    over = max(s.water_mm - 1.3 * results["fao56", c, "aquacrop", "clean"].water_mm - 25 for c, s in mine)
    return f"yield {100 * low:.0f} %, water {over:+.0f} mm"


def _water(
    results: Results,
    rule: str,
    family: str,
    seen: str = "clean",
    crop: str | None = None,
    place: str | None = None,
) -> str:
    """Water of the clean textbook's and timer's; yield of the oracle's. `seen` is the condition of the rule itself."""
    sums: dict[str, float] = defaultdict(float)
    yields = []
    for (name, case, kind, under), season in results.items():
        if kind != family or crop not in (None, case.crop) or place not in (None, case.place):
            continue
        if under == "clean" and name != rule:
            sums[name] += season.water_mm
        if (name, under) == (rule, seen):
            sums[name] += season.water_mm
            yields.append(season.yield_t_ha / max(0.1, _best(results, case, family, "clean").yield_t_ha))
    yields.sort()
    shares = " ".join(f"{_of(sums[rule], sums[name]):5.2f}" for name in ("fao56", "timer") if name in sums)
    return f"{shares}   {100 * statistics.median(yields):.1f} {100 * yields[len(yields) // 10]:.1f}"


def _of(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


if __name__ == "__main__":
    sys.exit(main())
