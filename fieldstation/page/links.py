"""Addresses that keep what was chosen: a link changes one thing of the question and leaves the rest."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

KEPT = ("zone", "span", "planted_on", "from", "until", "view", "lang")


class Links:
    """Made from a request's path and query values."""

    def __init__(self, path: str, args: Mapping[str, str]) -> None:
        self._path = path
        self._args = {name: args[name] for name in KEPT if args.get(name)}

    def to(self, path: str | None = None, **changed: str | None) -> str:
        """The address with some values changed, or gone where they are None.

        >>> Links("/history", {"span": "7d", "zone": "north", "x": "1"}).to(span="30d")
        '/history?zone=north&span=30d'
        """
        chosen = {**self._args, **changed}
        if "span" in changed:
            chosen = {**chosen, "from": None, "until": None}
        asked = urlencode({name: value for name, value in chosen.items() if value is not None})
        return (path or self._path) + ("?" + asked if asked else "")
