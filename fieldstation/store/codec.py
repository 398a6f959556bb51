"""Nouns to JSON and back. A new field needs no second place: the dataclass itself is the declaration.

A field missing from an old row takes its default; without a default the row is damaged.
"""

from __future__ import annotations

import json
from typing import TypeVar

from fieldstation.binding import BindingError, plain, read

T = TypeVar("T")


class BadText(ValueError):
    """Text that is no such noun; says where."""


def encode(noun: object) -> str:
    """Compact JSON of a dataclass, an enum, or plain values. Raises ValueError for NaN and infinity."""
    return json.dumps(plain(noun), separators=(",", ":"), allow_nan=False, ensure_ascii=False)


def decode(kind: type[T], text: str) -> T:
    """The noun of type `kind` in `text`. Raises BadText.

    >>> from fieldstation.domain.forecast import Quantiles
    >>> decode(Quantiles, encode(Quantiles(1.0, 2.0, 3.0)))
    Quantiles(p10=1.0, p50=2.0, p90=3.0)
    """
    try:
        return read(kind, json.loads(text))
    except BindingError as error:
        raise BadText(str(error)) from error
    except (ValueError, RecursionError) as error:
        raise BadText(f"not JSON: {error}") from error


def decode_values(text: str) -> dict[str, float | str | None]:
    """The values of an Event. Raises BadText."""
    return decode(dict[str, float | str | None], text)
