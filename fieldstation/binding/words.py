"""What a declared value must be, in words for a person."""

from __future__ import annotations

import enum
import types
import typing
from datetime import date, datetime, time
from typing import Any

from fieldstation.binding.declare import Bounds

NAMES = {
    float: "a number",
    int: "a whole number",
    str: "a text",
    bool: "true or false",
    date: "a date such as 2026-04-18",
    time: "a local time such as 05:00, without seconds, Z or +02:00",
    datetime: "an instant with its zone, such as 2026-04-18T05:00:00Z",
    tuple: "a list",
    list: "a list",
    dict: "a table",
}


def wanted(hint: Any, bounds: Bounds) -> str:
    """A phrase such as `a number > 0 m2 (irrigated area)`."""
    said = _kind(hint, bounds)
    limits = limits_text(bounds)
    if limits:
        said += f" {limits}"
    return f"{said} ({bounds.doc})" if bounds.doc else said


def choices_of(hint: Any, bounds: Bounds) -> dict[Any, Any]:
    """The plain values to choose from, each with what it stands for; empty for any other type."""
    if typing.get_origin(hint) is typing.Literal:
        return {part: part for part in typing.get_args(hint)}
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return {member.value: member for member in hint}
    return {name: name for name in bounds.choices} if hint is str else {}


def limits_text(bounds: Bounds) -> str:
    """The limits with their unit, such as `from 0 to 27` or `> 0 mm`; empty without any."""
    if bounds.ge is not None and bounds.le is not None and bounds.gt is bounds.lt is None:
        return f"from {_figure(bounds.ge)} to {_figure(bounds.le)} {bounds.unit}".strip()
    signs = ((">=", bounds.ge), (">", bounds.gt), ("<=", bounds.le), ("<", bounds.lt))
    text = " and ".join(f"{sign} {_figure(limit)}" for sign, limit in signs if limit is not None)
    return f"{text} {bounds.unit}".strip()


def _figure(value: float) -> str:
    return f"{value:.0f}" if value == int(value) else f"{value:g}"


def _kind(hint: Any, bounds: Bounds) -> str:
    origin = typing.get_origin(hint)
    if origin is typing.Annotated:
        inner, *marks = typing.get_args(hint)
        return _kind(inner, bounds.over(next((m for m in marks if isinstance(m, Bounds)), Bounds())))
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_kind(part, bounds) for part in typing.get_args(hint) if part is not type(None))
    if known := choices_of(hint, bounds):
        return f"one of {', '.join(map(str, known))}"
    said = NAMES.get(origin or hint, "a table")
    counts = (bounds.min_len or (1 if bounds.line else 0), bounds.max_len)
    if counts == (0, None) or (origin or hint) not in (str, tuple, list, dict):
        return said
    of = "characters" if hint is str else "items"
    return (
        f"{said} of {counts[0]} to {counts[1]} {of}" if counts[1] else f"{said} of {counts[0]} or more {of}"
    )
