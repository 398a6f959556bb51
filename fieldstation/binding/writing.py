"""From dataclasses to plain values that JSON can hold."""

from __future__ import annotations

import dataclasses
import enum
import math
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any


def plain(value: Any) -> Any:
    """The plain form of a dataclass, an enum, a date, or lists and dicts of them.

    Instants are written in UTC with Z, local times as HH:MM. Raises ValueError for NaN,
    infinity, an instant without zone, or a type without a plain form.
    """
    kind: Any = type(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} is not JSON compliant")
        return float(value)
    if kind in _AS_IT_IS:
        return value
    if kind in _BY_TYPE:
        return _BY_TYPE[kind](value)
    if isinstance(value, enum.Enum):
        return value.value
    if dataclasses.is_dataclass(value):
        return {key: plain(getattr(value, name)) for name, key in _keys(kind)}
    raise ValueError(f"{kind.__name__} has no plain form")


@cache
def _keys(kind: Any) -> tuple[tuple[str, str], ...]:
    """Each field's name, and its key."""
    found = [(field, field.metadata.get("bounds")) for field in dataclasses.fields(kind) if field.init]
    return tuple((field.name, (bounds and bounds.key) or field.name) for field, bounds in found)


def _instant(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _list(items: Any) -> list[Any]:
    return [plain(item) for item in items]


_AS_IT_IS = (str, int, bool, type(None))
_BY_TYPE = {
    datetime: _instant,
    date: date.isoformat,
    time: lambda at: at.strftime("%H:%M"),
    dict: lambda table: {str(plain(key)): plain(item) for key, item in table.items()},
    list: _list,
    tuple: _list,
}
