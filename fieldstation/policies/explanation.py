"""Why a decision is as it is: what would have changed it, what the rungs beside it say, and the soil's books."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from fieldstation.agronomy.balance import MAX_UNKNOWN_DAYS
from fieldstation.domain.change import Change, ChangeCode
from fieldstation.domain.decision import OtherRung, Rung, SkippedRung
from fieldstation.domain.soil_water_balance import SoilWaterBalance
from fieldstation.policies.asking import changes_of_request
from fieldstation.policies.facts import ZoneFacts
from fieldstation.policies.rootzone import RootZone
from fieldstation.policies.rungs import calendar, learned
from fieldstation.policies.rungs.answer import Answer, Unable

Decider = Callable[[ZoneFacts, RootZone | None], Answer | Unable]
CALENDAR_LOOKS_DAYS = 30


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is stored beside a decision."""

    changes: tuple[Change, ...]
    skipped: tuple[SkippedRung, ...] = ()
    below: OtherRung | None = None
    soil_balance: SoilWaterBalance | None = None


def explain(
    facts: ZoneFacts,
    balance: RootZone | None,
    rungs: Sequence[tuple[Rung, Decider]],
    rung: Rung,
    answer: Answer,
    skipped: Sequence[SkippedRung],
) -> Explanation:
    """Everything that is known of why `rung` answered so; `rungs` is the ladder, best first."""
    return Explanation(
        _changes(facts, rung, answer),
        tuple(_with_depth(facts, balance, skip) for skip in skipped),
        _below(facts, balance, rungs, rung),
        balance.soil_balance if balance and balance.unknown_days <= MAX_UNKNOWN_DAYS else None,
    )


def _changes(facts: ZoneFacts, rung: Rung, answer: Answer) -> tuple[Change, ...]:
    if answer.again is not None:
        return changes_of_request(facts, answer.refill, answer.root_zone, answer.again)
    if rung is Rung.CALENDAR:
        return (_by_calendar(facts, answer.refill.depth_mm > 0),)
    return (Change(ChangeCode.INPUT_BACK),)


def _by_calendar(facts: ZoneFacts, waters: bool) -> Change:
    """The calendar asked again on other days: when it will water, or how lately it should have been."""
    for days in range(1, CALENDAR_LOOKS_DAYS + 1):
        if waters:
            asked = replace(facts, last_run_ended_at=facts.at - timedelta(days=days))
        else:
            asked = replace(facts, at=facts.at + timedelta(days=days), given_last_24h_mm=0.0)
        answer = calendar.decide(asked, None)
        if isinstance(answer, Answer) and answer.refill.depth_mm > 0:
            return Change(ChangeCode.WATERED_LATELY if waters else ChangeCode.LATER, {"days": days})
    return Change(ChangeCode.NOTHING)


def _with_depth(facts: ZoneFacts, balance: RootZone | None, skip: SkippedRung) -> SkippedRung:
    if skip.rung is not Rung.LEARNED:
        return skip
    answer = learned.would(facts, balance)
    return skip if answer is None else replace(skip, would_mm=round(answer.refill.depth_mm, 1))


def _below(
    facts: ZoneFacts, balance: RootZone | None, rungs: Sequence[tuple[Rung, Decider]], rung: Rung
) -> OtherRung | None:
    """The first rung under `rung` that could have decided; holding is no opinion."""
    names = [name for name, _ in rungs]
    for name, decides in rungs[names.index(rung) + 1 :]:
        answer = Unable("") if name is Rung.HOLD else decides(facts, balance)
        if isinstance(answer, Answer):
            return OtherRung(name, round(answer.refill.depth_mm, 1))
    return None
