"""One sampling round as one row: every reading of it in a few dozen bytes of JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fieldstation.domain.reading import Quality, Quantity, Reading

Series = tuple[str, Quantity]
"""A sensor's id and what it measures; numbered in the record's table of that name."""

DIGITS = 6
"""Significant digits kept; the finest converter we read has four."""


@dataclass(frozen=True, slots=True)
class Round:
    """One sampling round read back. `trusted`: the wall clock could be believed."""

    at: datetime
    mono_s: float
    boot_id: str
    trusted: bool
    readings: tuple[Reading, ...]


def pack(readings: Iterable[Reading], mono_s: float, number: Callable[[Series], int]) -> str:
    """The compact form: `[[series, value or quality, raw, age_s], ...]`, empty tails cut.

    A number in second place is a good value, a text the reason why there is none.
    `age_s` is how long before `mono_s`, the round's instant, the reading was taken.
    """
    rows = []
    for reading in readings:
        value: float | str = reading.quality.value
        if reading.value is not None:
            value = _short(reading.value) if math.isfinite(reading.value) else Quality.OUT_OF_RANGE.value
        raw = _short(reading.raw) if reading.raw is not None and math.isfinite(reading.raw) else None
        row: list[Any] = [
            number((reading.sensor, reading.quantity)),
            value,
            raw,
            round(mono_s - reading.mono_s, 2),
        ]
        if not row[3]:
            row.pop()
            if row[2] is None:
                row.pop()
        rows.append(row)
    return json.dumps(rows, separators=(",", ":"), allow_nan=False)


def values(text: str) -> list[tuple[int, float]]:
    """Series number and value of the good readings in a packed round."""
    return [(row[0], row[1]) for row in json.loads(text) if not isinstance(row[1], str)]


def unpack(text: str, at: datetime, mono_s: float, names: Mapping[int, Series]) -> tuple[Reading, ...]:
    """The readings of a packed round. Raises ValueError or KeyError when it is damaged."""
    readings = []
    for number, value, *rest in json.loads(text):
        sensor, quantity = names[number]
        raw = rest[0] if rest else None
        age_s = rest[1] if len(rest) > 1 else 0.0
        good = not isinstance(value, str)
        readings.append(
            Reading(
                sensor=sensor,
                quantity=quantity,
                value=float(value) if good else None,
                quality=Quality.GOOD if good else Quality(value),
                at=at - timedelta(seconds=age_s),
                mono_s=mono_s - age_s,
                raw=raw,
            )
        )
    return tuple(readings)


def _short(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
