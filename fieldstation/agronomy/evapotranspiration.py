"""Reference evapotranspiration from what a small station knows: two temperatures and the date."""

from __future__ import annotations

import math
from functools import lru_cache

SOLAR_CONSTANT_MJ_M2_MIN = 0.0820


@lru_cache(maxsize=2048)
def extraterrestrial_radiation_mj_m2(latitude_deg: float, day_of_year: int) -> float:
    """Ra, MJ m-2 day-1, for a latitude (degrees, south negative) and a day (1-366).

    FAO-56 equation 21, with 23, 24 and 25. Example 8: 20 degrees south, 3 September.

    >>> round(extraterrestrial_radiation_mj_m2(-20, 246), 1)
    32.2
    """
    latitude = math.radians(latitude_deg)
    angle = 2 * math.pi * day_of_year / 365
    distance = 1 + 0.033 * math.cos(angle)  # eq. 23
    declination = 0.409 * math.sin(angle - 1.39)  # eq. 24
    sunset = math.acos(max(-1.0, min(1.0, -math.tan(latitude) * math.tan(declination))))  # eq. 25
    return (
        24
        * 60
        / math.pi
        * SOLAR_CONSTANT_MJ_M2_MIN
        * distance
        * (
            sunset * math.sin(latitude) * math.sin(declination)
            + math.cos(latitude) * math.cos(declination) * math.sin(sunset)
        )
    )


def hargreaves_et0_mm(air_t_min_c: float, air_t_max_c: float, latitude_deg: float, day_of_year: int) -> float:
    """ET0, mm/day, from the day's extremes in C. FAO-56 equation 52; never negative.

    Example 20 (Lyon, 45 degrees 43 minutes north, July: 26.6 and 14.8 C) gives 5.0 mm/day.

    >>> round(hargreaves_et0_mm(14.8, 26.6, 45 + 43 / 60, 196), 1)
    5.0
    """
    mean_c = (air_t_min_c + air_t_max_c) / 2
    spread_c = max(0.0, air_t_max_c - air_t_min_c)
    radiation_mm = 0.408 * extraterrestrial_radiation_mj_m2(latitude_deg, day_of_year)
    return max(0.0, 0.0023 * (mean_c + 17.8) * math.sqrt(spread_c) * radiation_mm)
