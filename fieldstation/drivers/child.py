"""A driver that may hang, in a process of its own that shares nothing but a pipe.

Parent: `ChildDriver` looks like any driver. Child: `python -m fieldstation.drivers.child`,
told on its command line what to open; a line on its input asks for a reading.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from fieldstation import log
from fieldstation.domain.clock import Clock
from fieldstation.domain.errors import StationError, cause
from fieldstation.domain.reading import Quality, Quantity, Sample
from fieldstation.domain.station import Device
from fieldstation.drivers.load import build, measures, settings_type
from fieldstation.drivers.pins.by_name import open_pins

TRIES = 3
BETWEEN_TRIES_S = 2.1  # the sensor needs 2 s; sooner, the library repeats its last answer
SILENT_AFTER_S = 8.0  # three tries fit; a child that takes longer hangs
WORDS_MAX = 4096


class ChildDriver:
    """Asks its child; kills and replaces it when it is silent too long."""

    def __init__(self, device: Device, pins: str, field_socket: Path, clock: Clock) -> None:
        self._device = device
        self._measures = measures(device.driver)
        self._clock = clock
        self._plan = json.dumps(
            {
                "id": device.id,
                "driver": device.driver,
                "settings": dataclasses.asdict(device.settings),  # type: ignore[call-overload] # a Settings
                "pins": pins,
                "field_socket": str(field_socket),
            }
        )
        self._child: subprocess.Popen[bytes] | None = None
        self._words = b""
        self._bug = ""

    def open(self) -> None:
        """Start the child in a group of its own, so that its helpers die with it."""
        self._child = subprocess.Popen(
            [sys.executable, "-m", "fieldstation.drivers.child", self._plan],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        assert self._child.stderr is not None
        os.set_blocking(self._child.stderr.fileno(), False)
        self._words = b""

    def read(self) -> list[Sample]:
        """A reading by the child within its deadline, else the fault of every quantity."""
        child = self._child
        if child is None or child.poll() is not None:
            self.close()
            self.open()
            child = self._child
        assert child is not None
        assert child.stdin is not None
        try:
            child.stdin.write(b"read\n")
            child.stdin.flush()
            values = json.loads(self._line(child))
            samples = [
                self._sample(quantity, values[quantity.value], str(values.get("detail", "")))
                for quantity in self._measures
            ]
        except (OSError, ValueError, KeyError, TypeError) as error:
            self._hear(child)
            self.close()
            words = self._words.decode(errors="replace").strip().splitlines()
            if "Traceback (most recent call last):" in words and words[-1] != self._bug:
                log.warning("driver_bug", sensor=self._device.id, below="\n".join(words))
                self._bug = words[-1]  # each bug once, until a reading came
            ended = "its process ended" if isinstance(error, BrokenPipeError) else str(error)
            text = "; ".join([*words[-1:], ended])
            return [self._sample(quantity, Quality.NO_ANSWER, text) for quantity in self._measures]
        self._hear(child)
        self._bug = ""
        return samples

    def close(self) -> None:
        """Kill the child and whatever it started. Safe to call twice."""
        child, self._child = self._child, None
        if child is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        for pipe in (child.stdin, child.stdout, child.stderr):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue

    def _line(self, child: subprocess.Popen[bytes]) -> bytes:
        assert child.stdout is not None
        deadline = time.monotonic() + SILENT_AFTER_S
        data = b""
        while not data.endswith(b"\n"):
            ready, _, _ = select.select([child.stdout], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise OSError(f"no answer within {SILENT_AFTER_S:g} s")
            piece = os.read(child.stdout.fileno(), 4096)
            if not piece or len(data) > 4096:
                raise OSError("its process ended")
            data += piece
        return data

    def _hear(self, child: subprocess.Popen[bytes]) -> None:
        """Take what the child has said aside: a full pipe would stall it. The last words are kept."""
        assert child.stderr is not None
        with contextlib.suppress(OSError):
            for _ in range(16):  # one that never stops talking is not listened to for ever
                self._words = (self._words + os.read(child.stderr.fileno(), 65536))[-WORDS_MAX:]

    def _sample(self, quantity: Quantity, value: float | str, detail: str) -> Sample:
        fault = Quality(value) if isinstance(value, str) else None
        number = None if isinstance(value, str) else float(value)
        text = cause(detail) if fault and detail else ""
        return Sample(self._device.id, quantity, number, fault, self._clock.now(), self._clock.mono_s(), text)


class _ChildClock:
    def mono_s(self) -> float:
        return time.monotonic()

    def now(self) -> Any:
        return None  # the parent dates the samples

    def trusted(self) -> bool:
        return False


def _serve(plan: dict[str, Any]) -> None:
    settings = settings_type(plan["driver"])(**plan["settings"])
    pins = open_pins(plan["pins"], Path(plan["field_socket"]), f"child of {plan['id']}")
    driver = build(Device(plan["id"], plan["driver"], settings), pins, _ChildClock())
    driver.open()
    last_s = float("-inf")
    for _ in sys.stdin:
        for _ in range(TRIES):
            time.sleep(max(0.0, last_s + BETWEEN_TRIES_S - time.monotonic()))
            last_s = time.monotonic()
            samples = driver.read()
            if all(sample.fault is None for sample in samples):
                break
        answer = {s.quantity.value: s.value if s.fault is None else s.fault.value for s in samples}
        answer["detail"] = next((sample.detail for sample in samples if sample.detail), "")
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        _serve(json.loads(sys.argv[1]))
    except StationError as error:
        sys.exit(str(error))
