"""One strict way from plain JSON or TOML to dataclasses and back.

Types, limits and meanings are declared once, in the dataclass. `read` checks plain values
against them and tells every problem at once; `plain` writes what `read` takes; `json_schema`
describes it. Standard library alone, because the guard imports it.
"""

from fieldstation.binding.declare import Bounds, setting
from fieldstation.binding.problems import BindingError, Problem
from fieldstation.binding.reading import Unsound, read, read_fields, read_value
from fieldstation.binding.schema import json_schema
from fieldstation.binding.writing import plain

__all__ = [
    "BindingError",
    "Bounds",
    "Problem",
    "Unsound",
    "json_schema",
    "plain",
    "read",
    "read_fields",
    "read_value",
    "setting",
]
