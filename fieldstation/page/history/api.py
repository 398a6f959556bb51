"""The API's looking back: series, runs, decisions and events of a zone, read only.

All four take `zone`, a zone's id. Without it the first zone is meant. They also take a stretch of time:

- `span`: 24h, 7d, 30d, season (with an optional `planted_on`), year or all. 7d without it.
- `from` and `until`: ISO dates of the station, both included.

A question without an answer is a problem with code 400. A record that cannot be read is one with 503.
Instants are UTC, dates the station's, units SI. What is unknown is null.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from flask import Response, request
from marshmallow import fields, validate

from fieldstation.binding import like
from fieldstation.domain.errors import StationError
from fieldstation.domain.reading import Quantity
from fieldstation.domain.station import Station, Zone
from fieldstation.domain.status.decision import ReasonStatus
from fieldstation.page.api.openapi import Room
from fieldstation.page.api.problem import problem
from fieldstation.page.api.requests import Query
from fieldstation.page.api.responses import record_silent, second, shown
from fieldstation.page.context import PageContext
from fieldstation.page.history.answers import (
    DecisionList,
    DecisionRow,
    EventList,
    EventRow,
    MeasuredSeries,
    RainSeries,
    RunList,
    RunRow,
    SeriesAnswer,
    Spanned,
)
from fieldstation.page.history.chart_data import rounded, steps_of
from fieldstation.page.history.data import BadSpan, Past, Span, find_span, read_past, zone_of
from fieldstation.page.history.errors import describe_error
from fieldstation.page.history.events import EVENTS
from fieldstation.store.history.grid import Track
from fieldstation.store.history.month_cache import ClosedMonths
from fieldstation.store.history.reader import PastReader

DIGITS = {Quantity.SOIL_WATER: 4, Quantity.AIR_T: 1, Quantity.RAIN: 1}
ROWS = 2000
"""At most so many runs, decisions or events in an answer, the newest; `more` is then true."""

View = Callable[..., Any]


class SpanQuery(Query):
    """Which zone, and which stretch of time."""

    zone = fields.String(metadata={"description": "a zone's id; the first zone without it"})
    span = fields.String(validate=validate.OneOf(("24h", "7d", "30d", "season", "year", "all")))
    planted_on = fields.String(metadata={"description": "of which season, ISO date; with span=season"})
    since = fields.String(data_key="from", metadata={"description": "first day of the station, ISO date"})
    until = fields.String(metadata={"description": "last day of the station, ISO date"})


class SeriesQuery(SpanQuery):
    """As others, and of which quantity."""

    quantity = fields.String(validate=validate.OneOf(("soil_water", "air_t", "rain")))


def attach(page: PageContext) -> Room:
    """The four routes."""
    api = Room("past", "Looking back: measurements, water, decisions, events.")
    months = ClosedMonths()

    @api.route("/series")
    @api.takes(SeriesQuery, "query")
    @api.answers(SeriesAnswer, 422, 503)
    @_answered(page)
    def api_series(_: dict[str, Any]) -> Any:
        """Measurements and water on equal steps.

        `steps`: {"step": hour|day|month, "every", "count", "first": instant of the first hour, or date}. `series`: of
        each {"sensor", "quantity", "unit", "depth_cm", "n", "min", "mean", "max"}, lists of `count`; of rain
        {"n", "sum"}; `quantity` (soil_water, air_t, rain) leaves one kind. `water_mm` (gross) and `water_l` of each step. `dry`, `full`: soil water at the lines.
        """
        only = request.args.get("quantity")
        with PastReader(page.record, months) as reader:
            past = read_past(reader, page.station, _zone(page), request.args, datetime.now(UTC), page.tz)
        laid = past.laid
        series = [one for one in _tracks(past, page.station) if only in (None, one.quantity)]
        return like(
            SeriesAnswer,
            _span_plain(past.span),
            steps=steps_of(laid.grid),
            dry=round(past.marks[0], 4),
            full=round(past.marks[1], 4),
            series=series,
            water_mm=[round(mm, 2) for mm in laid.water.mm],
            water_l=[round(litres) for litres in laid.water.litres],
        )

    @api.route("/runs")
    @api.takes(SpanQuery, "query")
    @api.answers(RunList, 422, 503)
    @_answered(page)
    def api_runs(_: dict[str, Any]) -> Any:
        """Water given, newest first.

        Of each {"id", "started_at", "ended_at", "on_s", "litres", "measured", "depth_mm", "origin": auto|manual,
        "stop_reason", "trusted"}.
        """
        with PastReader(page.record) as reader:
            span = _span(page, reader)
            given = reader.given(span.zone.id, span.since, span.until, ROWS + 1)
        rows = [
            RunRow(
                one.run.id,
                second(one.run.started_at),
                second(one.run.ended_at),
                round(one.run.on_s),
                round(one.run.litres, 1),
                one.run.measured,
                round(one.depth_mm, 2),
                one.run.origin,
                one.run.stop_reason,
                one.trusted,
            )
            for one in given[:ROWS]
        ]
        return like(RunList, _span_plain(span), runs=rows, more=len(given) > ROWS)

    @api.route("/decisions")
    @api.takes(SpanQuery, "query")
    @api.answers(DecisionList, 422, 503)
    @_answered(page)
    def api_decisions(_: dict[str, Any]) -> Any:
        """What was decided, newest first; kept for three years.

        Of each {"id", "at", "rung", "depth_mm" (0: no water), "reason": {"code", "values"}, "trusted"}.
        """
        with PastReader(page.record) as reader:
            span = _span(page, reader)
            decisions = reader.past_decisions(span.zone.id, span.since, span.until, ROWS + 1)
        rows = [
            DecisionRow(
                one.id,
                second(one.at),
                one.rung,
                round(one.depth_mm, 2),
                ReasonStatus(one.reason, one.values),
                one.trusted,
            )
            for one in decisions[:ROWS]
        ]
        return like(DecisionList, _span_plain(span), decisions=rows, more=len(decisions) > ROWS)

    @api.route("/events")
    @api.takes(SpanQuery, "query")
    @api.answers(EventList, 422, 503)
    @_answered(page)
    def api_events(_: dict[str, Any]) -> Any:
        """What else happened to the zone or the station, newest first; kept for three years.

        Of each {"code", "at", "zone" (null: the station), "values", "trusted"}.
        """
        with PastReader(page.record) as reader:
            span = _span(page, reader)
            found = reader.happened(span.zone.id, span.since, span.until, EVENTS, limit=ROWS + 1)
        rows = [EventRow(one.code, second(one.at), one.zone, one.values, one.trusted) for one in found[:ROWS]]
        return like(EventList, _span_plain(span), events=rows, more=len(found) > ROWS)

    return api


def _answered(page: PageContext) -> Callable[[View], View]:
    """A view's values as JSON, or what is wrong with the question or the record."""

    def around(view: View) -> View:
        @wraps(view)
        def answer(*decisions: Any) -> Response:
            try:
                return shown(view(*decisions))
            except BadSpan as bad:
                return problem(400, bad.code, describe_error(bad, page.words()))
            except StationError as error:
                return record_silent(error)

        return answer

    return around


def _tracks(past: Past, station: Station) -> list[MeasuredSeries | RainSeries]:
    """Each series with its lists, one item a step, null where nothing was heard."""
    laid = past.laid
    found = [
        _track(probe.device.id, Quantity.SOIL_WATER, track, probe.depth_cm) for probe, track in laid.soil
    ]
    if laid.air is not None and station.air is not None:
        found.append(_track(station.air.id, Quantity.AIR_T, laid.air, None))
    if laid.rain is not None and station.rain is not None:
        found.append(_track(station.rain.id, Quantity.RAIN, laid.rain, None))
    return found


def _track(
    sensor: str, quantity: Quantity, track: Track, depth_cm: int | None
) -> MeasuredSeries | RainSeries:
    digits = DIGITS[quantity]
    if quantity is Quantity.RAIN:
        return RainSeries(sensor, quantity, quantity.unit, depth_cm, track.n, rounded(track.total, digits))
    low, mean, high = (rounded(values, digits) for values in (track.low, track.mean, track.high))
    return MeasuredSeries(sensor, quantity, quantity.unit, depth_cm, track.n, low, mean, high)


def _zone(page: PageContext) -> Zone:
    return zone_of(page.station, request.args.get("zone"))


def _span(page: PageContext, reader: PastReader) -> Span:
    span, _, _ = find_span(reader, page.station, _zone(page), request.args, datetime.now(UTC), page.tz)
    return span


def _span_plain(span: Span) -> Spanned:
    return Spanned(
        zone=span.zone.id,
        span=span.code,
        since=second(span.since),
        until=second(span.until),
        planted_on=span.season.planting.planted_on if span.season else None,
    )
