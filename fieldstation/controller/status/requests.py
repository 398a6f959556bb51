"""What people ask of a zone, and what came of water by hand: who asked, and since when."""

from __future__ import annotations

from fieldstation.controller.core import Core
from fieldstation.domain.decision import Value
from fieldstation.domain.status.zone import Adjustment, AdjustmentName, HandState, ManualWatering

SHOWN_FOR_S = 600.0
"""How long a request for water that came to nothing is told."""


def adjustments(core: Core, zone: str) -> tuple[Adjustment, ...]:
    """The adjustments in force."""
    adjustments, now = core.adjustments(zone), core.clock.now()
    found: list[tuple[AdjustmentName, str, Value]] = []
    if not adjustments.automatic:
        found.append((AdjustmentName.AUTOMATIC_OFF, "automatic", None))
    if (
        adjustments.paused(core.daily_history.local_day(now), trusted=core.clock.trusted())
        and adjustments.pause_until
    ):
        found.append((AdjustmentName.PAUSE, "pause_until", adjustments.pause_until.isoformat()))
    if adjustments.skip_next:
        found.append((AdjustmentName.SKIP, "skip_next", None))
    elif adjustments.skipping(now):
        found.append((AdjustmentName.SKIPPED, "skipped_at", None))
    if adjustments.nudge_frac:
        found.append((AdjustmentName.NUDGE, "nudge_frac", adjustments.nudge_frac))
    if adjustments.quiet is not None:
        first, last = adjustments.quiet
        found.append((AdjustmentName.QUIET, "quiet_from", f"{first:%H:%M}/{last:%H:%M}"))
    if adjustments.day_cap_mm is not None:
        found.append((AdjustmentName.DAY_CAP, "day_cap_mm", adjustments.day_cap_mm))
    return tuple(_adjustment(core, zone, name, setting, value) for name, setting, value in found)


def _adjustment(core: Core, zone: str, name: AdjustmentName, setting: str, value: Value) -> Adjustment:
    said = core.adjustments(zone).said.get(setting)
    if said is None:
        return Adjustment(name, value, None, None)
    return Adjustment(name, value, said.by, said.at.replace(microsecond=0))


def manual_watering(core: Core, zone: str) -> ManualWatering | None:
    """Water asked for by hand: while it waits or runs, and for a while after it was dropped. Ended runs are runs."""
    hand = core.by_hand.of(zone)
    if hand is None or hand.state is HandState.ENDED:
        return None
    if hand.state is HandState.DROPPED and core.clock.mono_s() - hand.changed_mono_s > SHOWN_FOR_S:
        return None
    return ManualWatering(
        hand.state, hand.by, round(hand.run_s / 60, 1), hand.code, hand.asked_at.replace(microsecond=0)
    )
