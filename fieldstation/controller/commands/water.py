"""Water now, and the end of one watering. The guard decides; nothing of it is kept that could fire later."""

from __future__ import annotations

from contextlib import suppress

from fieldstation.agronomy.application import run_s
from fieldstation.binding.scalars import number_in
from fieldstation.controller.commands.context import CommandContext, Refused, plain_answer
from fieldstation.controller.commands.requests import zone_of
from fieldstation.controller.commands.settings import asked_by
from fieldstation.controller.watering.manual import Hand
from fieldstation.domain.answers import ManualAnswer
from fieldstation.domain.errors import PeerSilent
from fieldstation.domain.status.zone import HandState
from fieldstation.store.errors import RecordError
from fieldstation.wire.line import Message

MOST_MINUTES = 60.0
KEY_LIMIT = 80


def water_now(context: CommandContext, message: Message) -> Message:
    """`{zone, by, key, minutes or mm}` -> `{state, minutes, again}`: asks the guard at once, again for a minute at most.

    `key` is one form's own and begins with the snapshot's `hand_mark`: sent twice, it waters once (`again`). Refused:
    `form_old`, `water_amount`, `day_used_up`, `watering_already`, the guard's own codes.
    """
    zone, by, key = zone_of(context, message), asked_by(message), str(message.get("key") or "")[:KEY_LIMIT]
    hands = context.core.by_hand
    if not key.startswith(f"{hands.run_id}."):
        raise Refused(
            "form_old"
        )  # a form from before a restart, perhaps sent again by a browser that came back
    known = hands.existing(key, zone.id)
    if known is not None:
        return _hand_plain(known, again=True)
    status = context.core.watering.status
    if status is not None and status.run_of(zone.id) is not None:
        raise Refused("watering_already")
    asked_s = _asked_s(message, zone.area_m2, context.core.station.pump(zone.pump).nominal_lpm)
    bounded_s = hands.bounded_s(zone.id, asked_s)
    if bounded_s <= 0:
        raise Refused("day_used_up")
    context.record.add_audit(by, "water_now", zone.id, {"minutes": round(bounded_s / 60, 1)})
    return _hand_plain(hands.start(zone.id, by, bounded_s, key), again=False)


def end_run(context: CommandContext, message: Message) -> Message:
    """`{zone, by}` -> `{ended}`: the watering of this zone ends now, or its request. Refused: `not_watering`, `guard_silent`."""
    zone, by = zone_of(context, message).id, asked_by(message)
    try:
        ended = context.core.by_hand.end(zone)
    except PeerSilent:
        raise Refused("guard_silent") from None
    if not ended:
        raise Refused("not_watering")
    with suppress(RecordError):  # water off needs no record
        context.record.add_audit(by, "end_run", zone, {})
    return {"ended": True}


def _asked_s(message: Message, area_m2: float, nominal_lpm: float) -> float:
    minutes, mm = message.get("minutes"), message.get("mm")
    amount = number_in(mm if minutes is None else minutes)
    if amount is None:
        raise Refused("water_amount", minutes=MOST_MINUTES)
    asked_s = run_s(amount, area_m2, nominal_lpm) if minutes is None else amount * 60
    if not 0 < asked_s <= MOST_MINUTES * 60:
        raise Refused("water_amount", minutes=MOST_MINUTES)
    return asked_s


def _hand_plain(hand: Hand, *, again: bool) -> Message:
    if hand.state is HandState.DROPPED:
        raise Refused(str(hand.code or "guard_silent"))
    return plain_answer(ManualAnswer(hand.state, round(hand.run_s / 60, 1), again, hand.code))
