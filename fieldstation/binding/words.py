"""What a declared value must be, in words for a person."""

from __future__ import annotations

import enum
import types
import typing
from datetime import date, datetime, time
from typing import Any

from fieldstation.binding.declare import Bounds, unwrapped

NAMES = {
    float: "a number",
    int: "a whole number",
    str: "a text",
    bool: "true or false",
    date: "a date such as 2026-04-18",
    time: "a local time such as 05:00, without seconds, Z or +02:00",
    datetime: "an instant with its zone, such as 2026-04-18T05:00:00Z",
}


def wanted(hint: Any, bounds: Bounds) -> str:
    """A phrase such as `a number > 0 m2 (irrigated area)`."""
    said = _kind(hint, bounds)
    return f"{said} ({bounds.doc})" if bounds.doc else said


def choices_of(hint: Any, bounds: Bounds) -> dict[Any, Any]:
    """The plain values to choose from, each with what it stands for; empty for any other type."""
    if typing.get_origin(hint) is typing.Literal:
        return {part: part for part in typing.get_args(hint)}
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return {member.value: member for member in hint}
    return {name: name for name in bounds.choices} if hint is str else {}


def _kind(hint: Any, bounds: Bounds) -> str:
    hint, bounds = unwrapped(hint, bounds)
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_kind(part, bounds) for part in parts if part is not type(None))
    if known := choices_of(hint, bounds):
        return f"one of {', '.join(map(str, known))}"
    if origin in (tuple, list):
        items = [_kind(part, bounds.of_items()) for part in parts if part is not Ellipsis]
        if origin is tuple and parts[-1] is not Ellipsis:
            return f"[{', '.join(items)}]"
        return f"a list{_count(bounds, 'items')}, each {items[0]}"
    said = NAMES.get(hint, "a table")
    if hint is str:
        return said + _count(bounds, "characters")
    return f"{said} {_limits(bounds)}".strip() if hint in (float, int) else said


def _limits(bounds: Bounds) -> str:
    """The limits with their unit, such as `from 0 to 27` or `> 0 mm`; empty without any."""
    if bounds.ge is not None and bounds.le is not None and bounds.gt is bounds.lt is None:
        return f"from {_figure(bounds.ge)} to {_figure(bounds.le)} {bounds.unit}".strip()
    signs = ((">=", bounds.ge), (">", bounds.gt), ("<=", bounds.le), ("<", bounds.lt))
    text = " and ".join(f"{sign} {_figure(limit)}" for sign, limit in signs if limit is not None)
    return f"{text} {bounds.unit}".strip()


def _figure(value: float) -> str:
    return f"{value:.0f}" if value == int(value) else f"{value:g}"


def _count(bounds: Bounds, of: str) -> str:
    least, most = bounds.min_len or (1 if bounds.line else 0), bounds.max_len
    if most is None:
        return f" of {least} or more {of}" if least else ""
    return f" of {least} to {most} {of}" if least else f" of at most {most} {of}"
