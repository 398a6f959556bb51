"""Seeded weather for a place: a climate's year, with days that hang together."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import date, timedelta

from fieldstation.domain.errors import ConfigError, Problem
from fieldstation.simulation.weather import Weather, WeatherDay


@dataclass(frozen=True, slots=True)
class Climate:
    """A year in a few numbers. `peak_day` is the warmest day of the year (196 in the north)."""

    mean_t_c: float
    season_swing_c: float
    day_swing_c: float
    wet_chance: float  # of a wet day after a dry one
    stay_wet: float  # of a wet day after a wet one
    wet_day_mm: float
    rh_frac: float


CLIMATES = {
    "semi_arid_warm": Climate(26.0, 3.5, 14.0, 0.035, 0.30, 9.0, 0.45),
    "mediterranean": Climate(17.5, 8.5, 12.0, 0.07, 0.45, 8.0, 0.58),
    "temperate": Climate(11.0, 9.0, 9.5, 0.22, 0.55, 6.0, 0.72),
    "continental": Climate(12.0, 13.5, 12.0, 0.20, 0.42, 8.5, 0.64),
}


def generate(climate: str, seed: int, first: date, days: int, latitude_deg: float) -> Weather:
    """Weather for `days` days from `first`. The same arguments give the same weather.

    Raises ConfigError for a climate that is not in `CLIMATES`.
    """
    kind = CLIMATES.get(climate)
    if kind is None:
        raise ConfigError(
            [Problem("climate", f"{climate!r} is not known", f"choose one of: {', '.join(CLIMATES)}")]
        )
    chance = random.Random(f"{climate}/{seed}/{first.toordinal()}")
    peak_day = 196 if latitude_deg >= 0 else 15
    made: dict[date, WeatherDay] = {}
    wet, anomaly_c = False, 0.0
    for number in range(days):
        on = first + timedelta(days=number)
        turn = 2 * math.pi * (on.timetuple().tm_yday - peak_day) / 365.25
        wet = chance.random() < (kind.stay_wet if wet else kind.wet_chance)
        anomaly_c = 0.72 * anomaly_c + chance.gauss(0, 1.6)
        mean_c = kind.mean_t_c + kind.season_swing_c * math.cos(turn) + anomaly_c - (1.5 if wet else 0)
        swing_c = max(3.0, kind.day_swing_c * (0.62 if wet else 1.0) + chance.gauss(0, 1.4))
        rain_mm = round(chance.expovariate(1 / kind.wet_day_mm), 1) if wet else 0.0
        rh = min(0.98, max(0.15, kind.rh_frac + (0.2 if wet else 0) + chance.gauss(0, 0.06)))
        made[on] = WeatherDay(
            on=on,
            air_t_min_c=round(mean_c - swing_c / 2, 1),
            air_t_max_c=round(mean_c + swing_c / 2, 1),
            rain_mm=rain_mm,
            rh_mean_frac=round(rh, 2),
            wind_m_s=round(max(0.3, chance.gauss(2.0, 0.7)), 1),
        )
    return Weather(f"{climate} weather, seed {seed}", made)
