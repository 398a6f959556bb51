"""From a TOML table to a dataclass, by the limits its fields declare; every problem is collected."""

from __future__ import annotations

import dataclasses
import difflib
import math
import types
import typing
from collections.abc import Iterable
from typing import Any

from fieldstation.binding.words import wanted
from fieldstation.domain.errors import Problem
from fieldstation.domain.setting import Bounds

Table = dict[str, Any]


class Reader:
    """Collects problems while tables are read; nothing is raised until all are known."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []

    def problem(self, where: str, what: str, do: str) -> None:
        """Note one problem at a place such as `zone.north] area_m2`: section, then key."""
        section, _, key = where.partition("]")
        place = f"{self.name} [{section}]{key.replace(']', '')}" if section else f"{self.name}{key}"
        self.problems.append(Problem(place, what, do))

    def unknown_keys(self, where: str, table: Table, known: Iterable[str]) -> None:
        """Refuse keys that nobody reads: a typo must not pass."""
        names = list(known)
        for key in table:
            if key not in names:
                near = difflib.get_close_matches(str(key), names, 1, 0.5)
                hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(names))}"
                self.problem(f"{where}] {str(key)[:40]}", "is not known", hint)

    def table(self, where: str, value: object, do: str) -> Table | None:
        """A table, or a problem."""
        if isinstance(value, dict):
            return value
        self.problem(where, "is missing" if value is None else f"is not a table: {short(value)}", do)
        return None

    def bind(self, where: str, table: Table, kind: type[Any], *, also: Iterable[str] = ()) -> Any | None:
        """An instance of a dataclass from a table, or None and the problems noted.

        `also` names keys that belong to someone else. Fields carry `Bounds`.
        """
        fields = dataclasses.fields(kind)
        hints = typing.get_type_hints(kind)
        self.unknown_keys(where, table, [*(field.name for field in fields), *also])
        values, sound = {}, True
        for field in fields:
            bounds: Bounds = field.metadata["bounds"]
            if field.name not in table:
                if field.default is dataclasses.MISSING:
                    self.problem(
                        f"{where}] {field.name}", "is missing", f"add {wanted(hints[field.name], bounds)}"
                    )
                    sound = False
                continue
            value = self._value(f"{where}] {field.name}", table[field.name], hints[field.name], bounds)
            sound = sound and value is not None
            values[field.name] = value
        return kind(**values) if sound else None

    def _value(self, where: str, value: object, hint: Any, bounds: Bounds) -> Any | None:
        needs = wanted(hint, bounds)
        if typing.get_origin(hint) in (typing.Union, types.UnionType):
            hint = next(part for part in typing.get_args(hint) if part is not type(None))
        if hint is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
            self.problem(where, f"is {short(value)}", f"give {needs}")
            return None
        if isinstance(value, float) and not math.isfinite(value):
            self.problem(where, f"is {value}", f"give {needs}")
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and not _within(value, bounds):
            self.problem(where, f"is {value:g}", f"give {needs}")
            return None
        if bounds.choices and value not in bounds.choices:
            near = difflib.get_close_matches(str(value), bounds.choices, 1, 0.5)
            hint_text = f"did you mean {near[0]!r}? " if near else ""
            self.problem(
                where, f"is {short(value)}", f"{hint_text}choose one of: {', '.join(bounds.choices)}"
            )
            return None
        return value


def short(value: object) -> str:
    """A value as it may stand in a message."""
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."


def _within(value: float, bounds: Bounds) -> bool:
    return (
        (bounds.ge is None or value >= bounds.ge)
        and (bounds.gt is None or value > bounds.gt)
        and (bounds.le is None or value <= bounds.le)
        and (bounds.lt is None or value < bounds.lt)
    )
