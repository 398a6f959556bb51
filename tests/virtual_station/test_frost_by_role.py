"""Whatever measures the air keeps water from frost: the driver's name plays no part."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from fieldstation.config.demo import demo_toml
from fieldstation.config.load import resolve
from fieldstation.simulation.weather import Weather, WeatherDay
from fieldstation.virtual_station.run import simulate

START_AT = datetime(2026, 9, 1, 6, tzinfo=UTC)
DHT = '[sensor.air]\ndriver = "dht22"\npin = 4\n'


def two_cold_days(air: str) -> dict[str, Any]:
    """A thirsty demo at 1 C or less, without frost months, with the declared air sensor."""
    demo = demo_toml(planted_on=date(2026, 7, 1), seed=1)
    assert DHT in demo
    assert "frost_months = []" in demo
    days = [WeatherDay(START_AT.date() + timedelta(days=n - 2), -3.0, 1.0, 0.0, 0.5, 2.0) for n in range(9)]
    weather = Weather("cold", {day.on: day for day in days})
    station = resolve(demo.replace(DHT, air))
    return simulate(station, weather, start_at=START_AT, days=2, seed=1, available_frac=0.1)


@pytest.mark.parametrize("air", [DHT, '[sensor.mast]\ndriver = "sht31"\naddress = 0x45\n'])
def test_an_air_sensor_of_any_kind_is_a_frost_limit(air: str) -> None:
    lived = two_cold_days(air)
    assert lived["refusals"].get("frost", 0) > 0
    assert [zone["irrigation_mm"] for zone in lived["zones"]] == [0, 0]


def test_without_one_the_same_days_are_watered() -> None:
    lived = two_cold_days("")
    assert "frost" not in lived["refusals"]
    assert all(zone["irrigation_mm"] > 0 for zone in lived["zones"])
