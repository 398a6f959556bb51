"""How wet the last month was: what rained against what the crop asked for, each fading by a thirtieth a day."""

from __future__ import annotations

from dataclasses import dataclass

FADES_IN_DAYS = 30.0
WETTEST = 1.5


@dataclass(frozen=True, slots=True)
class Month:
    """Running sums, mm. A season begins as in a fairly dry place."""

    rain_mm: float = 20.0
    demand_mm: float = 80.0

    def next_day(self, rain_mm: float, demand_mm: float) -> Month:
        """A day later.

        >>> wet = Month()
        >>> for _ in range(90):
        ...     wet = wet.next_day(4.0, 4.0)
        >>> round(Month().wetness, 2), round(wet.wetness, 2)
        (0.25, 0.98)
        """
        kept = 1 - 1 / FADES_IN_DAYS
        return Month(self.rain_mm * kept + rain_mm, self.demand_mm * kept + demand_mm)

    @property
    def wetness(self) -> float:
        """Rain over demand, 0 to 1.5; about 1 where rain alone would do."""
        return min(WETTEST, self.rain_mm / max(10.0, self.demand_mm))
