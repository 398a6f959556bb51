"""Declare a field next to its limits: the binder reads, checks and documents it from here."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a value may be. Limits of numbers, `choices` and `pattern` also hold for the items of a list.

    `min_len` and `max_len` count a text's characters or a list's items. `key` is its name in
    JSON or TOML. `line` refuses blank text and control characters. `pin` marks a BCM pin
    that no other device may use.
    """

    doc: str = ""
    unit: str = ""
    ge: float | None = None
    gt: float | None = None
    le: float | None = None
    lt: float | None = None
    min_len: int | None = None
    max_len: int | None = None
    choices: tuple[str, ...] = ()
    pattern: str = ""
    line: bool = False
    key: str = ""
    pin: bool = False

    def over(self, inner: Bounds) -> Bounds:
        """These bounds, and `inner` where they say nothing."""
        said = {
            field.name: value
            for field in dataclasses.fields(Bounds)
            if (value := getattr(self, field.name)) != field.default
        }
        return dataclasses.replace(inner, **said)

    def of_items(self) -> Bounds:
        """The part of them that holds for each item."""
        return dataclasses.replace(self, min_len=None, max_len=None, key="")


def unwrapped(hint: Any, bounds: Bounds) -> tuple[Any, Bounds]:
    """A type without its `Annotated`, and what that said within the field's own bounds."""
    if typing.get_origin(hint) is not typing.Annotated:
        return hint, bounds
    inner, *marks = typing.get_args(hint)
    return inner, bounds.over(next((mark for mark in marks if isinstance(mark, Bounds)), Bounds()))


def setting(
    doc: str,
    *,
    default: object = dataclasses.MISSING,
    factory: Callable[[], object] | None = None,
    pin: bool = False,
    **limits: Any,
) -> Any:  # a dataclass field: the annotation beside it gives the type
    """A dataclass field with its meaning and limits: the names of `Bounds`.

    Without `default` or `factory` it is required. `doc` is one phrase; the unit stands in `unit`.
    """
    if pin:
        limits |= {"ge": 0, "le": 27, "pin": True}
    metadata = {"bounds": Bounds(doc=doc, **limits)}
    if factory is not None:
        return dataclasses.field(default_factory=factory, metadata=metadata)
    if default is dataclasses.MISSING:
        return dataclasses.field(metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)
