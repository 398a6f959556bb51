"""Season & yield: how far the crop is, what it got, what it will bring and when; the real harvest, entered here."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, request, url_for

from fieldstation.domain.station import Zone
from fieldstation.language.sentences import Words
from fieldstation.page.season import harvest as entry
from fieldstation.page.season import view
from fieldstation.page.season.cache import Shelf
from fieldstation.page.season.totals import Books
from fieldstation.page.site import Site
from fieldstation.page.sources import Picture
from fieldstation.page.today.status import controller_alive

KEPT = ("on", "amount", "unit", "dry")


def attach(app: Flask, site: Site) -> None:
    """The screen and its form: filled in, looked at, kept."""
    shelf = app.extensions["season"] = Shelf(site.station, site.places)
    site.register.anew.append(shelf.forget)

    def screen(form: dict[str, Any] | None = None, said: str | None = None, code: int = 200) -> Any:
        return site.screen(
            "season.html",
            lambda picture, words: shown(site, shelf, form, picture, words),
            said=said,
            code=code,
            kept=form is None,
        )

    @app.get("/season")
    def season() -> Any:
        return screen()

    @app.post("/season/harvest/<zone>")
    @site.needs("farmer")
    def harvest(zone: str) -> Any:
        words, installed = site.words(), _zone(site, zone)
        if installed is None:
            return screen(said=words.say("refused", "zone_unknown"), code=404)
        form: dict[str, Any] = {"zone": zone, **{name: request.form.get(name, "")[:40] for name in KEPT}}
        today = site.gather.picture().now.astimezone(site.tz).date()
        try:
            found = entry.read(form, installed, today)
        except entry.BadEntry as bad:
            return screen({**form, "wrong": str(bad)}, words.say("season", f"bad_{bad}"), 400)
        if request.form.get("step") != "keep":
            sure = words.say(
                "season", "confirm", zone=installed.name, t_ha=found.t_ha, date=words.date(found.on)
            )
            return screen({**form, "sure": sure})
        answer = shelf.harvest(site, found.zone, found.on, found.t_ha)
        if "refused" in answer:
            return screen(form, site.refusal(answer), 409)
        return site.done("season", "harvest_kept", _anchor=f"zone-{zone}")


def shown(
    site: Site, shelf: Shelf, form: dict[str, Any] | None, picture: Picture, words: Words
) -> dict[str, Any]:
    """What `season.html` shows; `form` is what was just filled in, where something was."""
    today = picture.now.astimezone(site.tz).date()
    found, error = shelf.books(today)
    return {
        "zones": [
            _shown(zone, found.get(zone.id), form, picture, today, words) for zone in site.station.zones
        ],
        "record": words.say("season", "record_failed", detail=error) if error else None,
        "silent": None if controller_alive(picture) else words.say("season", "silent"),
    }


def _shown(
    zone: Zone,
    books: Books | None,
    form: dict[str, Any] | None,
    picture: Picture,
    today: date,
    words: Words,
) -> dict[str, Any]:
    live = next((one for one in (picture.controller or {}).get("zones", ()) if one["id"] == zone.id), None)
    recorded = picture.zones[zone.id].decision if zone.id in picture.zones else None
    foretold, _ = view.foretold(live, recorded)
    mine = form if form is not None and form["zone"] == zone.id else None
    return {
        "id": zone.id,
        "name": zone.name,
        "crop": words.say("crop", zone.crop.name),
        "stage": view.stage_view(zone, foretold, today, words),
        "yield": view.yield_view(zone, foretold, books, words),
        "corrected": view.corrected(picture.controller, zone, words),
        "sums": view.sums_view(books, zone, words) if books else None,
        "harvests": view.harvests_view(books, foretold, words) if books else None,
        "form": mine or entry.blank(zone, words.system, today),
        "open": mine is not None,
        "units": {code: words.say("season", f"unit_{code}") for code in entry.UNITS[words.system]},
        "today": today.isoformat(),
        "links": _links(zone),
    }


def _links(zone: Zone) -> dict[str, str]:
    """Ways to other screens that have more of this season, where they are there."""
    asked = {"zone": zone.id, "span": "season", "planted_on": zone.planted_on.isoformat()}
    ways = {"report": "history_print", "csv": "history_csv", "runs": "history_runs_csv", "history": "history"}
    there = {name: end for name, end in ways.items() if end in current_app.view_functions}
    return {name: f"{url_for(end)}?{urlencode(asked)}" for name, end in there.items()} | {
        "planting": url_for("planting", zone=zone.id)
    }


def _zone(site: Site, name: str) -> Zone | None:
    return next((zone for zone in site.station.zones if zone.id == name), None)
