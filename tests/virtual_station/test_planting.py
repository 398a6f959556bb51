"""The planting advisor: cold and short seasons cost yield, dry ones cost water, and nonsense is told."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from fieldstation.config.load import resolve
from fieldstation.domain.errors import ConfigError
from fieldstation.simulation.weather import Weather, WeatherDay
from fieldstation.virtual_station.planting import best, prospects
from tests.kit.commands import fieldstation, refused
from tests.kit.season_station import season_text

pytestmark = pytest.mark.slow


def zone(crop: str = "maize"):  # type: ignore[no-untyped-def] # a Zone
    text = season_text(date(2027, 3, 1), crop=crop, latitude_deg=40, timezone="UTC", max_depth_mm_per_day=25)
    return resolve(text).zones[0]


def climate(cold_until: date, rain_mm: float = 0.0) -> Weather:
    days = {}
    for number in range(500):
        on = date(2027, 1, 1) + timedelta(days=number)
        cold = on < cold_until
        days[on] = WeatherDay(
            on, -4.0 if cold else 15.0, 6.0 if cold else 29.0, rain_mm if number % 5 == 0 else 0.0
        )
    return Weather("made", days)


def test_a_date_in_the_frost_promises_nothing_and_a_later_one_does() -> None:
    early, late = prospects(
        zone(), [climate(date(2027, 4, 15))], [date(2027, 3, 15), date(2027, 4, 20)], 40, 100, 1
    )
    assert early.yield_t_ha[1] == 0
    assert early.frost_days > 20
    assert late.yield_t_ha[1] > 8
    assert best([early, late]) is late


def test_a_wet_climate_needs_less_water() -> None:
    date_ = [date(2027, 5, 1)]
    (dry,) = prospects(zone(), [climate(date(2027, 1, 2))], date_, 40, 100, 1)
    (wet,) = prospects(zone(), [climate(date(2027, 1, 2), 25.0)], date_, 40, 100, 1)
    assert wet.water_mm[1] < dry.water_mm[1] - 150
    assert wet.yield_t_ha[1] > 0.95 * dry.yield_t_ha[1]


def test_a_file_too_short_for_any_season_is_told() -> None:
    short = Weather(
        "short", {on: day for on, day in climate(date(2027, 1, 2)).days.items() if on < date(2027, 5, 1)}
    )
    with pytest.raises(ConfigError, match="whole season"):
        prospects(zone(), [short], [date(2027, 3, 15)], 40, 100, 1)


def test_the_command_prints_every_date(tmp_path: Path) -> None:
    done = fieldstation("season", "--crop", "tomato", "--years", "2", "--every", "40", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [one["plant_on"] for one in found["dates"]] == [
        "2027-03-01",
        "2027-04-10",
        "2027-05-20",
        "2027-06-29",
    ]
    assert found["best"] in {one["plant_on"] for one in found["dates"]}
    words = fieldstation("season", "--crop", "tomato", "--years", "1", "--every", "60").stdout
    assert "best in bad years" in words
    refused(fieldstation("season", "--crop", "triffid"), "triffid")
    refused(fieldstation("season", "--crop", "maize", "--from", "spring"), "spring")
    refused(fieldstation("season", "--crop", "maize", "--every", "0"), "--every")
