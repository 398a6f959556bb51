"""What a reader picked on this phone: language and theme, in two cookies that say nothing else."""

from __future__ import annotations

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from fieldstation.language import pseudo
from fieldstation.language.catalogue import LANGUAGES

LANGUAGE, THEME = "language", "theme"
THEMES = ("follow", "day", "night")
YEAR_S = 365 * 86400


def language(station: str) -> str:
    """The reader's: asked for in the address, else picked on this phone, its browser's, the station's."""
    accepted = request.headers.get("Accept-Language", "")
    return chosen(request.args.get("lang"), accepted, station, request.cookies.get(LANGUAGE))


def chosen(asked: str | None, accepted: str, station: str, cookie: str | None = None) -> str:
    """The language: by ?lang=, else the cookie of an earlier choice, the browser's first known one, the station's."""
    for wished in (asked, cookie):
        if wished in LANGUAGES or (wished == pseudo.NAME and pseudo.wanted()):
            return str(wished)
    for part in accepted.split(","):
        code = part.split(";")[0].strip().lower().split("-")[0]
        if code in LANGUAGES:
            return code
    return station if station in LANGUAGES else next(iter(LANGUAGES))


def remember(response: Response) -> None:
    """Keep a language that was asked for in the address, so that the next screen speaks it too."""
    asked = request.args.get("lang")
    if asked in LANGUAGES and request.cookies.get(LANGUAGE) != asked:
        keep(response, LANGUAGE, str(asked))


def keep(response: BaseResponse, cookie: str, value: str) -> None:
    """For a year, out of reach of scripts and of other sites."""
    response.set_cookie(cookie, value, max_age=YEAR_S, httponly=True, samesite="Lax")


def theme() -> str:
    """`day`, `night`, or nothing where the phone decides."""
    found = request.cookies.get(THEME)
    return found if found in ("day", "night") else ""
