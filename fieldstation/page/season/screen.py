"""Season & yield: how far the crop is, what it got, what it will bring and when; the real harvest, entered here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Flask, request, url_for

from fieldstation.domain.station import Zone
from fieldstation.language.sentences import Words
from fieldstation.page.context import PageContext
from fieldstation.page.season import harvest as entry
from fieldstation.page.season.cache import SeasonCache
from fieldstation.page.season.harvest import HarvestForm
from fieldstation.page.season.totals import SeasonRecord
from fieldstation.page.season.view import (
    HarvestsView,
    StageView,
    SumsView,
    YieldView,
    corrected,
    expected,
    harvests_view,
    stage_view,
    sums_view,
    yield_view,
)
from fieldstation.page.sources import StationSnapshot

KEPT = ("on", "amount", "unit", "dry")


def attach(app: Flask, page: PageContext) -> None:
    """The screen and its form: filled in, looked at, kept."""
    cache = app.extensions["season"] = SeasonCache(page.station, page.places)
    page.register.anew.append(cache.forget)

    def screen(form: HarvestForm | None = None, said: str | None = None, code: int = 200) -> Any:
        return page.screen(
            "season.html",
            lambda snapshot, words: season_view(page, cache, form, snapshot, words),
            said=said,
            code=code,
            kept=form is None,
        )

    @app.get("/season")
    def season() -> Any:
        return screen()

    @app.post("/season/harvest/<zone>")
    @page.needs("farmer")
    def harvest(zone: str) -> Any:
        words, installed = page.words(), page.zones.get(zone)
        if installed is None:
            return screen(said=words.say("refused", "zone_unknown"), code=404)
        form = HarvestForm(zone, *(request.form.get(name, "")[:40] for name in KEPT))
        today = page.source.snapshot().now.astimezone(page.tz).date()
        try:
            found = entry.read(form, installed, today)
        except entry.BadEntry as bad:
            return screen(replace(form, wrong=str(bad)), words.say("season", f"bad_{bad}"), 400)
        if request.form.get("step") != "keep":
            sure = words.say(
                "season", "confirm", zone=installed.name, t_ha=found.t_ha, date=words.date(found.on)
            )
            return screen(replace(form, sure=sure))
        answer = cache.harvest(page, found.zone, found.on, found.t_ha)
        if answer.refused:
            return screen(form, page.refusal(answer), 409)
        return page.done("season", "harvest_kept", _anchor=f"zone-{zone}")


@dataclass(frozen=True, slots=True)
class Links:
    """Ways to other screens that have more of this season; empty where they are not there."""

    planting: str
    report: str = ""
    csv: str = ""
    history: str = ""


@dataclass(frozen=True, slots=True)
class ZoneSeason:
    """One zone's season; what is only on record is None while that cannot be read."""

    id: str
    name: str
    crop: str
    stage: StageView
    yield_: YieldView
    corrected: list[str]
    sums: SumsView | None
    harvests: HarvestsView | None
    form: HarvestForm
    open: bool
    units: dict[str, str]
    today: str
    links: Links


@dataclass(frozen=True, slots=True)
class SeasonView:
    """What `season.html` shows: every zone, and what is silent."""

    zones: list[ZoneSeason]
    record: str | None
    silent: str | None


def season_view(
    page: PageContext, cache: SeasonCache, form: HarvestForm | None, snapshot: StationSnapshot, words: Words
) -> SeasonView:
    """`form` is what was just filled in, where something was."""
    today = snapshot.now.astimezone(page.tz).date()
    found, error = cache.totals(today)
    return SeasonView(
        zones=[
            _zone_season(zone, found.get(zone.id), form, snapshot, today, words)
            for zone in page.station.zones
        ],
        record=words.say("season", "record_failed", detail=error) if error else None,
        silent=None if snapshot.alive else words.say("season", "silent"),
    )


def _zone_season(
    zone: Zone,
    totals: SeasonRecord | None,
    form: HarvestForm | None,
    snapshot: StationSnapshot,
    today: date,
    words: Words,
) -> ZoneSeason:
    predicted = expected(zone, snapshot)
    mine = form if form is not None and form.zone == zone.id else None
    return ZoneSeason(
        id=zone.id,
        name=zone.name,
        crop=words.say("crop", zone.crop.name),
        stage=stage_view(zone, predicted, today, words),
        yield_=yield_view(zone, predicted, totals, words),
        corrected=corrected(snapshot, zone, words),
        sums=sums_view(totals, zone, words) if totals else None,
        harvests=harvests_view(totals, predicted, words) if totals else None,
        form=mine or entry.blank(zone, words.system, today),
        open=mine is not None,
        units={code: words.say("season", f"unit_{code}") for code in entry.UNITS[words.system]},
        today=today.isoformat(),
        links=_links(zone),
    )


def _links(zone: Zone) -> Links:
    asked = urlencode({"zone": zone.id, "span": "season", "planted_on": zone.planted_on.isoformat()})
    report, csv, history = (f"{url_for(end)}?{asked}" for end in ("history_print", "history_csv", "history"))
    return Links(url_for("planting", zone=zone.id), report, csv, history)
