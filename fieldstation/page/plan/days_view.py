"""The week ahead in words: days as rows, from where on nobody knows as one."""

from __future__ import annotations

from dataclasses import dataclass

from fieldstation.domain.station import Zone
from fieldstation.domain.status.zone import ZoneStatus
from fieldstation.language.sentences import Words
from fieldstation.page.context import PageContext
from fieldstation.page.explanation import sentence
from fieldstation.page.plan.decisions import Diary
from fieldstation.page.plan.week import Ahead, week
from fieldstation.page.sources import StationSnapshot

PLAIN = ("running", "done", "unknown", "bare")
"""Kinds of day that say by themselves how sure they are."""


@dataclass(frozen=True, slots=True)
class ZoneDay:
    """One zone's day."""

    zone: str
    kind: str
    what: str
    start: str | None
    minutes: str | None
    litres: str | None
    why: str
    sure: str | None


@dataclass(frozen=True, slots=True)
class Day:
    """One row of the week."""

    day: str
    on: str
    zones: list[ZoneDay]


def week_view(page: PageContext, diary: Diary, snapshot: StationSnapshot, words: Words) -> list[Day]:
    """One row a day with one part a zone; the last days, if nothing is known of any zone, are one row."""
    columns = [
        (zone, live, zone_week(page, zone, live, diary, snapshot))
        for zone in page.station.zones
        if (live := snapshot.zone(zone.id)) is not None
    ]
    if not columns:
        return []
    length = len(columns[0][2])
    known = max(
        (number + 1 for _, _, days in columns for number in range(length) if days[number].kind != "unknown"),
        default=0,
    )
    last = min(length, known + 1)
    rows = []
    for number in range(last):
        first = columns[0][2][number]
        together = number == known and known < length - 1
        day = words.date(first.on, weekday=True)
        named = words.say("plan", "from_on", day=day) if together else _day(number, day, words)
        zones = [part(days[number], zone.name, alive, words) for zone, alive, days in columns]
        rows.append(Day(named, first.on.isoformat(), zones))
    return rows


def zone_week(
    page: PageContext, zone: Zone, live: ZoneStatus, diary: Diary, snapshot: StationSnapshot
) -> list[Ahead]:
    """One zone's week; `live` is what the controller says of it now."""
    today, recorded = snapshot.now.astimezone(page.tz).date(), snapshot.zones[zone.id].record.decision
    watered = any(
        run.zone == zone.id and run.started_at.astimezone(page.tz).date() == today for run in diary.runs
    )
    nominal_lpm = page.station.pump(zone.pump).nominal_lpm
    return week(zone, live, recorded, watered, snapshot.now, page.tz, nominal_lpm)


def _day(number: int, day: str, words: Words) -> str:
    return words.say("plan", {0: "today", 1: "tomorrow"}.get(number, "day"), day=day)


def part(one: Ahead, name: str, live: ZoneStatus, words: Words) -> ZoneDay:
    """One zone's day in words."""
    why = sentence(live.decision, words) if one.why == "reason" else words.say("plan", f"why_{one.why}")
    between = {
        "early": words.date(one.early_on, weekday=True) if one.early_on else "",
        "late": words.date(one.late_on, weekday=True) if one.late_on else "",
    }
    return ZoneDay(
        zone=name,
        kind=one.kind,
        what=words.say("plan", f"kind_{one.kind}"),
        start=words.clock(one.at) if one.at else None,
        minutes=words.minutes(one.minutes) if one.minutes else None,
        litres=words.litres(one.litres) if one.litres else None,
        why=why,
        sure=words.say("plan", f"sure_{one.sure}", **between) if one.kind not in PLAIN else None,
    )
