"""The days behind of one zone: what was given or not, and the decision that says why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo

from fieldstation.domain.decision import Decision, Event
from fieldstation.domain.people import Deed
from fieldstation.domain.run import Run
from fieldstation.page.plan.decisions import BACK_DAYS, Diary

ASKED_WITHIN = timedelta(hours=24)
"""A run follows a decision of at most this age; an older one cannot have asked for it."""


@dataclass(frozen=True, slots=True)
class Told:
    """One day. `decision` is the telling one: of the water given, else the day's last; None where none is on record.

    `kind`: watered, manual, refused (wanted and not given), wanted (nobody knows why it was not given),
    waited, nothing (no decision on record) or open (today, not over).
    """

    on: date
    kind: str
    decision: Decision | None
    runs: tuple[Run, ...] = ()
    refusal: Event | None = None
    deeds: tuple[Deed, ...] = ()  # what people did to the zone that day


def told(
    zone: str, planted_on: date, diary: Diary, now: datetime, tz: tzinfo, *, pending: bool = False
) -> list[Told]:
    """The last `BACK_DAYS` days and today, newest first; days before planting or before the record began are left out.

    Today waits for its end while water is `pending`: decided or running.
    """
    decisions = [one for one in diary.decisions if one.zone == zone]
    runs = [one for one in diary.runs if one.zone == zone]
    today = now.astimezone(tz).date()
    begun = [_on(one.at, tz) for one in decisions] + [_on(one.started_at, tz) for one in runs]
    if not begun:
        return []
    first = max(planted_on, min(begun), today - timedelta(days=BACK_DAYS))
    found = []
    for number in range((today - first).days + 1):
        on = today - timedelta(days=number)
        of_day = [one for one in decisions if _on(one.at, tz) == on]
        given = tuple(one for one in runs if _on(one.started_at, tz) == on)
        refusals = [one for one in diary.refusals if one.zone == zone and _on(one.at, tz) == on]
        deeds = tuple(one for one in diary.deeds if one.zone == zone and _on(one.at, tz) == on)
        if on == today and not given and (pending or not of_day):
            if deeds:
                found.append(Told(on, "open", None, deeds=deeds))
            continue
        found.append(replace(_day(on, of_day, given, refusals, decisions), deeds=deeds))
    return found


def _day(
    on: date, of_day: list[Decision], given: tuple[Run, ...], refusals: list[Event], decisions: list[Decision]
) -> Told:
    if given:
        cause = _cause(given[0], decisions)
        by_hand = all(run.origin == "manual" for run in given)
        return Told(on, "manual" if by_hand else "watered", None if by_hand else cause, given)
    if not of_day:
        return Told(on, "nothing", None)
    wanted = next((one for one in reversed(of_day) if one.depth_mm > 0), None)
    if wanted is None:
        return Told(on, "waited", of_day[-1])
    refusal = refusals[-1] if refusals else None
    return Told(on, "refused" if refusal else "wanted", wanted, refusal=refusal)


def _cause(run: Run, decisions: list[Decision]) -> Decision | None:
    """The newest decision for water before the run began."""
    return next(
        (
            one
            for one in reversed(decisions)
            if one.depth_mm > 0 and one.at <= run.started_at and run.started_at - one.at <= ASKED_WITHIN
        ),
        None,
    )


def _on(at: datetime, tz: tzinfo) -> date:
    return at.astimezone(tz).date()
