"""Numbers, units, days and hours as a reader writes them: CLDR by way of Babel."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from datetime import date, datetime, time, tzinfo
from functools import cache, lru_cache

from babel.core import Locale
from babel.dates import format_date, format_skeleton, format_time, get_day_names
from babel.lists import format_list
from babel.numbers import NumberPattern, format_decimal, format_percent
from babel.units import format_unit

Day = date
"""A name that a method does not hide."""

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
WHOLE_FROM = 10.0
"""From here on no decimals: nobody in a field wants 57.1 mm."""


def locale_name(language: str, system: str) -> str:
    """The locale whose dates and numbers are used. English beside metric units is not that of the USA."""
    return "en_GB" if language == "en" and system == "metric" else language


@cache
def _locale(name: str) -> Locale:
    return Locale.parse(name)


@cache
def _pattern(name: str, least: int, most: int) -> NumberPattern:
    pattern: NumberPattern = copy(_locale(name).decimal_formats[None])
    pattern.frac_prec = (least, most)
    return pattern


# What is remembered goes by a locale's name: to compare two of Babel's locales takes longer than to find the text.


@lru_cache(KEPT)
def _decimal(name: str, least: int, most: int, value: float) -> str:
    return format_decimal(value, format=_pattern(name, least, most), locale=_locale(name))


@lru_cache(KEPT)
def _percent(name: str, digits: int, frac: float) -> str:
    pattern = copy(_locale(name).percent_formats[None])
    pattern.frac_prec = (digits, digits)
    return format_percent(frac, format=pattern, locale=_locale(name))


@lru_cache(KEPT)
def _measure(name: str, units: str, unit: str, least: int, most: int, value: float) -> str:
    return format_unit(value, unit, "short", format=_pattern(name, least, most), locale=_locale(units))  # type: ignore[arg-type] # a ready pattern is passed on to format_decimal


@lru_cache(KEPT)
def _by_skeleton(name: str, skeleton: str, day: date) -> str:
    return format_skeleton(skeleton, day, locale=_locale(name))


@lru_cache(KEPT)
def _month(name: str, year: int, month: int) -> str:
    return format_date(date(year, month, 1), "MMM y", locale=_locale(name))


@lru_cache(KEPT)
def _clock(name: str, length: str, at: time) -> str:
    return format_time(at, length, locale=_locale(name))


class Formats:
    """One reader's way to write values; a value that is None is a question mark.

    `language` of Babel, station's `tz`, `now` with its zone, `system` metric or us. Everything is given in SI.
    """

    def __init__(self, language: str, tz: tzinfo, now: datetime, system: str = "metric") -> None:
        self.system = system if system in SYSTEMS else "metric"
        self._name = locale_name(language, self.system)
        self.locale = _locale(self._name)
        self._units = language  # en_GB writes "mins" and "l"
        self.direction: str = str(self.locale.text_direction)
        """`ltr` or `rtl`, for the `dir` of a page."""
        self._tz, self._now = tz, now
        self._year = now.astimezone(tz).year

    @property
    def tag(self) -> str:
        """The `lang` of a page; a script writes hours by it as they are written here."""
        return str(self.locale).replace("_", "-")

    def number(self, value: float | None, digits: int = 1) -> str:
        """A plain number with so many decimals; a whole number (int) has none."""
        if value is None:
            return "?"
        return self._number(value, 0 if isinstance(value, int) else digits)

    def percent(self, frac: float | None, digits: int = 0) -> str:
        """A part of one as per cent."""
        if frac is None:
            return "?"
        return _percent(self._name, digits, _calm(frac, digits + 2))

    def depth(self, mm: float | None) -> str:
        """Water as a height: mm, or inches with two decimals."""
        if self.system == "us":
            return self._unit(None if mm is None else mm / MM_PER_INCH, "length-inch", 2)
        return self._unit(mm, "length-millimeter", _decimals(mm))

    def depth_to_type(self, mm: float) -> float:
        """A depth as the number that a reader types: millimetres or inches."""
        return round(mm / MM_PER_INCH, 2) if self.system == "us" else round(mm, 1)

    def typed_depth_mm(self, typed: float) -> float:
        """A depth from the number that a reader typed, in millimetres."""
        return typed * MM_PER_INCH if self.system == "us" else typed

    def length(self, m: float | None) -> str:
        """How deep a probe sits: cm, or whole inches."""
        if self.system == "us":
            return self._unit(None if m is None else m * 100 / CM_PER_INCH, "length-inch", 0)
        return self._unit(None if m is None else m * 100, "length-centimeter", 0)

    def temperature(self, c: float | None, digits: int = 1) -> str:
        """Air or soil; Fahrenheit is finer, so it has a decimal less."""
        if self.system == "us":
            fahrenheit = None if c is None else c * 9 / 5 + 32
            return self._unit(fahrenheit, "temperature-fahrenheit", max(0, digits - 1))
        return self._unit(c, "temperature-celsius", digits)

    def area(self, m2: float | None) -> str:
        """Ground: m2 up to a hectare, square feet up to a quarter of an acre."""
        if m2 is None:
            return "?"
        if self.system == "us":
            small = m2 < M2_PER_ACRE / 4
            value, unit = (
                (m2 / M2_PER_FOOT2, "area-square-foot") if small else (m2 / M2_PER_ACRE, "area-acre")
            )
        else:
            small = m2 < M2_PER_HA
            value, unit = (m2, "area-square-meter") if small else (m2 / M2_PER_HA, "area-hectare")
        return self._unit(value, unit, 0 if small else 2, least=0)

    def clock(self, at: datetime, *, seconds: bool = False) -> str:
        """A local time of day."""
        local = at.astimezone(self._tz)
        if seconds:
            return _clock(self._name, "medium", local.time().replace(microsecond=0))
        return _clock(self._name, "short", time(local.hour, local.minute))

    def day(self, at: Day) -> str:
        """The short name of a day; an instant is taken at the station's place."""
        return str(get_day_names("abbreviated", locale=self.locale)[self._local(at).weekday()])

    def date(self, at: Day, *, weekday: bool = False) -> str:
        """A day as `24 Nov`, with its year when that is not this one, and with the day's name if wished."""
        day = self._local(at)
        skeleton = "MMMEd" if weekday else "MMMd"
        if day.year != self._year:
            skeleton = "y" + skeleton
        return _by_skeleton(self._name, skeleton, day)

    def whole_date(self, at: Day) -> str:
        """A day with its year, for paper: `24 Nov 2026`."""
        return _by_skeleton(self._name, "yMMMd", self._local(at))

    def month(self, at: Day) -> str:
        """A month with its year."""
        day = self._local(at)
        return _month(self._name, day.year, day.month)

    def joined(self, parts: Iterable[str]) -> str:
        """Several things in one sentence: `a, b and c`."""
        return format_list(list(parts), locale=self.locale)

    def _local(self, at: Day) -> Day:
        return at.astimezone(self._tz).date() if isinstance(at, datetime) else at

    def _number(self, value: float, most: int, least: int | None = None) -> str:
        return self._signed(_decimal(self._name, most if least is None else least, most, _calm(value, most)))

    def _unit(self, value: float | None, unit: str, most: int, least: int | None = None) -> str:
        if value is None:
            return "?"
        least = most if least is None else least
        return self._signed(_measure(self._name, self._units, unit, least, most, _calm(value, most)))

    def _signed(self, text: str) -> str:
        """A minus stays left of its number, and a unit where the script puts it, in a right-to-left line."""
        return f"{RIGHT}{LEFT}{text}" if text.startswith("-") and self.direction == "rtl" else text


def _decimals(value: float | None) -> int:
    """One decimal for small values; none from ten on, and none for nothing."""
    return 0 if value is None or abs(value) >= WHOLE_FROM - 0.05 or abs(value) < 0.05 else 1


def _calm(value: float, digits: int) -> float:
    """Rounded half up in size, and never a minus zero."""
    return round(value, digits) + 0.0
