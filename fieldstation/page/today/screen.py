"""Today: is my crop fine, did it water, will it water, and why?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask

from fieldstation.domain.decision import ZoneState
from fieldstation.language.sentences import Words
from fieldstation.page.context import PageContext
from fieldstation.page.requests.view import Asked, asked
from fieldstation.page.sources import StationSnapshot
from fieldstation.page.zone_card import ZoneCard, zone_card

WORST_FIRST = (
    ZoneState.NEEDS_WATER,
    ZoneState.UNKNOWN,
    ZoneState.GETTING_DRY,
    ZoneState.TOO_WET,
    ZoneState.FINE,
)
"""Verdicts in the order of the screen: what wants somebody's eyes comes first."""


@dataclass(frozen=True, slots=True)
class Today:
    """What `today.html` shows: a card a zone, and by zone what people ask of it."""

    zones: list[ZoneCard]
    asked_of: dict[str, Asked]
    air: str
    live: bool = True


def attach(app: Flask, page: PageContext) -> None:
    """The station's home."""

    @app.get("/")
    def today() -> Any:
        return page.screen("today.html", lambda snapshot, words: today_view(page, snapshot, words))


def today_view(page: PageContext, snapshot: StationSnapshot, words: Words) -> Today:
    """Every zone, the worst first."""
    cards = [zone_card(zone, page.station, snapshot, words, page.tz) for zone in page.station.zones]
    cards.sort(key=lambda card: WORST_FIRST.index(card.verdict))
    asked_of = {zone.id: asked(zone, snapshot, words) for zone in page.station.zones}
    return Today(cards, asked_of, _air(snapshot, words))


def _air(snapshot: StationSnapshot, words: Words) -> str:
    text = words("air_none")
    if snapshot.controller is None:
        return text
    air, rain = snapshot.controller.air, snapshot.controller.rain
    if air.t_c is not None and air.rh_frac is not None:
        text = words("air", t_c=air.t_c, rh_frac=air.rh_frac)
    if rain.today_mm is not None:
        text += " " + words("rain_today", mm=rain.today_mm)
    return text
