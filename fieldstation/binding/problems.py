"""What was wrong with plain values: where it stands, what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file or message."""

    where: str
    what: str
    do: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.do}"


class BindingError(ValueError):
    """Every problem found in one plain value."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


Where = Any
"""A place: the text it begins with, or a pair of the place around it and a key or index."""


def place(where: Where) -> str:
    """A place as text. A head that ends in a space is a section's name, and takes its key without a dot.

    >>> place(((("Plan", "zones"), 2), "depth_mm")), place(("[zone.north] ", "area_m2"))
    ('Plan.zones[2].depth_mm', '[zone.north] area_m2')
    """
    if isinstance(where, str):
        return where
    around, key = where
    head = place(around)
    if isinstance(key, int):
        return f"{head}[{key}]"
    text = key if key.isprintable() and len(key) <= 40 else short(key)
    return f"{head}{text}" if not head or head[-1] == " " else f"{head}.{text}"


def short(value: object) -> str:
    """A value as it may stand in a message."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # an endless whole number, a list in itself
        return f"an endless {type(value).__name__}"
    return text if len(text) <= 40 else text[:37] + "..."


def nearest(name: object, known: Iterable[str]) -> str:
    """What was probably meant; empty where nothing is near."""
    import difflib  # nobody needs it until something is wrong

    text = name[:80] if isinstance(name, str) else ""
    known = list(known)
    near = difflib.get_close_matches(text, known, 1, 0.5)
    near = near or [one for one in known if len(text) > 3 and text.lower() in one.lower()]
    return f"did you mean {near[0]!r}?" if near else ""


def choose(name: object, known: Iterable[str]) -> str:
    """What was probably meant, or all there is to choose from."""
    known = list(known)
    return nearest(name, known) or f"choose one of: {', '.join(known) or 'none yet'}"
