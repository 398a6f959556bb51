"""The pump already serves as many zones as it may."""

from __future__ import annotations

from fieldstation.domain.run import Code
from fieldstation.safety.view import No, View


def judge(view: View) -> No | None:
    """At most `zones_at_once` zones on one pump, and one run a zone."""
    if view.running or view.busy_zones < view.pump.zones_at_once:
        return None
    return No(Code.PUMP_BUSY)
