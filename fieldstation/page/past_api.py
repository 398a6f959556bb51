"""The API's looking back: series, runs, decisions and events of a zone, read only.

All four take `zone` (a zone's id; the first zone without it) and a stretch of time: `span` (24h, 7d, 30d,
season with an optional `planted_on`, year, all; 7d without it), or `from` and `until` (ISO dates of the station, both
included). A question without an answer is 400 with `error` (a sentence) and `code`; a record that cannot be
read is 503. Instants are UTC, dates the station's; units are SI; what is unknown is null.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from flask import Flask, Response, jsonify, request

from fieldstation.domain.errors import StationError
from fieldstation.domain.station import Zone
from fieldstation.page.bad_span import said
from fieldstation.page.happenings import EVENTS
from fieldstation.page.past import find_span, look
from fieldstation.page.past_plain import DIGITS, steps_plain, tracks_plain
from fieldstation.page.site import Site
from fieldstation.page.span import BadSpan, Span, zone_of
from fieldstation.page.status import stamp
from fieldstation.store.past_reader import PastReader

ROWS = 2000
"""At most so many runs, decisions or events in an answer, the newest; `more` is then true."""

View = Callable[[], Any]


def attach(app: Flask, site: Site) -> None:
    """The four routes."""

    @app.get("/api/v1/series", endpoint="api_series")
    @_answered(site)
    def series() -> Any:
        """Measurements and water on equal steps.

        `steps`: {"step": hour|day|month, "every", "count", "first": instant of the first hour, or date}. `series`: of
        each {"sensor", "quantity", "unit", "depth_cm", "n", "min", "mean", "max"}, lists of `count`; of rain
        {"n", "sum"}; `quantity` (soil_water, air_t, rain) leaves one kind. `water_mm` (gross) and `water_l` of each step. `dry`, `full`: soil water at the lines.
        """
        only = request.args.get("quantity")
        if only is not None and only not in [quantity.value for quantity in DIGITS]:
            raise BadSpan("bad_quantity", quantity=only[:40])
        past = look(site.station, site.places, _zone(site), request.args, datetime.now(UTC), site.tz)
        laid = past.laid
        return {
            **_asked(past.span),
            "steps": steps_plain(laid.grid),
            "dry": round(past.marks[0], 4),
            "full": round(past.marks[1], 4),
            "series": [one for one in tracks_plain(past, site.station) if only in (None, one["quantity"])],
            "water_mm": [round(mm, 2) for mm in laid.water_mm],
            "water_l": [round(litres) for litres in laid.water_l],
        }

    @app.get("/api/v1/runs", endpoint="api_runs")
    @_answered(site)
    def runs() -> Any:
        """Water given, newest first.

        Of each {"id", "started_at", "ended_at", "on_s", "litres", "measured", "depth_mm", "origin": auto|manual,
        "stop_reason", "trusted"}.
        """
        with PastReader(site.places.record) as reader:
            span = _span(site, reader)
            given = reader.given(span.zone.id, span.since, span.until, ROWS + 1)
        rows = [
            {
                "id": one.run.id, "started_at": stamp(one.run.started_at), "ended_at": stamp(one.run.ended_at),
                "on_s": round(one.run.on_s), "litres": round(one.run.litres, 1), "measured": one.run.measured,
                "depth_mm": round(one.depth_mm, 2), "origin": one.run.origin,
                "stop_reason": one.run.stop_reason.value, "trusted": one.trusted,
            }
            for one in given[:ROWS]
        ]  # fmt: skip
        return {**_asked(span), "runs": rows, "more": len(given) > ROWS}

    @app.get("/api/v1/decisions", endpoint="api_decisions")
    @_answered(site)
    def decisions() -> Any:
        """What was decided, newest first; kept for three years.

        Of each {"id", "at", "rung", "depth_mm" (0: no water), "reason": {"code", "values"}, "trusted"}.
        """
        with PastReader(site.places.record) as reader:
            span = _span(site, reader)
            told = reader.told(span.zone.id, span.since, span.until, ROWS + 1)
        rows = [
            {
                "id": one.id, "at": stamp(one.at), "rung": one.rung.value, "depth_mm": round(one.depth_mm, 2),
                "reason": {"code": one.reason.value, "values": one.values}, "trusted": one.trusted,
            }
            for one in told[:ROWS]
        ]  # fmt: skip
        return {**_asked(span), "decisions": rows, "more": len(told) > ROWS}

    @app.get("/api/v1/events", endpoint="api_events")
    @_answered(site)
    def events() -> Any:
        """What else happened to the zone or the station, newest first; kept for three years.

        Of each {"code", "at", "zone" (null: the station), "values", "trusted"}.
        """
        with PastReader(site.places.record) as reader:
            span = _span(site, reader)
            found = reader.happened(span.zone.id, span.since, span.until, EVENTS, limit=ROWS + 1)
        rows = [
            {
                "code": one.code,
                "at": stamp(one.at),
                "zone": one.zone,
                "values": one.values,
                "trusted": one.trusted,
            }
            for one in found[:ROWS]
        ]
        return {**_asked(span), "events": rows, "more": len(found) > ROWS}


def _answered(site: Site) -> Callable[[View], View]:
    """A view's values as JSON, or what is wrong with the question or the record."""

    def around(view: View) -> View:
        @wraps(view)
        def answer() -> Response | tuple[Response, int]:
            try:
                return jsonify(view())
            except BadSpan as bad:
                return jsonify({"error": said(bad, site.words()), "code": bad.code}), 400
            except StationError as error:
                return jsonify({"error": str(error), "code": "record_silent"}), 503

        return answer

    return around


def _zone(site: Site) -> Zone:
    return zone_of(site.station, request.args.get("zone"))


def _span(site: Site, reader: PastReader) -> Span:
    span, _, _ = find_span(reader, site.station, _zone(site), request.args, datetime.now(UTC), site.tz)
    return span


def _asked(span: Span) -> dict[str, Any]:
    return {
        "zone": span.zone.id, "span": span.code, "since": stamp(span.since), "until": stamp(span.until),
        "planted_on": span.season.planting.planted_on.isoformat() if span.season else None,
    }  # fmt: skip
