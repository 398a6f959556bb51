"""Zone files and lines of the advice stream: what they may say, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from fieldstation.binding import read_fields, setting
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
GROUND = ("soil", "field_capacity_frac", "wilting_point_frac")


@dataclass(frozen=True, slots=True)
class ParsedLine:
    """A line taken in: the morning, and the codes of what could not be believed.

    `water_known` is False where the morning's irrigation stands for the advice, as if followed.
    """

    morning: Morning
    season_irrigated_mm: float | None
    noticed: tuple[str, ...]
    water_known: bool = True


class LineError(ValueError):
    """A line that cannot be used at all."""


@dataclass(frozen=True, slots=True)
class _Place:
    latitude_deg: float = setting("south negative", unit="degrees", ge=-70, le=70)
    elevation_m: float = setting("above the sea", unit="m", ge=-450, le=6000)


@dataclass(frozen=True, slots=True)
class _Zone:
    crop: str = setting("the crop", choices=tuple(crop_names()))
    planted_on: date = setting("day of planting")
    area_m2: float = setting("irrigated area", unit="m2", ge=0.1, le=1e7)
    max_depth_mm_per_day: float = setting("most water a day", unit="mm", ge=0.1, le=200)
    application_efficiency_frac: float = setting("part of the water that reaches the roots", ge=0.2, le=1)
    min_event_mm: float = setting("smallest watering worth starting", unit="mm", default=1.0, ge=0, le=100)
    soil: str | None = setting("a USDA texture", default=None, choices=tuple(soils()))
    field_capacity_frac: float | None = setting("m3/m3", default=None, ge=0.04, le=0.65)
    wilting_point_frac: float | None = setting("m3/m3", default=None, ge=0.01, le=0.5)
    season_days: float | None = setting("whole days from planting to harvest", default=None, ge=30, le=400)
    season_water_cap_mm: float | None = setting("most water a season", unit="mm", default=None, ge=0, le=5000)


@dataclass(frozen=True, slots=True)
class _Air:
    air_t_min_c: float | None = setting("coldest", default=None, ge=AIR_C[0], le=NIGHT_MAX_C)
    air_t_max_c: float | None = setting("warmest", default=None, ge=AIR_C[0], le=AIR_C[1])


@dataclass(frozen=True, slots=True)
class _Line(_Air):
    rh_mean_pct: float | None = setting("mean", default=None, ge=HUMIDITY_PCT[0], le=HUMIDITY_PCT[1])
    rain_mm: float | None = setting("fallen", default=None, ge=0, le=RAIN_MAX_MM)
    irrigated_mm: float | None = setting("given, gross", default=None, ge=0, le=RAIN_MAX_MM)
    season_irrigated_mm: float | None = setting("given so far, gross", default=None, ge=0, le=10000)


@dataclass(frozen=True, slots=True)
class _Ahead(_Air):
    rain_mm: float | None = setting("foretold", default=None, ge=0, le=RAIN_MAX_MM)


@dataclass(frozen=True, slots=True)
class _Probe:
    depth_cm: float | None = setting("of its middle", default=None, ge=1, le=300)
    vwc_frac: float | None = setting("m3/m3; percent is told apart", default=None, ge=0, le=100)


CODES = {
    "air_t_min_c": "air_impossible",
    "air_t_max_c": "air_impossible",
    "rh_mean_pct": "humidity_impossible",
    "rain_mm": "rain_impossible",
    "irrigated_mm": "irrigation_impossible",
    "season_irrigated_mm": "irrigation_impossible",
}
"""What is noticed when a line's value cannot be."""


def plot_from(table: Mapping[str, Any], where: str = "zone file") -> Plot:
    """The plot of a zone file's table. Raises ConfigError with every problem at once."""
    problems: list[Problem] = []
    place = read_fields(_Place, table, f"{where}: ", problems, also=("zone", "prices"))
    prices = None
    if table.get("prices") is not None:
        found = read_fields(Prices, table["prices"], f"{where}: [prices] ", problems)
        prices = None if problems else Prices(**found)
    if not isinstance(table.get("zone"), Mapping):
        problems.append(Problem(where, "has no [zone]", "add one with soil, crop and planted_on"))
        raise ConfigError(problems)
    zone = read_fields(_Zone, table["zone"], f"{where}: ", problems)

    def wrong(key: str, what: str, do: str) -> None:
        problems.append(Problem(f"{where}: {key}", what, do))

    planted_on, season_days = zone.get("planted_on"), zone.get("season_days")
    if planted_on is not None and not YEARS[0] <= planted_on.year <= YEARS[1]:
        wrong("planted_on", f"is {planted_on}", f"give a day of the years {YEARS[0]} to {YEARS[1]}")
    if season_days is not None and not season_days.is_integer():
        wrong("season_days", f"is {season_days}", "give whole days")
    least_mm = zone.setdefault("min_event_mm", 1.0)
    if least_mm > zone.get("max_depth_mm_per_day", least_mm):
        wrong(
            "min_event_mm",
            f"{least_mm:g} is above max_depth_mm_per_day",
            "no water could ever be given: lower it",
        )
    full, dry = zone.pop("field_capacity_frac", None), zone.pop("wilting_point_frac", None)
    texture = zone.pop("soil", None)
    _check_ground(table["zone"], full, dry, wrong)
    if problems:
        raise ConfigError(problems)
    named, days = crop(zone.pop("crop")), None if season_days is None else int(season_days)
    return Plot(
        **place,
        **{key: value for key, value in zone.items() if not key.startswith("season_")},
        soil=soils()[texture] if full is None else Soil("own", full, dry, min(0.7, full + 0.12)),
        crop=usual(named) if days is None else fitted(named, days),
        season_cap_mm=zone.get("season_water_cap_mm"),
        season_days=days,
        prices=prices,
    )


def _check_ground(
    table: Mapping[str, Any], full: float | None, dry: float | None, wrong: Callable[[str, str, str], None]
) -> None:
    """A texture, or both fractions and one above the other."""
    given = {key for key in GROUND if table.get(key) is not None}
    if not given:
        wrong("soil", "is missing", f"give one of {', '.join(soils())}, or the two fractions")
    elif len(given - {"soil"}) == 1:
        (absent,) = set(GROUND) - given - {"soil"}
        wrong(absent, "is missing", "give both fractions, or a texture alone")
    elif full is not None and dry is not None and full - dry < 0.02:
        wrong("wilting_point_frac", "is not below field capacity", "check both")


def parse_line(line: object, advised_mm: float) -> ParsedLine:
    """One line. `advised_mm` stands in for an unknown irrigation. Raises LineError."""
    if not isinstance(line, dict):
        raise LineError("a line must be one JSON object")
    try:
        on = date.fromisoformat(line["on"])
    except (KeyError, TypeError, ValueError):
        raise LineError('"on" must be a date such as 2026-05-01') from None
    if not YEARS[0] <= on.year <= YEARS[1]:
        raise LineError(f'"on" must lie between the years {YEARS[0]} and {YEARS[1]}')
    problems: list[Problem] = []
    found = read_fields(_Line, line, "", problems, also=None)
    noticed = [CODES[problem.where] for problem in problems]
    low, high = _extremes(found)
    if low is not None and high is not None and low > high:
        noticed.append("air_reversed")
        low = high = None
    rh, given = found.get("rh_mean_pct"), found.get("irrigated_mm")
    morning = Morning(
        on=on,
        air_t_min_c=low,
        air_t_max_c=high,
        rh_mean_frac=None if rh is None else rh / 100,
        rain_mm=found.get("rain_mm"),
        irrigated_mm=advised_mm if given is None else given,
        probes=tuple(_probes(line.get("soil"), noticed)),
        forecast=tuple(_forecast(line.get("forecast"), noticed)),
    )
    return ParsedLine(
        morning, found.get("season_irrigated_mm"), tuple(dict.fromkeys(noticed)), given is not None
    )


def _extremes(found: dict[str, Any]) -> tuple[float | None, float | None]:
    """A day's coldest and warmest air, both or neither."""
    low, high = found.get("air_t_min_c"), found.get("air_t_max_c")
    return (None, None) if low is None or high is None else (low, high)


def _items(found: object, kind: type[Any], code: str, noticed: list[str]) -> Iterable[dict[str, Any]]:
    """The sound values of each of a list's items; one that is no object says nothing."""
    if found is not None and not isinstance(found, list):
        noticed.append(code)
    for item in found if isinstance(found, list) else ():
        problems: list[Problem] = []
        sound = {} if item is None else read_fields(kind, item, "", problems, also=None)
        noticed.extend(code for _ in problems)
        yield sound


def _probes(found: object, noticed: list[str]) -> Iterable[ProbeReading]:
    seen: set[int] = set()
    for item in _items(found, _Probe, "soil_impossible", noticed):
        depth, frac = item.get("depth_cm"), item.get("vwc_frac")
        if frac is not None and frac > VWC_MAX_FRAC:
            noticed.append("soil_in_percent")
        elif depth is not None and round(depth) in seen:
            noticed.append("soil_depth_twice")
        elif depth is not None and frac is not None:
            seen.add(round(depth))
            yield ProbeReading(round(depth), frac)


def _forecast(found: object, noticed: list[str]) -> Iterable[ForecastDay]:
    for item in islice(_items(found, _Ahead, "forecast_impossible", noticed), FORECAST_MAX_DAYS):
        low, high = _extremes(item)
        if low is not None and high is not None and low > high:
            low = high = None  # forecasts of the two are made apart and may cross on a mild day
        yield ForecastDay(item.get("rain_mm"), low, high)
