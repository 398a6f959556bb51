"""The water and time of a day are used up."""

from __future__ import annotations

from fieldstation.domain.run import Code
from fieldstation.safety.view import No, View


def judge(view: View) -> No | None:
    """Litres and seconds in the sliding day, for zone and pump, the open run included."""
    for owner, limits in ((view.zone.id, view.zone.limits), ("pump:" + view.pump.id, view.pump.limits)):
        on_s, litres = view.memory.spent(owner, view.now_s)
        if litres >= limits.max_l_per_day:
            return No(Code.LITRES_PER_DAY)
        if on_s >= limits.max_s_per_day:
            return No(Code.SECONDS_PER_DAY)
    return None
