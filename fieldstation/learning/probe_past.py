"""What one probe has said so far this season. Pure."""

from __future__ import annotations

import math
from bisect import insort
from collections import deque
from dataclasses import dataclass, field

FULL_QUANTILE = 0.93
FULL_FROM_READINGS = 8
KEPT_DAYS = 15
STUCK_DAYS = 6
NAN = math.nan


@dataclass(slots=True)
class ProbePast:
    """What one probe has said. `full_frac` is where it stands when its soil is full, as far as seen."""

    depth_cm: int
    ranked: list[float] = field(default_factory=list)
    recent: deque[float | None] = field(default_factory=lambda: deque(maxlen=KEPT_DAYS))
    low_frac: float = 1.0
    drained: bool = False  # the account saw water pass below the roots since this probe speaks

    def add(self, value: float | None) -> None:
        """One morning's reading, or none."""
        self.recent.append(value)
        if value is not None:
            insort(self.ranked, value)
            self.low_frac = min(self.low_frac, value)

    def now(self) -> float | None:
        """This morning's reading, or yesterday's."""
        newest = list(self.recent)[-2:]
        return next((value for value in reversed(newest) if value is not None), None)

    def high_frac(self) -> float:
        """A reading that few are above; it must have spoken."""
        return self.ranked[int(FULL_QUANTILE * (len(self.ranked) - 1))]

    def full(self, table_frac: float) -> float:
        """The reading at field capacity: the table's, moved to what this probe has shown."""
        if len(self.ranked) < FULL_FROM_READINGS:
            return table_frac
        high = self.ranked[min(len(self.ranked) - 1, int(FULL_QUANTILE * len(self.ranked)))]
        if self.drained or high > table_frac:
            return table_frac + 0.7 * max(-0.10, min(0.10, high - table_frac))
        return table_frac

    def change(self, days: int) -> float:
        """Reading now less the one `days` before; NaN when either is missing."""
        if len(self.recent) <= days:
            return NAN
        now, then = self.recent[-1], self.recent[-1 - days]
        return NAN if now is None or then is None else now - then

    def over_mean(self, days: int) -> float:
        """Reading now less the mean of the last `days`, itself included: how much of it may be noise."""
        last = [value for value in list(self.recent)[-days:] if value is not None]
        return last[-1] - sum(last) / len(last) if last else NAN

    def slope(self) -> float:
        """Mean change a day over the last week, by halves: noise counts little."""
        last = [value for value in list(self.recent)[-8:] if value is not None]
        if len(last) < 4:
            return NAN
        half = len(last) // 2
        return (sum(last[half:]) / (len(last) - half) - sum(last[:half]) / half) / (len(last) / 2)

    def stuck(self) -> bool:
        """The very same number for days: a real probe trembles."""
        last = [value for value in self.recent if value is not None][-STUCK_DAYS:]
        return len(last) == STUCK_DAYS and max(last) - min(last) < 1e-6
