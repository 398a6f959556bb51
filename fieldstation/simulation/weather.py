"""Weather as the simulated field feels it: daily values, spread over the hours."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from fieldstation.domain.errors import ConfigError, Problem

SOLAR_CONSTANT_MJ = 0.0820  # MJ m-2 min-1


@dataclass(frozen=True, slots=True)
class WeatherDay:
    """One day. What a file does not tell is None and gets a plausible value when used."""

    on: date
    air_t_min_c: float
    air_t_max_c: float
    rain_mm: float
    rh_mean_frac: float | None = None
    wind_m_s: float | None = None
    radiation_mj_m2: float | None = None

    def moved_to(self, on: date) -> WeatherDay:
        """The same weather on another date."""
        return replace(self, on=on)


@dataclass(frozen=True, slots=True)
class Weather:
    """Days by date. Asking outside them is an error that names the range."""

    name: str
    days: Mapping[date, WeatherDay]

    def day(self, on: date) -> WeatherDay:
        """The weather of a date. Raises ConfigError outside the known dates."""
        found = self.days.get(on)
        if found is None:
            first, last = min(self.days), max(self.days)
            raise ConfigError(
                [Problem(self.name, f"no weather for {on}", f"choose dates from {first} to {last}")]
            )
        return found


def extraterrestrial_mj_m2(latitude_deg: float, on: date) -> float:
    """Daily radiation above the air, MJ/m2, by the usual astronomy (Duffie and Beckman)."""
    latitude = math.radians(latitude_deg)
    angle = 2 * math.pi * on.timetuple().tm_yday / 365.25
    distance = 1 + 0.033 * math.cos(angle)
    declination = 0.409 * math.sin(angle - 1.39)
    sunset = math.acos(max(-1.0, min(1.0, -math.tan(latitude) * math.tan(declination))))
    height = sunset * math.sin(latitude) * math.sin(declination) + math.cos(latitude) * math.cos(
        declination
    ) * math.sin(sunset)
    return 24 * 60 / math.pi * SOLAR_CONSTANT_MJ * distance * height


def vapour_kpa(t_c: float) -> float:
    """Saturation vapour pressure, kPa (Tetens)."""
    return 0.6108 * math.exp(17.27 * t_c / (t_c + 237.3))


def evaporative_demand_mm(day: WeatherDay, latitude_deg: float, elevation_m: float) -> float:
    """What a short green crop would use that day, mm, by the combination equation (Penman-Monteith).

    The station itself knows only temperatures and uses Hargreaves: the two disagree, as in life.
    """
    mean_c = (day.air_t_min_c + day.air_t_max_c) / 2
    spread_c = max(0.5, day.air_t_max_c - day.air_t_min_c)
    above = extraterrestrial_mj_m2(latitude_deg, day.on)
    solar = day.radiation_mj_m2
    if solar is None:  # Bristow and Campbell: clear skies swing wide
        solar = above * 0.75 * (1 - math.exp(-0.0095 * spread_c**2.1))
    saturated = (vapour_kpa(day.air_t_min_c) + vapour_kpa(day.air_t_max_c)) / 2
    actual = vapour_kpa(day.air_t_min_c - 1.0) if day.rh_mean_frac is None else saturated * day.rh_mean_frac
    actual = min(actual, saturated)
    wind = 2.0 if day.wind_m_s is None else day.wind_m_s
    slope = 4098 * vapour_kpa(mean_c) / (mean_c + 237.3) ** 2
    gamma = 0.000665 * 101.3 * ((293 - 0.0065 * elevation_m) / 293) ** 5.26
    clear = max(1.0, 0.75 * above)
    cloud = 1.35 * min(1.0, max(0.3, solar / clear)) - 0.35
    kelvin4 = ((day.air_t_max_c + 273.16) ** 4 + (day.air_t_min_c + 273.16) ** 4) / 2
    net = 0.77 * solar - 4.903e-9 * kelvin4 * (0.34 - 0.14 * math.sqrt(max(0.0, actual))) * cloud
    demand = (0.408 * slope * net + gamma * 900 / (mean_c + 273) * wind * (saturated - actual)) / (
        slope + gamma * (1 + 0.34 * wind)
    )
    return float(max(0.1, demand))


def temperature_c(day: WeatherDay, hour: float) -> float:
    """Air temperature at a local hour: lowest near 5, highest near 15."""
    swing = math.cos((hour - 15.0) * 2 * math.pi / 24.0)
    return (day.air_t_min_c + day.air_t_max_c) / 2 + (day.air_t_max_c - day.air_t_min_c) / 2 * swing


def humidity_frac(day: WeatherDay, t_c: float) -> float:
    """Relative humidity at a temperature of that day, 0.05-1."""
    mean_c = (day.air_t_min_c + day.air_t_max_c) / 2
    if day.rh_mean_frac is None:
        actual = vapour_kpa(day.air_t_min_c - 1.0)
    else:
        actual = vapour_kpa(mean_c) * day.rh_mean_frac
    return max(0.05, min(1.0, actual / vapour_kpa(t_c)))


def demand_share(hour: int) -> float:
    """The part of a day's evaporative demand that falls in one local hour (sums to 1)."""
    return _SHARES[hour % 24]


def rain_hours(day: WeatherDay, seed: int) -> dict[int, float]:
    """The hours of a day's rain and their mm: one to four hours, the same for the same seed."""
    if day.rain_mm <= 0:
        return {}
    chance = random.Random(seed * 1_000_003 + day.on.toordinal())
    first, length = chance.randrange(0, 21), chance.randint(1, 4)
    return dict.fromkeys(range(first, first + length), day.rain_mm / length)


_RAW = [
    max(0.0, math.sin(math.pi * (hour + 0.5 - 6.0) / 13.0)) if 6 <= hour < 19 else 0.0 for hour in range(24)
]
_SHARES = [0.95 * value / sum(_RAW) + 0.05 / 24 for value in _RAW]


def repeated(weather: Weather, first: date, days: int) -> Weather:
    """The same days laid end to end from `first` on, keeping the time of year where the file has it."""
    known = sorted(weather.days)
    by_year_day = {on.timetuple().tm_yday: on for on in known}
    laid = {}
    for number in range(days):
        on = first + timedelta(days=number)
        source = by_year_day.get(on.timetuple().tm_yday) or known[number % len(known)]
        laid[on] = weather.days[source].moved_to(on)
    return Weather(weather.name, laid)
