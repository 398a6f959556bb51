"""Plan & why: what the week ahead brings, what was done and not done, and the soil's books behind each."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Flask

from fieldstation.language.sentences import Words
from fieldstation.page.plan.days_view import week_view
from fieldstation.page.plan.decisions import Diary, Shelf
from fieldstation.page.plan.past import told
from fieldstation.page.plan.past_view import force_view, told_view
from fieldstation.page.site import Site
from fieldstation.page.sources import Picture
from fieldstation.page.today.status import controller_alive, status
from fieldstation.page.zone_card import zone_view


def attach(app: Flask, site: Site) -> None:
    """The screen."""
    shelf = app.extensions["diary"] = Shelf(site.places)
    site.register.anew.append(shelf.forget)

    @app.get("/plan")
    def plan() -> Any:
        return site.screen("plan.html", lambda picture, words: shown(site, shelf.diary(), picture, words))


def shown(site: Site, diary: Diary, picture: Picture, words: Words) -> dict[str, Any]:
    """What `plan.html` shows."""
    summaries = {one.id: one for one in status(site.station, picture).zones}
    zones = []
    for zone in site.station.zones:
        seen = zone_view(zone, summaries[zone.id], site.station, picture, words, site.tz)
        alive = picture.zone(zone.id)
        pending = alive is not None and alive.pending
        recorded = picture.zones[zone.id].decision if zone.id in picture.zones else None
        zones.append(
            {
                **seen,
                "force": force_view(zone, alive, recorded, seen["sentence"], words),
                "behind": [
                    told_view(one, words)
                    for one in told(zone.id, zone.planted_on, diary, picture.now, site.tz, pending=pending)
                ],
            }
        )
    return {
        "zones": zones,
        "week": week_view(site, diary, picture, words) if controller_alive(picture) else None,
        "next_look": _next_look(site, picture, words) if controller_alive(picture) else None,
        "stop": words.say("plan", "stop_on") if picture.stopped else None,
        "record": words.say("plan", "record_failed", detail=diary.error) if diary.error else None,
    }


def _next_look(site: Site, picture: Picture, words: Words) -> str | None:
    """When the station decides again."""
    times = sorted(site.station.cadence.plan_at)
    if not times:
        return None
    local = picture.now.astimezone(site.tz)
    later = [at for at in times if at > local.time()]
    on = local.date() if later else local.date() + timedelta(days=1)
    at = datetime.combine(on, later[0] if later else times[0], site.tz)
    return words.say("plan", "next_look", when=words.when(at))
