"""History in numbers: one row a step, few enough to read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape

from markupsafe import Markup

from fieldstation.language.sentences import Words
from fieldstation.page.history.data import Laid, Past
from fieldstation.store.history.grid import Grid, days, hours, months

CELL = "\x1f"
"""Parts a table's texts while they are one: Unicode's unit separator, which no number or date holds."""
WEEKLY_FROM_DAYS, MONTHLY_FROM_DAYS = 45, 200


@dataclass(frozen=True, slots=True)
class Table:
    """The same in numbers."""

    head: list[str]
    body: Markup


def table_grid(past: Past, now: datetime) -> Grid:
    """Few enough rows to read: hours of a day, days of a month, weeks of a season, months of years."""
    span = past.span
    length = (span.last_on - span.first_on).days
    if span.code == "24h":
        return hours(past.laid.grid.since or now, 24)
    if length < WEEKLY_FROM_DAYS:
        return days(span.first_on, span.last_on)
    return (
        days(span.first_on, span.last_on, 7)
        if length < MONTHLY_FROM_DAYS
        else months(span.first_on, span.last_on)
    )


def table_of(laid: Laid, words: Words) -> Table:
    """One row a step, newest first; what was not heard is a dash."""
    head = [words.say("history", "col_when")]
    head += [words.say("history", "col_soil", depth=words.length(probe.depth_m)) for probe, _ in laid.soil]
    if laid.air is not None:
        head += [words.say("history", "col_coldest"), words.say("history", "col_warmest")]
    if laid.rain is not None:
        head.append(words.say("history", "col_rain"))
    head.append(words.say("history", "col_water"))
    columns = [_column(track.mean, words.percent) for _, track in laid.soil]
    if laid.air is not None:
        columns += [_column(laid.air.low, words.temperature), _column(laid.air.high, words.temperature)]
    if laid.rain is not None:
        columns.append(_column(laid.rain.total, words.depth))
    columns.append([words.depth(mm) if mm else "" for mm in laid.water.mm])
    names = [_row_name(start, laid.grid, words) for start in laid.grid.starts()]
    rows = list(zip(names, *columns, strict=True))
    return Table(head, _body(rows[::-1]))


def _body(rows: Sequence[Sequence[str]]) -> Markup:
    """The rows as HTML. Escaped all at once: cell by cell takes longer than to read ten years from the record."""
    texts = escape(CELL.join(cell for row in rows for cell in row)).split(CELL)
    width = len(rows[0])
    html = []
    for start in range(0, len(texts), width):
        name, *cells = texts[start : start + width]
        html.append(f'<tr><th scope="row">{name}</th><td>{"</td><td>".join(cells)}</td></tr>')
    return Markup("".join(html))  # noqa: S704 -- escaped above


def _column(values: Sequence[float | None], form: Callable[[float], str]) -> list[str]:
    return ["-" if value is None else form(value) for value in values]


def _row_name(start: datetime | date, grid: Grid, words: Words) -> str:
    if isinstance(start, datetime):
        return words.clock(start)
    if grid.unit == "day" and grid.every > 1:
        return words.say("history", "week_of", date=words.date(start))
    return words.month(start) if grid.unit == "month" else words.date(start)
