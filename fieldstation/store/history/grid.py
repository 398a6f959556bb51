"""A span cut into equal steps, and the roll-ups laid on it: what was not heard is None, never bridged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, NamedTuple, Self

from fieldstation.store.instant import to_ms
from fieldstation.store.tables.rollup import HOUR_MS

HOURS = (
    "SELECT series, hour_at, n, min, max, sum, trusted FROM hourly WHERE hour_at >= ? AND hour_at < ?"
    " AND series IN ({}) ORDER BY hour_at, series, trusted"
)
"""By the clock first, as the table lies; a trusted row after an untrusted one of the same hour."""
DAYS = (
    "SELECT series, on_date, n, min, max, sum, trusted FROM daily WHERE series IN ({})"
    " AND on_date >= ? AND on_date <= ? ORDER BY series, on_date, trusted"
)
MONTHS = (
    "SELECT series, substr(on_date, 1, 7), sum(n), min(min), max(max), sum(sum), min(trusted) FROM daily AS d"
    " WHERE series = ? AND on_date >= ? AND on_date <= ? AND (trusted OR NOT EXISTS"
    " (SELECT 1 FROM daily AS t WHERE t.series = d.series AND t.on_date = d.on_date AND t.trusted))"
    " GROUP BY 2"
)
"""Of one series: several together would be sorted, which takes longer than asking for each."""
FIRST_DAY = "SELECT min(on_date) FROM daily WHERE series = ?"


class Track(NamedTuple):
    """One sensor's quantity on a grid, in the quantity's unit; a step without a good reading is None in each list.

    `total` is what fell where the quantity is rain. `untrusted`: how many steps hold readings
    dated by a clock nobody vouched for.
    """

    n: list[int | None]
    low: list[float | None]
    mean: list[float | None]
    high: list[float | None]
    total: list[float | None]
    untrusted: int

    @property
    def heard(self) -> int:
        """How many steps have a good reading."""
        return sum(1 for n in self.n if n)


@dataclass(frozen=True, slots=True)
class Grid:
    """`count` steps of `every` hours (from a full hour), days or months (station's local days) on.

    `first` is the local date of the first step; for hours `since` counts, and is its instant (UTC).
    """

    unit: str  # "hour", "day" or "month"
    every: int
    count: int
    first: date
    since: datetime | None = None

    def last_on(self) -> date:
        """The last local day of a grid of days or months."""
        if self.unit == "day":
            return self.first + timedelta(days=self.count * self.every - 1)
        return month_later(self.first, self.count) - timedelta(days=1)

    def starts(self) -> list[datetime] | list[date]:
        """When each step begins: instants of UTC for hours, else local dates."""
        if self.unit == "hour":
            assert self.since is not None
            return [self.since + timedelta(hours=self.every * n) for n in range(self.count)]
        if self.unit == "day":
            return [self.first + timedelta(days=self.every * n) for n in range(self.count)]
        return [month_later(self.first, n) for n in range(self.count)]

    def indexes(self, instants_ms: Iterable[int], tz: tzinfo) -> list[int]:
        """The step of each instant (ms since 1970), by the local dates of `tz`; it may lie outside the grid."""
        if self.unit == "hour":
            assert self.since is not None
            begin, width = to_ms(self.since), self.every * HOUR_MS
            return [(ms - begin) // width for ms in instants_ms]
        local = (datetime.fromtimestamp(ms / 1000, tz) for ms in instants_ms)
        if self.unit == "day":
            first, every = self.first.toordinal(), self.every
            return [(at.toordinal() - first) // every for at in local]
        first = self.first.year * 12 + self.first.month
        return [at.year * 12 + at.month - first for at in local]


def hours(since: datetime, count: int, every: int = 1) -> Grid:
    """Steps of hours from the full hour of `since`."""
    begin = since.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return Grid("hour", every, count, begin.date(), begin)


def days(first: date, last: date, every: int = 1) -> Grid:
    """Steps of local days that hold `first` to `last`."""
    return Grid("day", every, max(1, -(-((last - first).days + 1) // every)), first)


def months(first: date, last: date) -> Grid:
    """Whole months that hold `first` to `last`."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return Grid("month", 1, max(1, count), first.replace(day=1))


def month_later(on: date, n: int) -> date:
    """The first of the month `n` months after that of `on`.

    >>> month_later(date(2025, 11, 20), 3)
    datetime.date(2026, 2, 1)
    """
    number = on.year * 12 + on.month - 1 + n
    return date(number // 12, number % 12 + 1, 1)


def question(grid: Grid, numbers: Sequence[int]) -> tuple[str, tuple[Any, ...]]:
    """The statement, and its values, for the roll-up rows of these series."""
    marks = ",".join("?" * len(numbers))
    if grid.unit == "hour":
        assert grid.since is not None
        begin = to_ms(grid.since)
        return HOURS.format(marks), (begin, begin + grid.count * grid.every * HOUR_MS, *numbers)
    span = grid.first.isoformat(), grid.last_on().isoformat()
    if grid.unit == "day":
        return DAYS.format(marks), (*numbers, *span)
    return " UNION ALL ".join([MONTHS] * len(numbers)), tuple(v for one in numbers for v in (one, *span))


def tracks(grid: Grid, numbers: Sequence[int], rows: Sequence[tuple[Any, ...]]) -> dict[int, Track]:
    """The rows of `question` laid on the grid, by series number. Raises ValueError for a damaged date."""
    if not all(row[-1] for row in rows):  # a trusted row takes the place of an untrusted one of the same time
        rows = list({row[:2]: row for row in rows}.values())
    laid = {number: _Laid.of(grid.count) for number in numbers}
    for step, (number, _, n, low, high, total, trusted) in zip(_steps(grid, rows), rows, strict=True):
        heard, lows, highs, totals, unsure = laid[number]
        if not heard[step]:
            heard[step], lows[step], highs[step], totals[step] = n, low, high, total
        else:
            heard[step] += n
            totals[step] += total
            if low < lows[step]:
                lows[step] = low
            if high > highs[step]:
                highs[step] = high
        if not trusted:
            unsure.add(step)
    return {number: one.track() for number, one in laid.items()}


def _steps(grid: Grid, rows: Sequence[tuple[Any, ...]]) -> list[int]:
    """The step of each row of `question`."""
    if grid.unit == "hour":
        assert grid.since is not None
        begin, width = to_ms(grid.since), grid.every * HOUR_MS
        return [(row[1] - begin) // width for row in rows]
    if grid.unit == "day":
        first, every = grid.first.toordinal(), grid.every
        return [(date.fromisoformat(row[1]).toordinal() - first) // every for row in rows]
    first = grid.first.year * 12 + grid.first.month
    return [int(row[1][:4]) * 12 + int(row[1][5:7]) - first for row in rows]


def silent(count: int) -> Track:
    """A track in which nothing was ever heard."""
    return Track([None] * count, [None] * count, [None] * count, [None] * count, [None] * count, 0)


class _Laid(NamedTuple):
    """Sums by step, as rows come. A step of which `n` is 0 was not heard; the rest of it means nothing."""

    n: list[int]
    low: list[float]
    high: list[float]
    total: list[float]
    untrusted: set[int]

    @classmethod
    def of(cls, count: int) -> Self:
        return cls([0] * count, [0.0] * count, [0.0] * count, [0.0] * count, set())

    def track(self) -> Track:
        heard = self.n
        return Track(
            [n or None for n in heard],
            [low if n else None for n, low in zip(heard, self.low, strict=True)],
            [total / n if n else None for n, total in zip(heard, self.total, strict=True)],
            [high if n else None for n, high in zip(heard, self.high, strict=True)],
            [total if n else None for n, total in zip(heard, self.total, strict=True)],
            len(self.untrusted),
        )
