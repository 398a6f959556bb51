"""Worlds under a station of equal zones, in weather that a test chooses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from fieldstation.config.load import resolve
from fieldstation.domain.station import Station
from fieldstation.simulation.generator import generate
from fieldstation.simulation.weather import Weather, WeatherDay
from fieldstation.simulation.world import World
from tests.kit.season_station import season_text

PLANTED_ON = date(2026, 2, 1)
START_AT = datetime(2026, 2, 1, tzinfo=UTC)


def steady_weather(
    days: int = 30,
    *,
    low_c: float = 15.0,
    high_c: float = 30.0,
    rain_mm: float = 0.0,
    first: date = PLANTED_ON - timedelta(days=2),
) -> Weather:
    """The same day over and over."""
    made = [WeatherDay(first + timedelta(days=n), low_c, high_c, rain_mm, 0.5, 2.0) for n in range(days)]
    return Weather("steady weather", {day.on: day for day in made})


def station_of(zones: int = 1, *, timezone: str = "UTC", planted_on: date = PLANTED_ON) -> Station:
    """A station of equal maize zones of 200 m2 on loam, one pump of 480 l/min."""
    place = {"latitude_deg": 14.5, "elevation_m": 300, "timezone": timezone}
    return resolve(season_text(planted_on, zones=zones, **place))


def make_world(
    *,
    zones: int = 1,
    weather: Weather | None = None,
    seed: int = 3,
    available_frac: float = 0.8,
    start_at: datetime = START_AT,
    timezone: str = "UTC",
    planted_on: date = PLANTED_ON,
) -> World:
    known = weather or generate("semi_arid_warm", seed, PLANTED_ON - timedelta(days=2), 200, 14.5)
    station = station_of(zones, timezone=timezone, planted_on=planted_on)
    return World(station, known, seed, start_at, available_frac)
