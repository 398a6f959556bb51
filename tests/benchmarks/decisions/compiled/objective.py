"""What a strategy is worth: bad seasons and usual ones, in both families, with water dearer than its price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fieldstation.policies.irrigation_strategy import STRATEGY, IrrigationStrategy
from tests.benchmarks.decisions.compiled.chooser import ways_of
from tests.benchmarks.decisions.compiled.lessons import FAMILIES, Lesson

MIN_PROFIT = 200.0
KY_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Score:
    """Profit of hindsight's over the seasons of one family; water against FAO-56."""

    median: float
    p10: float
    worst: float
    mean: float
    low: float  # mean of the worst twentieth
    water: float

    def __str__(self) -> str:
        shares = (self.median, self.p10, self.worst, self.mean, self.low)
        return f"median p10 worst mean low20th {' '.join(f'{100 * x:5.1f}' for x in shares)} %  water of FAO-56 {self.water:.2f}"


class Judge:
    """Some lessons. Seasons that earn hindsight under 200 $/ha are left out."""

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        self._counted = {f: [one for one in lessons if one.best[f] >= MIN_PROFIT] for f in FAMILIES}
        empty = [family for family, counted in self._counted.items() if not counted]
        if empty:
            raise ValueError(
                f"no season of {', '.join(empty)} earns {MIN_PROFIT:.0f} $/ha: ask for more seasons"
            )
        ways = ways_of(STRATEGY)
        self._fao56 = {
            family: sum(one.lived(family, ways, one.book)[1] for one in counted)
            for family, counted in self._counted.items()
        }

    def scores(self, strategy: IrrigationStrategy, textbook: bool = False) -> dict[str, Score]:
        """By family."""
        ways, found = ways_of(strategy), {}
        for family, counted in self._counted.items():
            lived = [one.lived(family, ways, one.book if textbook else one.told) for one in counted]
            shares = np.sort(
                [one.profit(season) / one.best[family] for one, season in zip(counted, lived, strict=True)]
            )
            count = len(shares)
            found[family] = Score(
                float(np.median(shares)),
                float(shares[count // 10]),
                float(shares[0]),
                float(shares.mean()),
                float(shares[: max(1, count // 20)].mean()),
                sum(season[1] for season in lived) / max(1.0, self._fao56[family]),
            )
        return found

    def worth(self, strategy: IrrigationStrategy) -> float:
        """One number, the more the better."""
        return worth(self.scores(strategy))


def worth(scores: dict[str, Score]) -> float:
    """The trade between median, bad seasons, families and water, set once by hand."""
    mine, theirs = scores["aquacrop"], scores["ky"]
    first = 0.30 * min(mine.median, 0.985) + 0.3 * mine.p10 + 0.2 * mine.mean + 0.35 * mine.low
    second = 0.5 * min(theirs.median, 0.97) + 0.2 * theirs.p10 + 0.3 * theirs.mean
    dear = 0.08 * mine.water + 0.3 * max(0.0, mine.water - 0.95) + 0.03 * theirs.water
    return first + KY_WEIGHT * second - dear
