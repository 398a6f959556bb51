"""A zone's season in the API: how far the crop is, what it got, what it will bring; the real harvest, entered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask
from marshmallow import fields

from fieldstation.agronomy.crop_stage import stage_of
from fieldstation.binding import like
from fieldstation.domain.errors import StationError
from fieldstation.domain.learned import Harvest
from fieldstation.domain.station import Zone
from fieldstation.page.api.openapi import DONE, Room
from fieldstation.page.api.problem import problem
from fieldstation.page.api.requests import NAME, Query, body, day, number
from fieldstation.page.api.responses import answered, record_silent, shown, zone_or_problem
from fieldstation.page.context import PageContext
from fieldstation.page.history.data import BadSpan
from fieldstation.page.history.errors import describe_error
from fieldstation.page.history.season_report import read, totals
from fieldstation.page.season.cache import SeasonCache
from fieldstation.page.season.totals import SeasonRecord, Sums
from fieldstation.page.season.view import Expected, expected

MOST_T_HA = 1000


class ReportQuery(Query):
    """Of which season."""

    planted_on = day(metadata={"description": "the season of station.toml without it"})


@dataclass(frozen=True, slots=True)
class HarvestKept:
    """What was brought in, dry matter."""

    on: date
    t_ha: float


@dataclass(frozen=True, slots=True)
class SeasonBefore:
    """The season before: its water up to the same age, and in all."""

    planted_on: date
    crop: str
    water_mm: float
    whole_mm: float
    harvest: HarvestKept | None


@dataclass(frozen=True, slots=True)
class EarlierSeason:
    """A season that is over."""

    planted_on: date
    crop: str
    harvest: HarvestKept | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonNow(Expected):
    """The season of station.toml: how far it is, what it got, what it will bring, what was harvested."""

    zone: str
    crop: str
    planted_on: date
    day: int
    season_days: int
    stage: int | None
    stage_days: tuple[int, ...]
    over: bool
    sums: Sums | None
    before: SeasonBefore | None
    harvest: HarvestKept | None
    harvests: list[HarvestKept]
    earlier: list[EarlierSeason]


@dataclass(frozen=True, slots=True)
class SeasonTotals:
    """The sums of a season up to `last_on`; what is not known is null."""

    zone: str
    crop: str
    planted_on: date
    first_on: date
    last_on: date
    over: bool
    days: int
    water_mm: float
    litres: float
    runs: int
    rain_mm: float | None
    use_mm: float | None
    harvest: HarvestKept | None


def attach(app: Flask, page: PageContext) -> Room:
    """The season, its report, the harvest."""
    api = Room("season", "A zone's season and its harvest; weights are dry matter.")

    def cache() -> SeasonCache:
        found: SeasonCache = app.extensions["season"]  # the screen's own
        return found

    @api.route("/zones/<string:zone>/season")
    @api.answers(SeasonNow, 404, 503)
    def api_season(zone: str) -> Any:
        """The season of station.toml: stage (0 to 3), sums up to today, the forecast of yield and harvest, what was harvested.

        `day` is 0 on the day of planting. `sums` is null before planting and while too little is on record; `before`
        has the water of the season before up to the same age.
        """
        found, no = zone_or_problem(page, zone)
        if found is None:
            return no
        snapshot = page.source.snapshot()
        today = snapshot.now.astimezone(page.tz).date()
        totals, error = cache().totals(today)
        if error is not None or zone not in totals:
            return record_silent(StationError(error or zone))
        return shown(_season(found, expected(found, snapshot), totals[zone]))

    @api.route("/zones/<string:zone>/season-report")
    @api.takes(ReportQuery, "query")
    @api.answers(SeasonTotals, 404, 422, 503)
    def api_season_report(sent: dict[str, Any], zone: str) -> Any:
        """The sums of a season, of this one or of one on record: what stands on the printed page.

        Its waterings are /runs with span=season.
        """
        found, no = zone_or_problem(page, zone)
        if found is None:
            return no
        try:
            past, _, used = read(page, {**sent, "zone": zone}, page.source.snapshot().now)
        except BadSpan as bad:
            return problem(404, bad.code, describe_error(bad, page.words()))
        except StationError as error:
            return record_silent(error)
        season, sums = past.span.season, totals(past, used)
        assert season is not None
        totalled = like(
            SeasonTotals,
            sums,
            zone=zone,
            crop=season.planting.crop,
            planted_on=season.planting.planted_on,
            first_on=past.span.first_on,
            last_on=past.span.last_on,
            over=season.ends_on <= past.span.last_on,
            harvest=_harvest(sums.harvest),
        )
        return shown(totalled)

    @api.route("/harvests", "POST")
    @page.needs("farmer")
    @api.takes(
        body(
            zone=fields.String(required=True, validate=NAME),
            on=day(required=True),
            t_ha=number(0, MOST_T_HA, required=True),
        )
    )
    @api.answers(DONE, 404, 409, 415, 422, 503)
    def api_harvest(sent: dict[str, Any]) -> Any:
        """A harvest as it was. The last word on a season counts."""
        answer = cache().harvest(page, sent["zone"], date.fromisoformat(sent["on"]), sent["t_ha"])
        return answered(page, answer)

    return api


def _season(zone: Zone, predicted: Expected, totals: SeasonRecord) -> SeasonNow:
    age, days, before = totals.age_days, zone.crop.season_days, totals.before
    return like(
        SeasonNow,
        predicted,
        zone=zone.id,
        crop=zone.crop.name,
        planted_on=zone.planted_on,
        day=age,
        season_days=days,
        stage=stage_of(zone.crop, age) if 0 <= age < days else None,
        stage_days=zone.crop.stage_days,
        over=totals.over,
        sums=totals.sums,
        before=None if before is None else like(SeasonBefore, before, harvest=_harvest(before.harvest)),
        harvest=_harvest(totals.season.harvest),
        harvests=[like(HarvestKept, one) for one in totals.harvests],
        earlier=[like(EarlierSeason, one.planting, harvest=_harvest(one.harvest)) for one in totals.earlier],
    )


def _harvest(one: Harvest | None) -> HarvestKept | None:
    return None if one is None else like(HarvestKept, one)
