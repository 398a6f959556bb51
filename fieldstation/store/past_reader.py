"""A visit to the record for what lies behind: charts from the roll-ups, runs, decisions, events of a span."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from fieldstation.store import grid, past
from fieldstation.store.instant import to_ms
from fieldstation.store.reader import Reader
from fieldstation.store.rounds import Series


class PastReader(Reader):
    """A Reader that also answers for spans. Raises RecordError as that does."""

    def tracks(self, wanted: Sequence[Series], on: grid.Grid) -> dict[Series, grid.Track]:
        """Each wanted series laid on a grid, from the hourly roll-up or the daily one; gaps stay gaps.

        A series that was never recorded is a track of gaps.
        """
        known = {series: number for number, series in self._names().items()}
        numbers = [known[series] for series in wanted if series in known]
        query, values = grid.question(on, numbers)
        rows = self._rows(query, *values) if numbers else []
        with self._reading():
            laid = grid.tracks(on, numbers, rows)
        return {
            series: laid[known[series]] if series in known else grid.silent(on.count) for series in wanted
        }

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

    def told(self, zone: str, since: datetime, until: datetime, limit: int = 1000) -> list[past.Told]:
        """The newest decisions of a zone in [since, until) in short, newest first."""
        rows = self._rows(past.TOLD, zone, to_ms(since), to_ms(until), limit)
        with self._reading():
            return [past.told_of(row) for row in rows]

    def happened(
        self, zone: str, since: datetime, until: datetime, events: Sequence[str], deeds: Sequence[str] = (),
        limit: int = 1000,
    ) -> list[past.Happened]:  # fmt: skip
        """Events of these codes and people's deeds of these codes, of a zone or of all, newest first."""
        span = to_ms(since), to_ms(until), zone
        rows = self._rows(past.listed(past.HAPPENED, events), *span, *events, limit)
        if deeds:
            rows += self._rows(past.listed(past.DONE, deeds), *span, *deeds, limit)
        with self._reading():
            found = [past.happened_of(row) for row in rows]
        return sorted(found, key=lambda one: one.at, reverse=True)[:limit]
