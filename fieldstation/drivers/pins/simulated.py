"""gpiozero pins that are lines of the simulated field."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

from gpiozero import Device
from gpiozero.pins.pi import PiFactory, PiPin

from fieldstation import log
from fieldstation.domain.errors import DeviceError, PeerSilent
from fieldstation.domain.reading import Quality
from fieldstation.drivers.pins.backend import Pins, Place
from fieldstation.wire.line import BadLine, Splitter, decode, encode
from fieldstation.wire.pins import PinLink
from fieldstation.wire.unix import connect

PI_4 = 0xC03111


class FieldChip:
    """A chip of the field, whole bytes at a time (bit by bit is a unit test: 98 round trips a reading)."""

    def __init__(self, link: PinLink, place: Place, alone: threading.RLock) -> None:
        self._link, self._place, self.alone = link, place, alone

    def exchange(self, sent: bytes, count: int = 0) -> bytes:
        """Send bytes and receive. Raises DeviceError."""
        answer = self._link.call({"do": "chip", "at": list(self._place), "send": list(sent), "count": count})
        if "error" in answer:
            raise DeviceError(Quality.NO_ANSWER, str(answer["error"]))
        return bytes(answer["bytes"])

    def close(self) -> None:
        """Nothing to let go."""


class FieldPin(PiPin):  # type: ignore[misc] # gpiozero has no types
    """One line. An output is claimed at its first level in one message: no other level is ever driven."""

    def __init__(self, factory: FieldFactory, info: Any) -> None:
        super().__init__(factory, info)
        self._function, self._pull, self._edges = "input", "floating", "both"
        self._call("claim_input", pull="floating")

    def close(self) -> None:
        """Let the line go: an input without pull, as gpiozero does on a Pi."""
        self.when_changed = None
        try:
            self._call("free")
        except PeerSilent:
            return  # the field is gone, and its lines with it

    def output_with_state(self, state: float) -> None:
        """Claim as output at a level."""
        self._call("claim_output", level=int(bool(state)))
        self._function = "output"

    def input_with_pull(self, pull: str) -> None:
        """Claim as input with a pull."""
        self._call("claim_input", pull=pull)
        self._function, self._pull = "input", pull

    def _call(self, do: str, **values: Any) -> dict[str, Any]:
        answer = self.factory.link.call({"do": do, "pin": self._number, **values})
        if "error" in answer:
            raise OSError(answer["error"])
        return dict(answer)

    def _get_function(self) -> str:
        return self._function

    def _set_function(self, value: str) -> None:
        if value == "output":
            self.output_with_state(0)
        else:
            self.input_with_pull(self._pull)

    def _get_state(self) -> int:
        return int(self._call("read")["level"])

    def _set_state(self, value: float) -> None:
        self._call("write", level=int(bool(value)))

    def _get_pull(self) -> str:
        return self._pull

    def _set_pull(self, value: str) -> None:
        self.input_with_pull(value)

    def _get_bounce(self) -> None:
        return None

    def _set_bounce(self, value: float | None) -> None:
        if value is not None:
            raise ValueError("drivers count edges themselves; bounce_time loses pulses")

    def _get_edges(self) -> str:
        return self._edges

    def _set_edges(self, value: str) -> None:
        self._edges = value

    def _enable_event_detect(self) -> None:
        self.factory.edges.watch(self._number, self._edge)

    def _disable_event_detect(self) -> None:
        self.factory.edges.ignore(self._number)

    def _edge(self, level: int, mono_s: float) -> None:
        if self._edges == "both" or (self._edges == "rising") == bool(level):
            self._call_when_changed(mono_s, level)


class EdgeStream:
    """A second connection on which the field sends edges; one thread that no callback can kill."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._channel: Any = None
        self._called: dict[int, Any] = {}
        self.alive = True

    def watch(self, pin: int, call: Any) -> None:
        """Call `call(level, mono_s)` for every edge of a pin."""
        self._called[pin] = call
        if self._channel is None:
            self._channel = connect(self._path, 2.0)
            self._channel.settimeout(None)
            threading.Thread(target=self._listen, name="edges", daemon=True).start()
        self._channel.sendall(encode({"do": "watch", "pin": pin}))

    def ignore(self, pin: int) -> None:
        """Forget a pin."""
        self._called.pop(pin, None)

    def close(self) -> None:
        """Hang up; the thread ends."""
        if self._channel is not None:
            self._channel.close()

    def _listen(self) -> None:
        splitter = Splitter()
        try:
            while data := self._channel.recv(65536):
                for line in splitter.feed(data):
                    for pin, level, mono_s in decode(line).get("edges", ()):
                        self._call(pin, level, mono_s)
        except (OSError, BadLine):
            pass
        self.alive = False

    def _call(self, pin: int, level: int, mono_s: float) -> None:
        call = self._called.get(pin)
        if call is not None:
            try:
                call(level, mono_s)
            except Exception:  # one bad callback must not silence every other pin
                log.exception("edge_callback_bug", pin=pin)


class FieldFactory(PiFactory):  # type: ignore[misc] # gpiozero has no types
    """Pins and buses of the simulated field."""

    def __init__(self, path: Path, process: str) -> None:
        super().__init__()
        self.link = PinLink(path, process)
        self.edges = EdgeStream(path)
        self.pin_class = FieldPin
        self._locks: dict[Place, threading.RLock] = {}

    def close(self) -> None:
        """Let every pin go and hang up."""
        super().close()
        self.edges.close()
        self.link.close()

    def _get_revision(self) -> int:
        return PI_4

    def ticks(self) -> float:
        """Seconds on the monotonic clock."""
        return time.monotonic()

    @staticmethod
    def ticks_diff(later: float, earlier: float) -> float:
        """Seconds between two ticks."""
        return later - earlier

    def chip(self, place: Place) -> FieldChip:
        """A chip by its place; handles of one chip share one lock."""
        return FieldChip(self.link, place, self._locks.setdefault(place, threading.RLock()))


def open_pins(path: Path, process: str) -> Pins:
    """Connect to the field as the owner of lines. Raises PeerSilent when no field runs."""
    factory = FieldFactory(path, process)
    Device.pin_factory = factory  # gpiozero closes at exit what this one still holds

    def blinka_pin(pin: int) -> int:
        from fieldstation.drivers.pins import pulse_stub

        pulse_stub.install(factory.link)
        return pin

    return Pins(factory, blinka_pin, factory.chip, lambda: factory.edges.alive, factory.close)
