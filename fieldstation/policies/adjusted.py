"""What people's requests make of a decision: they can take water away or move it, never give more than the limits.

Less or more, the day's cap and the quiet hours are part of the ladder's own arithmetic (`refill`,
`window`). Here is what stands above the ladder. Both are described here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

from fieldstation.domain.adjustment import SKIP_HOLDS
from fieldstation.domain.change import Change, ChangeCode
from fieldstation.domain.decision import Decision, Reason, Rung, Value
from fieldstation.policies.facts import ZoneFacts
from fieldstation.policies.window import next_window, open_minutes

WORTH_SHOWING_MM = 0.05


def obey(facts: ZoneFacts, decided: Decision, free: Decision) -> Decision:
    """The ladder's decision under the zone's adjustments. `free` is what it would have been without any.

    No crop and no trusted input are told first: they hold whatever people ask.
    """
    if decided.reason is Reason.OUT_OF_SEASON or decided.rung is Rung.HOLD:
        return decided
    held = _held_by(facts, waters=decided.depth_mm > 0)
    return _explained(facts, decided, free) if held is None else _held(facts, decided, free, *held)


def _held_by(facts: ZoneFacts, *, waters: bool) -> tuple[Reason, str] | None:
    """Why nothing is watered, and the setting that says so."""
    adjustments, trusted = facts.adjustments, facts.clock_trusted
    if not adjustments.automatic:
        return Reason.AUTOMATIC_OFF, "automatic"
    if adjustments.paused(facts.at.astimezone(facts.timezone).date(), trusted=trusted):
        return Reason.PAUSED if trusted else Reason.PAUSED_CLOCK, "pause_until"
    if adjustments.quiet and not open_minutes(facts.zone, adjustments):
        return Reason.NO_QUIET_TIME, "quiet_from"
    return (Reason.SKIPPED, "skip_next") if waters and adjustments.skipping(facts.at) else None


def _held(facts: ZoneFacts, decided: Decision, free: Decision, reason: Reason, name: str) -> Decision:
    by = facts.adjustments.by(name)
    values: dict[str, Value] = {"by": by, "would_mm": round(free.depth_mm, 1)}
    if facts.adjustments.pause_until is not None and name == "pause_until":
        values["until"] = facts.adjustments.pause_until.isoformat()
    over = Change(ChangeCode.REQUEST_OVER, {"by": by})
    if free.depth_mm > 0:
        over = Change(ChangeCode.WITHOUT_REQUEST, {"by": by, "mm": round(free.depth_mm, 1)})
    at = _again_at(facts, free, reason)
    return replace(
        decided,
        reason=reason,
        values=values,
        depth_mm=0.0,
        run_s=0.0,
        start_at=None,
        expected_at=at,
        expected_run_s=None if at is None else free.expected_run_s,
        changes=(over,),
        limited_by=(),
        below=None,
        skipped=tuple(replace(skip, would_mm=None) for skip in decided.skipped),
    )


def _again_at(facts: ZoneFacts, free: Decision, reason: Reason) -> datetime | None:
    """When the next watering is to be expected; None where only a person can say."""
    if reason is Reason.SKIPPED:
        return next_window(facts, (facts.adjustments.skipped_at or facts.at) + SKIP_HOLDS)
    until = facts.adjustments.pause_until
    if reason is not Reason.PAUSED or until is None or free.expected_at is None:
        return None
    day = datetime.combine(until, time(), facts.timezone).astimezone(facts.at.tzinfo)
    return next_window(facts, max(free.expected_at, day))


def _explained(facts: ZoneFacts, decided: Decision, free: Decision) -> Decision:
    """The same decision, and what people's requests did to its depth and its hour."""
    adjustments, found = facts.adjustments, list(decided.changes)
    values = dict(decided.values)
    if adjustments.nudge_frac and decided.depth_mm > 0:
        values |= {"nudge_frac": adjustments.nudge_frac, "nudge_by": adjustments.by("nudge_frac")}
        if abs(free.depth_mm - decided.depth_mm) >= WORTH_SHOWING_MM:
            found.append(
                Change(
                    ChangeCode.WITHOUT_REQUEST,
                    {"by": adjustments.by("nudge_frac"), "mm": round(free.depth_mm, 1)},
                )
            )
    if decided.start_at is not None and free.start_at is not None and decided.start_at > free.start_at:
        found.append(Change(ChangeCode.QUIET_HOURS, {"by": adjustments.by("quiet_from")}))
    return replace(decided, values=values, changes=tuple(found))
