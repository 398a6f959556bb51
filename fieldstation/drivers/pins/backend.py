"""What a driver may ask of a back end: pins, and chips on the buses beside them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

Place = tuple[str | int, ...]
"""Where a chip is: `("i2c", bus, address)`, `("spi", port, select)`, `("1-wire", address)`, `("serial", port, baud)`."""


class Chip(Protocol):
    """A chip at its place. Each call to `Pins` opens a handle of its own; close it."""

    @property
    def alone(self) -> AbstractContextManager[Any]:
        """Held by one handle of a chip at a time, for devices that share it and speak more than once."""

    def exchange(self, sent: bytes, count: int = 0) -> bytes:
        """Send bytes, then receive. Raises DeviceError with its cause.

        I2C: writes `sent` if there is any, then reads `count` if there are any. SPI: as many
        bytes back as were sent, at the same time. Serial: up to `count` bytes within a second,
        at least one. 1-Wire: sends nothing; the text that the kernel made of the chip's answer.
        """

    def close(self) -> None:
        """Let the handle go. Safe to call twice."""


@dataclass(frozen=True, slots=True)
class Pins:
    """A gpiozero pin factory, and doors to the buses.

    `blinka_pin(pin)` readies Blinka's libraries, such as adafruit_dht, and gives the pin as they
    want it. `alive` tells whether edges can still arrive; `close` lets every pin go.
    """

    factory: Any
    blinka_pin: Callable[[int], Any]
    chip: Callable[[Place], Chip]
    alive: Callable[[], bool]
    close: Callable[[], None]

    def i2c(self, bus: int, address: int) -> Chip:
        """A chip by I2C bus (1 on a Pi's header) and 7-bit address. Raises DeviceError."""
        return self.chip(("i2c", bus, address))

    def spi(self, port: int, select: int) -> Chip:
        """A chip by SPI port (0 on a Pi's header) and chip select; mode 0. Raises DeviceError."""
        return self.chip(("spi", port, select))

    def one_wire(self, address: str) -> Chip:
        """A chip by its 1-Wire address such as `28-0316a27943ff`. Raises DeviceError."""
        return self.chip(("1-wire", address))

    def serial(self, port: str, baud: int) -> Chip:
        """A device on a serial port such as `serial0`; 8 bits, no parity. Raises DeviceError."""
        return self.chip(("serial", port, baud))
