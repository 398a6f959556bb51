"""From one dataclass to another that tells more of the same thing, or less."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

T = TypeVar("T")


def like(kind: type[T], source: object, **more: Any) -> T:
    """A `kind` from the fields of the same names in `source`; `more` stands for the others, or in their stead."""
    names = [field.name for field in dataclasses.fields(kind) if field.name not in more]  # type: ignore[arg-type]
    return kind(**{name: getattr(source, name) for name in names}, **more)
