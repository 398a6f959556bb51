"""What moved a prediction, by the groups of features that a farmer knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from fieldstation.domain.forecast import Contribution
from fieldstation.learning.boosters import Model

MAX_CONTRIBUTIONS = 4


def by_group(model: Model, row: Sequence[float], groups: Mapping[str, str]) -> tuple[dict[str, float], float]:
    """LightGBM's own contributions summed by group, and where they start from. `groups` by feature, in the row's order."""
    *moved, usual = model.contributions(row)
    effects: dict[str, float] = defaultdict(float)
    for group, effect in zip(groups.values(), moved, strict=True):
        effects[group] += effect
    return effects, usual


def most(effects: Mapping[str, float], scale: float, digits: int) -> tuple[Contribution, ...]:
    """The groups that moved a prediction most, in units of `scale`, rounded."""
    ranked = sorted(effects.items(), key=lambda item: -abs(item[1]))[:MAX_CONTRIBUTIONS]
    return tuple(Contribution(name, round(scale * effect, digits)) for name, effect in ranked)
