"""What a command may touch, and how it says no."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fieldstation.binding import plain
from fieldstation.controller.alerts.lifecycle import Alerts
from fieldstation.controller.alerts.notifier import Notifier
from fieldstation.controller.core import Core
from fieldstation.controller.recording import Recording
from fieldstation.controller.sensing.watch import Watching
from fieldstation.controller.watering.relay_test import RelayTest
from fieldstation.store.record import Record
from fieldstation.wire.line import Message


@dataclass(frozen=True, slots=True)
class CommandContext:
    """The loop's own objects, lent for one answer."""

    core: Core
    record: Record
    recording: Recording
    watching: Watching
    relay_test: RelayTest
    alerts: Alerts
    setup_code: Path
    notifier: Notifier | None = None
    begin_anew: Callable[[], None] | None = None  # what the process does once the record was wiped


class Refused(Exception):
    """No, with a code that the page turns into a sentence (`[refused]` in its words)."""

    def __init__(self, code: str, **values: float | str | None) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def plain_answer(answer: object) -> Message:
    """An answer as it goes out."""
    message: Message = plain(answer)
    return message


Command = Callable[[CommandContext, Message], Message]
"""Answers one message. Raises Refused; RecordError when the record cannot be written."""
