from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from fieldstation.domain.errors import ConfigError
from fieldstation.simulation.weather import (
    Weather,
    WeatherDay,
    demand_share,
    evaporative_demand_mm,
    extraterrestrial_mj_m2,
    rain_hours,
    vapour_kpa,
)

FIRST = date(2026, 7, 1)


def weather(*days: tuple[float, float, float]) -> Weather:
    made = [
        WeatherDay(FIRST + timedelta(days=n), low, high, 0.0, rh) for n, (low, high, rh) in enumerate(days)
    ]
    return Weather("test weather", {day.on: day for day in made})


def test_the_day_is_coldest_at_five_and_warmest_at_fifteen() -> None:
    days = weather((12.0, 30.0, 0.5), (14.0, 28.0, 0.5), (10.0, 26.0, 0.5))
    on = FIRST + timedelta(days=1)
    hourly = [days.air(datetime(on.year, on.month, on.day, hour, tzinfo=UTC))[0] for hour in range(24)]
    assert hourly[5] == min(hourly) == pytest.approx(14.0)
    assert hourly[15] == max(hourly) == pytest.approx(28.0)


def test_neither_temperature_nor_humidity_jumps_at_midnight() -> None:
    days = weather((2.0, 30.0, 0.9), (-5.0, 8.0, 0.3), (20.0, 41.0, 0.7))
    at = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC)
    before = days.air(at)
    for _ in range(3 * 24 * 12 - 1):
        at += timedelta(minutes=5)
        now = days.air(at)
        assert abs(now[0] - before[0]) < 0.5
        assert abs(now[1] - before[1]) < 0.1
        before = now


def test_air_is_dampest_when_coldest() -> None:
    days = weather((12.0, 30.0, 0.5), (12.0, 30.0, 0.5), (12.0, 30.0, 0.5))
    dawn, noon = (days.air(datetime(2026, 7, 2, hour, tzinfo=UTC))[1] for hour in (5, 15))
    assert noon < 0.5 < dawn <= 1.0


def test_without_humidity_dew_forms_near_the_minimum() -> None:
    day = WeatherDay(FIRST, 12.0, 30.0, 0.0)
    assert day.moisture_kpa == pytest.approx(vapour_kpa(11.0))


def test_days_outside_are_an_error_that_names_the_range() -> None:
    days = weather((12, 30, 0.5), (12, 30, 0.5))
    with pytest.raises(
        ConfigError, match=r"no weather for 2026-07-09; choose dates from 2026-07-01 to 2026-07-02"
    ):
        days.day(date(2026, 7, 9))


def test_a_hole_between_seasons_is_found_and_named() -> None:
    apart = {on: WeatherDay(on, 10, 20, 0) for on in (date(2016, 5, 1), date(2016, 5, 2), date(2017, 5, 1))}
    days = Weather("two seasons", apart)
    with pytest.raises(ConfigError, match=r"2016-05-01 to 2016-05-02, or 2017-05-01 to 2017-05-01"):
        days.day(date(2016, 12, 24))


def test_repeated_weather_never_ends() -> None:
    days = weather((12, 30, 0.5), (13, 31, 0.5), (14, 32, 0.5)).repeated()
    assert [days.day(FIRST + timedelta(days=n)).air_t_min_c for n in (0, 3, 4, 302)] == [12, 12, 13, 14]
    assert days.day(FIRST - timedelta(days=1)).air_t_min_c == 14
    assert days.day(date(2060, 1, 1)).air_t_min_c in (12, 13, 14)


def test_moved_weather_keeps_its_order() -> None:
    days = weather((12, 30, 0.5), (13, 31, 0.5)).moved(date(2030, 1, 1))
    assert days.day(date(2030, 1, 2)).air_t_min_c == 13
    assert days.day(date(2030, 1, 2)).on == date(2030, 1, 2)
    assert (days.first, days.last) == (date(2030, 1, 1), date(2030, 1, 2))


def test_extraterrestrial_radiation_agrees_with_the_book() -> None:
    """FAO-56 example 8: 20 degrees south on 3 September, 32.2 MJ/m2."""
    assert extraterrestrial_mj_m2(-20.0, date(2026, 9, 3)) == pytest.approx(32.2, abs=0.3)


def test_demand_agrees_with_the_book() -> None:
    """FAO-56 example 18: Uccle, 6 July, 50.8 N, 100 m; wind 2.078 m/s, sunshine 22.07 MJ/m2: 3.9 mm.

    The book's vapour pressure of 1.409 kPa is a relative humidity of 0.699 at saturation 1.997 kPa.
    """
    day = WeatherDay(date(2026, 7, 6), 12.3, 21.5, 0.0, 1.409 / 1.997, 2.078, 22.07)
    assert evaporative_demand_mm(day, 50.8, 100.0) == pytest.approx(3.9, abs=0.15)


@pytest.mark.parametrize(
    ("change", "sign"),
    [
        ({"wind_m_s": 5.0}, 1),
        ({"rh_mean_frac": 0.9}, -1),
        ({"radiation_mj_m2": 10.0}, -1),
        ({"air_t_max_c": 38.0}, 1),
    ],
)
def test_demand_moves_with_its_causes(change: dict[str, float], sign: int) -> None:
    plain = {"air_t_max_c": 32.0, "rh_mean_frac": 0.5, "wind_m_s": 2.0, "radiation_mj_m2": 24.0}
    first, second = (
        evaporative_demand_mm(WeatherDay(FIRST, air_t_min_c=16.0, rain_mm=0.0, **values), 35.0, 100.0)
        for values in (plain, plain | change)
    )
    assert (second - first) * sign > 0.2


def test_hourly_shares_sum_to_a_day_and_peak_at_noon() -> None:
    shares = [demand_share(hour) for hour in range(24)]
    assert sum(shares) == pytest.approx(1.0)
    assert max(shares) == shares[12]
    assert min(shares) == shares[0] > 0


def test_rain_falls_within_its_day_and_adds_up() -> None:
    for number in range(300):
        day = WeatherDay(FIRST + timedelta(days=number), 10, 20, 12.5)
        hours = rain_hours(day, seed=4)
        assert sum(hours.values()) == pytest.approx(12.5)
        assert set(hours) <= set(range(24))
        assert hours == rain_hours(day, seed=4)
    assert rain_hours(WeatherDay(FIRST, 10, 20, 0.0), 4) == {}
