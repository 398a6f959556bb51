"""gpiozero pins that are lines of the simulated field.

One `PinLink` owns the lines; edges come on a second connection. When the field dies, every
read and write raises for good: opening the pins anew is the caller's decision, because lines
have been let go and pulses missed.
"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import Any

from gpiozero import Device, GPIOZeroError
from gpiozero.pins import SPI
from gpiozero.pins.pi import PiFactory, PiPin

from fieldstation.domain.errors import DeviceError, StationError
from fieldstation.domain.reading import Quality
from fieldstation.drivers.pins import simulated_pulses
from fieldstation.drivers.pins.backend import Pins
from fieldstation.drivers.pins.edge_stream import EdgeStream
from fieldstation.wire.line import Message
from fieldstation.wire.pins import PinLink

PI_4 = 0xC03111


def ask(link: PinLink, message: Message) -> Message:
    """The field's answer. Raises DeviceError when it refuses, PeerSilent when it is gone."""
    answer = link.ask(message)
    if "error" in answer:
        raise DeviceError(Quality.NO_ANSWER, str(answer["error"]))
    return answer


def number(answer: Message, name: str) -> int:
    """A whole number of an answer. Raises DeviceError when it is not there."""
    found = answer.get(name)
    if not isinstance(found, int):
        raise DeviceError(Quality.NO_ANSWER, f"the simulated field answered without {name}")
    return found


class FieldSPI(SPI):  # type: ignore[misc] # gpiozero has no types
    """Whole words to a chip of the field (bit by bit is a unit test: 98 round trips a reading)."""

    def __init__(self, factory: FieldFactory, port: int, device: int) -> None:
        super().__init__(pin_factory=factory)
        self._link, self._port, self._device = factory.link, port, device

    def _conflicts_with(self, other: object) -> bool:
        del other
        return False

    def transfer(self, data: list[int]) -> list[int]:
        """Send words, receive as many. Raises DeviceError."""
        question = {"do": "spi", "port": self._port, "device": self._device, "words": list(data)}
        words = ask(self._link, question).get("words")
        if (
            not isinstance(words, list)
            or len(words) != len(data)
            or not all(isinstance(w, int) for w in words)
        ):
            raise DeviceError(Quality.NO_ANSWER, "the simulated field answered without words")
        return words


class FieldPin(PiPin):  # type: ignore[misc] # gpiozero has no types
    """One line. An output is claimed at its first level in one message: no other level is ever driven."""

    def __init__(self, factory: FieldFactory, info: Any) -> None:
        super().__init__(factory, info)
        self._function, self._pull, self._edges = "input", "floating", "both"
        self._ask("claim_input", pull="floating")

    def close(self) -> None:
        """Let the line go: an input without pull, as gpiozero does on a Pi."""
        self.when_changed = None
        self._function, self._pull = "input", "floating"
        with contextlib.suppress(OSError, StationError):  # the field is gone, and its lines with it
            self._ask("free")

    def output_with_state(self, state: float) -> None:
        """Claim as output at a level."""
        self._ask("claim_output", level=int(bool(state)))
        self._function = "output"

    def input_with_pull(self, pull: str) -> None:
        """Claim as input with a pull."""
        self._ask("claim_input", pull=pull)
        self._function, self._pull = "input", pull

    def _ask(self, do: str, **values: Any) -> Message:
        return ask(self.factory.link, {"do": do, "pin": self._number, **values})

    def _get_function(self) -> str:
        return self._function

    def _set_function(self, value: str) -> None:
        if value == "output":
            raise ValueError("an output needs its first level: output_with_state")
        self.input_with_pull(self._pull)

    def _get_state(self) -> int:
        return number(self._ask("read"), "level")

    def _set_state(self, value: float) -> None:
        self._ask("write", level=int(bool(value)))

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


class FieldFactory(PiFactory):  # type: ignore[misc] # gpiozero has no types
    """Pins and SPI of the simulated field."""

    def __init__(self, path: Path, process: str) -> None:
        super().__init__()
        self.link = PinLink(path, process)
        self.edges = EdgeStream(path)
        self.pin_class = FieldPin

    def alive(self) -> bool:
        """Whether the field still answers and edges can still arrive."""
        return not self.link.lost and self.edges.alive

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

    def spi(self, **spi_args: Any) -> FieldSPI:
        """A chip by port and device."""
        return FieldSPI(self, int(spi_args.get("port", 0)), int(spi_args.get("device", 0)))


def open_pins(path: Path, process: str) -> Pins:
    """Connect to the field as the owner of lines. Raises PeerSilent when no field runs."""
    factory = FieldFactory(path, process)
    Device.pin_factory = factory  # gpiozero's software SPI ignores its pin_factory argument
    return Pins(
        factory,
        lambda pin: simulated_pulses.load(factory.link, pin),
        factory.alive,
        factory.close,
        (OSError, StationError, GPIOZeroError),
    )
