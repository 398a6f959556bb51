"""Air that cannot be: too hot or too cold for the place and the season, or far from the days before."""

from __future__ import annotations

from collections import deque
from datetime import date, timedelta

from fieldstation.agronomy.evapotranspiration import extraterrestrial_radiation_mj_m2
from fieldstation.domain.plot import Plot

AIR_JUMP_C = 22.0
SPREAD_MAX_C = 42.0
"""Between a day's extremes: the widest of 24 years in Nebraska is 40."""
USUAL_DAYS = 10
REFUSED_OF = (3, 7)
"""So many impossible days among so many, and the days between are in doubt too: a wrong unit, a broken sensor."""
HEALED_DAYS = 7
"""So many days in a row far from the usual, each possible in itself, and they are the new usual."""


def air_bounds_c(latitude_deg: float, elevation_m: float, on: date) -> tuple[float, float]:
    """Coldest and warmest air to believe at a place on a date, C.

    From the sun of now and of a month ago (the ground's warmth lags), latitude and height. At
    least 5 C beyond every one of 80 years of days at four places between 36 and 56 degrees.
    """
    sun = [
        extraterrestrial_radiation_mj_m2(latitude_deg, (on - timedelta(days=ago)).timetuple().tm_yday)
        for ago in (0, 30)
    ]
    height_km = max(0.0, elevation_m) / 1000
    warmest = 22 + max(sun) - 0.4 * max(0.0, abs(latitude_deg) - 35) - 5 * height_km
    return -60 + 1.1 * min(sun) - 7 * height_km, warmest


class AirWatch:
    """Follows a field's air. A refused day has no air: nothing dries by a wrong unit."""

    def __init__(self, plot: Plot) -> None:
        self._plot = plot
        self._usual: deque[float] = deque(maxlen=USUAL_DAYS)
        self._refused: deque[bool] = deque(maxlen=REFUSED_OF[1])
        self._jumps = 0

    def forget(self) -> None:
        """After weeks of silence another season may have come."""
        self._usual.clear()

    def check(self, on: date, low_c: float | None, high_c: float | None, *, refused: bool) -> str | None:
        """The code of what is wrong with the air of the day before `on`, or None.

        `refused` when the line's air was beyond any place on earth.
        """
        if refused:
            self._refused.append(True)
            self._jumps = 0
            return None
        if low_c is None or high_c is None:
            return None
        coldest, warmest = air_bounds_c(self._plot.latitude_deg, self._plot.elevation_m, on)
        if low_c < coldest or high_c > warmest or high_c - low_c > SPREAD_MAX_C:
            self._refused.append(True)
            self._jumps = 0
            return "air_impossible"
        self._refused.append(False)
        mean = (low_c + high_c) / 2
        known = len(self._usual) >= 3
        usual = sorted(self._usual)[len(self._usual) // 2] if known else mean
        doubtful = sum(self._refused) >= REFUSED_OF[0]
        if abs(mean - usual) > AIR_JUMP_C or (
            doubtful and not (known and abs(mean - usual) < AIR_JUMP_C / 2)
        ):
            self._jumps += 1
            if self._jumps < HEALED_DAYS:
                return "air_jumps"
            self._usual.clear()
        self._jumps = 0
        self._usual.append(mean)
        return None
