"""Months that are over are read once in ten minutes; the open one each time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from fieldstation.store.history.month_cache import FRESH_S, MOST, ClosedMonths

FIRST, LAST = date(2025, 1, 1), date(2025, 3, 12)


class Book:
    """Answers with a row a month and series, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[list[int], date, date]] = []
        self.n = 1

    def ask(self, numbers: Sequence[int], first: date, last: date) -> list[tuple[Any, ...]]:
        self.asked.append((list(numbers), first, last))
        months = [m for m in (1, 2, 3) if first <= date(2025, m, 1) <= last]
        return [(number, f"2025-{month:02}", self.n) for number in numbers for month in months]


def test_only_the_open_month_is_asked_for_again() -> None:
    book, months = Book(), ClosedMonths(lambda: 0.0)
    whole = months.rows("", [1, 2], FIRST, LAST, book.ask)
    assert sorted(whole) == [(s, f"2025-{m:02}", 1) for s in (1, 2) for m in (1, 2, 3)]
    assert book.asked == [([1, 2], FIRST, date(2025, 2, 28)), ([1, 2], date(2025, 3, 1), LAST)]
    book.asked.clear()
    book.n = 2
    again = months.rows("", [1, 2, 7], FIRST, LAST, book.ask)
    assert book.asked == [([7], FIRST, date(2025, 2, 28)), ([1, 2, 7], date(2025, 3, 1), LAST)]
    assert sorted(again)[:3] == [(1, "2025-01", 1), (1, "2025-02", 1), (1, "2025-03", 2)]


def test_what_a_clock_dated_back_shows_after_ten_minutes() -> None:
    now, book = [0.0], Book()
    months = ClosedMonths(lambda: now[0])
    months.rows("", [1], FIRST, LAST, book.ask)
    book.n, now[0] = 2, FRESH_S - 1
    assert (1, "2025-01", 1) in months.rows("", [1], FIRST, LAST, book.ask)
    now[0] = FRESH_S
    assert (1, "2025-01", 2) in months.rows("", [1], FIRST, LAST, book.ask)


def test_a_series_that_was_silent_is_not_asked_for_each_time() -> None:
    book, months = Book(), ClosedMonths(lambda: 0.0)
    for _ in range(2):
        assert months.rows("", [1], FIRST, LAST, lambda n, first, last: book.ask(n, first, last) and []) == []
    assert len(book.asked) == 3


def test_a_span_within_one_month_has_no_closed_one() -> None:
    book, months = Book(), ClosedMonths(lambda: 0.0)
    first = date(2025, 3, 1)
    assert months.rows("", [1], first, LAST, book.ask) == [(1, "2025-03", 1)]


def test_it_does_not_grow_with_the_spans_that_are_asked_for() -> None:
    book, months = Book(), ClosedMonths(lambda: 0.0)
    for number in range(5 * MOST):
        months.rows("", [number], FIRST, LAST, book.ask)
    assert len(months._kept) <= MOST
