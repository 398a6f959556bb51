"""Today: is my crop fine, did it water, will it water, and why?"""

from __future__ import annotations

from typing import Any

from flask import Flask

from fieldstation.language.sentences import Words
from fieldstation.page.site import Site
from fieldstation.page.sources import Picture
from fieldstation.page.today.status import status
from fieldstation.page.zone_card import zone_view

WORST_FIRST = ("needs_water", "unknown", "getting_dry", "too_wet", "fine")
"""Verdicts in the order of the screen: what wants somebody's eyes comes first."""


def attach(app: Flask, site: Site) -> None:
    """The station's home."""

    @app.get("/")
    def today() -> Any:
        return site.screen("today.html", lambda picture, words: shown(site, picture, words))


def shown(site: Site, picture: Picture, words: Words) -> dict[str, Any]:
    """What `today.html` shows."""
    zones = zip(site.station.zones, status(site.station, picture).zones, strict=True)
    views = [zone_view(zone, shown, site.station, picture, words, site.tz) for zone, shown in zones]
    return {
        "zones": sorted(views, key=lambda view: WORST_FIRST.index(view["verdict"])),
        "air": _air(picture, words),
        "live": True,
    }


def _air(picture: Picture, words: Words) -> str:
    text = words("air_none")
    if picture.controller is None:
        return text
    air, rain = picture.controller.air, picture.controller.rain
    if air.t_c is not None and air.rh_frac is not None:
        text = words("air", t_c=air.t_c, rh_frac=air.rh_frac)
    if rain.today_mm is not None:
        text += " " + words("rain_today", mm=rain.today_mm)
    return text
