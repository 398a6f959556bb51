"""What the oracle asks of a season, answered by the compiled ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.benchmarks.decisions.compiled import ky, season
from tests.benchmarks.decisions.compiled.state import Start, start_of
from tests.benchmarks.decisions.field import Case, profit, season_days

Sums = tuple[float, float, float, int]
"""Profit $/ha, dry yield t/ha, water mm, events."""


class Hindsight:
    """One case of one family, watered again and again."""

    def __init__(self, case: Case, family: str) -> None:
        self.case, self.length_days = case, season_days(case.crop)
        self._start: Start | ky.Land = start_of(case) if family == "aquacrop" else ky.land_of(case)

    def by_thresholds(self, thresholds: tuple[float, ...], cap_mm: float | None) -> tuple[Sums, list[float]]:
        """As `season._by_thresholds`: four lines and a refill on the hidden root zone, and what was given."""
        *lines, refill = thresholds
        given = np.zeros(self.length_days + 20)
        how: Any = (
            np.array(lines, dtype=float),
            float(refill),
            self.length_days,
            1e9 if cap_mm is None else float(cap_mm),
            given,
        )
        if isinstance(self._start, Start):
            lived = season.by_thresholds(*self._start.run(*how))
        else:
            lived = ky.by_thresholds(self._start, *how)
        return self._sums(lived), given[: lived[3]].tolist()

    def by_schedule(self, given: list[float]) -> Sums:
        """As `season._schedule`."""
        if isinstance(self._start, Start):
            return self._sums(season.by_schedule(*self._start.run(np.array(given, dtype=float))))
        return self._sums(ky.by_schedule(self._start, np.array(given, dtype=float)))

    def _sums(self, lived: season.Lived) -> Sums:
        grown, water, events, _ = lived
        return profit(self.case.crop, grown, water, events), grown, water, events
