"""History: how the soil, the weather and the water went, as a line, as numbers and as a list of reasons."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Flask, request

from fieldstation.domain.errors import StationError
from fieldstation.language.sentences import Words
from fieldstation.page.history import downloads, events, season_report
from fieldstation.page.history.data import BadSpan, lay, read_past, zone_of
from fieldstation.page.history.errors import refused, said
from fieldstation.page.history.table import table_grid
from fieldstation.page.history.view import History, Links, history_view
from fieldstation.page.site import Site
from fieldstation.store.history.month_cache import ClosedMonths
from fieldstation.store.history.reader import PastReader
from fieldstation.store.instant import from_ms


def attach(app: Flask, site: Site) -> None:
    """The screen and its files."""
    downloads.attach(app, site)
    season_report.attach(app, site)
    months = ClosedMonths()

    @app.get("/history")
    def history() -> Any:
        if request.headers.get("HX-Request"):  # only the dock is renewed: what lies behind is not drawn again
            return site.screen("frame.html", kept=False)
        words = site.words()
        try:
            found = read(site, months, words)
        except BadSpan as bad:
            return refused(site, said(bad, words), 400)
        except StationError as error:
            return refused(site, words.say("history", "record_silent", detail=str(error)), 200)
        return site.screen("history.html", lambda _, __: found)


def read(site: Site, months: ClosedMonths, words: Words) -> History:
    """What the template shows. Raises BadSpan, RecordError."""
    now = datetime.now(UTC)
    zone = zone_of(site.station, request.args.get("zone"))
    before = _before(request.args.get("before"))
    table = None
    with PastReader(site.record, months) as reader:
        past = read_past(reader, site.station, zone, request.args, now, site.tz)
        if request.args.get("view") == "table":
            grid = table_grid(past, now)
            same, span = grid == past.laid.grid, past.span
            table = (
                past.laid if same else lay(reader, site.station, zone, grid, span.since, span.until, site.tz)
            )
        page = events.read(reader, past.span, before, words)
    return history_view(past, table, page, site.station, Links(request.path, request.args), words, site.tz)


def _before(asked: str | None) -> datetime | None:
    if not asked:
        return None
    if not asked.isdigit() or len(asked) > 14:
        raise BadSpan("bad_before")
    return from_ms(int(asked))
