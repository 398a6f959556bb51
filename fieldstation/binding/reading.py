"""From plain values to dataclasses. What reads a class is made once, from its declarations."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from functools import cache
from typing import Any, NamedTuple, TypeVar

from fieldstation.binding import scalars
from fieldstation.binding.declare import Bounds, unwrapped
from fieldstation.binding.problems import BindingError, Problem, Where, nearest, place, short
from fieldstation.binding.words import choices_of, wanted

T = TypeVar("T")
Reader = Callable[[Any, Where, list[Problem]], Any]
"""Gives the real value, or raises Unsound and has noted why."""


class Unsound(Exception):  # ends one value, and never leaves this package
    """The value cannot be used; the problems say why."""


def read(kind: type[T], plain: object, where: str = "") -> T:
    """The `kind` in a plain value. Raises BindingError with every problem.

    A key may be missing where its field has a default; any other key is refused.
    """
    found: T = read_value(kind, Bounds(), plain, where or getattr(kind, "__name__", "value"))
    return found


def read_value(hint: Any, bounds: Bounds, plain: object, where: str = "") -> Any:
    """A value of any type that a field may have, within bounds. Raises BindingError."""
    problems: list[Problem] = []
    try:
        return reader_of(hint, bounds)(plain, where, problems)
    except Unsound:
        raise BindingError(problems) from None


def read_fields(
    kind: Any,
    plain: object,
    where: Where,
    problems: list[Problem],
    *,
    also: Iterable[str] | None = (),
    declared: bool = False,
) -> dict[str, Any]:
    """The sound values among a table's, by the fields' names; what is wrong is noted in `problems`.

    `also` names keys that belong to someone else; None says that any other key may stand there.
    `declared` leaves out fields without a `setting`: something else than this table fills them.
    """
    if not isinstance(plain, dict):
        what = "is missing" if plain is None else f"is {short(plain)}"
        problems.append(Problem(place(where), what, "give a table of keys and values"))
        return {}
    slots = [slot for slot in fields_of(kind) if slot.declared or not declared]
    values = {}
    known = {slot.key for slot in slots}
    if also is not None and not plain.keys() <= known:
        refuse_unknown(plain, [*known, *also], where, problems)
    for slot in slots:
        if slot.key in plain:
            try:
                values[slot.name] = slot.read(plain[slot.key], (where, slot.key), problems)
            except Unsound:
                continue
        elif slot.required:
            problems.append(Problem(place((where, slot.key)), "is missing", f"add {slot.wanted}"))
    return values


class Slot(NamedTuple):
    """A field as its class declares it."""

    name: str
    key: str
    hint: Any
    bounds: Bounds
    required: bool
    default: Any
    declared: bool
    read: Reader

    @property
    def wanted(self) -> str:
        """What it must be, in words."""
        return wanted(self.hint, self.bounds)


@cache
def fields_of(kind: Any) -> tuple[Slot, ...]:
    """Every field of a dataclass that can be given."""
    hints = typing.get_type_hints(kind, include_extras=True)
    return tuple(_slot(field, hints[field.name]) for field in dataclasses.fields(kind) if field.init)


def _slot(field: dataclasses.Field[Any], hint: Any) -> Slot:
    bounds: Bounds = field.metadata.get("bounds", Bounds())
    default = field.default
    if field.default_factory is not dataclasses.MISSING:
        default = field.default_factory()
    return Slot(
        field.name,
        bounds.key or field.name,
        hint,
        bounds,
        default is dataclasses.MISSING,
        default,
        "bounds" in field.metadata,
        reader_of(hint, bounds),
    )


@cache
def reader_of(hint: Any, bounds: Bounds) -> Reader:
    """What reads values of a type within bounds. Raises TypeError for a type that has no plain form."""
    hint, bounds = unwrapped(hint, bounds)
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _union([part for part in parts if part is not type(None)], type(None) in parts, hint, bounds)
    if origin in (tuple, list):
        return _items(origin, parts, hint, bounds)
    if origin in (dict, Mapping):
        return _mapping(parts, hint, bounds)
    if dataclasses.is_dataclass(hint):
        return _dataclass(hint)
    return _scalar(hint, bounds)


SIMPLE: dict[Any, scalars.Check] = {
    bool: scalars.yes_no,
    date: scalars.day,
    time: scalars.clock,
    datetime: scalars.instant,
}
BOUNDED = {float: scalars.number, int: scalars.whole, str: scalars.text}


def _scalar(hint: Any, bounds: Bounds) -> Reader:
    names = choices_of(hint, bounds)
    if names:
        check = scalars.choice(names)
    elif hint in SIMPLE:
        check = SIMPLE[hint]
    elif hint in BOUNDED:
        check = BOUNDED[hint](bounds)
    else:
        raise TypeError(f"{hint} has no plain form")

    def read_scalar(value: Any, where: Where, problems: list[Problem]) -> Any:
        try:
            return check(value)
        except ValueError:
            do = f"{nearest(value, map(str, names))} give {wanted(hint, bounds)}".strip()
            raise _noted(where, value, do, problems) from None

    return read_scalar


def _union(kinds: list[Any], none: bool, hint: Any, bounds: Bounds) -> Reader:
    readers = [reader_of(kind, bounds) for kind in kinds]

    def read_union(value: Any, where: Where, problems: list[Problem]) -> Any:
        if value is None and none:
            return None
        if len(readers) == 1:
            return readers[0](value, where, problems)
        for reader in readers:
            try:
                return reader(value, where, [])
            except Unsound:
                continue
        raise _noted(where, value, f"give {wanted(hint, bounds)}", problems)

    return read_union


def _items(kind: Any, parts: tuple[Any, ...], hint: Any, bounds: Bounds) -> Reader:
    inner = bounds.of_items()
    endless = kind is list or parts[-1] is Ellipsis
    readers = [reader_of(part, inner) for part in parts if part is not Ellipsis]
    least, most = (bounds.min_len or 0, bounds.max_len) if endless else (len(parts), len(parts))

    def read_items(value: Any, where: Where, problems: list[Problem]) -> Any:
        count = len(value) if isinstance(value, list | tuple) else -1
        if count < least or (most is not None and count > most):
            raise _noted(
                where, value, f"give {wanted(hint, bounds)}" if endless else f"give {most} items", problems
            )
        found, sound = [], True
        for index, item in enumerate(value):
            try:
                found.append(readers[0 if endless else index](item, (where, index), problems))
            except Unsound:
                sound = False
        if not sound:
            raise Unsound
        return kind(found)

    return read_items


def _mapping(parts: tuple[Any, ...], hint: Any, bounds: Bounds) -> Reader:
    read_key = reader_of(parts[0], Bounds())
    read_item = reader_of(parts[1], bounds.of_items())

    def read_mapping(value: Any, where: Where, problems: list[Problem]) -> Any:
        if not isinstance(value, dict) or (bounds.max_len is not None and len(value) > bounds.max_len):
            raise _noted(where, value, f"give {wanted(hint, bounds)}", problems)
        found, sound = {}, True
        for key, item in value.items():
            at = (where, str(key))
            try:
                found[read_key(key, at, problems)] = read_item(item, at, problems)
            except Unsound:
                sound = False
        if not sound:
            raise Unsound
        return found

    return read_mapping


def _dataclass(kind: Any) -> Reader:
    def read_dataclass(value: Any, where: Where, problems: list[Problem]) -> Any:
        before = len(problems)
        values = read_fields(kind, value, where, problems)
        if len(problems) > before:
            raise Unsound
        return kind(**values)

    return read_dataclass


def _noted(where: Where, value: object, do: str, problems: list[Problem]) -> Unsound:
    what = "is empty" if value == [] else f"is {short(value)}"
    problems.append(Problem(place(where), what, do))
    return Unsound()


def refuse_unknown(plain: dict[Any, Any], known: list[str], where: Where, problems: list[Problem]) -> None:
    """Note every key that nobody reads: a typo must not pass."""
    for key in plain:
        if key not in known:
            hint = nearest(key, known) or f"known: {', '.join(sorted(set(known)))}"
            problems.append(Problem(place((where, str(key))), "is not known", hint))
