"""Zone files and lines of the advice stream: what they may say, and what is wrong with them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fieldstation.agronomy.crop_stage import fitted
from fieldstation.config.tables import crop, crop_names, soils
from fieldstation.domain.errors import ConfigError, Problem
from fieldstation.domain.plot import ForecastDay, Morning, Plot, Prices, ProbeReading
from fieldstation.domain.soil import Soil

AIR_C = (-60.0, 57.0)
"""Coldest to warmest air ever measured near the ground, roughly; Fahrenheit falls out above."""
NIGHT_MAX_C = 38.0
RAIN_MAX_MM = 600.0
VWC_MAX_FRAC = 0.7
FORECAST_MAX_DAYS = 16


@dataclass(frozen=True, slots=True)
class Told:
    """A line taken in: the morning, and the codes of what could not be believed."""

    morning: Morning
    season_irrigated_mm: float | None
    noticed: tuple[str, ...]


class LineError(ValueError):
    """A line that cannot be used at all."""


def plot_from(table: Mapping[str, Any], where: str = "zone file") -> Plot:
    """The plot of a zone file's table. Raises ConfigError with every problem at once."""
    problems: list[Problem] = []
    zone = table.get("zone")
    if not isinstance(zone, Mapping):
        raise ConfigError([Problem(where, "has no [zone]", "add one with soil, crop and planted_on")])

    def number(
        of: Mapping[str, Any], key: str, low: float, high: float, default: float | None = None
    ) -> float:
        value = of.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            problems.append(
                Problem(
                    f"{where}: {key}", f"{value!r} is not usable", f"give a number from {low:g} to {high:g}"
                )
            )
            return low
        return float(value)

    known = {"soil", "field_capacity_frac", "wilting_point_frac", "crop", "planted_on", "area_m2", "season_days",
             "max_depth_mm_per_day", "application_efficiency_frac", "min_event_mm", "season_water_cap_mm"}  # fmt: skip
    list_known = f"known: {', '.join(sorted(known))}"
    problems += [Problem(f"{where}: {key}", "is not known", list_known) for key in sorted(set(zone) - known)]
    soil = _soil(zone, where, problems, number)
    name = zone.get("crop")
    if name not in crop_names():
        problems.append(
            Problem(f"{where}: crop", f"{name!r} is not known", f"known: {', '.join(crop_names())}")
        )
        name = crop_names()[0]
    grown = crop(str(name))
    season_days = None
    if zone.get("season_days") is not None:
        season_days = int(number(zone, "season_days", 30, 400))
        grown = fitted(grown, season_days)
    planted = zone.get("planted_on")
    try:
        planted_on = planted if isinstance(planted, date) else date.fromisoformat(str(planted))
    except ValueError:
        problems.append(Problem(f"{where}: planted_on", f"{planted!r} is no date", "write it as 2026-04-15"))
        planted_on = date(2000, 1, 1)
    cap = (
        number(zone, "season_water_cap_mm", 0, 5000) if zone.get("season_water_cap_mm") is not None else None
    )
    prices = table.get("prices")
    found = Plot(
        latitude_deg=number(table, "latitude_deg", -70, 70),
        elevation_m=number(table, "elevation_m", -450, 6000),
        soil=soil,
        crop=grown,
        planted_on=planted_on,
        area_m2=number(zone, "area_m2", 0.1, 1e7),
        max_depth_mm_per_day=number(zone, "max_depth_mm_per_day", 0.1, 200),
        application_efficiency_frac=number(zone, "application_efficiency_frac", 0.2, 1.0),
        min_event_mm=number(zone, "min_event_mm", 0, 100, 1.0),
        season_cap_mm=cap,
        season_days=season_days,
        prices=None if not isinstance(prices, Mapping) else Prices(
            number(prices, "crop_per_t", 0, 1e9), number(prices, "water_per_mm_ha", 0, 1e9),
            number(prices, "event_per_ha", 0, 1e9),
        ),
    )  # fmt: skip
    if problems:
        raise ConfigError(problems)
    return found


def _soil(zone: Mapping[str, Any], where: str, problems: list[Problem], number: Any) -> Soil:
    if "field_capacity_frac" in zone or "wilting_point_frac" in zone:
        full, dry = (
            number(zone, "field_capacity_frac", 0.04, 0.65),
            number(zone, "wilting_point_frac", 0.01, 0.5),
        )
        if full - dry < 0.02:
            problems.append(
                Problem(f"{where}: wilting_point_frac", "is not below field capacity", "check both")
            )
            full = dry + 0.1
        return Soil("own", full, dry, min(0.7, full + 0.12))
    name = zone.get("soil")
    if name not in soils():
        problems.append(Problem(f"{where}: soil", f"{name!r} is not known", f"known: {', '.join(soils())}"))
        return soils()["loam"]
    return soils()[str(name)]


def told_of(line: object, advised_mm: float) -> Told:
    """One line. `advised_mm` stands in for an unknown irrigation. Raises LineError."""
    if not isinstance(line, Mapping):
        raise LineError("a line must be one JSON object")
    try:
        on = date.fromisoformat(line["on"])
    except (KeyError, TypeError, ValueError):
        raise LineError('"on" must be a date such as 2026-05-01') from None
    noticed: list[str] = []
    low = _value(line.get("air_t_min_c"), AIR_C[0], NIGHT_MAX_C, "air_impossible", noticed)
    high = _value(line.get("air_t_max_c"), *AIR_C, "air_impossible", noticed)
    if low is not None and high is not None and low > high:
        noticed.append("air_reversed")
        low = high = None
    if (low is None) != (high is None):
        low = high = None
    rh = _value(line.get("rh_mean_pct"), 0.0, 100.0, "humidity_impossible", noticed)
    rain = _value(line.get("rain_mm"), 0.0, RAIN_MAX_MM, "rain_impossible", noticed)
    given = _value(line.get("irrigated_mm"), 0.0, RAIN_MAX_MM, "irrigation_impossible", noticed)
    total = _value(line.get("season_irrigated_mm"), 0.0, 10000.0, "irrigation_impossible", noticed)
    morning = Morning(
        on=on, air_t_min_c=low, air_t_max_c=high, rh_mean_frac=None if rh is None else rh / 100, rain_mm=rain,
        irrigated_mm=advised_mm if given is None else given, probes=tuple(_probes(line.get("soil"), noticed)),
        forecast=tuple(_forecast(line.get("forecast"), noticed)),
    )  # fmt: skip
    return Told(morning, total, tuple(dict.fromkeys(noticed)))


def morning_of(line: Mapping[str, Any], advised_mm: float) -> Morning:
    """The morning of a line, its problems left out."""
    return told_of(line, advised_mm).morning


def without_probes(morning: Morning) -> Morning:
    """The same morning, its probes unheard."""
    return replace(morning, probes=())


def _value(value: object, low: float, high: float, code: str, noticed: list[str]) -> float | None:
    if value is None:
        return None
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not math.isfinite(value)
        or not low <= value <= high
    ):
        noticed.append(code)
        return None
    return float(value)


def _items(found: object, code: str, noticed: list[str]) -> Iterable[Mapping[str, Any]]:
    if found is None:
        return
    if not isinstance(found, list):
        noticed.append(code)
        return
    for item in found:
        if isinstance(item, Mapping):
            yield item
        else:
            noticed.append(code)


def _probes(found: object, noticed: list[str]) -> Iterable[ProbeReading]:
    seen: set[int] = set()
    for item in _items(found, "soil_impossible", noticed):
        depth = _value(item.get("depth_cm"), 1, 300, "soil_impossible", noticed)
        value = item.get("vwc_frac")
        if isinstance(value, int | float) and not isinstance(value, bool) and VWC_MAX_FRAC < value <= 100:
            noticed.append("soil_in_percent")
            continue
        frac = _value(value, 0.0, VWC_MAX_FRAC, "soil_impossible", noticed)
        if depth is not None and frac is not None and round(depth) not in seen:
            seen.add(round(depth))
            yield ProbeReading(round(depth), frac)


def _forecast(found: object, noticed: list[str]) -> Iterable[ForecastDay]:
    for number, item in enumerate(_items(found, "forecast_impossible", noticed)):
        if number >= FORECAST_MAX_DAYS:
            return
        yield ForecastDay(
            _value(item.get("rain_mm"), 0.0, RAIN_MAX_MM, "forecast_impossible", noticed),
            _value(item.get("air_t_min_c"), *AIR_C, "forecast_impossible", noticed),
            _value(item.get("air_t_max_c"), *AIR_C, "forecast_impossible", noticed),
        )
