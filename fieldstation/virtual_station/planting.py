"""When to plant: every candidate date lived in every year of the station's climate, under the station's own rules."""

from __future__ import annotations

import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from fieldstation.agronomy.crop_stage import crop_coefficient
from fieldstation.agronomy.growth import co2_ppm, typical_t_ha
from fieldstation.agronomy.heat_units import heat_units_c_days
from fieldstation.agronomy.month import Month
from fieldstation.domain.errors import ConfigError, Problem
from fieldstation.domain.plot import plot_of
from fieldstation.domain.station import Zone
from fieldstation.policies.depth import RootState, choose
from fieldstation.simulation.plot import Plot
from fieldstation.simulation.weather import Weather, WeatherDay, evaporative_demand_mm

STEPS_A_DAY = 6
DEMAND_SHARE = (0.0, 0.15, 0.35, 0.35, 0.15, 0.0)
RAIN_AT_STEP = 2
START_AVAILABLE_FRAC = 0.7
FROST_C = 0.0
WARM_CROP_BASE_C = 7.0
KILLING_FROST_C = -2.0
FULL_GROWTH_C_DAYS = 8.0
"""Heat units a day from which growth is not slowed by cold; AquaCrop's range of crops is 5 to 14."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """One planting date over the years, each as p10, p50, p90."""

    plant_on: date
    harvest_on: date
    yield_t_ha: tuple[float, float, float]
    water_mm: tuple[float, float, float]
    frost_days: float  # mean a season
    years: int


def live_day(ground: Plot, on: date, demand_mm: float, rain_mm: float) -> None:
    """One day of ground and plant in coarse steps; irrigation given before soaks in with the first."""
    for step, share in enumerate(DEMAND_SHARE):
        if step == RAIN_AT_STEP and rain_mm > 0:
            ground.rain(rain_mm)
        ground.soak(24 / STEPS_A_DAY, demand_mm * share, on)
    ground.plant.end_day(ground.day(on))


def prospects(
    zone: Zone,
    climate: Sequence[Weather],
    dates: Sequence[date],
    latitude_deg: float,
    elevation_m: float,
    seed: int,
) -> list[Prospect]:
    """Expected yield and water for each date (its year is ignored). Raises ConfigError when no year holds a season."""
    best_t_ha = typical_t_ha(zone.crop.growth, co2_ppm(zone.planted_on.year))
    found = []
    for day in dates:
        simulated = [
            _season(
                replace(zone, planted_on=planted),
                years,
                latitude_deg,
                elevation_m,
                f"{seed}/{planted}",
                best_t_ha,
            )
            for years in climate
            for planted in _plantings(years, day, zone.crop.season_days)
        ]
        if simulated:
            yields, water, frost = zip(*simulated, strict=True)
            found.append(
                Prospect(
                    day,
                    day + timedelta(days=zone.crop.season_days),
                    _range(yields),
                    _range(water),
                    statistics.fmean(frost),
                    len(simulated),
                )
            )
    if not found:
        need = f"{zone.crop.season_days} days from the planting date on"
        raise ConfigError(
            [Problem("weather", "holds no whole season for any date", f"give a file with {need}")]
        )
    return found


def best(found: Sequence[Prospect]) -> Prospect:
    """The date with the highest yield in a bad year; among equals (2 %) the one that needs least water."""
    top = max(one.yield_t_ha[0] for one in found)
    good = [one for one in found if one.yield_t_ha[0] >= 0.98 * top]
    return min(good, key=lambda one: one.water_mm[1])


def _plantings(weather: Weather, day: date, season_days: int) -> list[date]:
    known = []
    for year in range(weather.first.year, weather.last.year + 1):
        try:
            planted = day.replace(year=year)
        except ValueError:  # 29 February
            continue
        last = planted + timedelta(days=season_days)
        if weather.first <= planted and last <= weather.last:
            known.append(planted)
    return known


def _season(
    zone: Zone, weather: Weather, latitude_deg: float, elevation_m: float, seed: str, best_t_ha: float
) -> tuple[float, float, int]:
    plot = plot_of(zone, latitude_deg, elevation_m)
    ground = Plot(zone, START_AVAILABLE_FRAC, random.Random(f"planting/{seed}"))
    given_mm, frost, warmth, killed = 0.0, 0, 0.0, False
    demand_mm, month = 4.0, Month()
    for number in range(zone.crop.season_days):
        on = zone.planted_on + timedelta(days=number)
        truth = ground.truth(on)
        state = RootState(
            number,
            truth["taw_mm"],
            min(1.0, max(0.0, truth["depletion_frac"])),
            demand_mm,
            given_mm,
            month.wetness,
        )
        depth_mm = choose(plot, state, ()).depth_mm
        given_mm += depth_mm
        ground.irrigate(depth_mm * zone.area_m2)
        today = weather.day(on)
        frost += today.air_t_min_c < FROST_C
        killed = killed or (zone.crop.base_t_c >= WARM_CROP_BASE_C and today.air_t_min_c < KILLING_FROST_C)
        warmth += _warmth(today, zone.crop.base_t_c)
        demand_mm = evaporative_demand_mm(today, latitude_deg, elevation_m)
        month = month.next_day(today.rain_mm, crop_coefficient(zone.crop, number) * demand_mm)
        live_day(ground, on, demand_mm, today.rain_mm)
    # the simulated plant knows the table's commercial yield; the season's forecast, the crop's potential
    share = 0.0 if killed else ground.plant.yield_t_ha() / zone.crop.yield_potential_t_ha
    grown = best_t_ha * share * warmth / zone.crop.season_days
    return grown, given_mm, frost


def _warmth(today: WeatherDay, base_t_c: float) -> float:
    """How far the day's warmth lets a crop grow, 0 to 1."""
    return min(1.0, heat_units_c_days(today.air_t_min_c, today.air_t_max_c, base_t_c) / FULL_GROWTH_C_DAYS)


def _range(values: Sequence[float]) -> tuple[float, float, float]:
    ranked = sorted(values)
    last = len(ranked) - 1
    low, mid, high = (ranked[round(share * last)] for share in (0.1, 0.5, 0.9))
    return low, mid, high
