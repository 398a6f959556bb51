"""A fault that a person must look at first."""

from __future__ import annotations

from fieldstation.safety.view import No, View


def judge(view: View) -> No | None:
    """No water where a burst, a leak, a welded relay or repeated dry running was seen."""
    for latch in view.memory.latches:
        if latch.pump == view.pump.id or latch.zone == view.zone.id:
            return No(latch.code)
    return None
