"""What air to expect on a coming day, from the latitude and the days a station has seen."""

from __future__ import annotations

from dataclasses import dataclass

from fieldstation.agronomy.evapotranspiration import extraterrestrial_radiation_mj_m2

LAG_DAYS = 28
"""Air follows the sun by about four weeks."""
EQUATOR_C, COOLER_C_PER_DEG, COOLER_C_PER_M = 28.0, 0.36, 0.0055
MEAN_SD_C = 4.0
SWING_C_PER_MJ, SWING_SD_C_PER_MJ = 0.62, 0.22
"""How far the yearly wave of air follows that of radiation: 0.3 by the sea, 1.1 inland."""
DAY_SD_C = 3.5
ALIKE_DAYS = 5.0
"""Weather lasts: so many days tell as much as one that stands alone."""
LASTS_FRAC = 0.85
"""What is left tomorrow of today's difference from the usual."""
USUAL_SPREAD_C = 10.5


@dataclass(frozen=True, slots=True)
class Air:
    """A day's expected extremes, C."""

    t_min_c: float
    t_max_c: float


class UsualWarmth:
    """A yearly wave fitted to what was seen, drawn to what the latitude promises.

    Mean air = level + swing x (radiation of four weeks before - its yearly mean); both are the
    posterior of a normal prior, so a station of a week believes the map and one of a season itself.

    >>> here = UsualWarmth(40.0, 100)
    >>> round(here.expected(200, 0).t_max_c - here.expected(20, 0).t_max_c)
    18
    >>> for day in range(100, 160):
    ...     here.saw(day, 18.0, 32.0)
    >>> round(here.expected(165, 6).t_max_c)
    33
    """

    def __init__(self, latitude_deg: float, elevation_m: float) -> None:
        self._sun = [extraterrestrial_radiation_mj_m2(latitude_deg, day) for day in range(1, 366)]
        self._mean_sun = sum(self._sun) / len(self._sun)
        level = EQUATOR_C - COOLER_C_PER_DEG * abs(latitude_deg) - COOLER_C_PER_M * elevation_m
        one, other = MEAN_SD_C**-2, SWING_SD_C_PER_MJ**-2
        # normal equations: [[a, b], [b, c]] (level, swing) = (d, e)
        self._a, self._b, self._c = one, 0.0, other
        self._d, self._e = one * level, other * SWING_C_PER_MJ
        self._spread_sum, self._spread_days = 4 * USUAL_SPREAD_C, 4.0
        self._apart_c = 0.0

    def saw(self, day_of_year: int, t_min_c: float, t_max_c: float) -> None:
        """One day's extremes."""
        wave, mean = self._wave(day_of_year), (t_min_c + t_max_c) / 2
        weight = DAY_SD_C**-2 / ALIKE_DAYS
        self._a += weight
        self._b += weight * wave
        self._c += weight * wave * wave
        self._d += weight * mean
        self._e += weight * wave * mean
        self._spread_sum += max(0.0, t_max_c - t_min_c)
        self._spread_days += 1
        self._apart_c += 0.3 * (mean - self._usual_c(day_of_year) - self._apart_c)

    def expected(self, day_of_year: int, days_ahead: int) -> Air:
        """A day's air, `days_ahead` of the last one seen."""
        mean = self._usual_c(day_of_year) + self._apart_c * LASTS_FRAC ** max(0, days_ahead)
        half = self._spread_sum / self._spread_days / 2
        return Air(mean - half, mean + half)

    def _usual_c(self, day_of_year: int) -> float:
        whole = self._a * self._c - self._b * self._b
        level = (self._d * self._c - self._b * self._e) / whole
        swing = (self._a * self._e - self._b * self._d) / whole
        return level + swing * self._wave(day_of_year)

    def _wave(self, day_of_year: int) -> float:
        return self._sun[(day_of_year - 1 - LAG_DAYS) % 365] - self._mean_sun
