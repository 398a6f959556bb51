"""A visit to the record for what lies behind: charts from the roll-ups, runs, decisions, events of a span."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any

from fieldstation.domain.decision import Value
from fieldstation.store.history import events as past
from fieldstation.store.history import grid
from fieldstation.store.history.month_cache import ClosedMonths
from fieldstation.store.instant import to_ms
from fieldstation.store.reader import Reader
from fieldstation.store.tables.rounds import Series
from fieldstation.store.tables.water import NEWEST, POURED, Water, added


class PastReader(Reader):
    """A Reader that also answers for spans; with `months` it need not read all of ten years again. Raises RecordError as that does."""

    def __init__(self, path: Path, months: ClosedMonths | None = None) -> None:
        super().__init__(path)
        self._months = months

    def tracks(self, wanted: Sequence[Series], on: grid.Grid) -> dict[Series, grid.Track]:
        """Each wanted series laid on a grid, from the hourly roll-up or the daily one; gaps stay gaps.

        A series that was never recorded is a track of gaps.
        """
        known = {series: number for number, series in self._names().items()}
        numbers = [known[series] for series in wanted if series in known]
        if on.unit == "month" and self._months is not None:
            rows = self._months.rows(self.record_id(), numbers, on.first, on.last_on(), self._by_month)
        else:
            query, values = grid.question(on, numbers)
            rows = self._rows(query, *values) if numbers else []
        with self._reading():
            laid = grid.tracks(on, numbers, rows)
        return {
            series: laid[known[series]] if series in known else grid.silent(on.count) for series in wanted
        }

    def _by_month(self, numbers: Sequence[int], first: date, last: date) -> list[tuple[Any, ...]]:
        if not numbers or last < first:
            return []
        query, values = grid.question(grid.months(first, last), numbers)
        return self._rows(query, *values)

    def lines(self, zone: str) -> tuple[float, float] | None:
        """Soil water (m3/m3) at the dry and at the full line, as the decision recorded last has them."""
        rows = self._rows(past.LINES, zone)
        with self._reading():
            return (float(rows[0][0]), float(rows[0][1])) if rows else None

    def first_day(self, wanted: Sequence[Series]) -> date | None:
        """The first local day on which any of these series was heard."""
        known = {series: number for number, series in self._names().items()}
        found = [
            on
            for series in wanted
            if series in known
            for (on,) in self._rows(grid.FIRST_DAY, known[series])
            if on is not None
        ]
        with self._reading():
            return date.fromisoformat(min(found)) if found else None

    def given(self, zone: str, since: datetime, until: datetime, limit: int = 100_000) -> list[past.Given]:
        """The newest runs of a zone that ended in [since, until), newest first."""
        rows = self._rows(past.GIVEN, zone, to_ms(since), to_ms(until), limit)
        with self._reading():
            return [past.given_of(row) for row in rows]

    def water(self, zone: str, since: datetime, until: datetime, on: grid.Grid, tz: tzinfo) -> Water:
        """The zone's water by the steps of a grid: the runs that ended in [since, until)."""

        def add() -> Water:
            return added(on, self._rows(POURED, zone, to_ms(since), to_ms(until)), tz)

        if on.unit != "month" or self._months is None:
            return add()
        newest = self._rows(NEWEST)
        of = (self.record_id(), *(newest[0] if newest else ()))
        return self._months.water.get((zone, since, until, on, tz), of, add)

    def past_decisions(
        self, zone: str, since: datetime, until: datetime, limit: int = 1000, *, values: bool = True
    ) -> list[past.PastDecision]:
        """The newest decisions of a zone in [since, until) in short, newest first.

        Without `values` no decision's body is read, which takes most of the time: for many of which few are shown.
        """
        query = past.PAST_DECISIONS if values else past.PAST_DECISIONS_SHORT
        rows = self._rows(query, zone, to_ms(since), to_ms(until), limit)
        with self._reading():
            return [past.past_decision_of(row) for row in rows]

    def values(self, decisions: Sequence[str]) -> dict[str, dict[str, Value]]:
        """What fills the reasons' sentences of these decisions, by their ids."""
        rows = self._rows(past.listed(past.VALUES, decisions), *decisions) if decisions else []
        with self._reading():
            return {one: past.plain_values(text) for one, text in rows}

    def happened(
        self,
        zone: str,
        since: datetime,
        until: datetime,
        events: Sequence[str],
        audit_entries: Sequence[str] = (),
        limit: int = 1000,
    ) -> list[past.Happened]:
        """Events of these codes and people's audit entries of these codes, of a zone or of all, newest first."""
        span = to_ms(since), to_ms(until), zone
        rows = self._rows(past.listed(past.HAPPENED, events), *span, *events, limit)
        if audit_entries:
            rows += self._rows(past.listed(past.DONE, audit_entries), *span, *audit_entries, limit)
        with self._reading():
            newest = sorted(rows, key=lambda row: int(row[1]), reverse=True)[:limit]
            return [past.happened_of(row) for row in newest]
