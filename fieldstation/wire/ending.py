"""SIGTERM and SIGINT as a list that fills: a process ends between two steps, never inside one."""

from __future__ import annotations

import signal
from types import FrameType


def end_signals() -> list[int]:
    """From now on, the signals that asked this process to end; empty while none has."""
    caught: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        del frame
        caught.append(number)

    signal.signal(signal.SIGTERM, note)
    signal.signal(signal.SIGINT, note)
    return caught
