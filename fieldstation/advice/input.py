"""Zone files and lines of the advice stream: what they may say, and what is wrong with them."""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from fieldstation.config.tables import crop, crop_names, soils
from fieldstation.domain.crop import fitted, usual
from fieldstation.domain.errors import ConfigError, Problem
from fieldstation.domain.plot import ForecastDay, Morning, Plot, Prices, ProbeReading
from fieldstation.domain.soil import Soil

AIR_C = (-60.0, 57.0)
"""Coldest to warmest air ever measured near the ground, roughly; Fahrenheit falls out above."""
NIGHT_MAX_C = 38.0
RAIN_MAX_MM = 600.0
HUMIDITY_PCT = (1.5, 100.0)
"""No day's mean air is drier; a fraction in place of percent falls out below."""
VWC_MAX_FRAC = 0.7
FORECAST_MAX_DAYS = 16
YEARS = (1900, 2200)
ZONE_KEYS = (
    "soil",
    "field_capacity_frac",
    "wilting_point_frac",
    "crop",
    "planted_on",
    "area_m2",
    "season_days",
    "max_depth_mm_per_day",
    "application_efficiency_frac",
    "min_event_mm",
    "season_water_cap_mm",
)
PRICE_KEYS = ("crop_per_t", "water_per_mm_ha", "event_per_ha")


@dataclass(frozen=True, slots=True)
class Told:
    """A line taken in: the morning, and the codes of what could not be believed.

    `water_known` is False where the morning's irrigation stands for the advice, as if followed.
    """

    morning: Morning
    season_irrigated_mm: float | None
    noticed: tuple[str, ...]
    water_known: bool = True


class LineError(ValueError):
    """A line that cannot be used at all."""


class _Table:
    """One table of a zone file, whose problems gather in a shared list."""

    def __init__(self, values: Mapping[str, Any], where: str, problems: list[Problem]) -> None:
        self.values, self.where, self.problems = values, where, problems

    def problem(self, key: str, what: str, do: str) -> None:
        self.problems.append(Problem(f"{self.where}: {key}", what, do))

    def only(self, known: tuple[str, ...]) -> None:
        """Refuse any other key."""
        for key in sorted(set(self.values) - set(known)):
            near = difflib.get_close_matches(key, known, 1, 0.5)
            do = f"did you mean {near[0]}?" if near else f"known: {', '.join(sorted(known))}"
            self.problem(key, "is not known", do)

    def number(self, key: str, low: float, high: float, default: float | None = None) -> float:
        """The number of a key; a wrong one is told and stands as `low`."""
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            what = "is missing" if value is None else f"{_short(value)} is not usable"
            self.problem(key, what, f"give a number from {low:g} to {high:g}")
            return low
        return float(value)

    def choice(self, key: str, names: list[str]) -> str | None:
        """One of some names; None where it is not, which is told."""
        value = self.values.get(key)
        if isinstance(value, str) and value in names:
            return value
        what = "is missing" if value is None else f"{_short(value)} is not known"
        self.problem(key, what, f"known: {', '.join(names)}")
        return None

    def day(self, key: str) -> date:
        """A date of this age of ours."""
        value = self.values.get(key)
        found = None
        if isinstance(value, date) and not isinstance(value, datetime):
            found = value
        elif isinstance(value, str):
            with contextlib.suppress(ValueError):
                found = date.fromisoformat(value)
        if found is None or not YEARS[0] <= found.year <= YEARS[1]:
            what = "is missing" if value is None else f"{_short(value)} is no date"
            self.problem(key, what, "write it as 2026-04-15")
            return date(2000, 1, 1)
        return found


def plot_from(table: Mapping[str, Any], where: str = "zone file") -> Plot:
    """The plot of a zone file's table. Raises ConfigError with every problem at once."""
    problems: list[Problem] = []
    top = _Table(table, where, problems)
    top.only(("latitude_deg", "elevation_m", "zone", "prices"))
    latitude_deg, elevation_m = top.number("latitude_deg", -70, 70), top.number("elevation_m", -450, 6000)
    prices = _prices(table.get("prices"), where, problems)
    if not isinstance(table.get("zone"), Mapping):
        problems.append(Problem(where, "has no [zone]", "add one with soil, crop and planted_on"))
        raise ConfigError(problems)
    zone = _Table(table["zone"], where, problems)
    zone.only(ZONE_KEYS)
    named = crop(zone.choice("crop", crop_names()) or crop_names()[0])
    grown = usual(named)
    told_days, season_days = zone.values.get("season_days"), None
    if isinstance(told_days, float) and not told_days.is_integer():
        zone.problem("season_days", f"{told_days!r} is not usable", "give whole days")
    elif told_days is not None:
        season_days = int(zone.number("season_days", 30, 400))
        grown = fitted(named, season_days)
    before = len(problems)
    most_mm = zone.number("max_depth_mm_per_day", 0.1, 200)
    least_mm = zone.number("min_event_mm", 0, 100, 1.0)
    if least_mm > most_mm and len(problems) == before:
        zone.problem(
            "min_event_mm",
            f"{least_mm:g} is above max_depth_mm_per_day",
            "no water could ever be given: lower it",
        )
    capped = zone.values.get("season_water_cap_mm") is not None
    found = Plot(
        latitude_deg=latitude_deg,
        elevation_m=elevation_m,
        soil=_soil(zone),
        crop=grown,
        planted_on=zone.day("planted_on"),
        area_m2=zone.number("area_m2", 0.1, 1e7),
        max_depth_mm_per_day=most_mm,
        application_efficiency_frac=zone.number("application_efficiency_frac", 0.2, 1.0),
        min_event_mm=least_mm,
        season_cap_mm=zone.number("season_water_cap_mm", 0, 5000) if capped else None,
        season_days=season_days,
        prices=prices,
    )
    if problems:
        raise ConfigError(problems)
    return found


def _prices(found: object, where: str, problems: list[Problem]) -> Prices | None:
    if found is None:
        return None
    if not isinstance(found, Mapping):
        problems.append(
            Problem(
                f"{where}: prices",
                f"{_short(found)} is no table",
                f"write [prices] with {', '.join(PRICE_KEYS)}",
            )
        )
        return None
    table = _Table(found, f"{where}: [prices]", problems)
    table.only(PRICE_KEYS)
    return Prices(*(table.number(key, 0, 1e9) for key in PRICE_KEYS))


def _soil(zone: _Table) -> Soil:
    if "field_capacity_frac" in zone.values or "wilting_point_frac" in zone.values:
        before = len(zone.problems)
        full = zone.number("field_capacity_frac", 0.04, 0.65)
        dry = zone.number("wilting_point_frac", 0.01, 0.5)
        if full - dry < 0.02:
            if len(zone.problems) == before:
                zone.problem("wilting_point_frac", "is not below field capacity", "check both")
            full = dry + 0.1
        return Soil("own", full, dry, min(0.7, full + 0.12))
    return soils()[zone.choice("soil", list(soils())) or "loam"]


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def told_of(line: object, advised_mm: float) -> Told:
    """One line. `advised_mm` stands in for an unknown irrigation. Raises LineError."""
    if not isinstance(line, Mapping):
        raise LineError("a line must be one JSON object")
    try:
        on = date.fromisoformat(line["on"])
    except (KeyError, TypeError, ValueError):
        raise LineError('"on" must be a date such as 2026-05-01') from None
    if not YEARS[0] <= on.year <= YEARS[1]:
        raise LineError(f'"on" must lie between the years {YEARS[0]} and {YEARS[1]}')
    noticed: list[str] = []
    low, high = _air(line, "air_impossible", noticed)
    if low is not None and high is not None and low > high:
        noticed.append("air_reversed")
        low = high = None
    rh = _value(line.get("rh_mean_pct"), *HUMIDITY_PCT, "humidity_impossible", noticed)
    rain = _value(line.get("rain_mm"), 0.0, RAIN_MAX_MM, "rain_impossible", noticed)
    given = _value(line.get("irrigated_mm"), 0.0, RAIN_MAX_MM, "irrigation_impossible", noticed)
    total = _value(line.get("season_irrigated_mm"), 0.0, 10000.0, "irrigation_impossible", noticed)
    morning = Morning(
        on=on,
        air_t_min_c=low,
        air_t_max_c=high,
        rh_mean_frac=None if rh is None else rh / 100,
        rain_mm=rain,
        irrigated_mm=advised_mm if given is None else given,
        probes=tuple(_probes(line.get("soil"), noticed)),
        forecast=tuple(_forecast(line.get("forecast"), noticed)),
    )
    return Told(morning, total, tuple(dict.fromkeys(noticed)), given is not None)


def _air(line: Mapping[str, Any], impossible: str, noticed: list[str]) -> tuple[float | None, float | None]:
    """A day's extremes, both or neither."""
    low = _value(line.get("air_t_min_c"), AIR_C[0], NIGHT_MAX_C, impossible, noticed)
    high = _value(line.get("air_t_max_c"), *AIR_C, impossible, noticed)
    return (None, None) if low is None or high is None else (low, high)


def _value(value: object, low: float, high: float, code: str, noticed: list[str]) -> float | None:
    if value is None:
        return None
    # compared before anything else: NaN is within nothing, and an endless integer is no float
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        noticed.append(code)
        return None
    return float(value)


def _items(found: object, code: str, noticed: list[str]) -> Iterable[Mapping[str, Any]]:
    """The items of a list, one by one; what is none counts as one that says nothing."""
    if found is not None and not isinstance(found, list):
        noticed.append(code)
    for item in found if isinstance(found, list) else ():
        if item is not None and not isinstance(item, Mapping):
            noticed.append(code)
        yield item if isinstance(item, Mapping) else {}


def _probes(found: object, noticed: list[str]) -> Iterable[ProbeReading]:
    seen: set[int] = set()
    for item in _items(found, "soil_impossible", noticed):
        depth = _value(item.get("depth_cm"), 1, 300, "soil_impossible", noticed)
        value = item.get("vwc_frac")
        if isinstance(value, int | float) and not isinstance(value, bool) and VWC_MAX_FRAC < value <= 100:
            noticed.append("soil_in_percent")
            continue
        frac = _value(value, 0.0, VWC_MAX_FRAC, "soil_impossible", noticed)
        if depth is None or frac is None:
            continue
        if round(depth) in seen:
            noticed.append("soil_depth_twice")
            continue
        seen.add(round(depth))
        yield ProbeReading(round(depth), frac)


def _forecast(found: object, noticed: list[str]) -> Iterable[ForecastDay]:
    wrong = "forecast_impossible"
    for item in islice(_items(found, wrong, noticed), FORECAST_MAX_DAYS):
        rain_mm = _value(item.get("rain_mm"), 0.0, RAIN_MAX_MM, wrong, noticed)
        low, high = _air(item, wrong, noticed)
        if low is not None and high is not None and low > high:
            low = high = None  # forecasts of the two are made apart and may cross on a mild day
        yield ForecastDay(rain_mm, low, high)
