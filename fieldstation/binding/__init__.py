"""One strict way from plain JSON or TOML to dataclasses and back.

Types, limits and meanings are declared once, in the dataclass. `read` checks plain values
against them and tells every problem at once; `plain` writes what `read` takes; `json_schema`
describes it. Standard library alone, because the guard imports it.
"""

from typing import Any

from fieldstation.binding.declare import Bounds, setting
from fieldstation.binding.likeness import like
from fieldstation.binding.problems import BindingError, Problem
from fieldstation.binding.reading import Unsound, read, read_fields, read_value
from fieldstation.binding.writing import plain


def json_schema(kind: type[Any], *, written: bool = False) -> dict[str, Any]:
    """JSON Schema of a class: of what `plain` gives when `written`, else of what `read` takes."""
    from fieldstation.binding.schema import schema_with_parts  # the guard never asks

    return schema_with_parts(kind, written=written)


__all__ = [
    "BindingError",
    "Bounds",
    "Problem",
    "Unsound",
    "json_schema",
    "like",
    "plain",
    "read",
    "read_fields",
    "read_value",
    "setting",
]
