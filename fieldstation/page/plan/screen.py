"""Plan & why: what the week ahead brings, what was done and not done, and the soil's books behind each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask

from fieldstation.domain.station import Zone
from fieldstation.language.sentences import Words
from fieldstation.page.context import PageContext
from fieldstation.page.plan.days_view import Day, week_view
from fieldstation.page.plan.decisions import Diary, DiaryCache
from fieldstation.page.plan.past import past_days
from fieldstation.page.plan.past_view import Behind, PastDay, force_view, past_day_view
from fieldstation.page.requests.view import Asked, asked
from fieldstation.page.sources import StationSnapshot
from fieldstation.page.zone_card import ZoneCard, zone_card


@dataclass(frozen=True, slots=True)
class ZonePlan:
    """A zone with what stands behind the decision in force, and the days behind."""

    card: ZoneCard
    force: Behind | None
    behind: list[PastDay]


@dataclass(frozen=True, slots=True)
class Plan:
    """What `plan.html` shows. `week` is None while the controller is silent."""

    zones: list[ZonePlan]
    asked_of: dict[str, Asked]
    week: list[Day] | None
    next_look: str | None
    stop: str | None
    record: str | None


def attach(app: Flask, page: PageContext) -> None:
    """The screen."""
    cache = app.extensions["diary"] = DiaryCache(page.places)
    page.register.anew.append(cache.forget)

    @app.get("/plan")
    def plan() -> Any:
        return page.screen(
            "plan.html", lambda snapshot, words: plan_view(page, cache.diary(), snapshot, words)
        )


def plan_view(page: PageContext, diary: Diary, snapshot: StationSnapshot, words: Words) -> Plan:
    """Every zone, and the week of all of them."""
    return Plan(
        zones=[_zone(zone, page, diary, snapshot, words) for zone in page.station.zones],
        asked_of={zone.id: asked(zone, snapshot, words) for zone in page.station.zones},
        week=week_view(page, diary, snapshot, words) if snapshot.alive else None,
        next_look=_next_look(page, snapshot, words) if snapshot.alive else None,
        stop=words.say("plan", "stop_on") if snapshot.stopped else None,
        record=words.say("plan", "record_failed", detail=diary.error) if diary.error else None,
    )


def _zone(zone: Zone, page: PageContext, diary: Diary, snapshot: StationSnapshot, words: Words) -> ZonePlan:
    now = snapshot.zones[zone.id]
    pending = now.live is not None and now.live.pending
    days = past_days(zone.id, zone.planted_on, diary, snapshot.now, page.tz, pending=pending)
    return ZonePlan(
        card=zone_card(zone, page.station, snapshot, words, page.tz),
        force=force_view(now, words),
        behind=[past_day_view(one, words) for one in days],
    )


def _next_look(page: PageContext, snapshot: StationSnapshot, words: Words) -> str | None:
    """When the station decides again."""
    times = sorted(page.station.cadence.plan_at)
    if not times:
        return None
    local = snapshot.now.astimezone(page.tz)
    later = [at for at in times if at > local.time()]
    on = local.date() if later else local.date() + timedelta(days=1)
    at = datetime.combine(on, later[0] if later else times[0], page.tz)
    return words.say("plan", "next_look", when=words.when(at))
