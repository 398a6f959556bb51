"""Declare a setting next to its limits: `config` reads, checks and documents it from here."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a setting may be. `pin` marks a BCM pin that no other device may use."""

    doc: str
    ge: float | None = None
    gt: float | None = None
    le: float | None = None
    lt: float | None = None
    choices: tuple[str, ...] = ()
    pin: bool = False


def setting(
    doc: str,
    *,
    default: object = dataclasses.MISSING,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
    choices: tuple[str, ...] = (),
    pin: bool = False,
) -> Any:  # a dataclass field: the annotation beside it gives the type
    """A dataclass field whose limits and meaning the configuration reader knows.

    Without `default` the setting is required. `doc` is one phrase with the unit.
    """
    if pin:
        ge, le = 0, 27
    bounds = Bounds(doc, ge, gt, le, lt, choices, pin)
    if default is dataclasses.MISSING:
        return dataclasses.field(metadata={"bounds": bounds})
    return dataclasses.field(default=default, metadata={"bounds": bounds})
