"""What people ask of a zone, and what came of water by hand, as the snapshot tells it: who, since when."""

from __future__ import annotations

from fieldstation.controller.core import Core
from fieldstation.controller.watering.manual import HandState
from fieldstation.domain.decision import Value
from fieldstation.wire.line import Message

TOLD_FOR_S = 600.0
"""How long a wish for water that came to nothing is told."""


def nudges_plain(core: Core, zone: str) -> list[Message]:
    """The nudges in force, each `{name, value, by, since}`; none, an empty list."""
    nudges, now = core.nudges(zone), core.clock.now()
    found: list[tuple[str, str, Value]] = []
    if not nudges.automatic:
        found.append(("automatic_off", "automatic", None))
    if nudges.paused(core.daybook.local_day(now), trusted=core.clock.trusted()) and nudges.pause_until:
        found.append(("pause", "pause_until", nudges.pause_until.isoformat()))
    if nudges.skip_next:
        found.append(("skip", "skip_next", None))
    elif nudges.skipping(now):
        found.append(("skipped", "skipped_at", None))
    if nudges.nudge_frac:
        found.append(("nudge", "nudge_frac", nudges.nudge_frac))
    if nudges.quiet is not None:
        first, last = nudges.quiet
        found.append(("quiet", "quiet_from", f"{first:%H:%M}/{last:%H:%M}"))
    if nudges.day_cap_mm is not None:
        found.append(("day_cap", "day_cap_mm", nudges.day_cap_mm))
    return [_told(core, zone, name, setting, value) for name, setting, value in found]


def _told(core: Core, zone: str, name: str, setting: str, value: Value) -> Message:
    said = core.nudges(zone).said.get(setting)
    since = None if said is None else said.at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"name": name, "value": value, "by": None if said is None else said.by, "since": since}


def by_hand_plain(core: Core, zone: str) -> Message | None:
    """Water asked for by hand: while it waits or runs, and for a while after it was dropped. Ended runs are runs."""
    hand = core.by_hand.of(zone)
    if hand is None or hand.state is HandState.ENDED:
        return None
    if hand.state is HandState.DROPPED and core.clock.mono_s() - hand.changed_mono_s > TOLD_FOR_S:
        return None
    return {
        "state": hand.state.value,
        "by": hand.by,
        "minutes": round(hand.run_s / 60, 1),
        "code": hand.code,
        "asked_at": hand.asked_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
