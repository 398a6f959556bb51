"""Pumps and valves need rest between runs, and few starts an hour."""

from __future__ import annotations

from fieldstation.domain.run import Code
from fieldstation.safety.memory import HOUR_S
from fieldstation.safety.view import No, View


def judge(view: View) -> No | None:
    """Before a run: minimum rest since the last one and starts in the sliding hour, for zone and pump.

    A run that a restart cut is booked as ended at that boot, so its rest begins there.
    """
    if view.running:
        return None
    for owner, limits in ((view.zone.id, view.zone.limits), ("pump:" + view.pump.id, view.pump.limits)):
        ended_s = view.memory.last_end_s(owner)
        if ended_s is not None:
            rest_s = ended_s + limits.min_rest_s - view.now_s
            if rest_s > 0:
                return No(Code.MIN_REST, wait_s=rest_s)
        starts = view.memory.starts(owner, view.now_s)
        if len(starts) >= limits.max_starts_per_hour:
            return No(Code.MAX_STARTS, wait_s=min(starts) + HOUR_S - view.now_s)
    return None
