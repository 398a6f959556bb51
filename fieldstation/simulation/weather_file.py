"""Daily weather from CSV text: every problem at once, small gaps bridged, large ones refused."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

from fieldstation.domain.errors import ConfigError, Problem
from fieldstation.simulation.weather import Weather, WeatherDay

MAX_GAP_DAYS = 3
MAX_PROBLEMS = 20
REQUIRED = ("on", "air_t_min_c", "air_t_max_c", "rain_mm")
OPTIONAL = ("rh_mean_pct", "wind_m_s", "radiation_mj_m2")
LIMITS = {
    "air_t_min_c": (-60.0, 50.0),
    "air_t_max_c": (-50.0, 60.0),
    "rain_mm": (0.0, 600.0),
    "rh_mean_pct": (0.0, 100.0),
    "wind_m_s": (0.0, 60.0),
    "radiation_mj_m2": (0.0, 45.0),
}

Row = dict[str, str]
# our column -> the file's column, or the two whose mean it is
COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    "station": {name: (name,) for name in REQUIRED + OPTIONAL},
    "maricopa": {
        "on": ("date",), "air_t_min_c": ("Tmin",), "air_t_max_c": ("Tmax",), "rain_mm": ("Rain",),
        "rh_mean_pct": ("RHmax", "RHmin"), "wind_m_s": ("Wndsp",), "radiation_mj_m2": ("Srad",),
    },
    "foggia": {
        "on": ("date",), "air_t_min_c": ("tmin_c",), "air_t_max_c": ("tmax_c",), "rain_mm": ("precip_mm",),
        "rh_mean_pct": ("rh_max_pct", "rh_min_pct"), "wind_m_s": ("wind_ms",),
        "radiation_mj_m2": ("radiation_mj_m2",),
    },
}  # fmt: skip


def parse(text: str, name: str, columns: str = "station") -> Weather:
    """The weather in CSV text. Raises ConfigError with every problem, by line."""
    names = COLUMNS[columns]
    reader = csv.DictReader(io.StringIO(text))
    problems: list[Problem] = []
    have = reader.fieldnames or []
    for wanted in REQUIRED:
        for column in names[wanted]:
            if column not in have:
                seen = ", ".join(have[:8]) or "none"
                problems.append(
                    Problem(
                        f"{name} line 1", f"column {column!r} is missing (found: {seen})", f"add it; {_HEAD}"
                    )
                )
    if problems:
        raise ConfigError(problems)
    days: dict[date, WeatherDay] = {}
    for number, row in enumerate(reader, start=2):
        where = f"{name} line {number}"
        day = _day(row, names, where, problems.append)
        if day is not None and day.on in days:
            problems.append(Problem(where, f"{day.on} stands there twice", "keep one row a day"))
        elif day is not None:
            days[day.on] = day
    if not days and not problems:
        problems.append(Problem(name, "no days in it", f"give one row a day; {_HEAD}"))
    _bridge(days, name, problems.append)
    if problems:
        raise ConfigError(problems[:MAX_PROBLEMS])
    return Weather(name, days)


_HEAD = "the first line is on,air_t_min_c,air_t_max_c,rain_mm[,rh_mean_pct,wind_m_s,radiation_mj_m2]"


def _day(
    row: Row, names: dict[str, tuple[str, ...]], where: str, tell: Callable[[Problem], None]
) -> WeatherDay | None:
    text = (row.get(names["on"][0]) or "").strip()
    try:
        on = date.fromisoformat(text)
    except ValueError:
        tell(Problem(where, f"{text[:30]!r} is no date", "write it as 2026-05-31"))
        return None
    numbers = {key: _number(row, names[key], key, where, tell) for key in (*REQUIRED[1:], *OPTIONAL)}
    low, high, rain = (numbers[key] for key in REQUIRED[1:])
    if low is None or high is None or rain is None:
        return None  # a day with a hole is a gap
    if low > high:
        tell(Problem(where, f"minimum {low:g} is above maximum {high:g}", "check the columns"))
        return None
    rh = numbers["rh_mean_pct"]
    return WeatherDay(
        on, low, high, rain, None if rh is None else rh / 100, numbers["wind_m_s"], numbers["radiation_mj_m2"]
    )


def _number(
    row: Row, columns: tuple[str, ...], key: str, where: str, tell: Callable[[Problem], None]
) -> float | None:
    values = []
    for column in columns:
        text = (row.get(column) or "").strip()
        if text in ("", "NaN", "nan", "NA"):
            return None
        try:
            value = float(text)
        except ValueError:
            tell(
                Problem(where, f"{column} {text[:20]!r} is no number", "write it as 21.5, or leave it empty")
            )
            return None
        low, high = LIMITS[key]
        if not (math.isfinite(value) and low <= value <= high):
            tell(Problem(where, f"{column} {text[:20]} is impossible", f"it must lie in {low:g} to {high:g}"))
            return None
        values.append(value)
    return sum(values) / len(values)


def _bridge(days: dict[date, WeatherDay], name: str, tell: Callable[[Problem], None]) -> None:
    """Fill gaps of up to three days: temperatures between the neighbours, no rain."""
    known = sorted(days)
    for before, after in pairwise(known):
        gap = (after - before).days - 1
        if gap > MAX_GAP_DAYS:
            tell(Problem(name, f"{gap} days are missing after {before}", f"at most {MAX_GAP_DAYS} may be"))
            continue
        a, b = days[before], days[after]
        for step in range(1, gap + 1):
            part = step / (gap + 1)
            on = before + timedelta(days=step)
            days[on] = WeatherDay(
                on,
                a.air_t_min_c + (b.air_t_min_c - a.air_t_min_c) * part,
                a.air_t_max_c + (b.air_t_max_c - a.air_t_max_c) * part,
                0.0,
            )
