"""No run is longer than its zone, its pump and the hard cap allow."""

from __future__ import annotations

from fieldstation.domain.run import Code
from fieldstation.domain.station import Pump, Zone
from fieldstation.safety.view import No, View

HARD_CAP_S = 4 * 3600.0
"""Above any configuration."""


def longest_run_s(zone: Zone, pump: Pump) -> float:
    """The longest run this zone may have, seconds."""
    return min(zone.limits.longest_run_s, pump.limits.longest_run_s, HARD_CAP_S)


def judge(view: View) -> No | None:
    """During a run: cut it at its cap, whatever was asked or renewed."""
    if view.run_on_s is not None and view.run_on_s >= longest_run_s(view.zone, view.pump):
        return No(Code.LONGEST_RUN)
    return None
