"""The interlocks in the order they are asked; the first no is the reason given."""

from __future__ import annotations

from collections.abc import Callable

from fieldstation.safety.interlocks import (
    budget,
    busy,
    flow,
    frost,
    latched,
    ledger,
    line,
    longest_run,
    rest,
    stop,
    tank,
)
from fieldstation.safety.view import No, View

INTERLOCKS: tuple[Callable[[View], No | None], ...] = (
    stop.judge,
    ledger.judge,
    line.judge,
    latched.judge,
    tank.judge,
    flow.judge,
    frost.judge,
    busy.judge,
    longest_run.judge,
    budget.judge,
    rest.judge,
)


def first_no(view: View) -> No | None:
    """The first reason against water, or None when every interlock permits."""
    for judge in INTERLOCKS:
        no = judge(view)
        if no is not None:
            return no
    return None
