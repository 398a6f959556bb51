"""What CLDR says of numbers, units, days and hours, by way of Babel: each text remembered."""

from __future__ import annotations

from copy import copy
from datetime import date, time
from functools import cache, lru_cache

from babel.core import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import NumberPattern, format_decimal, format_percent
from babel.units import format_unit

SYSTEMS = ("metric", "us")
MM_PER_INCH = 25.4
CM_PER_INCH = 2.54
L_PER_GALLON = 3.785411784
M2_PER_ACRE = 4046.8564224
M2_PER_FOOT2 = 0.09290304
M2_PER_HA = 10000.0
SHORT_TON_ACRE_PER_T_HA = 0.4460896
"""A short ton is 907.18474 kg, so 1 t/ha = 0.446 short tons per acre."""
LEFT, RIGHT = "\u200e", "\u200f"
KEPT = 2048
"""Written values of each kind that are remembered: CLDR's patterns take longer than all else on a screen of figures."""


@cache
def locale_of(name: str) -> Locale:
    """Of Babel, by its name."""
    return Locale.parse(name)


@cache
def _pattern(name: str, least: int, most: int) -> NumberPattern:
    pattern: NumberPattern = copy(locale_of(name).decimal_formats[None])
    pattern.frac_prec = (least, most)
    return pattern


# What is remembered goes by a locale's name: to compare two of Babel's locales takes longer than to find the text.


@lru_cache(KEPT)
def decimal_text(name: str, least: int, most: int, value: float) -> str:
    """A number with at least and at most so many decimals."""
    return format_decimal(value, format=_pattern(name, least, most), locale=locale_of(name))


@lru_cache(KEPT)
def percent_text(name: str, digits: int, frac: float) -> str:
    """A part of one as per cent."""
    pattern = copy(locale_of(name).percent_formats[None])
    pattern.frac_prec = (digits, digits)
    return format_percent(frac, format=pattern, locale=locale_of(name))


@lru_cache(KEPT)
def measure_text(name: str, units: str, unit: str, least: int, most: int, value: float) -> str:
    """A number with a unit of CLDR."""
    return format_unit(value, unit, "short", format=_pattern(name, least, most), locale=locale_of(units))  # type: ignore[arg-type] # a ready pattern is passed on to format_decimal


@lru_cache(KEPT)
def date_text(name: str, skeleton: str, day: date) -> str:
    """A day by a skeleton such as `MMMd`."""
    return format_skeleton(skeleton, day, locale=locale_of(name))


@lru_cache(KEPT)
def month_text(name: str, year: int, month: int) -> str:
    """A month with its year."""
    return format_date(date(year, month, 1), "MMM y", locale=locale_of(name))


@lru_cache(KEPT)
def clock_text(name: str, length: str, at: time) -> str:
    """A time of day."""
    return format_time(at, length, locale=locale_of(name))
