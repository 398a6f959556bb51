"""Water in the air: saturation pressure, dew point, deficit."""

from __future__ import annotations

import math


def saturation_pressure_kpa(t_c: float) -> float:
    """e0, kPa, at an air temperature in C. FAO-56 equation 11; example 3: 24.5 C gives 3.075 kPa.

    >>> round(saturation_pressure_kpa(24.5), 3), round(saturation_pressure_kpa(15.0), 3)
    (3.075, 1.705)
    """
    return 0.6108 * math.exp(17.27 * t_c / (t_c + 237.3))


def mean_saturation_pressure_kpa(t_min_c: float, t_max_c: float) -> float:
    """es, kPa, of a day. FAO-56 equation 12; example 3: 2.39 kPa.

    >>> round(mean_saturation_pressure_kpa(15.0, 24.5), 2)
    2.39
    """
    return (saturation_pressure_kpa(t_min_c) + saturation_pressure_kpa(t_max_c)) / 2


def actual_pressure_kpa(t_min_c: float, t_max_c: float, rh_mean_frac: float) -> float:
    """Ea, kPa, from the day's mean humidity (0-1). FAO-56 equation 19; example 5: 18 to 25 C, 68 %.

    >>> round(actual_pressure_kpa(18, 25, 0.68), 2)
    1.78
    """
    return rh_mean_frac * mean_saturation_pressure_kpa(t_min_c, t_max_c)


def vapour_pressure_deficit_kpa(t_min_c: float, t_max_c: float, rh_mean_frac: float) -> float:
    """VPD, kPa: what the air still takes. FAO-56 chapter 3, es - ea; never negative.

    >>> round(vapour_pressure_deficit_kpa(18, 25, 0.68), 2)
    0.84
    """
    return max(0.0, (1 - rh_mean_frac) * mean_saturation_pressure_kpa(t_min_c, t_max_c))


def dew_point_c(actual_kpa: float) -> float:
    """The temperature at which this vapour pressure saturates. FAO-56 annex 3, equation 3-11.

    >>> round(dew_point_c(saturation_pressure_kpa(12.0)), 1)
    12.0
    """
    if actual_kpa <= 0:
        raise ValueError("vapour pressure must be above 0 kPa")
    return (116.91 + 237.3 * math.log(actual_kpa)) / (16.78 - math.log(actual_kpa))
