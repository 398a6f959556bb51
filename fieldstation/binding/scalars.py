"""Single values: numbers, texts, choices, dates, times and instants."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

from fieldstation.binding.declare import Bounds

Check = Callable[[Any], Any]
"""Takes a plain value and gives the real one. Raises ValueError."""

DAY = re.compile(r"\d{4}-\d\d-\d\d")
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:00)?")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, line ends, marks that turn the direction of what follows, and broken halves."""


def number(bounds: Bounds) -> Check:
    """A finite number; a whole one will do."""
    within = _within(bounds)

    def check(value: Any) -> float:
        kind = type(value)
        if kind is int:
            try:
                value = float(value)
            except OverflowError:
                raise ValueError from None
        elif kind is not float:
            raise ValueError
        if not math.isfinite(value) or not within(value):
            raise ValueError
        return float(value)

    return check


def number_in(value: object, low: float = -math.inf, high: float = math.inf) -> float | None:
    """The finite number in a plain value, or None: for a message whose refusal has words of its own."""
    try:
        return float(number(Bounds(ge=low, le=high))(value))
    except ValueError:
        return None


def whole(bounds: Bounds) -> Check:
    """A whole number. True and false are none."""
    within = _within(bounds)

    def check(value: Any) -> int:
        if type(value) is not int or not within(value):
            raise ValueError
        return value

    return check


def yes_no(value: Any) -> bool:
    """True or false."""
    if type(value) is not bool:
        raise ValueError
    return value


def text(bounds: Bounds) -> Check:
    """A text."""
    least, most = bounds.min_len or (1 if bounds.line else 0), bounds.max_len
    pattern = re.compile(bounds.pattern) if bounds.pattern else None

    def check(value: Any) -> str:
        if type(value) is not str or len(value) < least or (most is not None and len(value) > most):
            raise ValueError
        if bounds.line and (not value.strip() or CONTROL.search(value)):
            raise ValueError
        if pattern and not pattern.fullmatch(value):
            raise ValueError
        return value

    return check


def choice(known: dict[Any, Any]) -> Check:
    """One of some plain values, each with what it stands for."""
    typed = {(type(plain), plain): found for plain, found in known.items()}  # true is no 1

    def check(value: Any) -> Any:
        try:
            return typed[type(value), value]
        except (KeyError, TypeError):
            raise ValueError from None

    return check


def day(value: Any) -> date:
    """A date without a time."""
    if type(value) is date:
        return value
    if type(value) is str and DAY.fullmatch(value):
        return date.fromisoformat(value)
    raise ValueError


def clock(value: Any) -> time:
    """A local time in whole minutes. An offset is refused: the station's zone is the only one here."""
    if type(value) is time and value.tzinfo is None and not (value.second or value.microsecond):
        return value
    if type(value) is str and CLOCK.fullmatch(value):
        return time.fromisoformat(value)
    raise ValueError


def instant(value: Any) -> datetime:
    """An instant, in UTC."""
    found = datetime.fromisoformat(value) if type(value) is str else value
    if type(found) is not datetime or found.tzinfo is None:
        raise ValueError
    try:
        return found.astimezone(UTC)
    except OverflowError:
        raise ValueError from None


def _within(bounds: Bounds) -> Callable[[float], bool]:
    low = -math.inf if bounds.ge is None else bounds.ge
    high = math.inf if bounds.le is None else bounds.le
    above = -math.inf if bounds.gt is None else bounds.gt
    below = math.inf if bounds.lt is None else bounds.lt
    if bounds.gt is None and bounds.lt is None:
        return lambda value: low <= value <= high
    return lambda value: low <= value <= high and above < value < below
