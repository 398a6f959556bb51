"""From codes to whole sentences in the reader's language, with the reader's own way to write values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, tzinfo
from typing import Any

from babel.dates import get_day_names
from babel.lists import format_list

from fieldstation.language import formats, pseudo
from fieldstation.language.catalogue import LANGUAGES, catalogue

__all__ = ["LANGUAGES", "Words", "catalogue"]

Day = date
"""A name that a method does not hide."""
ISOLATE, POP = "\u2068", "\u2069"
OURS = {"ltr": "\u2066", "rtl": "\u2067"}
"""Isolates of a set direction; the other one takes that of the first letter outside of isolates within."""
OTHER_WAY = re.compile("[\u0590-\u08ff]")
"""Letters that run from right to left."""
LITRES_PER_M3 = 1000.0
CUBIC_METRES_FROM_L = 100_000.0
WHOLE_FROM = 10.0
"""From here on no decimals: nobody in a field wants 57.1 mm."""


class Values:
    """One reader's way to write values; a value that is None is a question mark.

    `language` of Babel, station's `tz`, `now` with its zone, `system` metric or us. Everything is given in SI.
    """

    def __init__(self, language: str, tz: tzinfo, now: datetime, system: str = "metric") -> None:
        self.system = system if system in formats.SYSTEMS else "metric"
        self._name = _locale_name(language, self.system)
        self.locale = formats.locale_of(self._name)
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
        return formats.percent_text(self._name, digits, _calm(frac, digits + 2))

    def depth(self, mm: float | None) -> str:
        """Water as a height: mm, or inches with two decimals."""
        if self.system == "us":
            return self._unit(None if mm is None else mm / formats.MM_PER_INCH, "length-inch", 2)
        return self._unit(mm, "length-millimeter", _decimals(mm))

    def depth_to_type(self, mm: float) -> float:
        """A depth as the number that a reader types: millimetres or inches."""
        return round(mm / formats.MM_PER_INCH, 2) if self.system == "us" else round(mm, 1)

    def typed_depth_mm(self, typed: float) -> float:
        """A depth from the number that a reader typed, in millimetres."""
        return typed * formats.MM_PER_INCH if self.system == "us" else typed

    def length(self, m: float | None) -> str:
        """How deep a probe sits: cm, or whole inches."""
        if self.system == "us":
            return self._unit(None if m is None else m * 100 / formats.CM_PER_INCH, "length-inch", 0)
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
            small = m2 < formats.M2_PER_ACRE / 4
            value, unit = (
                (m2 / formats.M2_PER_FOOT2, "area-square-foot")
                if small
                else (m2 / formats.M2_PER_ACRE, "area-acre")
            )
        else:
            small = m2 < formats.M2_PER_HA
            value, unit = (m2, "area-square-meter") if small else (m2 / formats.M2_PER_HA, "area-hectare")
        return self._unit(value, unit, 0 if small else 2, least=0)

    def clock(self, at: datetime, *, seconds: bool = False) -> str:
        """A local time of day."""
        local = at.astimezone(self._tz)
        if seconds:
            return formats.clock_text(self._name, "medium", local.time().replace(microsecond=0))
        return formats.clock_text(self._name, "short", time(local.hour, local.minute))

    def day(self, at: Day) -> str:
        """The short name of a day; an instant is taken at the station's place."""
        return str(get_day_names("abbreviated", locale=self.locale)[self._local(at).weekday()])

    def date(self, at: Day, *, weekday: bool = False) -> str:
        """A day as `24 Nov`, with its year when that is not this one, and with the day's name if wanted."""
        day = self._local(at)
        skeleton = "MMMEd" if weekday else "MMMd"
        if day.year != self._year:
            skeleton = "y" + skeleton
        return formats.date_text(self._name, skeleton, day)

    def whole_date(self, at: Day) -> str:
        """A day with its year, for paper: `24 Nov 2026`."""
        return formats.date_text(self._name, "yMMMd", self._local(at))

    def month(self, at: Day) -> str:
        """A month with its year."""
        day = self._local(at)
        return formats.month_text(self._name, day.year, day.month)

    def joined(self, parts: Iterable[str]) -> str:
        """Several things in one sentence: `a, b and c`."""
        return format_list(list(parts), locale=self.locale)

    def _local(self, at: Day) -> Day:
        return at.astimezone(self._tz).date() if isinstance(at, datetime) else at

    def _number(self, value: float, most: int, least: int | None = None) -> str:
        return self._signed(
            formats.decimal_text(self._name, most if least is None else least, most, _calm(value, most))
        )

    def _unit(self, value: float | None, unit: str, most: int, least: int | None = None) -> str:
        if value is None:
            return "?"
        least = most if least is None else least
        return self._signed(
            formats.measure_text(self._name, self._units, unit, least, most, _calm(value, most))
        )

    def _signed(self, text: str) -> str:
        """A minus stays left of its number, and a unit where the script puts it, in a right-to-left line."""
        return (
            f"{formats.RIGHT}{formats.LEFT}{text}"
            if text.startswith("-") and self.direction == "rtl"
            else text
        )


class Words(Values):
    """Sentences and values of one language, one unit system and one station's local time."""

    def __init__(self, language: str, tz: tzinfo, now: datetime, system: str = "metric") -> None:
        super().__init__("en" if language == pseudo.NAME else language, tz, now, system)
        self.language = language
        self._catalogue = catalogue(language)

    def say(self, group: str, code: str, /, **values: Any) -> str:
        """One sentence. An unknown code or a missing value shows as such and never fails.

        A number is written as the reader writes it, with the unit that the end of its name says (`rain_mm`,
        `t_ha`, `litres`); a number that is counted is rounded first. Text that may run the other way is kept
        apart, so that names and units stay in their order.
        """
        sentence = self._catalogue.get(group, {}).get(code)
        if sentence is None:
            return code.replace("_", " ")
        if not isinstance(sentence, str):
            sentence, values = self._form(sentence, values)
        try:
            return sentence.format_map(
                _Shown({name: self._format(name, value) for name, value in values.items()})
            )
        except (ValueError, LookupError, AttributeError):
            return sentence

    def __call__(self, code: str, /, **values: Any) -> str:
        """A sentence of the page itself."""
        return self.say("page", code, **values)

    def knows(self, group: str, code: str) -> bool:
        """Whether there is a sentence for this code."""
        return code in self._catalogue.get(group, {})

    def litres(self, litres: float | None, *, bare: bool = False) -> str:
        """Water as a volume: litres, m3 when they are very many; or US gallons."""
        if litres is None:
            return "?"
        if self.system == "us":
            return self._measure("gallons", litres / formats.L_PER_GALLON, bare=bare)
        if litres >= CUBIC_METRES_FROM_L and not bare:
            return self._unit(litres / LITRES_PER_M3, "volume-cubic-meter", 0)
        return self._measure("litres", litres, bare=bare)

    def flow(self, l_min: float | None) -> str:
        """Water by the minute: litres or US gallons."""
        if self.system == "us":
            return self._measure(
                "gallons_per_minute", None if l_min is None else l_min / formats.L_PER_GALLON
            )
        return self._measure("litres_per_minute", l_min)

    def yield_(self, t_ha: float | None, *, bare: bool = False) -> str:
        """A harvest: t/ha, or short tons per acre; always one decimal. `bare` leaves the unit to a neighbour."""
        us = self.system == "us"
        value = None if t_ha is None else t_ha * (formats.SHORT_TON_ACRE_PER_T_HA if us else 1.0)
        return self._measure("tons_per_acre" if us else "tonnes_per_hectare", value, digits=1, bare=bare)

    def minutes(self, n: float | None) -> str:
        """A length of time in whole minutes."""
        return "?" if n is None else self.say("unit", "minutes", n=round(n))

    def age(self, seconds: float | None) -> str:
        """How long ago, or how long until, in the largest sensible unit; a sentence adds `ago` or `in`."""
        if seconds is None:
            return "?"
        for name, size_s, below_s in (("seconds", 1, 90), ("minutes", 60, 5400), ("hours", 3600, 172800)):
            if seconds < below_s:
                return self.say("unit", name, n=round(seconds / size_s))
        return self.say("unit", "days", n=round(seconds / 86400))

    def when(self, at: datetime) -> str:
        """A local time with its day as a person says it."""
        day, today = self._local(at), self._local(self._now)
        days = (day - today).days
        near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days)
        if near:
            return self(near, time=self.clock(at))
        name = self.day(day) if abs(days) < 7 else self.date(day, weekday=True)
        return self("day_time", day=name, time=self.clock(at))

    def _measure(
        self, unit: str, value: float | None, *, digits: int | None = None, bare: bool = False
    ) -> str:
        if value is None:
            return "?"
        most = digits if digits is not None else (0 if abs(value) >= 9.95 or abs(value) < 0.05 else 1)
        text = self._number(value, most)
        sentence = self._catalogue.get("unit", {}).get(unit)
        return text if bare or not isinstance(sentence, str) else sentence.replace("{n}", text)

    def _form(self, forms: dict[str, str], values: dict[str, object]) -> tuple[str, dict[str, object]]:
        """The form for the counted value: one for just this number, else that of its plural category."""
        by = forms.get("by", "")
        count = values.get(by)
        if isinstance(count, bool) or not isinstance(count, int | float):
            return forms.get("other", ""), values
        count = round(count)
        category = str(self.locale.plural_form(count))
        text = forms.get(str(count)) or forms.get(category) or forms.get("other", "")
        return text, {**values, by: count}

    def _format(self, name: str, value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return self._apart("?" if value is None else str(value))
        for end, written in BY_NAME.items():
            if name == end or name.endswith(f"_{end}"):
                return self._apart(written(self, value))
        if isinstance(value, int) or abs(value) >= 9.95:
            return self._number(value, 0)
        return self._number(value, 1, least=0)

    def _apart(self, text: str) -> str:
        """Text in an isolate. What holds isolates already was put together here and runs as this language does."""
        other_way = self.direction == "rtl" or OTHER_WAY.search(text) is not None
        if not text or not other_way:
            return text
        return f"{OURS[self.direction] if POP in text else ISOLATE}{text}{POP}"


BY_NAME: dict[str, Callable[[Words, float], str]] = {
    "mm": Words.depth,
    "t_ha": Words.yield_,
    "litres": Words.litres,
    "frac": Words.percent,
    "t_c": Words.temperature,
    "m2": Words.area,
    "l_min": Words.flow,
    "minutes": Words.minutes,
    "s": Words.age,
}
"""How a number is written, by the end of its name. Differences of warmth have no entry: 5 °C more is not 41 °F."""


class _Shown(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


def _locale_name(language: str, system: str) -> str:
    """The locale whose dates and numbers are used. English beside metric units is not that of the USA."""
    return "en_GB" if language == "en" and system == "metric" else language


def _decimals(value: float | None) -> int:
    """One decimal for small values; none from ten on, and none for nothing."""
    return 0 if value is None or abs(value) >= WHOLE_FROM - 0.05 or abs(value) < 0.05 else 1


def _calm(value: float, digits: int) -> float:
    """Rounded half up in size, and never a minus zero."""
    return round(value, digits) + 0.0
