"""Champion and challenger: who forecast these days better, and whether that is more than luck. Pure.

Scores are mean pinball losses over p10, p50 and p90 (a proper score). They are averaged by zone first, so
that a zone with many probes does not outvote the others.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from fieldstation.domain.forecast import Quantiles
from fieldstation.domain.learned import Score

LEVELS = (0.1, 0.5, 0.9)
MARGIN = 0.97
"""A challenger's score must be this part of the other's or less."""
ZONE_MARGIN = 1.10
"""In no zone may it be worse than this."""
WORSE = 1.05
"""In charge and this much worse than the shipped model: out."""
LUCK_SE = 1.65
"""Standard errors between a difference and no difference: one in twenty by luck."""
BLOCK_DAYS = 4
"""Neighbouring days share their weather: a block of them counts as one observation."""
TRAIN_MIN_DAYS, TRAIN_MIN_WINDOWS = 40, 150
HELD_OUT_MIN_DAYS = 12
HELD_OUT_PART = 0.25
HELD_OUT_MAX_DAYS = 60
EMBARGO_DAYS = 3
"""Between the days fitted and the days judged: a window reaches three days ahead."""
SHADOW_MIN_DAYS = 14
SHADOW_MAX_DAYS = 200
LATER_MIN_DAYS = 10


@dataclass(frozen=True, slots=True)
class Trial:
    """One forecast of two models and what came, in parts of the soil's span."""

    zone: str
    on: date
    truth: float
    judged: Quantiles
    rival: Quantiles


@dataclass(frozen=True, slots=True)
class Judgement:
    """`won` and `lost` exclude each other; neither means that nothing can be said yet. `why` is a code."""

    won: bool
    lost: bool
    why: str
    score: Score | None


def pinball(forecast: Quantiles, truth: float) -> float:
    """Mean pinball loss of a range.

    >>> round(pinball(Quantiles(0.0, 1.0, 2.0), 1.5), 3)
    0.15
    """
    total = 0.0
    for level, value in zip(LEVELS, (forecast.p10, forecast.p50, forecast.p90), strict=True):
        error = truth - value
        total += max(level * error, (level - 1) * error)
    return total / len(LEVELS)


def score(trials: Sequence[Trial]) -> Score:
    """Both models' losses; at least one trial."""
    zones: dict[str, list[Trial]] = defaultdict(list)
    for trial in trials:
        zones[trial.zone].append(trial)

    def mean(of: Iterable[float]) -> float:
        found = list(of)
        return sum(found) / len(found)

    return Score(
        pinball=round(mean(mean(pinball(t.judged, t.truth) for t in own) for own in zones.values()), 6),
        rival_pinball=round(mean(mean(pinball(t.rival, t.truth) for t in own) for own in zones.values()), 6),
        mae=round(mean(mean(abs(t.judged.p50 - t.truth) for t in own) for own in zones.values()), 6),
        rival_mae=round(mean(mean(abs(t.rival.p50 - t.truth) for t in own) for own in zones.values()), 6),
        days=len({trial.on for trial in trials}),
        points=len(trials),
    )


def luck_se(trials: Sequence[Trial]) -> float:
    """By how many standard errors the judged model is ahead, over blocks of days; negative when behind."""
    blocks: dict[int, list[float]] = defaultdict(list)
    for trial in trials:
        gain = pinball(trial.rival, trial.truth) - pinball(trial.judged, trial.truth)
        blocks[trial.on.toordinal() // BLOCK_DAYS].append(gain)
    gains = [sum(block) / len(block) for block in blocks.values()]
    if len(gains) < 3:
        return 0.0
    mean = sum(gains) / len(gains)
    spread = math.sqrt(sum((gain - mean) ** 2 for gain in gains) / (len(gains) - 1))
    if spread == 0:
        return 0.0 if mean == 0 else math.copysign(math.inf, mean)
    return mean / (spread / math.sqrt(len(gains)))


def contest(trials: Sequence[Trial], min_days: int) -> Judgement:
    """Whether the judged model should take the rival's place."""
    days = len({trial.on for trial in trials})
    if days < min_days:
        return Judgement(False, False, "too_few_days", score(trials) if trials else None)
    found = score(trials)
    if found.pinball > MARGIN * found.rival_pinball:
        return Judgement(False, True, "not_better", found)
    for zone in sorted({trial.zone for trial in trials}):
        here = score([trial for trial in trials if trial.zone == zone])
        if here.pinball > ZONE_MARGIN * here.rival_pinball:
            return Judgement(False, True, "worse_in_a_zone", found)
    if luck_se(trials) < LUCK_SE:
        return Judgement(False, True, "may_be_luck", found)
    return Judgement(True, False, "better", found)


def watch(trials: Sequence[Trial]) -> Judgement:
    """Whether a model in charge has become worse than the shipped one (`lost`)."""
    days = len({trial.on for trial in trials})
    if days < LATER_MIN_DAYS:
        return Judgement(False, False, "too_few_days", score(trials) if trials else None)
    found = score(trials)
    if found.pinball > WORSE * found.rival_pinball and luck_se(trials) < -LUCK_SE:
        return Judgement(False, True, "worse_than_base", found)
    return Judgement(False, False, "holds", found)


def held_out_from(mornings: Iterable[date]) -> date | None:
    """The first morning of the held-out block: the last quarter of the days, at most HELD_OUT_MAX_DAYS of them.

    None when that leaves too few days to fit or to judge.
    """
    days = sorted(set(mornings))
    kept = min(HELD_OUT_MAX_DAYS, max(HELD_OUT_MIN_DAYS, round(HELD_OUT_PART * len(days))))
    if len(days) < TRAIN_MIN_DAYS + kept + EMBARGO_DAYS:
        return None
    return days[-kept]
