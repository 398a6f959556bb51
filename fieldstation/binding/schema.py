"""JSON Schema (draft 2020-12) of what a class reads and writes."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from fieldstation.binding.declare import Bounds, unwrapped
from fieldstation.binding.reading import Slot, fields_of
from fieldstation.binding.scalars import CLOCK
from fieldstation.binding.words import choices_of
from fieldstation.binding.writing import plain

Schema = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
SIMPLE: dict[Any, Schema] = {
    float: {"type": "number"},
    int: {"type": "integer"},
    str: {"type": "string"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
    time: {"type": "string", "pattern": f"^{CLOCK.pattern}$"},
    datetime: {"type": "string", "format": "date-time"},
    type(None): {"type": "null"},
}
NUMBERS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}


def schema_with_parts(kind: type[Any], *, written: bool = False) -> Schema:
    """The schema of a class, with every class in it under `$defs`, by name.

    `written` describes what `plain` gives, where every key is there; else what `read` takes.
    """
    parts: dict[str, Schema] = {}
    top = schema_of(kind, Bounds(), parts, "#/$defs/", written=written)
    return {"$schema": DRAFT, **top, "$defs": parts}


def schema_of(hint: Any, bounds: Bounds, parts: dict[str, Schema], refs: str, *, written: bool) -> Schema:
    """The schema of any type a field may have; classes are put into `parts`, and named by `refs` + name."""
    hint, bounds = unwrapped(hint, bounds)
    origin, args = typing.get_origin(hint), typing.get_args(hint)

    def of(part: Any, within: Bounds) -> Schema:
        return schema_of(part, within, parts, refs, written=written)

    if origin in (typing.Union, types.UnionType):
        return {"anyOf": [of(part, bounds) for part in args]}
    if origin in (tuple, list):
        return _list(args, bounds, of)
    if origin in (dict, Mapping):
        return {"type": "object", "additionalProperties": of(args[1], bounds.of_items())}
    if known := choices_of(hint, bounds):
        return {"enum": list(known)}
    if dataclasses.is_dataclass(hint):
        return _class(hint, parts, refs, written=written)
    return _single(hint, bounds)


def _class(kind: Any, parts: dict[str, Schema], refs: str, *, written: bool) -> Schema:
    name = kind.__name__
    if name not in parts:
        parts[name] = {}  # it may stand in itself
        slots = fields_of(kind)
        parts[name] = {
            "type": "object",
            "description": (kind.__doc__ or "").split("\n\n")[0].strip(),
            "properties": {slot.key: property_of(slot, parts, refs, written=written) for slot in slots},
            "required": [slot.key for slot in slots if written or slot.required],
            "additionalProperties": False,
        }
    return {"$ref": f"{refs}{name}"}


def property_of(slot: Slot, parts: dict[str, Schema], refs: str, *, written: bool) -> Schema:
    """The schema of one field, with its meaning and default."""
    found = dict(schema_of(slot.hint, slot.bounds, parts, refs, written=written))
    doc = f"{slot.bounds.doc}, {slot.bounds.unit}" if slot.bounds.unit else slot.bounds.doc
    if doc:
        found["description"] = doc
    if not slot.required and not written:
        found["default"] = plain(slot.default)
    return found


def _list(args: tuple[Any, ...], bounds: Bounds, of: Any) -> Schema:
    inner = bounds.of_items()
    if len(args) == 1 or args[-1] is Ellipsis:
        return {"type": "array", "items": of(args[0], inner), **_counts(bounds, "Items")}
    prefix = [of(part, inner) for part in args]
    return {"type": "array", "prefixItems": prefix, "minItems": len(args), "maxItems": len(args)}


def _single(hint: Any, bounds: Bounds) -> Schema:
    found = dict(SIMPLE[hint])
    if hint in (float, int):
        found |= {NUMBERS[name]: limit for name in NUMBERS if (limit := getattr(bounds, name)) is not None}
    if hint is str:
        found |= _counts(bounds, "Length")
        found |= {"pattern": f"^(?:{bounds.pattern})$"} if bounds.pattern else {}
    return found


def _counts(bounds: Bounds, of: str) -> Schema:
    counts = {f"min{of}": bounds.min_len or (1 if bounds.line else None), f"max{of}": bounds.max_len}
    return {name: count for name, count in counts.items() if count is not None}
