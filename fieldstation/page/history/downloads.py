"""History as files: measurements and waterings of a span, or of everything, streamed as CSV."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, request

from fieldstation.domain.errors import StationError
from fieldstation.page.context import PageContext
from fieldstation.page.history import csv_stream
from fieldstation.page.history.data import BadSpan, Span, find_span, zone_of
from fieldstation.page.history.errors import describe_error, refused
from fieldstation.store.history.reader import PastReader

EVERYTHING = "everything"


def attach(app: Flask, page: PageContext) -> None:
    """The two files."""

    @app.get("/history.csv")
    def history_csv() -> Any:
        def lines(span: Span) -> Iterator[str]:
            short = (span.last_on - span.first_on).days <= csv_stream.HOURLY_TO_DAYS
            hourly = short or request.args.get("span") == EVERYTHING
            return csv_stream.readings(page.station, page.places, span, page.tz, hourly=hourly)

        return _file(page, "readings", lines)

    @app.get("/history/runs.csv")
    def history_runs_csv() -> Any:
        return _file(page, "waterings", lambda span: csv_stream.runs(page.places, span, page.tz))


def _file(page: PageContext, what: str, lines: Any) -> Any:
    words = page.words()
    args = dict(request.args)
    if args.get("span") == EVERYTHING:
        args = {**args, "span": "all"}
    try:
        zone = zone_of(page.station, args.get("zone"))
        with PastReader(page.record) as reader:
            span, _, _ = find_span(reader, page.station, zone, args, datetime.now(UTC), page.tz)
    except BadSpan as bad:
        return refused(page, describe_error(bad, words), 400)
    except StationError as error:
        return refused(page, words.say("history", "record_silent", detail=str(error)), 503)
    name = f"{zone.id}-{what}-{span.first_on}-to-{span.last_on}.csv"
    return streamed(page, lines(span), name) or refused(page, words.say("history", "busy"), 503)


def streamed(page: PageContext, lines: Iterator[str], name: str) -> Response | None:
    """A long answer, piece by piece; None while as many are under way as may be at a time."""
    if not page.turns.acquire(blocking=False):
        return None
    squeeze = "gzip" in request.headers.get("Accept-Encoding", "")
    body = Turn(page.turns, _squeezed(lines) if squeeze else (line.encode() for line in lines))
    response = Response(body, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Vary"] = "Accept-Encoding"
    if squeeze:
        response.headers["Content-Encoding"] = "gzip"
    return response


class Turn:
    """Pieces of an answer; the turn is given back when they are over, or when nobody listens any more."""

    def __init__(self, turns: threading.BoundedSemaphore, pieces: Iterator[bytes]) -> None:
        self._turns: threading.BoundedSemaphore | None = turns
        self._pieces = pieces

    def __iter__(self) -> Turn:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._pieces)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Called by the server at the end of every answer."""
        turns, self._turns = self._turns, None
        if turns is not None:
            turns.release()


def _squeezed(lines: Iterator[str]) -> Iterator[bytes]:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    for line in lines:
        if piece := packer.compress(line.encode()):
            yield piece
    yield packer.flush()
