"""Every command of a person's requests by name. A new family is a file here and a line below."""

from __future__ import annotations

import errno

from fieldstation import log
from fieldstation.controller.commands import (
    alerts,
    calibration,
    channels,
    commissioning,
    people,
    record,
    requests,
    settings,
    water,
)
from fieldstation.controller.commands.context import Command, CommandContext, Refused
from fieldstation.store.errors import RecordError, Trouble
from fieldstation.wire.line import Message

COMMANDS: dict[str, Command] = {
    command.__name__: command
    for command in (
        alerts.alert_seen,
        alerts.alert_snooze,
        channels.test_channel,
        channels.channel_arrived,
        calibration.watch_probe,
        calibration.calibrate,
        calibration.calibrate_again,
        commissioning.relay_test,
        commissioning.hold_relay,
        commissioning.let_go,
        commissioning.fail_safe_test,
        commissioning.visit_begun,
        commissioning.commissioned,
        settings.set_setting,
        requests.skip,
        requests.nudge,
        requests.pause,
        requests.resume_automatic,
        requests.automatic,
        requests.quiet,
        requests.day_cap,
        water.water_now,
        water.end_run,
        people.set_up,
        people.new_setup_code,
        people.add_account,
        people.set_role,
        people.set_password,
        people.sign_out,
        people.remove_account,
        people.add_token,
        people.end_token,
        people.note_audit,
        record.wipe_record,
    )
}


def answer(context: CommandContext, message: Message) -> Message | None:
    """The answer of the command that knows this message: done, `refused` with a code, or `error`; None for no command of ours."""
    command = COMMANDS.get(str(message.get("verb")))
    if command is None:
        return None
    try:
        return _answered(command, context, message)
    except Refused as no:
        return {"refused": no.code, "values": no.values}
    except RecordError as error:
        full = error.code is Trouble.DISK_FULL
        return {"refused": "disk_full" if full else "record_failed", "values": {"detail": str(error)}}
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        return {"refused": "disk_full" if full else "record_failed", "values": {"detail": str(error)}}
    except Exception:  # a request that nobody foresaw must not end the loop that keeps the field alive
        log.exception("command_bug", verb=command.__name__, hide=message)
        return {"refused": "not_understood", "values": {}}


def _answered(command: Command, context: CommandContext, message: Message) -> Message:
    """A request that failed has changed nothing, so it is granted as soon as there is room for it."""
    try:
        return command(context, message)
    except RecordError as error:
        if error.code is not Trouble.DISK_FULL or not context.recording.failed(error):
            raise
        return command(context, message)
