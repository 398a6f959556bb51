"""A language that nobody speaks, made from English: longer by two fifths and accented, to try a layout with."""

from __future__ import annotations

import os
import re

NAME = "xx"
ASKED_BY = "FIELDSTATION_PSEUDO"
LONGER = 0.4
ACCENTS = str.maketrans("aeiouyncAEIOUYNC", "áéíöúýñçÁÉÍÖÚÝÑÇ")
VALUES = re.compile(r"(\{\w+\})")


def wanted() -> bool:
    """Whether this process was started to try layouts; a station never is."""
    return os.environ.get(ASKED_BY) == "1"


def pseudo(text: str) -> str:
    """The text with accents, its values untouched, and dots of a longer language in brackets.

    >>> pseudo("Rain today {mm}.")
    '[Ráíñ tödáý {mm}. ·····]'
    """
    parts = [part if VALUES.fullmatch(part) else part.translate(ACCENTS) for part in VALUES.split(text)]
    letters = len(VALUES.sub("", text))
    words = "····· " * round(letters * LONGER / 6 + 0.5)
    return f"[{''.join(parts)} {words.strip()}]" if letters else text
