"""What a chart's script needs to speak: sentences with gaps to fill, and how a unit is written."""

from __future__ import annotations

import re

from fieldstation.language.sentences import Words
from fieldstation.page.history.data import Past

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
