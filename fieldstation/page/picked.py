"""What a reader picked on this phone: language and theme, in two cookies that say nothing else."""

from __future__ import annotations

from flask import request

LANGUAGE, THEME = "language", "theme"
THEMES = ("follow", "day", "night")
YEAR_S = 365 * 86400


def language() -> str | None:
    """Asked for in the address, else picked on More; any text, for it comes from outside."""
    return request.args.get("lang") or request.cookies.get(LANGUAGE)


def theme() -> str:
    """`day`, `night`, or nothing where the phone decides."""
    found = request.cookies.get(THEME)
    return found if found in ("day", "night") else ""
