"""A person wipes the record. The guard's ledger is the safety's memory: nobody asks it to forget."""

from __future__ import annotations

from fieldstation.controller.commands.context import CommandContext, Refused
from fieldstation.controller.commands.settings import asked_by
from fieldstation.store.errors import RecordError, Trouble
from fieldstation.wire.line import Message


def wipe_record(context: CommandContext, message: Message) -> Message:
    """`{by}` -> `{wiped}`: the record and its backups are gone, and this process begins anew to forget what it had read.

    Refused: `water_runs`, `guard_silent` (whether water runs is not known), `record_read` (somebody reads it for long),
    `nobody_asks`.
    """
    by, watering = asked_by(message), context.core.watering
    watering.poll()
    if watering.status is None:
        raise Refused("guard_silent")
    if watering.status.runs or watering.watering:
        raise Refused("water_runs")
    watering.forget()  # it was decided from what is forgotten now
    known_runs = [run.id for run in watering.status.closed]
    try:
        context.record.wipe(by, known_runs)
    except RecordError as error:
        if error.code is Trouble.LOCKED:
            raise Refused("record_read") from error
        raise
    if context.begin_anew is not None:
        context.begin_anew()
    return {"wiped": True}
