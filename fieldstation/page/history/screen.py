"""History: how the soil, the weather and the water went, as a line, as numbers and as a list of reasons."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Flask, request

from fieldstation.domain.errors import StationError
from fieldstation.language.sentences import Words
from fieldstation.page.context import PageContext
from fieldstation.page.history import downloads, events, season_report
from fieldstation.page.history.data import BadSpan, lay, read_past, zone_of
from fieldstation.page.history.errors import describe_error, refused
from fieldstation.page.history.table import table_grid
from fieldstation.page.history.view import History, Links, history_view
from fieldstation.store.history.month_cache import ClosedMonths
from fieldstation.store.history.reader import PastReader
from fieldstation.store.instant import from_ms


def attach(app: Flask, page: PageContext) -> None:
    """The screen and its files."""
    downloads.attach(app, page)
    season_report.attach(app, page)
    months = ClosedMonths()

    @app.get("/history")
    def history() -> Any:
        if request.headers.get("HX-Request"):  # only the dock is renewed: what lies behind is not drawn again
            return page.screen("frame.html", kept=False)
        words = page.words()
        try:
            found = read(page, months, words)
        except BadSpan as bad:
            return refused(page, describe_error(bad, words), 400)
        except StationError as error:
            return refused(page, words.say("history", "record_silent", detail=str(error)), 200)
        return page.screen("history.html", lambda _, __: found)


def read(page: PageContext, months: ClosedMonths, words: Words) -> History:
    """What the template shows. Raises BadSpan, RecordError."""
    now = datetime.now(UTC)
    zone = zone_of(page.station, request.args.get("zone"))
    before = _before(request.args.get("before"))
    table = None
    with PastReader(page.record, months) as reader:
        past = read_past(reader, page.station, zone, request.args, now, page.tz)
        if request.args.get("view") == "table":
            grid = table_grid(past, now)
            same, span = grid == past.laid.grid, past.span
            table = (
                past.laid if same else lay(reader, page.station, zone, grid, span.since, span.until, page.tz)
            )
        events_page = events.read(reader, past.span, before, words)
    return history_view(
        past, table, events_page, page.station, Links(request.path, request.args), words, page.tz
    )


def _before(asked: str | None) -> datetime | None:
    if not asked:
        return None
    if not asked.isdigit() or len(asked) > 14:
        raise BadSpan("bad_before")
    return from_ms(int(asked))
