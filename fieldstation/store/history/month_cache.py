"""Months that are over, kept in memory: ten years by months read a row a day, and no such row changes any more.

But for what a clock that came right dates back: so they are read again every ten minutes; and at once after a wipe.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from fieldstation.store.tables.water import WaterByMonth

FRESH_S = 600.0
MOST = 64
"""Series, each from one first month on; with more than so many asked for, all are forgotten."""

Row = tuple[Any, ...]
Ask = Callable[[Sequence[int], date, date], list[Row]]
"""Rows by month (series, `YYYY-MM`, ...) of these series, from one local day to another."""


class ClosedMonths:
    """Shared by all visits to one record; for any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self.water = WaterByMonth()
        self._kept: dict[tuple[str, int, date, date], tuple[float, list[Row]]] = {}

    def rows(self, record_id: str, numbers: Sequence[int], first: date, last: date, ask: Ask) -> list[Row]:
        """All rows from the first of a month to `last`; asked are only those that are not kept of the record `mark`."""
        open_from = last.replace(day=1)
        keys = [(record_id, number, first, open_from) for number in numbers]
        now_s = self._clock()
        with self._lock:
            kept = {key: rows for key in keys if (rows := self._young(key, now_s)) is not None}
        wanted = [key[1] for key in keys if key not in kept]
        found: dict[tuple[str, int, date, date], list[Row]] = {
            (record_id, n, first, open_from): [] for n in wanted
        }
        if wanted:
            for row in ask(wanted, first, date.fromordinal(open_from.toordinal() - 1)):
                found[record_id, row[0], first, open_from].append(row)
            with self._lock:
                if len(self._kept) + len(found) > MOST:
                    self._kept.clear()
                self._kept |= {key: (now_s, rows) for key, rows in found.items()}
        closed = [row for key in keys for row in (kept.get(key) or found.get(key) or ())]
        return closed + ask(numbers, open_from, last)

    def _young(self, key: tuple[str, int, date, date], now_s: float) -> list[Row] | None:
        at_s, rows = self._kept.get(key, (float("-inf"), []))
        return rows if now_s - at_s < FRESH_S else None
