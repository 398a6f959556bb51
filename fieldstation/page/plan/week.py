"""The week ahead of one zone: what is decided, what is expected, and from where on nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from fieldstation.domain.decision import Decision, Reason, Rung
from fieldstation.domain.station import Zone
from fieldstation.domain.status.decision import DecisionStatus
from fieldstation.domain.status.zone import NextRun, ZoneStatus

DAYS = 7
SURE_DAYS = 0.75
"""A range narrower than this either side names the day itself."""
BY_BALANCE = (Rung.LEARNED, Rung.WATER_BALANCE)
BY_PERSON = (Reason.PAUSED, Reason.PAUSED_CLOCK, Reason.AUTOMATIC_OFF, Reason.NO_QUIET_TIME)
"""Reasons by which a person keeps a zone dry for more than one watering."""
BY_RUNG = {Rung.THRESHOLD: "probe", Rung.CALENDAR: "calendar"}


@dataclass(frozen=True, slots=True)
class Ahead:
    """One day of one zone. `why` and `sure` are codes of `[plan]` words, `why_CODE` and `sure_CODE`; `sure` may be empty.

    `kind`: running, done, water, expected, wait, unknown or bare (no crop in the ground).
    """

    on: date
    kind: str
    why: str
    sure: str
    at: datetime | None = None
    minutes: int | None = None
    litres: float | None = None
    early_on: date | None = None
    late_on: date | None = None


def week(
    zone: Zone,
    live: ZoneStatus,
    recorded: Decision | None,
    watered_today: bool,
    now: datetime,
    tz: tzinfo,
    nominal_lpm: float,
) -> list[Ahead]:
    """Seven days from today by the decision in force; `recorded` is that decision with its ranges, where on record."""
    decision, planned, run = live.decision, live.next_run, live.run
    today = now.astimezone(tz).date()
    at = planned.at if planned else None
    event_on = at.astimezone(tz).date() if at else None
    spread = _spread_days(decision, recorded)
    held_until = _held_until(decision)
    rows = []
    for number in range(DAYS):
        on = today + timedelta(days=number)
        age = (on - zone.planted_on).days
        if age < 0 or age >= zone.crop.season_days:
            row = Ahead(on, "bare", "planting" if age < 0 else "harvest", "")
        elif number == 0 and run is not None:
            minutes = round(run.planned_s / 60)
            row = Ahead(on, "running", "reason", "", run.started_at, minutes, minutes * nominal_lpm)
        elif planned is not None and on == event_on:
            row = _event(on, planned, decision, spread, today, tz, nominal_lpm)
        elif held_until is not None and on < held_until:
            row = Ahead(on, "wait", "reason" if number == 0 else "person", "person")
        elif number == 0 and watered_today:
            row = Ahead(on, "done", "done", "")
        elif event_on is not None and on < event_on:
            row = _wait(on, number, at, spread, tz)
        else:
            row = _beyond(on, number, at, decision)
        rows.append(row)
    return rows


def _event(
    on: date,
    planned: NextRun,
    decision: DecisionStatus | None,
    spread: float | None,
    today: date,
    tz: tzinfo,
    nominal_lpm: float,
) -> Ahead:
    at, minutes = planned.at, planned.minutes
    litres = minutes * nominal_lpm
    if planned.certain:
        return Ahead(on, "water", "reason", "decided", at, minutes, litres)
    rung = decision.rung if decision else None
    if rung in BY_RUNG:
        return Ahead(on, "expected", BY_RUNG[rung], BY_RUNG[rung], at, minutes, litres)
    if spread is None:
        return Ahead(on, "expected", "line", "books", at, minutes, litres)
    if spread <= SURE_DAYS:
        return Ahead(on, "expected", "line", "close", at, minutes, litres)
    early = max(min(on, today + timedelta(days=1)), (at - timedelta(days=spread)).astimezone(tz).date())
    late = (at + timedelta(days=spread)).astimezone(tz).date()
    return Ahead(on, "expected", "line", "range", at, minutes, litres, early, late)


def _wait(on: date, number: int, at: datetime | None, spread: float | None, tz: tzinfo) -> Ahead:
    why = "holds" if number else "reason"
    if number == 0:
        return Ahead(on, "wait", why, "today")
    early = None if at is None or spread is None else (at - timedelta(days=spread)).astimezone(tz).date()
    return Ahead(on, "wait", why, "maybe" if early is None or on >= early else "quite")


def _beyond(on: date, number: int, at: datetime | None, decision: DecisionStatus | None) -> Ahead:
    """A day that the decision in force says nothing about."""
    reason = decision.reason.code if decision else None
    if reason is Reason.ENOUGH_TO_HARVEST:
        return Ahead(on, "wait", "reason" if number == 0 else "to_harvest", "quite")
    if reason is None or (decision and decision.rung is Rung.HOLD):
        return Ahead(on, "unknown", "hold" if reason else "undecided", "")
    if number == 0 and at is None and decision and not decision.depth_mm:
        return Ahead(on, "wait", "reason", "today")
    return Ahead(on, "unknown", "after" if at else "look", "")


def _held_until(decision: DecisionStatus | None) -> date | None:
    """The first day that a person does not keep dry; None when nobody does."""
    if decision is None or decision.reason.code not in BY_PERSON:
        return None
    try:
        return date.fromisoformat(str(decision.reason.values.get("until")))
    except ValueError:
        return date.max


def _spread_days(decision: DecisionStatus | None, recorded: Decision | None) -> float | None:
    """Half the range of the soil's dryness, in days of the crop's use; None without a range."""
    if decision is None or recorded is None or recorded.id != decision.id or recorded.forecast is None:
        return None
    use, taw = recorded.values.get("use_mm_day"), recorded.taw_mm
    if decision.rung not in BY_BALANCE or taw is None or not isinstance(use, int | float) or use <= 0:
        return None
    likely = recorded.forecast.depletion_frac
    return (likely.p90 - likely.p10) / 2 * taw / float(use)
