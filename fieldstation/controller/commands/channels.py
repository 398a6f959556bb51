"""Does a message arrive? A test sends four digits that a person types back."""

from __future__ import annotations

from fieldstation.controller.alerts.notifier import Notifier
from fieldstation.controller.commands.context import CommandContext, Refused
from fieldstation.controller.commands.settings import asked_by
from fieldstation.domain.notification import Channel
from fieldstation.wire.line import Message


def test_channel(context: CommandContext, message: Message) -> Message:
    """`{"channel", "by"}` -> `{"tested": channel}`: a message with four digits is on its way.

    Raises Refused `channel_off`, `nobody_asks`.
    """
    by, channel, notifier = _channel_of(context, message)
    with context.record.together():
        context.record.add_audit(by, "channel_tested", None, {"channel": channel.value})
        notifier.test(channel)
    return {"tested": channel.value}


def channel_arrived(context: CommandContext, message: Message) -> Message:
    """`{"channel", "digits", "by"}` -> `{"arrived": channel}`: a person has seen the message.

    Raises Refused `digits_wrong`, `test_over` (none was sent, or five guesses were made), `nobody_asks`.
    """
    by, channel, notifier = _channel_of(context, message)
    right = notifier.arrived(channel, str(message.get("digits") or ""))
    if right is None:
        raise Refused("test_over")
    if not right:
        raise Refused("digits_wrong")
    context.record.add_audit(by, "channel_arrived", None, {"channel": channel.value})
    return {"arrived": channel.value}


def _channel_of(context: CommandContext, message: Message) -> tuple[str, Channel, Notifier]:
    by, channel = asked_by(message), str(message.get("channel"))
    if context.notifier is None or channel not in [one.value for one in context.notifier.channels()]:
        raise Refused("channel_off")
    return by, Channel(channel), context.notifier
