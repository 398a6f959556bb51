"""Daily weather from CSV text: every problem at once, small gaps bridged, large ones refused."""

from __future__ import annotations

import csv
import difflib
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
        "on": ("date",),
        "air_t_min_c": ("Tmin",),
        "air_t_max_c": ("Tmax",),
        "rain_mm": ("Rain",),
        "rh_mean_pct": ("RHmax", "RHmin"),
        "wind_m_s": ("Wndsp",),
        "radiation_mj_m2": ("Srad",),
    },
    "foggia": {
        "on": ("date",),
        "air_t_min_c": ("tmin_c",),
        "air_t_max_c": ("tmax_c",),
        "rain_mm": ("precip_mm",),
        "rh_mean_pct": ("rh_max_pct", "rh_min_pct"),
        "wind_m_s": ("wind_ms",),
        "radiation_mj_m2": ("radiation_mj_m2",),
    },
}
SEASONS_ONLY = ("foggia",)  # files that hold growing seasons and nothing between them
BETWEEN_SEASONS_DAYS = 60
MORE = "more than the columns"


def parse(text: str, name: str, columns: str = "station") -> Weather:
    """The weather in CSV text. Raises ConfigError with every problem, by line."""
    names = COLUMNS.get(columns)
    if names is None:
        raise ConfigError(
            [Problem("weather columns", f"{columns!r} is not known", f"choose one of: {', '.join(COLUMNS)}")]
        )
    have, rows = _rows(text, name)
    problems = _header(have, columns, f"{name} line 1")
    if problems:
        raise ConfigError(problems)
    days: dict[date, WeatherDay] = {}
    for number, row in rows:
        where = f"{name} line {number}"
        day = _day(row, names, where, problems.append)
        if day is not None and day.on in days:
            problems.append(Problem(where, f"{day.on} stands there twice", "keep one row a day"))
        elif day is not None:
            days[day.on] = day
    if not days and not problems:
        problems.append(Problem(name, "no days in it", f"give one row a day; {_HEAD}"))
    _bridge(days, name, problems.append, seasons=columns in SEASONS_ONLY)
    if len(problems) > MAX_PROBLEMS:
        more = len(problems) - MAX_PROBLEMS
        problems[MAX_PROBLEMS:] = [Problem(name, f"{more} more problems", "mend these first")]
    if problems:
        raise ConfigError(problems)
    return Weather(name, dict(sorted(days.items())))


_HEAD = "write the first line as on,air_t_min_c,air_t_max_c,rain_mm[,rh_mean_pct,wind_m_s,radiation_mj_m2]"


def _rows(text: str, name: str) -> tuple[list[str], list[tuple[int, Row]]]:
    """Column names and rows with their line numbers. Raises ConfigError when the text is no table."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), restkey=MORE, restval="")
    try:
        have = [column.strip() for column in reader.fieldnames or []]
        reader.fieldnames = have
        return have, [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise ConfigError(
            [Problem(f"{name} line {reader.line_num}", f"is no CSV ({error})", "save it as plain CSV text")]
        ) from error


def _header(have: list[str], columns: str, where: str) -> list[Problem]:
    """Required columns that are missing, and columns that are nearly an optional one.

    Leaving a misspelt column out in silence would change the weather.
    """
    do = _HEAD if columns == "station" else "is this the file that these columns belong to?"
    seen = ", ".join(have[:8]) or "none"
    problems = [
        Problem(where, f"column {column!r} is missing (found: {seen})", do)
        for wanted in REQUIRED
        for column in COLUMNS[columns][wanted]
        if column not in have
    ]
    for column in have if columns == "station" else ():
        near = difflib.get_close_matches(column, OPTIONAL, 1, 0.7)
        if near and column not in OPTIONAL:
            problems.append(
                Problem(where, f"column {column[:30]!r} is not known", f"did you mean {near[0]!r}?")
            )
    return problems


def _day(
    row: Row, names: dict[str, tuple[str, ...]], where: str, report: Callable[[Problem], None]
) -> WeatherDay | None:
    if MORE in row:
        report(
            Problem(where, "has more values than the first line has columns", "write decimals with a point")
        )
        return None
    text = (row.get(names["on"][0]) or "").strip()
    try:
        on = date.fromisoformat(text)
    except ValueError:
        report(Problem(where, f"{text[:30]!r} is no date", "write it as 2026-05-31"))
        return None
    numbers = {key: _number(row, names[key], key, where, report) for key in (*REQUIRED[1:], *OPTIONAL)}
    low, high, rain = (numbers[key] for key in REQUIRED[1:])
    if low is None or high is None or rain is None:
        return None  # a day with a hole is a gap
    if low > high:
        report(Problem(where, f"minimum {low:g} is above maximum {high:g}", "check the columns"))
        return None
    rh = numbers["rh_mean_pct"]
    return WeatherDay(
        on, low, high, rain, None if rh is None else rh / 100, numbers["wind_m_s"], numbers["radiation_mj_m2"]
    )


def _number(
    row: Row, columns: tuple[str, ...], key: str, where: str, report: Callable[[Problem], None]
) -> float | None:
    values = []
    for column in columns:
        text = (row.get(column) or "").strip()
        if text in ("", "NaN", "nan", "NA"):
            return None
        try:
            value = float(text)
        except ValueError:
            report(
                Problem(where, f"{column} {text[:20]!r} is no number", "write it as 21.5, or leave it empty")
            )
            return None
        low, high = LIMITS[key]
        if not (math.isfinite(value) and low <= value <= high):
            report(
                Problem(where, f"{column} {text[:20]} is impossible", f"it must lie in {low:g} to {high:g}")
            )
            return None
        values.append(value)
    return sum(values) / len(values)


def _bridge(
    days: dict[date, WeatherDay], name: str, report: Callable[[Problem], None], *, seasons: bool
) -> None:
    """Fill gaps of up to three days: temperatures between the neighbours, no rain."""
    known = sorted(days)
    for before, after in pairwise(known):
        gap = (after - before).days - 1
        if seasons and gap > BETWEEN_SEASONS_DAYS:
            continue
        if gap > MAX_GAP_DAYS:
            report(
                Problem(
                    name,
                    f"{gap} days are missing after {before}",
                    f"at most {MAX_GAP_DAYS} may be: add them, or cut the file there",
                )
            )
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
