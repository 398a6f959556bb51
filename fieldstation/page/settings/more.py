"""More: the way to every other screen, the language, day or night."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, redirect, request

from fieldstation.language.sentences import LANGUAGES
from fieldstation.page.context import LANGUAGE, THEME, THEMES, PageContext, keep_pick

WAYS = (
    ("season", "leaf"),
    ("zones", "field"),
    ("alerts", "alert"),
    ("settings", "gear"),
    ("people", "people"),
    ("record", "card"),
    ("calibration", "scale"),
    ("commissioning", "list"),
    ("about", "book"),
)
"""Screens by the name of their endpoint; one that is not there is not shown."""


@dataclass(frozen=True, slots=True)
class Way:
    """A link to a screen."""

    href: str
    name: str
    icon: str


def attach(app: Flask, page: PageContext) -> None:
    """The screen, and what a reader picks on it for this phone: kept in cookies, known to nobody else."""

    @app.get("/more")
    def more() -> Any:
        ways = [Way(href, name, icon) for name, icon in WAYS if (href := page.way(name)) is not None]
        return page.screen("more.html", ways=ways, themes=THEMES, live=True)

    @app.post("/look")
    @page.anybody()
    def look() -> Any:
        response = redirect("/more", 303)
        for cookie, allowed in ((LANGUAGE, LANGUAGES), (THEME, THEMES)):
            asked = request.form.get(cookie)
            if asked in allowed:
                keep_pick(response, cookie, str(asked))
        return response
