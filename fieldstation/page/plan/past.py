"""The days behind of one zone: what was given or not, and the decision that says why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from fieldstation.domain.decision import Decision, Event
from fieldstation.domain.people import AuditEntry
from fieldstation.domain.run import Run
from fieldstation.page.plan.decisions import BACK_DAYS, Diary

ASKED_WITHIN = timedelta(hours=24)
"""A run follows a decision of at most this age; an older one cannot have asked for it."""


@dataclass(frozen=True, slots=True)
class ZoneDay:
    """One day. `decision` is the telling one: of the water given, else the day's last; None where none is on record.

    `kind`: watered, manual, refused (wanted and not given), wanted (nobody knows why it was not given),
    waited, nothing (no decision on record) or open (today, not over).
    """

    on: date
    kind: str
    decision: Decision | None
    runs: tuple[Run, ...] = ()
    refusal: Event | None = None
    audit_entries: tuple[AuditEntry, ...] = ()  # what people did to the zone that day


def past_days(
    zone: str, planted_on: date, diary: Diary, now: datetime, tz: tzinfo, *, pending: bool = False
) -> list[ZoneDay]:
    """The last `BACK_DAYS` days and today, newest first; days before planting or before the record began are left out.

    Today waits for its end while water is `pending`: decided or running.
    """
    mine, today = diary.of(zone), now.astimezone(tz).date()
    begun = [*(one.at for one in mine.decisions), *(one.started_at for one in mine.runs)]
    if not begun:
        return []
    first = max(planted_on, min(begun).astimezone(tz).date(), today - timedelta(days=BACK_DAYS))
    found = []
    for number in range((today - first).days + 1):
        on = today - timedelta(days=number)
        day = mine.on(on, tz)
        waits = on == today and not day.runs and (pending or not day.decisions)
        if not waits:
            found.append(_day(on, day, mine.decisions))
        elif day.audit_entries:
            found.append(ZoneDay(on, "open", None, audit_entries=tuple(day.audit_entries)))
    return found


def _day(on: date, day: Diary, decisions: list[Decision]) -> ZoneDay:
    """One day that is over, or on which water was given."""
    audit_entries = tuple(day.audit_entries)
    if day.runs:
        by_hand = all(run.origin == "manual" for run in day.runs)
        cause = None if by_hand else _cause(day.runs[0], decisions)
        return ZoneDay(
            on, "manual" if by_hand else "watered", cause, tuple(day.runs), audit_entries=audit_entries
        )
    if not day.decisions:
        return ZoneDay(on, "nothing", None, audit_entries=audit_entries)
    wanted = next((one for one in reversed(day.decisions) if one.depth_mm > 0), None)
    if wanted is None:
        return ZoneDay(on, "waited", day.decisions[-1], audit_entries=audit_entries)
    refusal = day.refusals[-1] if day.refusals else None
    return ZoneDay(
        on, "refused" if refusal else "wanted", wanted, refusal=refusal, audit_entries=audit_entries
    )


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
