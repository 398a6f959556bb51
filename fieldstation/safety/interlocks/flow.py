"""No flow, too much flow, flow while everything is off, or a flow meter that is not heard."""

from __future__ import annotations

from fieldstation.domain.run import Code
from fieldstation.safety.view import No, View

DRY_REST_S = 1200.0
"""After a dry run the pump waits: water may come back, a hot seal needs to cool."""


def judge(view: View) -> No | None:
    """Judge the meter; a pump without one is bounded by time alone."""
    if view.pump.flow is None:
        return None
    if view.flow.stale:
        return No(Code.STALE_INPUT)
    if view.flow.leak(view.now_s):
        return No(Code.LEAK, latch_pump=True)
    if view.flow.burst(view.now_s):
        return No(Code.TOO_MUCH_FLOW, latch_zone=True)
    if view.flow.dry(view.now_s):
        return No(Code.NO_FLOW)
    trips = view.memory.dry_trips.get(view.pump.id)
    if not view.running and trips:
        rest_s = trips[-1] + DRY_REST_S - view.now_s
        if rest_s > 0:
            return No(Code.NO_FLOW, wait_s=rest_s)
    return None
