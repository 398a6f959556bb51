"""A driver that may hang, in a process of its own that shares nothing but a pipe.

Parent: `ChildDriver` looks like any driver. Child: `python -m fieldstation.drivers.child PLAN`,
told on its command line what to open. A line on its input asks for a reading; it answers with
`{"ready": true}` once, `{"try": n}` before each try, then `{"values": {quantity: number or fault}}`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import math
import os
import queue
import select
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from fieldstation.domain.clock import Clock
from fieldstation.domain.errors import StationError
from fieldstation.domain.reading import Quality, Quantity, Sample
from fieldstation.domain.station import Device
from fieldstation.drivers.load import build, measures, settings_type, tries
from fieldstation.drivers.pins.backend import open_pulses
from fieldstation.wire.clock import SystemClock
from fieldstation.wire.line import BadLine, Splitter, decode

if TYPE_CHECKING:  # the child itself starts nobody
    import subprocess

START_S = 15.0  # Blinka's import on a small Pi
SILENT_S = 5.0  # between two lines; a try takes 0.25 s and waits 2.1 s at most
LEAVE_S = 0.5


class ChildDriver:
    """Asks its child; kills it when it is silent too long, and starts another at the next reading."""

    def __init__(self, device: Device, pins: str, field_socket: Path | None, clock: Clock) -> None:
        self._device = device
        self._clock = clock
        self._plan = json.dumps(
            {
                "id": device.id,
                "driver": device.driver,
                "settings": dataclasses.asdict(device.settings),  # type: ignore[call-overload] # a Settings
                "pins": pins,
                "field_socket": None if field_socket is None else str(field_socket),
            }
        )
        self._child: subprocess.Popen[bytes] | None = None
        self._splitter = Splitter()
        self._lines: list[bytes] = []
        self._ready = False

    def open(self) -> None:
        """Start the child as leader of a session of its own, so that its helpers die with it."""
        import subprocess

        self.close()
        self._splitter, self._lines, self._ready = Splitter(), [], False
        self._child = subprocess.Popen(
            [sys.executable, "-m", "fieldstation.drivers.child", self._plan],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,  # its stderr is ours: that is the log
            start_new_session=True,
        )

    def read(self) -> list[Sample]:
        """A reading by the child, else the fault of every quantity; a silent child is replaced.

        Takes as long as the driver's tries, and at most `START_S` plus `SILENT_S` a line.
        """
        quantities = measures(self._device.driver)
        try:
            values = self._ask()
            found = [self._sample(quantity, values[quantity.value]) for quantity in quantities]
        except (OSError, ValueError, KeyError, TypeError):
            self.close()
            found = [self._sample(quantity, Quality.NO_ANSWER) for quantity in quantities]
        return found

    def close(self) -> None:
        """End the child and whatever it started. Safe to call twice.

        It is asked first (its input ends), then told (SIGTERM: Blinka removes its message
        queue, of which the kernel has a limited number), then killed with its whole group.
        """
        import subprocess

        child, self._child = self._child, None
        if child is None:
            return
        with contextlib.suppress(OSError):
            child.stdin.close()  # type: ignore[union-attr] # opened with a pipe
        try:
            child.wait(LEAVE_S)
        except subprocess.TimeoutExpired:
            child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(LEAVE_S)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()  # type: ignore[union-attr] # opened with a pipe

    def _ask(self) -> dict[str, Any]:
        if self._child is None or self._child.poll() is not None:
            self.open()
        child = self._child
        assert child is not None
        assert child.stdin is not None
        child.stdin.write(b"read\n")
        child.stdin.flush()
        for _ in range(2 + tries(self._device.driver)[0]):
            message = decode(self._line(child, SILENT_S if self._ready else START_S))
            self._ready = True
            if "values" in message:
                return dict(message["values"])
        raise BadLine("the child talks without answering")

    def _line(self, child: subprocess.Popen[bytes], seconds: float) -> bytes:
        assert child.stdout is not None
        deadline = time.monotonic() + seconds
        while not self._lines:
            ready, _, _ = select.select([child.stdout], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError("silent")
            piece = os.read(child.stdout.fileno(), 4096)
            if not piece:
                raise ConnectionError("ended")
            self._lines = self._splitter.feed(piece)
        return self._lines.pop(0)

    def _sample(self, quantity: Quantity, value: float | str) -> Sample:
        fault = Quality(value) if isinstance(value, str) else None
        number = None if isinstance(value, str) else float(value)
        if number is not None and not math.isfinite(number):
            raise ValueError(f"not a number: {number}")
        return Sample(self._device.id, quantity, number, fault, self._clock.now(), self._clock.mono_s())


def serve(plan: dict[str, Any], answers: TextIO) -> None:
    """Be the child: open the driver, answer every line of the input, end when it ends."""
    settings = settings_type(plan["driver"])(**plan["settings"])
    field_socket = None if plan["field_socket"] is None else Path(plan["field_socket"])
    pins = open_pulses(plan["pins"], field_socket, f"child of {plan['id']}")
    driver = build(Device(plan["id"], plan["driver"], settings), pins, SystemClock())
    driver.open()
    asked: queue.SimpleQueue[bool] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(asked,), name="parent", daemon=True).start()
    _say(answers, {"ready": True})
    most, between_s = tries(plan["driver"])
    tried_s = float("-inf")
    while asked.get():
        for number in range(1, most + 1):
            _say(answers, {"try": number})
            time.sleep(max(0.0, tried_s + between_s - time.monotonic()))
            tried_s = time.monotonic()
            samples = driver.read()
            if all(sample.fault is None for sample in samples):
                break
        _say(
            answers, {"values": {s.quantity.value: s.value if s.fault is None else s.fault for s in samples}}
        )
    driver.close()
    pins.close()


def _listen(asked: queue.SimpleQueue[bool]) -> None:
    """Pass on questions. When the parent is gone, so are we, even with a reading that hangs."""
    for _ in sys.stdin:
        asked.put(True)
    asked.put(False)
    time.sleep(2 * LEAVE_S)
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _say(answers: TextIO, message: dict[str, Any]) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


def _answers() -> TextIO:
    """Our end of the pipe. What a library prints goes to the log: Blinka writes warnings to stdout."""
    pipe = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return pipe


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is for the parent, which then ends us
    try:
        serve(json.loads(sys.argv[1]), _answers())
    except StationError as error:
        sys.exit(f"child: {error}")
    except BrokenPipeError:  # the parent went while we measured
        os._exit(0)
