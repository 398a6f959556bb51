from __future__ import annotations

import statistics
from datetime import date
from itertools import pairwise

import pytest

from fieldstation.domain.errors import ConfigError
from fieldstation.simulation.generator import CLIMATES, generate

FIRST = date(2026, 1, 1)


@pytest.mark.parametrize("climate", CLIMATES)
def test_weather_is_possible_and_the_same_for_the_same_seed(climate: str) -> None:
    weather = generate(climate, 5, FIRST, 365, 40.0)
    assert len(weather.days) == 365
    for day in weather.days.values():
        assert day.air_t_min_c + 2.5 < day.air_t_max_c < 50
        assert 0 <= day.rain_mm < 150
        assert day.rh_mean_frac is not None
        assert 0.1 < day.rh_mean_frac < 1
    assert weather == generate(climate, 5, FIRST, 365, 40.0)
    assert weather != generate(climate, 6, FIRST, 365, 40.0)


def test_the_demo_climate_has_no_frost_and_long_dry_spells() -> None:
    for seed in range(8):
        days = list(generate("semi_arid_warm", seed, FIRST, 365, 14.5).days.values())
        assert min(day.air_t_min_c for day in days) > 3
        assert sum(day.rain_mm for day in days) < 450
        dry, longest = 0, 0
        for day in days:
            dry = 0 if day.rain_mm > 0 else dry + 1
            longest = max(longest, dry)
        assert longest > 20


@pytest.mark.parametrize(("latitude_deg", "warm", "cold"), [(45.0, 7, 1), (-35.0, 1, 7)])
def test_summer_comes_in_its_half_of_the_year(latitude_deg: float, warm: int, cold: int) -> None:
    weather = generate("temperate", 3, FIRST, 365, latitude_deg)

    def mean_c(month: int) -> float:
        return statistics.fmean(day.air_t_max_c for on, day in weather.days.items() if on.month == month)

    assert mean_c(warm) > mean_c(cold) + 10


def test_wet_days_come_together() -> None:
    days = list(generate("temperate", 9, FIRST, 3000, 45.0).days.values())
    wet = [day.rain_mm > 0 for day in days]
    after_wet = statistics.fmean(b for a, b in pairwise(wet) if a)
    after_dry = statistics.fmean(b for a, b in pairwise(wet) if not a)
    assert after_wet > after_dry + 0.15


def test_an_unknown_climate_names_the_known() -> None:
    with pytest.raises(ConfigError, match="'polar' is not known; choose one of: semi_arid_warm"):
        generate("polar", 1, FIRST, 10, 80.0)
