"""Weather for development. The one loader, with an allow-list: other places and years judge us later.

AquaCrop's package ships daily Tmin, Tmax, rain and ET0. Only the four places below, only up to the
year named, may be opened for training, tuning or a look.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Place:
    """Where, and which years are open. `dew_offset_c` makes humidity from Tmin."""

    name: str
    latitude_deg: float
    elevation_m: float
    first_year: int
    last_year: int
    dew_offset_c: float
    plantings: dict[str, tuple[int, int]]  # crop -> month, day


ALLOWED = {
    place.name: place
    for place in (
        Place(
            "champion",
            40.4,
            1029,
            1982,
            2005,
            0.0,
            {"maize": (5, 1), "wheat": (4, 1), "tomato": (5, 20), "potato": (4, 25)},
        ),
        Place(
            "tunis",
            36.8,
            10,
            1979,
            1994,
            -2.0,
            {"maize": (4, 15), "wheat": (10, 20), "tomato": (4, 10), "potato": (2, 15)},
        ),
        Place(
            "brussels",
            50.8,
            58,
            1976,
            1995,
            0.0,
            {"maize": (5, 1), "wheat": (3, 1), "tomato": (5, 20), "potato": (4, 20)},
        ),
        Place("northumberland", 55.2, 100, 1991, 2010, 0.0, {"wheat": (3, 5), "potato": (4, 20)}),
    )
}


@dataclass(frozen=True, slots=True)
class Weather:
    """One day."""

    t_min_c: float
    t_max_c: float
    rain_mm: float
    et0_mm: float


def place(name: str) -> Place:
    """A place that may be opened. Raises PermissionError for any other."""
    if name not in ALLOWED:
        raise PermissionError(f"{name}: reserved for acceptance; open places: {', '.join(ALLOWED)}")
    return ALLOWED[name]


@cache
def weather(name: str) -> dict[date, Weather]:
    """Every open day of a place; later years are dropped before anyone sees them."""
    here = place(name)
    text = (resources.files("aquacrop") / "data" / f"{here.name}_climate.txt").read_text()
    found = {}
    for line in text.splitlines()[1:]:
        day, month, year, *values = line.split()
        if int(year) <= here.last_year:
            low, high, rain, et0 = map(float, values)
            found[date(int(year), int(month), int(day))] = Weather(low, high, rain, max(0.1, et0))
    return found
