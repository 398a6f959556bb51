"""More: the way to every other screen, the language, day or night."""

from __future__ import annotations

from typing import Any

from flask import Flask, redirect, request

from fieldstation.language.sentences import LANGUAGES
from fieldstation.page.preferences import LANGUAGE, THEME, THEMES, keep
from fieldstation.page.site import Site

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


def attach(app: Flask, site: Site) -> None:
    """The screen, and what a reader picks on it for this phone: kept in cookies, known to nobody else."""

    def shown(*_: Any) -> dict[str, Any]:
        return {
            "ways": [
                {"href": href, "name": name, "icon": icon}
                for name, icon in WAYS
                if (href := site.way(name)) is not None
            ],
            "themes": THEMES,
            "live": True,
        }

    @app.get("/more")
    def more() -> Any:
        return site.screen("more.html", shown)

    @app.post("/look")
    @site.anybody()
    def look() -> Any:
        response = redirect("/more", 303)
        for cookie, allowed in ((LANGUAGE, LANGUAGES), (THEME, THEMES)):
            asked = request.form.get(cookie)
            if asked in allowed:
                keep(response, cookie, str(asked))
        return response
