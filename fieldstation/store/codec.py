"""Nouns to JSON and back, strict: what does not fit its declared type is an error, not a guess.

It walks the dataclass itself, so a new field needs no second place. A field missing from
an old row takes its default; without a default the row is damaged.
"""

from __future__ import annotations

import dataclasses
import json
import math
import types
import typing
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


class BadText(ValueError):
    """Text that is no such noun; says where."""


def encode(noun: object) -> str:
    """Compact JSON of a dataclass, an enum, or plain values. Raises ValueError for NaN and infinity."""
    return json.dumps(_plain(noun), separators=(",", ":"), allow_nan=False, ensure_ascii=False)


def decode(kind: type[T], text: str) -> T:
    """The noun of type `kind` in `text`. Raises BadText.

    >>> from fieldstation.domain.forecast import Quantiles
    >>> decode(Quantiles, encode(Quantiles(1.0, 2.0, 3.0)))
    Quantiles(p10=1.0, p50=2.0, p90=3.0)
    """
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadText(f"not JSON: {error}") from error
    found: T = _noun(kind, plain, kind.__name__)
    return found


def decode_values(text: str) -> dict[str, float | str | None]:
    """The values of an Event. Raises BadText."""
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadText(f"not JSON: {error}") from error
    found: dict[str, float | str | None] = _noun(dict[str, float | str | None], plain, "values")
    return found


def _plain(noun: object) -> Any:
    if isinstance(noun, StrEnum):
        return noun.value
    if noun is None or isinstance(noun, str | int | float):
        return noun
    if isinstance(noun, datetime):
        if noun.tzinfo is None:
            raise ValueError(f"{noun} has no time zone")
        return noun.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(noun, date):
        return noun.isoformat()
    if isinstance(noun, dict):
        return {str(key): _plain(value) for key, value in noun.items()}
    if isinstance(noun, list | tuple):
        return [_plain(item) for item in noun]
    if dataclasses.is_dataclass(noun):
        kind = typing.cast("Any", type(noun))
        return {name: _plain(getattr(noun, name)) for name, _, _ in _fields(kind)}
    raise ValueError(f"{type(noun).__name__} has no JSON form")


@cache
def _fields(kind: Any) -> tuple[tuple[str, Any, bool], ...]:
    """Name, type and whether it may be missing, of every field."""
    hints = typing.get_type_hints(kind)
    return tuple(
        (
            field.name,
            hints[field.name],
            field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING,
        )
        for field in dataclasses.fields(kind)
    )


def _noun(kind: Any, plain: Any, where: str) -> Any:
    origin = typing.get_origin(kind)
    if origin is types.UnionType or origin is typing.Union:
        return _one_of(typing.get_args(kind), plain, where)
    if origin is tuple:
        _demand(isinstance(plain, list), where, "a list", plain)
        items = typing.get_args(kind)
        if items[-1] is Ellipsis:
            items = items[:1] * len(plain)
        _demand(len(items) == len(plain), where, f"{len(items)} items", plain)
        pairs = zip(items, plain, strict=True)
        return tuple(_noun(item, value, f"{where}[{index}]") for index, (item, value) in enumerate(pairs))
    if origin is dict:
        _demand(isinstance(plain, dict), where, "an object", plain)
        item = typing.get_args(kind)[1]
        return {key: _noun(item, value, f"{where}.{key}") for key, value in plain.items()}
    if dataclasses.is_dataclass(kind):
        return _dataclass(kind, plain, where)
    return _scalar(kind, plain, where)


def _dataclass(kind: Any, plain: Any, where: str) -> Any:
    _demand(isinstance(plain, dict), where, "an object", plain)
    fields = _fields(kind)
    unknown = plain.keys() - {name for name, _, _ in fields}
    _demand(not unknown, where, "no unknown keys", sorted(unknown))
    found = {}
    for name, hint, optional in fields:
        if name in plain:
            found[name] = _noun(hint, plain[name], f"{where}.{name}")
        else:
            _demand(optional, f"{where}.{name}", "present", None)
    return kind(**found)


def _one_of(kinds: tuple[Any, ...], plain: Any, where: str) -> Any:
    if plain is None and type(None) in kinds:
        return None
    for kind in kinds:
        if kind is type(None):
            continue
        try:
            return _noun(kind, plain, where)
        except BadText:
            if kind is kinds[-1] or (len(kinds) == 2 and type(None) in kinds):
                raise
    raise BadText(f"{where}: {str(plain)[:60]!r} fits none of its types")


def _scalar(kind: Any, plain: Any, where: str) -> Any:
    if kind is float:
        number = isinstance(plain, int | float) and not isinstance(plain, bool) and math.isfinite(plain)
        _demand(number, where, "a finite number", plain)
        return float(plain)
    if kind is datetime:
        _demand(isinstance(plain, str), where, "an instant", plain)
        try:
            at = datetime.fromisoformat(plain)
        except ValueError as error:
            raise BadText(f"{where}: {error}") from error
        _demand(at.tzinfo is not None, where, "an instant with a zone", plain)
        return at.astimezone(UTC)
    if kind is date:
        _demand(isinstance(plain, str), where, "a date", plain)
        try:
            return date.fromisoformat(plain)
        except ValueError as error:
            raise BadText(f"{where}: {error}") from error
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        try:
            return kind(plain)
        except ValueError as error:
            raise BadText(f"{where}: {error}") from error
    _demand(type(plain) is kind, where, getattr(kind, "__name__", str(kind)), plain)
    return plain


def _demand(holds: bool, where: str, what: str, plain: Any) -> None:
    if not holds:
        raise BadText(f"{where}: wanted {what}, found {str(plain)[:60]!r}")
