"""A person has seen an alert, or wants to hear nothing of it for a while."""

from __future__ import annotations

from datetime import timedelta

from fieldstation.binding.scalars import number_in
from fieldstation.controller.commands.context import CommandContext, Refused
from fieldstation.controller.commands.settings import asked_by
from fieldstation.wire.line import Message

MOST_HOURS = 720.0
"""A month: what is wrong longer should be mended, or the part taken out of station.toml."""


def alert_seen(context: CommandContext, message: Message) -> Message:
    """`{"id", "by"}` -> `{"seen": id}`: somebody knows of it. Raises Refused `alert_gone`, `nobody_asks`."""
    by = asked_by(message)
    return {"seen": _mark(context, message, by, "alert_seen", seen_at=context.core.clock.now(), seen_by=by)}


def alert_snooze(context: CommandContext, message: Message) -> Message:
    """`{"id", "hours", "by"}` -> `{"quiet": id}`: no word of it for so long, 0 to hear again. It stays on its screen.

    Raises Refused `alert_gone`, `hours_impossible`, `nobody_asks`.
    """
    by, hours = asked_by(message), number_in(message.get("hours"), 0, MOST_HOURS)
    if hours is None:
        raise Refused("hours_impossible", most=MOST_HOURS)
    until = context.core.clock.now() + timedelta(hours=hours) if hours else None
    return {
        "quiet": _mark(context, message, by, "alert_snoozed" if hours else "alert_woken", quiet_until=until)
    }


def _mark(context: CommandContext, message: Message, by: str, what: str, **parts: object) -> int:
    number = message.get("id")
    changed = context.alerts.answered(number, by, what, **parts) if isinstance(number, int) else None
    if changed is None or changed.id is None:
        raise Refused("alert_gone")
    return changed.id
