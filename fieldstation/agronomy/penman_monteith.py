"""Reference evapotranspiration where radiation, wind and humidity are measured: FAO-56 Penman-Monteith."""

from __future__ import annotations

import math

from fieldstation.agronomy.evapotranspiration import extraterrestrial_radiation_mj_m2
from fieldstation.agronomy.vapour import mean_saturation_pressure_kpa, saturation_pressure_kpa

STEFAN_BOLTZMANN_MJ_K4_M2 = 4.903e-9
ALBEDO = 0.23


def psychrometric_kpa_c(elevation_m: float) -> float:
    """Gamma, kPa per C. FAO-56 equations 7 and 8; example 2: 0.054 at 1800 m.

    >>> round(psychrometric_kpa_c(1800), 3)
    0.054
    """
    pressure_kpa: float = 101.3 * ((293 - 0.0065 * elevation_m) / 293) ** 5.26
    return 0.665e-3 * pressure_kpa


def net_radiation_mj_m2(
    t_min_c: float,
    t_max_c: float,
    actual_kpa: float,
    solar_mj_m2: float,
    latitude_deg: float,
    elevation_m: float,
    day_of_year: int,
) -> float:
    """Rn, MJ m-2 day-1. FAO-56 equations 37 to 40; example 12, Rio de Janeiro in May, gives 7.6.

    >>> round(net_radiation_mj_m2(19.1, 25.1, 2.1, 14.5, -22.9, 0, 135), 1)
    7.6
    """
    clear = (0.75 + 2e-5 * elevation_m) * extraterrestrial_radiation_mj_m2(latitude_deg, day_of_year)
    cloud = 1.35 * min(1.0, solar_mj_m2 / clear) - 0.35 if clear > 0 else 0.05
    mean_k4 = ((t_max_c + 273.16) ** 4 + (t_min_c + 273.16) ** 4) / 2
    long_wave = STEFAN_BOLTZMANN_MJ_K4_M2 * mean_k4 * (0.34 - 0.14 * math.sqrt(actual_kpa)) * cloud
    return (1 - ALBEDO) * solar_mj_m2 - long_wave


def penman_monteith_et0_mm(
    t_min_c: float,
    t_max_c: float,
    actual_kpa: float,
    wind_m_s: float,
    solar_mj_m2: float,
    latitude_deg: float,
    elevation_m: float,
    day_of_year: int,
) -> float:
    """ET0, mm/day; wind at 2 m. FAO-56 equation 6; example 18, Uccle on 6 July, gives 3.9.

    >>> round(penman_monteith_et0_mm(12.3, 21.5, 1.409, 2.078, 22.07, 50.8, 100, 187), 1)
    3.9
    """
    mean_c = (t_min_c + t_max_c) / 2
    slope = 4098 * saturation_pressure_kpa(mean_c) / (mean_c + 237.3) ** 2  # eq. 13
    gamma = psychrometric_kpa_c(elevation_m)
    radiation = net_radiation_mj_m2(
        t_min_c, t_max_c, actual_kpa, solar_mj_m2, latitude_deg, elevation_m, day_of_year
    )
    deficit_kpa = max(0.0, mean_saturation_pressure_kpa(t_min_c, t_max_c) - actual_kpa)
    above = 0.408 * slope * radiation + gamma * 900 / (mean_c + 273) * wind_m_s * deficit_kpa
    return max(0.0, above / (slope + gamma * (1 + 0.34 * wind_m_s)))


def wind_at_2_m_m_s(wind_m_s: float, height_m: float) -> float:
    """Wind speed at 2 m from another height. FAO-56 equation 47; example 14: 3.2 at 10 m gives 2.4.

    >>> round(wind_at_2_m_m_s(3.2, 10), 1)
    2.4
    """
    return wind_m_s * 4.87 / math.log(67.8 * height_m - 5.42)
