"""A span's measurements in short, for the chart's script."""

from __future__ import annotations

import json

from markupsafe import Markup

from fieldstation.page.history.data import Past
from fieldstation.page.today.status import stamp
from fieldstation.store.history.grid import Grid, Track

UNSAFE = {"&": "\\u0026", "<": "\\u003c", ">": "\\u003e", "'": "\\u0027"}


def for_chart(past: Past) -> Markup:
    """JSON for an attribute in single quotes: what a chart draws and no more, in few bytes for a weak network.

    Soil water in thousandths and temperatures in tenths as whole numbers; `below` and `above` are how far least and
    greatest lie from the mean.
    """
    laid = past.laid
    plain = {
        "steps": steps_plain(laid.grid),
        "soil": [_whole(track, 1000) for _, track in laid.soil],
        "air": None if laid.air is None else _whole(laid.air, 10),
        "rain": None if laid.rain is None else rounded(laid.rain.total, 1),
        "water": [round(mm, 1) or 0 for mm in laid.water.mm],
    }
    text = json.dumps(plain, separators=(",", ":"), allow_nan=False)
    for char, written in UNSAFE.items():
        text = text.replace(char, written)
    return Markup(text)  # noqa: S704 -- numbers and names of ours, quoted above


def _whole(track: Track, parts: int) -> dict[str, list[int | None]]:
    mean = [None if value is None else round(value * parts) for value in track.mean]
    pairs = zip(mean, track.low, track.high, strict=True)
    ends = [
        (None, None)
        if m is None or lo is None or hi is None
        else (m - round(lo * parts), round(hi * parts) - m)
        for m, lo, hi in pairs
    ]
    return {"mean": mean, "below": [low for low, _ in ends], "above": [high for _, high in ends]}


def steps_plain(grid: Grid) -> dict[str, str | int]:
    """The steps of a grid, enough to say when each begins."""
    first = stamp(grid.since) if grid.since is not None else grid.first.isoformat()
    return {"step": grid.unit, "every": grid.every, "count": grid.count, "first": first}


def rounded(values: list[float | None], digits: int) -> list[float | None]:
    """In few digits."""
    return [None if value is None else round(value, digits) for value in values]
