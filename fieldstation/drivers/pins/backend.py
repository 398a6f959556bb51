"""Pins by name: the real ones or the simulated field's, behind one face."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldstation.domain.errors import StationError


@dataclass(frozen=True, slots=True)
class Pins:
    """A gpiozero pin factory, and how adafruit_dht gets at its pin (`load_dht(pin)` gives module and pin).

    `alive` tells whether edges can still arrive; `close` lets every pin go.
    """

    factory: Any
    load_dht: Callable[[int], tuple[Any, Any]]
    alive: Callable[[], bool]
    close: Callable[[], None]


def open_pins(name: str, field_socket: Path | None, process: str) -> Pins:
    """Open a pin back end, `pi` or `simulated`. Raises StationError with what to install or start."""
    if name == "pi":
        from fieldstation.drivers.pins import pi

        return pi.open_pins()
    if name == "simulated":
        from fieldstation.drivers.pins import simulated

        if field_socket is None:
            raise StationError("simulated pins need the field's socket")
        return simulated.open_pins(field_socket, process)
    raise StationError(f"no pin back end {name!r}; choose pi or simulated")
