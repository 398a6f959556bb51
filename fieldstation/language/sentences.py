"""From codes to whole sentences in the reader's language, with the reader's own way to write values."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Any

from fieldstation.language import pseudo
from fieldstation.language.catalogue import LANGUAGES, catalogue
from fieldstation.language.formats import L_PER_GALLON, SHORT_TON_ACRE_PER_T_HA, Formats

__all__ = ["LANGUAGES", "Words", "catalogue"]

ISOLATE, POP = "\u2068", "\u2069"
OURS = {"ltr": "\u2066", "rtl": "\u2067"}
"""Isolates of a set direction; the other one takes that of the first letter outside of isolates within."""
OTHER_WAY = re.compile("[\u0590-\u08ff]")
"""Letters that run from right to left."""
LITRES_PER_M3 = 1000.0
CUBIC_METRES_FROM_L = 100_000.0


class Words(Formats):
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
                _Shown({name: self._shown(name, value) for name, value in values.items()})
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
            return self._measure("gallons", litres / L_PER_GALLON, bare=bare)
        if litres >= CUBIC_METRES_FROM_L and not bare:
            return self._unit(litres / LITRES_PER_M3, "volume-cubic-meter", 0)
        return self._measure("litres", litres, bare=bare)

    def flow(self, l_min: float | None) -> str:
        """Water by the minute: litres or US gallons."""
        if self.system == "us":
            return self._measure("gallons_per_minute", None if l_min is None else l_min / L_PER_GALLON)
        return self._measure("litres_per_minute", l_min)

    def yield_(self, t_ha: float | None, *, bare: bool = False) -> str:
        """A harvest: t/ha, or short tons per acre; always one decimal. `bare` leaves the unit to a neighbour."""
        us = self.system == "us"
        value = None if t_ha is None else t_ha * (SHORT_TON_ACRE_PER_T_HA if us else 1.0)
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

    def _form(self, forms: dict[str, str], values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """The form for the counted value: one for just this number, else that of its plural category."""
        by = forms.get("by", "")
        count = values.get(by)
        if isinstance(count, bool) or not isinstance(count, int | float):
            return forms.get("other", ""), values
        count = round(count)
        category = str(self.locale.plural_form(count))
        text = forms.get(str(count)) or forms.get(category) or forms.get("other", "")
        return text, {**values, by: count}

    def _shown(self, name: str, value: Any) -> str:
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
