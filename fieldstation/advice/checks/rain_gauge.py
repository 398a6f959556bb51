"""Rain that no gauge told: probes that rise again and again though nothing came, as where a leaf lies in the funnel."""

from __future__ import annotations

from collections import deque
from datetime import date
from itertools import pairwise
from statistics import median

from fieldstation.domain.plot import Morning

NOTHING_MM = 1.0
"""Rain and water of a line, together, that lift no probe."""
QUIET_LINES = 2
"""Water sinks for a day: so many lines in a row must have told of nothing."""
STOOD_BEFORE = 3
"""A rise is one over each of so many readings before."""
RISE_FRAC = 0.025
RISE_OF_TREMBLE = 3.0
"""And beyond the probe's own tremble, the median change of a day: a cheap one may tremble more than most."""
KEPT_READINGS = 15
AGAIN = 2
FORGOTTEN_DAYS = 30
MEASURED_MM = 2.0
"""A gauge that tells so much is open."""


class GaugeWatch:
    """Follows the probes of one field against what its gauge tells."""

    def __init__(self) -> None:
        self._past: dict[int, deque[float]] = {}
        self._quiet = 0
        self._rises = 0
        self._risen_on: date | None = None

    def check(self, morning: Morning, *, water_known: bool) -> str | None:
        """The code where, with this morning, rain must have fallen that the gauge did not tell; None else."""
        rain_mm = morning.rain_mm
        nothing = water_known and rain_mm is not None and rain_mm + morning.irrigated_mm <= NOTHING_MM
        self._quiet = self._quiet + 1 if nothing else 0
        rose = [self._rose(probe.depth_cm, probe.vwc_frac) for probe in morning.probes]
        measured = rain_mm is not None and rain_mm >= MEASURED_MM
        if measured or (self._risen_on is not None and (morning.on - self._risen_on).days >= FORGOTTEN_DAYS):
            self._rises = 0
        if any(rose) and self._quiet >= QUIET_LINES:
            self._rises, self._risen_on = self._rises + 1, morning.on
        return "rain_untold" if self._rises >= AGAIN else None

    def _rose(self, depth_cm: int, now_frac: float) -> bool:
        past = self._past.setdefault(depth_cm, deque(maxlen=KEPT_READINGS))
        stood = list(past)
        past.append(now_frac)
        if len(stood) < STOOD_BEFORE:
            return False
        tremble = median(abs(after - before) for before, after in pairwise(stood))
        return now_frac - max(stood[-STOOD_BEFORE:]) > max(RISE_FRAC, RISE_OF_TREMBLE * tremble)
