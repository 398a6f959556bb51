"""What each part of the station is worth: `python -m tests.benchmarks.decisions.ablate [--cases 60] [--left DIR]`.

The referee's first seasons of AquaCrop once more, one part at a time made perfect or taken away, all by the same
seasons and oracles. One process; a part is printed as soon as it is lived.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from fieldstation.advice.adviser import Adviser
from fieldstation.advice.input import parse_line, plot_from
from fieldstation.domain.forecast import Contribution, Quantiles
from fieldstation.domain.plot import Plot
from fieldstation.learning.forecaster import SHIPPED, SOIL_TARGETS
from fieldstation.learning.history import History
from fieldstation.policies.depth import airless_share
from fieldstation.policies.irrigation_strategy import IrrigationStrategy, strategy_of
from tests.benchmarks.decisions.__main__ import MIN_PROFIT
from tests.benchmarks.decisions.compiled import there
from tests.benchmarks.decisions.deciding import Deciding
from tests.benchmarks.decisions.field import FORECAST_DAYS, Case, weather_of
from tests.benchmarks.decisions.rules import Line, Rule, fao56
from tests.benchmarks.decisions.sample import cases
from tests.benchmarks.decisions.season import Season, live, oracle
from tests.benchmarks.decisions.view import View

SURE_FRAC = 0.05
"""Half the range that a sensor of the true root zone tells."""


class TrueSensor(Deciding):
    """Tells the model's own root zone where the virtual sensor would guess it."""

    land: Any = None

    def depletion(self, history: History) -> tuple[Quantiles, tuple[Contribution, ...]]:
        assert history.balance is not None
        true = self.land.depletion_frac(min(1.2, history.balance.root_m))
        return Quantiles(max(0.0, true - SURE_FRAC), true, min(1.0, true + SURE_FRAC)), ()


@dataclass(frozen=True)
class Part:
    """One change to the station."""

    models: type[Deciding] | None = Deciding  # None: the account decides alone
    condition: str = "clean"
    true_rain: bool = False
    strategy: Callable[[IrrigationStrategy], IrrigationStrategy] | None = None


PARTS = {
    "the station as it is": Part(),
    "a: true root zone for the virtual sensor": Part(TrueSensor),
    "b: the account that hears the probes alone": Part(None),
    "c: no probes": Part(condition="no probe"),
    "d: rain foretold without fault, 7 days": Part(true_rain=True),
    "a and d": Part(TrueSensor, true_rain=True),
    "e: heavy clay as any soil": Part(strategy=lambda m: replace(m, airless_from=-9.0)),
    "f: no room left for rain": Part(
        strategy=lambda m: replace(m, refill_to_frac=0.0, refill_by_wetness=0.0)
    ),
}


def with_true_rain(line: Line, case: Case) -> Line:
    """The line, with the rain that will fall in its forecast."""
    days, on = weather_of(case), date.fromisoformat(line["on"])
    coming = [days.get(on + timedelta(days=ahead)) for ahead in range(FORECAST_DAYS)]
    told = [
        {**day, "rain_mm": true.rain_mm} for day, true in zip(line["forecast"], coming, strict=False) if true
    ]
    return {**line, "forecast": told}


def rule_of(part: Part, case: Case, folder: Path) -> Callable[[Plot], Rule]:
    """The station with that part."""

    def make(plot: Plot) -> Rule:
        models = None if part.models is None else part.models.load(folder, SOIL_TARGETS)
        strategy = None if part.strategy is None else part.strategy(strategy_of(plot))
        adviser = Adviser(plot, models, strategy)

        def rule(line: Line, land: Any) -> float:
            if isinstance(models, TrueSensor):
                models.land = land
            told = with_true_rain(line, case) if part.true_rain else line
            return adviser.advise(parse_line(told, adviser.advised_mm)).choice.depth_mm

        return rule

    return make


def airless(case: Case) -> bool:
    """Whether roots of this case hardly breathe when the soil is full."""
    plot = plot_from(View(case).zone())
    return airless_share(plot, strategy_of(plot)) > 0


Lived = list[tuple[Case, Season, Season, float]]
"""Case, what came of it, hindsight's, FAO-56's water in mm."""


def row(name: str, lived: Lived) -> str:
    shares = sorted(
        100 * ours.profit / best.profit for _, ours, best, _ in lived if best.profit >= MIN_PROFIT
    )
    yields = sorted(100 * ours.yield_t_ha / max(0.1, best.yield_t_ha) for _, ours, best, _ in lived)
    water = sum(ours.water_mm for _, ours, _, _ in lived) / sum(fao_mm for *_, fao_mm in lived)
    return (
        f"| {name} | {statistics.median(shares):.1f} | {shares[len(shares) // 10]:.1f} | {shares[0]:.0f} "
        f"| {yields[0]:.0f} | {water:.2f} |"
    )


def main() -> None:
    args = argparse.ArgumentParser(prog="tests.benchmarks.decisions.ablate", description=__doc__)
    args.add_argument("--cases", type=int, default=60, help="how many of the referee's seasons (default 60)")
    args.add_argument("--left", type=Path, help="folder of models that left each place out")
    args.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "fieldstation-referee")
    options = args.parse_args()
    mine = cases(options.cases)
    best = {case: oracle(case, "aquacrop", None, options.cache, quick=there()) for case in mine}
    fao_mm = {case: live(case, "aquacrop", "clean", fao56).water_mm for case in mine}
    print(
        f"| {options.cases} seasons of AquaCrop, % of hindsight's profit | median | 1 in 10 | worst | lowest yield, % | water, FAO-56 = 1 |"
    )
    print("|---|---|---|---|---|---|")
    for name, part in PARTS.items():
        lived = []
        for case in mine:
            folder = options.left / case.place if options.left else SHIPPED
            season = live(case, "aquacrop", part.condition, rule_of(part, case, folder))
            lived.append((case, season, best[case], fao_mm[case]))
        print(row(name, lived), flush=True)
        if part in (Part(), Part(TrueSensor)):
            for kind, heavy in (("in clay and silty clay", True), ("in all other soils", False)):
                print(row(f"... {kind}", [one for one in lived if airless(one[0]) is heavy]), flush=True)


if __name__ == "__main__":
    main()
