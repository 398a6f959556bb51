"""Yield to come: growth by the weather so far, what LightGBM learned to add, and the crop's mean where that has no skill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldstation.domain.forecast import Contribution, Quantiles, YieldBy
from fieldstation.learning.boosters import QUANTILES, Model
from fieldstation.learning.contributions import by_group, most
from fieldstation.learning.history import History
from fieldstation.learning.yield_row import YIELD_FEATURES, YIELD_NAMES, yield_row

FROM_DAY = 10
SPREADS_P10 = 1.28
"""p10 of a normal spread lies so many standard deviations below its middle."""
THIRDS = (0.375, 0.625)
"""Bounds of the season's parts around a quarter, a half and three quarters, each judged on its own."""
MECH, SEASON = (YIELD_NAMES.index(name) for name in ("mech_frac", "season_frac"))


def third_of(season_frac: float) -> int:
    """Which part of the season: 0, 1 or 2."""
    return sum(season_frac >= bound for bound in THIRDS)


@dataclass(frozen=True, slots=True)
class YieldSkill:
    """What seasons of places left out taught about a crop's yield, in parts of its potential.

    `trust` is the weight of the learned yield against the crop's mean, by part of the season.
    """

    mean_frac: float
    spread_frac: float
    trust: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.trust) != len(THIRDS) + 1 or not all(0 <= weight <= 1 for weight in self.trust):
            raise ValueError(f"trust {self.trust} is not three numbers of 0 to 1")


@dataclass(frozen=True, slots=True)
class HarvestForecast:
    """Dry yield with its range, t/ha, and what it rests on."""

    t_ha: Quantiles
    by: YieldBy


class YieldModel:
    """Three boosters over one row; what they add to the growth is drawn to the crop's mean as far as they lack skill."""

    def __init__(
        self, models: Mapping[str, Model], skill: Mapping[str, YieldSkill], widen: Sequence[float]
    ) -> None:
        self._models, self._skill, self._widen = models, skill, tuple(widen)

    @classmethod
    def of(cls, models: Mapping[str, Model], about: Mapping[str, Any]) -> YieldModel:
        """From the manifest's `yield` table. Raises KeyError, TypeError or ValueError for one that is not."""
        if list(about["features"]) != list(YIELD_NAMES):
            raise ValueError("the yield model was made for other features")
        skill = {
            name: YieldSkill(float(mean), float(spread), tuple(map(float, trust)))
            for name, (mean, spread, trust) in about["skill"].items()
        }
        widen = [float(value) for value in about["widen"]]
        if len(widen) != len(THIRDS) + 1:
            raise ValueError("the yield model has no width for each part of the season")
        return cls(models, skill, widen)

    def forecast(self, history: History) -> HarvestForecast | None:
        """Expected yield, the advice followed; None in the first days."""
        if history.day < FROM_DAY or history.balance is None:
            return None
        row = yield_row(history)
        low, mid, high = (row[MECH] + self._models[name].predict([row])[0] for name in QUANTILES)
        third = third_of(row[SEASON])
        skill, best = self._skill.get(history.plot.crop.name), history.growing.potential_t_ha
        found = blended((min(low, mid), mid, max(high, mid)), skill, third, self._widen[third])
        by = YieldBy.GROWTH if skill is None or skill.trust[third] >= 0.5 else YieldBy.CROP_MEAN
        return HarvestForecast(Quantiles(*(round(max(0.0, value) * best, 3) for value in found)), by)

    def contributions(self, history: History) -> tuple[Contribution, ...]:
        """What the middle is made of, t/ha: what is usual of a season without harm, and the groups that moved it most."""
        if history.day < FROM_DAY or history.balance is None:
            return ()
        row = yield_row(history)
        effects, usual = by_group(self._models["p50"], row, YIELD_FEATURES)
        effects["weather"] += row[MECH] - 1
        skill, best = self._skill.get(history.plot.crop.name), history.growing.potential_t_ha
        weight = 1.0 if skill is None else skill.trust[third_of(row[SEASON])]
        start = weight * (1 + usual) + (1 - weight) * (0.0 if skill is None else skill.mean_frac)
        return (Contribution("usual", round(start * best, 3)), *most(effects, weight * best, 3))


def blended(
    learned: tuple[float, float, float], skill: YieldSkill | None, third: int, wide: float
) -> tuple[float, float, float]:
    """p10, middle and p90 drawn to the crop's mean and widened, in parts of the potential.

    >>> blended((0.6, 0.8, 0.9), YieldSkill(0.9, 0.1, (0.5, 1.0, 1.0)), 1, 1.0)
    (0.6, 0.8, 0.9)
    >>> [round(value, 3) for value in blended((0.6, 0.8, 0.9), YieldSkill(0.9, 0.1, (0.5, 1.0, 1.0)), 0, 1.0)]
    [0.686, 0.85, 0.964]
    """
    low, mid, high = learned
    if skill is not None:
        weight, around = skill.trust[third], SPREADS_P10 * skill.spread_frac
        usual = (skill.mean_frac - around, skill.mean_frac, skill.mean_frac + around)
        low, mid, high = (
            weight * own + (1 - weight) * other for own, other in zip(learned, usual, strict=True)
        )
    return mid - wide * (mid - low), mid, mid + wide * (high - mid)
