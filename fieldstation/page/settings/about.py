"""About: which release this is, whose work it stands on, and under which licences."""

from __future__ import annotations

import re
from functools import cache
from importlib import metadata
from typing import Any

from flask import Flask

import fieldstation
from fieldstation.page.context import PageContext

IN_THE_PAGE = (("htmx.org", "4.0.1", "0BSD"), ("uPlot", "1.6.32", "MIT"))
"""What is built into the page's script; `web/package-lock.json` is the authority, and a test compares."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def attach(app: Flask, page: PageContext) -> None:
    """The screen."""

    @app.get("/about")
    def about() -> Any:
        return page.screen("about.html", version=fieldstation.__version__, works=works())


@cache
def works() -> list[tuple[str, str, str]]:
    """(name, version, licence) of everything this installation needs to run."""
    found = {name.lower(): (name, version, licence) for name, version, licence in IN_THE_PAGE}
    seen: set[str] = set()
    waiting = ["fieldstation"]
    while waiting:
        name = waiting.pop().lower().replace("_", "-")
        if name in seen:
            continue
        seen.add(name)
        try:
            package = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        if name != "fieldstation":
            found[name] = (package.metadata["Name"], package.version, _licence(package))
        waiting += [
            match.group(0)
            for line in package.requires or ()
            if "extra ==" not in line and (match := NAME.match(line))
        ]
    return [found[name] for name in sorted(found)]


def _licence(package: metadata.Distribution) -> str:
    """In a few words where the package says any."""
    said = package.metadata.json
    classed = [
        line.rsplit("::", 1)[-1].strip()
        for line in said.get("classifier", ())
        if line.startswith("License ::")
    ]
    written = str(said.get("license", "")).strip().splitlines()
    return str(said.get("license_expression") or ", ".join(classed) or (written[0] if written else "?"))[:60]
