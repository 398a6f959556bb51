"""The sentences of each language, one folder a language, read when first asked for; and whose language it is."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

Sentence = str | dict[str, str]
"""A sentence with named values, or its forms by CLDR plural category: `by` names the value that is counted."""

LANGUAGES = {"en": "English", "es": "Español"}
"""Each language by its own name; the first one when nothing else is known."""


@cache
def catalogue(language: str) -> dict[str, dict[str, Sentence]]:
    """Every sentence of a language by group and code, from all files of its folder.

    Raises ValueError for a group that stands in two files.
    """
    found: dict[str, dict[str, Sentence]] = {}
    for path in sorted((resources.files("fieldstation.page.words") / language).iterdir(), key=str):
        if path.name.endswith(".toml"):
            groups: dict[str, dict[str, Sentence]] = tomllib.loads(path.read_text(encoding="utf-8"))
            if twice := groups.keys() & found.keys():
                raise ValueError(f"words/{language}/{path.name}: {sorted(twice)} stand in another file too")
            found |= groups
    return found


def chosen(asked: str | None, accepted: str, station: str, cookie: str | None = None) -> str:
    """The language: by ?lang=, else the cookie of an earlier choice, the browser's first known one, the station's."""
    for wished in (asked, cookie):
        if wished in LANGUAGES:
            return str(wished)
    for part in accepted.split(","):
        code = part.split(";")[0].strip().lower().split("-")[0]
        if code in LANGUAGES:
            return code
    return station if station in LANGUAGES else next(iter(LANGUAGES))
