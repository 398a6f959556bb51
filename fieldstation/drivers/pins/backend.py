"""Pins by name: the real ones or the simulated field's, behind one face."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldstation.domain.errors import StationError

NAMES = ("pi", "simulated")


@dataclass(frozen=True, slots=True)
class Pins:
    """A gpiozero pin factory, and how adafruit_dht gets at its pin (`load_dht(pin)` gives module and pin).

    `alive` tells whether edges can still arrive; `close` lets every pin go; `errors` is what
    a pin of this back end may raise, each of which a driver turns into its own fault.
    """

    factory: Any
    load_dht: Callable[[int], tuple[Any, Any]]
    alive: Callable[[], bool]
    close: Callable[[], None]
    errors: tuple[type[Exception], ...] = (OSError, StationError)


def open_pins(name: str, field_socket: Path | None, process: str) -> Pins:
    """Open a pin back end, `pi` or `simulated`. Raises StationError with what to install or start."""
    if name == "pi":
        from fieldstation.drivers.pins import pi

        return pi.open_pins()
    from fieldstation.drivers.pins import simulated

    return simulated.open_pins(_socket(name, field_socket), process)


def open_pulses(name: str, field_socket: Path | None, process: str) -> Pins:
    """The same without gpiozero and its factory: all that a DHT's own small process needs."""
    if name == "pi":
        from fieldstation.drivers.pins import pi_pulses

        return pi_pulses.open_pulses()
    from fieldstation.drivers.pins import simulated_pulses

    return simulated_pulses.open_pulses(_socket(name, field_socket), process)


def _socket(name: str, field_socket: Path | None) -> Path:
    if name not in NAMES:
        raise StationError(f"no pin back end {name!r}; choose one of: {', '.join(NAMES)}")
    if field_socket is None:
        raise StationError("simulated pins need the field's socket")
    return field_socket
