"""A season on paper: its water line, its sums, each watering with its reason. For a folder, so it says who printed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask, request

from fieldstation.agronomy.balance import trace
from fieldstation.domain.errors import StationError
from fieldstation.domain.learned import Harvest
from fieldstation.domain.station import Station
from fieldstation.language.sentences import Words
from fieldstation.page.context import PageContext
from fieldstation.page.history import view as history_view
from fieldstation.page.history.data import BadSpan, Past, read_past, zone_of
from fieldstation.page.history.errors import describe_error, refused
from fieldstation.page.history.events import decisions_behind, watered_sentence
from fieldstation.page.history.view import Links
from fieldstation.store.history.events import Given, PastDecision
from fieldstation.store.history.reader import PastReader

NEEDED_FRAC = 0.8
"""What the crop used is told when so much of the season's weather is on record."""
BECAUSE_BEFORE = timedelta(hours=30)

Waterings = Sequence[tuple[Given, PastDecision | None]]
"""Newest first, each with the decision that it followed."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of a season up to now; what is not known is None."""

    days: int
    water_mm: float
    litres: float
    runs: int
    rain_mm: float | None
    use_mm: float | None
    harvest: Harvest | None


@dataclass(frozen=True, slots=True)
class Report:
    """What `season_report.html` shows. A row: when, how long, litres, depth, why."""

    heading: str
    stretch: str
    ground: str
    svg: str | None
    figures: list[tuple[str, str]]
    rows: list[tuple[str, str, str, str, str]]
    printed: str
    back: str


def attach(app: Flask, page: PageContext) -> None:
    """The report."""

    @app.get("/history/season")
    def history_print() -> Any:
        words, now = page.words(), page.source.snapshot().now
        try:
            past, waterings, used = read(page, dict(request.args), now)
        except BadSpan as bad:
            return refused(page, describe_error(bad, words), 400)
        except StationError as error:
            return refused(page, words.say("history", "record_silent", detail=str(error)), 503)
        return page.screen(
            "season_report.html", lambda _, words: report(past, waterings, used, page, now, words)
        )


def read(page: PageContext, args: dict[str, str], now: datetime) -> tuple[Past, Waterings, float | None]:
    """A season of a zone, its waterings with the decisions they followed, what its crop used. Raises BadSpan, RecordError."""
    asked = {**args, "span": "season", "from": "", "until": ""}
    zone = zone_of(page.station, asked.get("zone"))
    with PastReader(page.record) as reader:
        past = read_past(reader, page.station, zone, asked, now, page.tz)
        given = reader.given(zone.id, past.span.since, past.span.until)
        decisions = reader.past_decisions(
            zone.id, past.span.since - BECAUSE_BEFORE, past.span.until, values=False
        )
        waterings = list(zip(given, decisions_behind(reader, given, decisions), strict=True))
        return past, waterings, used_mm(reader, page.station, past, now.astimezone(page.tz).date())


def report(
    past: Past, waterings: Waterings, used: float | None, page: PageContext, now: datetime, words: Words
) -> Report:
    """What the template shows; each watering, newest first, has the decision that it followed."""
    span, season = past.span, past.span.season
    assert season is not None
    planting = season.planting
    last = words.whole_date(span.last_on)
    values = {"first": words.whole_date(span.first_on), "last": last, "date": last}
    over = season.ends_on <= span.last_on
    soil = f"{words.percent(planting.wilting_point_frac)}-{words.percent(planting.field_capacity_frac)}"
    return Report(
        heading=words.say(
            "history",
            "season_title",
            zone=span.zone.name,
            crop=words.say("crop", planting.crop),
            date=words.whole_date(planting.planted_on),
        ),
        stretch=words.say("history", "season_over" if over else "season_so_far", **values),
        ground=words.say("history", "season_ground", area=words.area(planting.area_m2), soil=soil),
        svg=history_view.strip(past, words, page.tz) if past.laid.heard() else None,
        figures=_figures(totals(past, used), words),
        rows=[
            (
                _when(one.run.started_at, words),
                words.minutes(one.run.on_s / 60),
                words.litres(one.run.litres),
                words.depth(one.depth_mm),
                watered_sentence(one, decision, words, short=True),
            )
            for one, decision in reversed(waterings)
        ],
        printed=words.say("history", "printed", when=words.whole_date(now), station=page.station.name),
        back=Links("/history", request.args).to(span="season"),
    )


def totals(past: Past, used: float | None) -> Totals:
    """A season's sums."""
    laid, season = past.laid, past.span.season
    fell = [mm for mm in laid.rain.total if mm is not None] if laid.rain else []
    return Totals(
        (past.span.last_on - past.span.first_on).days + 1,
        sum(laid.water.mm),
        sum(laid.water.litres),
        sum(laid.water.runs),
        sum(fell) if fell else None,
        used,
        season.harvest if season else None,
    )


def _figures(sums: Totals, words: Words) -> list[tuple[str, str]]:
    unknown = words.say("history", "not_known")
    harvest = words.yield_(sums.harvest.t_ha) if sums.harvest else words.say("history", "no_harvest")
    found = [
        ("total_days", words.number(sums.days)),
        ("total_water", f"{words.depth(sums.water_mm)} ({words.litres(sums.litres)})"),
        ("total_runs", words.number(sums.runs)),
        ("total_rain", unknown if sums.rain_mm is None else words.depth(sums.rain_mm)),
        ("total_use", unknown if sums.use_mm is None else words.depth(sums.use_mm)),
        ("total_harvest", harvest),
    ]
    return [(words.say("history", code), text) for code, text in found]


def _when(at: datetime, words: Words) -> str:
    """With its date always: on paper there is no today."""
    return words("day_time", day=words.date(at, weekday=True), time=words.clock(at))


def used_mm(reader: PastReader, station: Station, past: Past, today: date) -> float | None:
    """What the crop used by FAO-56 over the weather on record; None when too little is, or the crop is another now."""
    season, zone = past.span.season, past.span.zone
    if season is None or season.planting.crop != zone.crop.name:
        return None
    first, last = past.span.first_on, past.span.last_on
    days = reader.days(zone, station.timezone, first, last, open_on=today)
    rows = trace(days, replace(zone, planted_on=season.planting.planted_on), station.latitude_deg)
    known = sum(row.known for row in rows)
    return sum(row.etc_mm for row in rows) if rows and known >= NEEDED_FRAC * len(rows) else None
