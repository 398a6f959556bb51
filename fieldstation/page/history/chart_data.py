"""What the script of History's charts is given: a span's measurements in few bytes, sentences with gaps, how a unit is written."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from markupsafe import Markup

from fieldstation.binding import plain
from fieldstation.language.sentences import Words
from fieldstation.page.history.data import Past
from fieldstation.store.history.grid import Grid, Track

UNSAFE = {"&": "\\u0026", "<": "\\u003c", ">": "\\u003e", "'": "\\u0027"}


@dataclass(frozen=True, slots=True)
class Steps:
    """Equal steps; `first` is the first hour's instant, or a date."""

    step: str
    every: int
    count: int
    first: str


def for_chart(past: Past) -> Markup:
    """JSON for an attribute in single quotes: what a chart draws and no more, in few bytes for a weak network.

    Soil water in thousandths and temperatures in tenths as whole numbers; `below` and `above` are how far least and
    greatest lie from the mean.
    """
    laid = past.laid
    drawn = {
        "steps": plain(steps_of(laid.grid)),
        "soil": [_whole(track, 1000) for _, track in laid.soil],
        "air": None if laid.air is None else _whole(laid.air, 10),
        "rain": None if laid.rain is None else rounded(laid.rain.total, 1),
        "water": [round(mm, 1) or 0 for mm in laid.water.mm],
    }
    text = json.dumps(drawn, separators=(",", ":"), allow_nan=False)
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


def steps_of(grid: Grid) -> Steps:
    """The steps of a grid, enough to say when each begins."""
    first = f"{grid.since:%Y-%m-%dT%H:%M:%SZ}" if grid.since is not None else grid.first.isoformat()
    return Steps(grid.unit, grid.every, grid.count, first)


def rounded(values: list[float | None], digits: int) -> list[float | None]:
    """In few digits."""
    return [None if value is None else round(value, digits) for value in values]


US_MM, US_C = (1 / 25.4, 0.0), (1.8, 32.0)
PLACES = {
    "when": "{when}",
    "value": "{value}",
    "low": "{low}",
    "high": "{high}",
    "rain": "{rain}",
    "water": "{water}",
}
_NUMBER = re.compile(r"\d[\d.,\u066b\u066c\u202f]*")


def soil(past: Past, words: Words) -> dict[str, str]:
    """Of the soil's chart: the two lines, what each probe's reading is called."""
    dry, full = past.marks
    said = [
        words.say(
            "history", "read_more" if number else "read_soil", depth=words.length(probe.depth_m), **PLACES
        )
        for number, (probe, _) in enumerate(past.laid.soil)
    ]
    return {
        "read": "|".join(said),
        "form": _form(words.percent(0.88)),
        "scale": "100",
        "shift": "0",
        "digits": "0",
        "dry": f"{dry:.4f}",
        "full": f"{full:.4f}",
        "dry-word": words("dry"),
        "full-word": words("full"),
    }


def air(words: Words) -> dict[str, str]:
    """Of the air's chart."""
    scale, shift = US_C if _us(words) else (1.0, 0.0)
    return {
        "read": words.say("history", "read_air", **PLACES),
        "form": _form(words.temperature(88.0)),
        "scale": f"{scale:g}",
        "shift": f"{shift:g}",
        "digits": "0" if _us(words) else "1",
    }


def water(words: Words) -> dict[str, str]:
    """Of the chart of rain and water."""
    scale, shift = US_MM if _us(words) else (1.0, 0.0)
    return {
        "read": words.say("history", "read_water", **PLACES),
        "form": _form(words.depth(88.0)),
        "scale": f"{scale:.6g}",
        "shift": f"{shift:g}",
        "digits": "2" if _us(words) else "1",
        "rain-word": words.say("history", "legend_rain"),
        "water-word": words.say("history", "legend_water"),
    }


def _form(sample: str) -> str:
    """How a value stands with its unit.

    >>> _form("88.0 °C"), _form("88%")
    ('{n} °C', '{n}%')
    """
    return _NUMBER.sub("{n}", sample, count=1)


def _us(words: Words) -> bool:
    return getattr(words, "system", "metric") == "us"
