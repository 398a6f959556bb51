"""What people ask of a zone's water: skip, a little less or more, pause, quiet hours, a day's cap, automatic on or off.

Each is one row in the audit log and its settings in the same transaction; what waited under other requests is dropped.
"""

from __future__ import annotations

from datetime import time, timedelta

from fieldstation.binding import scalars
from fieldstation.controller.commands.context import CommandContext, Refused
from fieldstation.controller.commands.settings import asked_by
from fieldstation.domain.adjustment import ADJUSTMENT_FRACS, Adjustment, Adjustments
from fieldstation.domain.decision import Value
from fieldstation.domain.settings import SettingValue
from fieldstation.domain.station import Zone
from fieldstation.policies.window import open_minutes
from fieldstation.wire.line import Message

LONGEST_PAUSE_DAYS = 90
LEAST_OPEN_MINUTES = 60


def skip(context: CommandContext, message: Message) -> Message:
    """`{zone, by, on}`: skip the next watering, once; `on` false takes that back."""
    on = message.get("on", True) is not False
    values: dict[str, SettingValue] = {"skip_next": on}
    if not on:
        values["skipped_at"] = None  # a skip that still holds for today is taken back, too
    return _apply(context, message, "skip" if on else "unskip", values, {})


def nudge(context: CommandContext, message: Message) -> Message:
    """`{zone, by, frac}`: so much less or more each time, -0.2 to 0.2 in steps of a tenth. Refused: `nudge_unknown`."""
    frac = scalars.number_in(message.get("frac"))
    if frac not in ADJUSTMENT_FRACS:
        raise Refused("nudge_unknown")
    return _apply(context, message, "nudge", {"nudge_frac": frac}, {"frac": frac})


def pause(context: CommandContext, message: Message) -> Message:
    """`{zone, by, until}`: no watering before this local day. Refused: `clock_unset`, `pause_day` (with `days`)."""
    if not context.core.clock.trusted():
        raise Refused("clock_unset")
    today = context.core.daily_history.local_day(context.core.clock.now())
    try:
        day = scalars.day(message.get("until"))
    except ValueError:
        day = today
    if not today < day <= today + timedelta(days=LONGEST_PAUSE_DAYS):
        raise Refused("pause_day", days=LONGEST_PAUSE_DAYS)
    return _apply(context, message, "pause", {"pause_until": day.isoformat()}, {"until": day.isoformat()})


def resume_automatic(context: CommandContext, message: Message) -> Message:
    """`{zone, by}`: a pause ends and the zone is automatic again, by a fresh forecast."""
    return _apply(context, message, "resume_automatic", {"pause_until": None, "automatic": True}, {})


def automatic(context: CommandContext, message: Message) -> Message:
    """`{zone, by, on}`: whether the zone is watered by itself at all. Refused: `yes_or_no`."""
    on = message.get("on")
    if on is not True and on is not False:
        raise Refused("yes_or_no")
    return _apply(context, message, "automatic_on" if on else "automatic_off", {"automatic": on}, {})


def quiet(context: CommandContext, message: Message) -> Message:
    """`{zone, by, from, until}`: no automatic watering in these local hours, both null for none.

    They only take from the zone's own hours. Refused: `quiet_hours`, `quiet_leaves_no_time` (with `minutes`).
    """
    first, last = message.get("from"), message.get("until")
    if first is None and last is None:
        return _apply(context, message, "quiet_none", {"quiet_from": None, "quiet_until": None}, {})
    begins, ends = _clock(first), _clock(last)
    if begins == ends:
        raise Refused("quiet_hours")
    left = open_minutes(zone_of(context, message), Adjustments(quiet_from=begins, quiet_until=ends))
    if left < LEAST_OPEN_MINUTES:
        raise Refused("quiet_leaves_no_time", minutes=LEAST_OPEN_MINUTES)
    details: dict[str, Value] = {"from": f"{begins:%H:%M}", "until": f"{ends:%H:%M}"}
    return _apply(
        context, message, "quiet", {"quiet_from": details["from"], "quiet_until": details["until"]}, details
    )


def day_cap(context: CommandContext, message: Message) -> Message:
    """`{zone, by, mm}`: the most for a day, null for the zone's own. Refused: `cap_out_of_range` (`least_mm`, `most_mm`)."""
    zone = zone_of(context, message)
    if message.get("mm") is None:
        return _apply(context, message, "day_cap_none", {"day_cap_mm": None}, {})
    mm = scalars.number_in(message["mm"], zone.min_event_mm, zone.max_depth_mm_per_day)
    if mm is None:
        raise Refused("cap_out_of_range", least_mm=zone.min_event_mm, most_mm=zone.max_depth_mm_per_day)
    return _apply(context, message, "day_cap", {"day_cap_mm": mm}, {"mm": mm})


def zone_of(context: CommandContext, message: Message) -> Zone:
    """The zone of a request. Raises Refused."""
    try:
        return context.core.station.zone(str(message.get("zone")))
    except KeyError:
        raise Refused("zone_unknown") from None


def _apply(
    context: CommandContext,
    message: Message,
    what: str,
    values: dict[str, SettingValue],
    details: dict[str, Value],
) -> Message:
    zone, by = zone_of(context, message).id, asked_by(message)
    context.core.apply_settings(context.record.adjust(Adjustment(zone, what, by, values, details)))
    return {"asked": what, "zone": zone}


def _clock(text: object) -> time:
    try:
        return scalars.clock(text)
    except ValueError:
        raise Refused("quiet_hours") from None
