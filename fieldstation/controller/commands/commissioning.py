"""A technician's tests: a valve held open by hand, the fail-safe test, and what came of each step."""

from __future__ import annotations

from fieldstation.binding.scalars import number_in
from fieldstation.controller.commands.context import CommandContext, Refused, plain_answer
from fieldstation.controller.commands.requests import zone_of
from fieldstation.controller.commands.settings import asked_by
from fieldstation.domain.answers import RelayTestBegun
from fieldstation.domain.commissioning import Outcome, Step, StepDone
from fieldstation.domain.errors import PeerSilent
from fieldstation.wire.line import Message

NOTE_LIMIT = 500
NAME_LIMIT = 64
MOST_VALUES = 20


def relay_test(context: CommandContext, message: Message) -> Message:
    """`{"zone", "by", "held"}` -> `{"id"}`: that zone's valve and pump, 10 s, or 30 s while `hold_relay` is said.

    Raises Refused with the guard's own reason.
    """
    return _begin(context, message, held=message.get("held") is True)


def hold_relay(context: CommandContext, message: Message) -> Message:
    """`{"id"}` -> `{"holding"}`: the hand still holds."""
    return {"holding": context.relay_test.hold(str(message.get("id")))}


def let_go(context: CommandContext, message: Message) -> Message:
    """`{"id"}` -> `{"ended"}`: the water goes off now."""
    try:
        return {"ended": context.relay_test.let_go(str(message.get("id")))}
    except PeerSilent:
        raise Refused("guard_silent") from None


def fail_safe_test(context: CommandContext, message: Message) -> Message:
    """`{"zone", "by"}` -> `{"id"}`: water on, and six seconds later this process is killed, by itself.

    What came of it stands in the guard's `closed`: the run must have ended by `lease_expired`.
    """
    return _begin(context, message, fatal=True)


def visit_begun(context: CommandContext, message: Message) -> Message:
    """`{"visit", "by"}` -> `{"begun": visit}`: so that it is found again before anything was tried. Raises Refused."""
    visit, who = _visit(message), asked_by(message)
    context.record.add_audit(who, "visit_begun", None, {"visit": visit})
    return {"begun": visit}


def commissioned(context: CommandContext, message: Message) -> Message:
    """`{"visit", "step", "outcome", "by", "of", "note", "values"}` -> `{"kept": true}`: one step tried. Raises Refused."""
    try:
        step, outcome = Step(str(message.get("step"))), Outcome(str(message.get("outcome")))
    except ValueError:
        raise Refused("step_unknown") from None
    visit, who = _visit(message), asked_by(message)
    note = str(message.get("note") or "")[:NOTE_LIMIT]
    if outcome is Outcome.SKIPPED and not note.strip():
        raise Refused("skipped_without_note")
    known = message.get("values")
    values = {
        str(name)[:NAME_LIMIT]: _plain(value)
        for name, value in list((known if isinstance(known, dict) else {}).items())[:MOST_VALUES]
    }
    context.record.add_step(
        StepDone(
            visit,
            step,
            outcome,
            context.core.clock.now(),
            who,
            str(message.get("of") or "")[:NAME_LIMIT],
            note,
            values,
        )
    )
    return {"kept": True}


def _visit(message: Message) -> str:
    visit = str(message.get("visit") or "")[:NAME_LIMIT]
    if not visit:
        raise Refused("visit_missing")
    return visit


def _begin(context: CommandContext, message: Message, *, held: bool = False, fatal: bool = False) -> Message:
    zone, who = zone_of(context, message).id, asked_by(message)
    if context.core.watering.watering:
        raise Refused("pump_busy")
    context.record.add_audit(
        who, "fail_safe_test" if fatal else "relay_test", zone
    )  # who asked, before water can flow
    try:
        answer = context.relay_test.begin(zone, held=held, fatal=fatal)
    except PeerSilent:
        raise Refused("guard_silent") from None
    if not answer.permitted:
        raise Refused(str(answer.reason), **answer.values)
    assert context.relay_test.running is not None, "it was permitted"
    return plain_answer(RelayTestBegun(context.relay_test.running))


def _plain(value: object) -> float | str:
    number = number_in(value)
    return str(value)[:NOTE_LIMIT] if number is None else number
