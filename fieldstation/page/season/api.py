"""A zone's season in the API: how far the crop is, what it got, what it will bring; the real harvest, entered."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from flask import Flask, jsonify
from marshmallow import fields

from fieldstation.agronomy.crop_stage import stage_of
from fieldstation.binding import plain
from fieldstation.domain.errors import StationError
from fieldstation.domain.learned import Harvest
from fieldstation.page.api.openapi import Room
from fieldstation.page.api.problem import problem
from fieldstation.page.api.requests import NAME, Query, body, day, number
from fieldstation.page.api.responses import answered, record_silent, zone_or_problem
from fieldstation.page.api.schemas import DONE, SEASON, SEASON_REPORT
from fieldstation.page.history.data import BadSpan
from fieldstation.page.history.errors import said
from fieldstation.page.history.season_report import read, totals
from fieldstation.page.season.cache import Shelf
from fieldstation.page.season.totals import Books
from fieldstation.page.season.view import expected
from fieldstation.page.site import Site

MOST_T_HA = 1000


class ReportQuery(Query):
    """Of which season."""

    planted_on = day(metadata={"description": "the season of station.toml without it"})


def attach(app: Flask, site: Site) -> Room:
    """The season, its report, the harvest."""
    api = Room("season", "A zone's season and its harvest; weights are dry matter.")

    def shelf() -> Shelf:
        found: Shelf = app.extensions["season"]  # the screen's own
        return found

    @api.route("/zones/<string:zone>/season")
    @api.answers(SEASON, 404, 503)
    def api_season(zone: str) -> Any:
        """The season of station.toml: stage (0 to 3), sums up to today, the forecast of yield and harvest, what was harvested.

        `day` is 0 on the day of planting. `sums` is null before planting and while too little is on record; `before`
        has the water of the season before up to the same age.
        """
        found, no = zone_or_problem(site, zone)
        if found is None:
            return no
        picture = site.gather.picture()
        today = picture.now.astimezone(site.tz).date()
        books, error = shelf().books(today)
        if error is not None or zone not in books:
            return record_silent(StationError(error or zone))
        foretold = expected(found, picture)
        age, days = books[zone].age_days, found.crop.season_days
        return jsonify(
            {
                "zone": zone,
                "crop": found.crop.name,
                "planted_on": found.planted_on.isoformat(),
                "day": age,
                "season_days": days,
                "stage": stage_of(found.crop, age) if 0 <= age < days else None,
                "stage_days": list(found.crop.stage_days),
                **plain(foretold),
                **_books(books[zone]),
            }
        )

    @api.route("/zones/<string:zone>/season-report")
    @api.takes(ReportQuery, "query")
    @api.answers(SEASON_REPORT, 404, 422, 503)
    def api_season_report(told: dict[str, Any], zone: str) -> Any:
        """The sums of a season, of this one or of one on record: what stands on the printed page.

        Its waterings are /runs with span=season.
        """
        found, no = zone_or_problem(site, zone)
        if found is None:
            return no
        try:
            past, _, used = read(site, {**told, "zone": zone}, site.gather.picture().now)
        except BadSpan as bad:
            return problem(404, bad.code, said(bad, site.words()))
        except StationError as error:
            return record_silent(error)
        season, sums = past.span.season, totals(past, used)
        assert season is not None
        return jsonify(
            {
                "zone": zone,
                "crop": season.planting.crop,
                "planted_on": season.planting.planted_on.isoformat(),
                "first_on": past.span.first_on.isoformat(),
                "last_on": past.span.last_on.isoformat(),
                "over": season.ends_on <= past.span.last_on,
                **asdict(sums),
                "harvest": _harvest(sums.harvest),
            }
        )

    @api.route("/harvests", "POST")
    @site.needs("farmer")
    @api.takes(
        body(
            zone=fields.String(required=True, validate=NAME),
            on=day(required=True),
            t_ha=number(0, MOST_T_HA, required=True),
        )
    )
    @api.answers(DONE, 404, 409, 415, 422, 503)
    def api_harvest(told: dict[str, Any]) -> Any:
        """A harvest as it was. The last word on a season counts."""
        answer = shelf().harvest(site, told["zone"], date.fromisoformat(told["on"]), told["t_ha"])
        return answered(site, answer)

    return api


def _books(books: Books) -> dict[str, Any]:
    before = books.before
    return {
        "over": books.over,
        "sums": None if books.sums is None else asdict(books.sums),
        "before": None
        if before is None
        else {
            "planted_on": before.planted_on.isoformat(),
            "crop": before.crop,
            "water_mm": before.water_mm,
            "whole_mm": before.whole_mm,
            "harvest": _harvest(before.harvest),
        },
        "harvest": _harvest(books.season.harvest),
        "harvests": [_harvest(one) for one in books.harvests],
        "earlier": [
            {
                "planted_on": one.planting.planted_on.isoformat(),
                "crop": one.planting.crop,
                "harvest": _harvest(one.harvest),
            }
            for one in books.earlier
        ],
    }


def _harvest(one: Harvest | None) -> dict[str, Any] | None:
    return None if one is None else {"on": one.on.isoformat(), "t_ha": one.t_ha}
