"""The past as CSV, row by row: however long it is, only some weeks of it are in memory.

Instants carry the station's offset from UTC, units stand in the header, the decimal point is a point; a step
without a reading is empty. A text that a spreadsheet would take for a formula begins with an apostrophe.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo

from fieldstation.domain.errors import StationError
from fieldstation.domain.station import Station, Zone
from fieldstation.page.history.data import Laid, Span, by_depth, lay, midnight
from fieldstation.page.history.events import decision_behind
from fieldstation.store.history.grid import Grid, days, hours
from fieldstation.store.history.reader import PastReader
from fieldstation.wire.places import Places

HOURLY_TO_DAYS = 100
"""Longer stretches are given by the day, unless everything is asked for."""
HOURS_AT_ONCE = 24 * 30
DAYS_AT_ONCE = 366
RUN_HEAD = (
    "started_at",
    "ended_at",
    "minutes",
    "litres",
    "depth (mm)",
    "measured",
    "origin",
    "ended because",
    "decided by",
    "reason",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
BECAUSE_BEFORE = timedelta(hours=30)


def readings(station: Station, places: Places, span: Span, tz: tzinfo, *, hourly: bool) -> Iterator[str]:
    """Lines of measurements and water, oldest first, by the hour or by the station's day."""
    yield line(head(station, span.zone, "time" if hourly else "date"))
    try:
        for since, until, grid in _grids(span, tz, hourly=hourly):
            with PastReader(places.record) as reader:
                laid = lay(reader, station, span.zone, grid, since, until, tz)
            yield "".join(line(row) for row in _rows(laid, tz))
    except StationError as error:
        yield line([f"the record could not be read further: {error}"])


def runs(places: Places, span: Span, tz: tzinfo) -> Iterator[str]:
    """Lines of the waterings, oldest first, each with the reason of the decision it followed."""
    yield line(RUN_HEAD)
    try:
        for first, last in _day_chunks(span):
            since, until = midnight(first, tz), midnight(last + timedelta(days=1), tz)
            with PastReader(places.record) as reader:
                given = reader.given(span.zone.id, since, until)
                decisions = reader.past_decisions(span.zone.id, since - BECAUSE_BEFORE, until, 10_000)
            for one in reversed(given):
                decision = decision_behind(one, decisions)
                run = one.run
                yield line(
                    [
                        _instant(run.started_at, tz),
                        _instant(run.ended_at, tz),
                        f"{run.on_s / 60:.1f}",
                        f"{run.litres:.1f}",
                        f"{one.depth_mm:.2f}",
                        "yes" if run.measured else "no",
                        run.origin,
                        run.stop_reason.value,
                        decision.rung.value if decision else "",
                        decision.reason.value if decision else "",
                    ]
                )
    except StationError as error:
        yield line([f"the record could not be read further: {error}"])


def head(station: Station, zone: Zone, when: str) -> list[str]:
    """The names of the columns, with their units."""
    found = [when]
    for probe in by_depth(zone):
        name = f"soil water {probe.depth_cm} cm {probe.device.id}"
        found += [f"{name} {what} (m3/m3)" for what in ("mean", "min", "max")]
    if station.air is not None:
        found += [f"air temperature {what} (C)" for what in ("mean", "min", "max")]
    if station.rain is not None:
        found.append("rain (mm)")
    return [*found, "water given (mm)", "water given (L)"]


def _grids(span: Span, tz: tzinfo, *, hourly: bool) -> Iterator[tuple[datetime, datetime, Grid]]:
    """The span in pieces: their instants and their steps."""
    if hourly:
        for since, until in _hour_chunks(span):
            yield since, until, hours(since, -((since - until) // timedelta(hours=1)))
        return
    for first, last in _day_chunks(span):
        yield midnight(first, tz), midnight(last + timedelta(days=1), tz), days(first, last)


def _hour_chunks(span: Span) -> Iterator[tuple[datetime, datetime]]:
    since = span.since.replace(minute=0)
    end = min(span.until, datetime.now(UTC) + timedelta(hours=1))
    while since < end:
        until = min(since + timedelta(hours=HOURS_AT_ONCE), end)
        yield since, until
        since = until


def _day_chunks(span: Span) -> Iterator[tuple[date, date]]:
    first = span.first_on
    while first <= span.last_on:
        last = min(first + timedelta(days=DAYS_AT_ONCE - 1), span.last_on)
        yield first, last
        first = last + timedelta(days=1)


def _rows(laid: Laid, tz: tzinfo) -> Iterator[list[str]]:
    for number, start in enumerate(laid.grid.starts()):
        row = [_instant(start, tz) if isinstance(start, datetime) else start.isoformat()]
        for _, track in laid.soil:
            row += _cells((track.mean[number], track.low[number], track.high[number]), 4)
        if laid.air is not None:
            row += _cells((laid.air.mean[number], laid.air.low[number], laid.air.high[number]), 2)
        if laid.rain is not None:
            row += _cells((laid.rain.total[number],), 2)
        yield [*row, f"{laid.water.mm[number]:.2f}", f"{laid.water.litres[number]:.1f}"]


def _cells(values: Iterable[float | None], digits: int) -> list[str]:
    return ["" if value is None else f"{value:.{digits}f}" for value in values]


def _instant(at: datetime, tz: tzinfo) -> str:
    return at.astimezone(tz).isoformat(timespec="seconds")


def line(cells: Sequence[str]) -> str:
    """One line of a file; a text that a spreadsheet would take for a formula is only a text."""
    text = io.StringIO()
    csv.writer(text).writerow(
        [f"'{cell}" if cell.startswith(FORMULA) and not _number(cell) else cell for cell in cells]
    )
    return text.getvalue()


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
