"""From codes to whole sentences in the reader's language."""

from __future__ import annotations

import tomllib
from datetime import datetime, tzinfo
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = {"en": "English", "es": "Español"}
"""Each language by its own name; the first one when nothing else is known."""


@cache
def catalogue(language: str) -> dict[str, dict[str, str]]:
    """Every sentence of a language by group and code, from all files of its folder.

    Raises ValueError for a group that stands in two files.
    """
    found: dict[str, dict[str, str]] = {}
    for path in sorted((resources.files("fieldstation.page.words") / language).iterdir(), key=str):
        if path.name.endswith(".toml"):
            groups: dict[str, dict[str, str]] = tomllib.loads(path.read_text(encoding="utf-8"))
            if twice := groups.keys() & found.keys():
                raise ValueError(f"words/{language}/{path.name}: {sorted(twice)} stand in another file too")
            found |= groups
    return found


def chosen(asked: str | None, accepted: str, station: str) -> str:
    """The language: by ?lang=, else the browser's first known one, else the station's."""
    if asked in LANGUAGES:
        return str(asked)
    for part in accepted.split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return station if station in LANGUAGES else next(iter(LANGUAGES))


class Words:
    """Sentences of one language at one station's local time."""

    def __init__(self, language: str, tz: tzinfo, now: datetime) -> None:
        self.language = language
        self._catalogue = catalogue(language)
        self._tz, self._now = tz, now

    def say(self, group: str, code: str, /, **values: Any) -> str:
        """One sentence. An unknown code or a missing value shows as such and never fails."""
        text = self._catalogue.get(group, {}).get(code)
        if text is None:
            return code.replace("_", " ")
        return text.format_map(_Shown(values))

    def knows(self, group: str, code: str) -> bool:
        """Whether there is a sentence for this code."""
        return code in self._catalogue.get(group, {})

    def counted(self, group: str, code: str, by: str | None, values: dict[str, Any]) -> str:
        """One sentence that may have a form of its own for its number: `CODE_1` beside `CODE`."""
        special = f"{code}_{values.get(by)}" if by else code
        return self.say(group, special if special in self._catalogue.get(group, {}) else code, **values)

    def __call__(self, code: str, /, **values: Any) -> str:
        """A sentence of the page itself."""
        return self.say("page", code, **values)

    def when(self, at: datetime) -> str:
        """A local time with its day as a person says it."""
        local, today = at.astimezone(self._tz), self._now.astimezone(self._tz).date()
        clock = local.strftime("%H:%M")
        days = (local.date() - today).days
        near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(days)
        if near:
            return self(near, time=clock)
        day = self.day(at)
        return self("day_time", day=day if abs(days) < 7 else f"{day} {local.day}.{local.month}.", time=clock)

    def day(self, at: datetime) -> str:
        """The short name of a local day."""
        return self._catalogue["days"]["names"].split()[at.astimezone(self._tz).weekday()]

    def clock(self, at: datetime) -> str:
        """A local time."""
        return at.astimezone(self._tz).strftime("%H:%M:%S")

    def age(self, seconds: float | None) -> str:
        """An age in the largest sensible unit."""
        if seconds is None:
            return "?"
        if seconds < 90:
            return self("seconds", n=round(seconds))
        if seconds < 5400:
            return self("minutes", n=round(seconds / 60))
        return (
            self("hours", n=round(seconds / 3600))
            if seconds < 172800
            else self("days", n=round(seconds / 86400))
        )


class _Shown(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"
