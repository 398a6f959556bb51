"""The yield model from kept seasons: fitted, judged on places left out, and where it may be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldstation.learning.boosters import QUANTILES
from fieldstation.learning.training import ranges, train, widening
from fieldstation.learning.yield_row import YIELD_NAMES
from fieldstation.learning.yields import THIRDS, YieldSkill, blended, third_of
from tests.benchmarks.decisions.field import SEASON_DAYS
from tests.benchmarks.decisions.yield_seasons import MARKS

MIN_ROWS = 60
WHOLE_TRUST_FROM = 0.75
"""A weight from here on is whole trust: what seasons tell of it is no finer. So is that of a crop with too few seasons."""
INSIDE = 0.78
"""Of both managements together: seasons that follow the advice lie a little more often inside, others less."""
OWN_FAMILIES_EVERY = 3
"""One in so many seasons of the families written here is taught: their yields answer to water as we believe, not as AquaCrop does."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows of seasons, and by row what its season was and brought."""

    rows: Any
    who: Any
    on_day: Any
    ripe: Any
    place: Any
    crop: Any
    family: Any
    advised: Any
    clean: Any
    named: Any
    days: Any
    yield_frac: Any
    yield_t_ha: Any

    @property
    def mech(self) -> Any:
        """The growth's own forecast, which the model adds to."""
        return self.rows[:, YIELD_NAMES.index("mech_frac")]

    @property
    def judged(self) -> Any:
        """Rows that say something of a crop: AquaCrop's for the four it knows, the other families' for the rest."""
        import numpy as np

        return (self.family == "aquacrop") | ~np.isin(self.crop, list(SEASON_DAYS))

    @property
    def taught(self) -> Any:
        """Rows to learn from."""
        own = (self.family != "aquacrop") & (self.who % OWN_FAMILIES_EVERY == 0)
        return self.judged & ((self.family == "aquacrop") | own)

    def at(self, mark: float) -> Any:
        """The row of each season at a share of it."""
        return self.on_day == (mark * self.days).round()


def kept_from(path: Path) -> Kept:
    """Read what `yield_seasons` wrote. Raises ValueError for rows of other features."""
    import numpy as np

    file: Any = np.load(path)
    if list(file["features"]) != list(YIELD_NAMES):
        raise ValueError(
            f"{path}: rows of other features; run: python -m tests.benchmarks.decisions.yield_seasons {path}"
        )
    who, told, facts = file["who"], file["told"][file["who"]], file["facts"][file["who"]]
    return Kept(
        rows=file["rows"].astype(np.float64),
        who=who,
        on_day=file["on_day"],
        ripe=file["ripe"],
        place=told[:, 0],
        crop=told[:, 1],
        family=told[:, 2],
        advised=told[:, 3] == "advice",
        clean=facts[:, 3] > 0,
        named=facts[:, 4] > 0,
        days=facts[:, 2],
        yield_frac=facts[:, 0],
        yield_t_ha=facts[:, 1],
    )


def fitted(kept: Kept, where: Any) -> dict[str, str]:
    """Model texts from those of the rows chosen that teach."""
    where = where & kept.taught
    return train({"yield": (kept.rows[where], (kept.yield_frac - kept.mech)[where])})


def left_out(kept: Kept) -> Any:
    """p10, middle and p90 of every row by models that never saw its place, shaped (3, rows), in parts of the potential."""
    import numpy as np

    found = np.zeros((len(QUANTILES), len(kept.who)))
    for place in sorted(set(kept.place)):
        out = kept.place == place
        found[:, out] = ranges(fitted(kept, ~out), "yield", kept.rows[out]) + kept.mech[out]
    return found


def thirds_of(kept: Kept) -> Any:
    """The part of the season of every row, as the station sees it."""
    import numpy as np

    at = YIELD_NAMES.index("season_frac")
    return np.asarray([third_of(value) for value in kept.rows[:, at]])


def skill_of(kept: Kept, learned: Any, where: Any) -> dict[str, YieldSkill]:
    """By crop: its mean and spread with the advice followed, and how far to trust what was learned, from the rows chosen."""
    import numpy as np

    thirds, found = thirds_of(kept), {}
    for crop in sorted(set(kept.crop)):
        mine = where & kept.judged & (kept.crop == crop)
        advised = mine & kept.advised
        if not advised.any():
            continue
        _, first = np.unique(kept.who[advised], return_index=True)
        truth = kept.yield_frac[advised][first]
        mean = float(truth.mean())
        trust = []
        for third in range(len(THIRDS) + 1):
            rows = mine & (thirds == third)
            more = learned[1][rows] - mean
            enough = rows.sum() >= MIN_ROWS and float(more @ more) > 0
            weight = float((more @ (kept.yield_frac[rows] - mean)) / (more @ more)) if enough else 1.0
            trust.append(1.0 if weight >= WHOLE_TRUST_FROM else round(max(0.0, weight), 3))
        found[crop] = YieldSkill(round(mean, 4), round(float(truth.std()), 4), tuple(trust))
    return found


def drawn(kept: Kept, learned: Any, skill: Mapping[str, YieldSkill], widen: tuple[float, ...]) -> Any:
    """The ranges as a station would tell them, shaped (3, rows)."""
    import numpy as np

    thirds = thirds_of(kept)
    return np.asarray(
        [
            blended((low, mid, high), skill.get(crop), third, widen[third])
            for (low, mid, high), crop, third in zip(learned.T, kept.crop, thirds, strict=True)
        ]
    ).T


def widths(kept: Kept, learned: Any, skill: Mapping[str, YieldSkill], where: Any) -> tuple[float, ...]:
    """By part of the season, how much wider a range must be to hold as many of the clean rows as it should chosen."""
    thirds, plain = thirds_of(kept), drawn(kept, learned, skill, (1.0,) * (len(THIRDS) + 1))
    found = []
    for third in range(len(THIRDS) + 1):
        rows = where & kept.judged & kept.clean & (thirds == third)
        low, mid, high = plain[:, rows]
        found.append(round(widening(low, mid, high, kept.yield_frac[rows], INSIDE), 3))
    return tuple(found)


def honest(kept: Kept, learned: Any) -> Any:
    """Every place told by models, trust and widths of the other places alone, shaped (3, rows)."""
    import numpy as np

    found = np.zeros_like(learned)
    for place in sorted(set(kept.place)):
        out = kept.place == place
        skill = skill_of(kept, learned, ~out)
        found[:, out] = drawn(kept, learned, skill, widths(kept, learned, skill, ~out))[:, out]
    return found


def about_yield(kept: Kept, learned: Any, scores: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest's `yield` table."""
    everywhere = kept.on_day >= 0
    skill = skill_of(kept, learned, everywhere)
    return {
        "made_by": "tests/benchmarks/decisions: yield_seasons, then train --only yield",
        "seasons": len(set(kept.who.tolist())),
        "features": list(YIELD_NAMES),
        "skill": {name: [one.mean_frac, one.spread_frac, list(one.trust)] for name, one in skill.items()},
        "widen": list(widths(kept, learned, skill, everywhere)),
        "scores_leave_one_place_out": dict(scores),
    }


def marks_told() -> tuple[str, ...]:
    """The marks as words."""
    return tuple(f"{100 * mark:.0f} %" for mark in MARKS)
