"""A template that names what its view does not have fails, instead of showing nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Undefined
from jinja2.utils import missing


class NoSuchAttribute(AssertionError):
    """A template asked an object for something it does not have."""


class StrictAttributes(Undefined):
    """A variable nobody gave, or a key of a table, may be undefined as usual; an object's attribute may not."""

    __slots__ = ()

    def __init__(self, hint: str | None = None, obj: Any = missing, name: Any = None, *more: Any) -> None:
        if obj is not missing and not isinstance(obj, Mapping | Undefined):
            raise NoSuchAttribute(f"{type(obj).__name__} has no {name!r}")
        super().__init__(hint, obj, name, *more)
