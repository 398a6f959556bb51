"""A line whose edges are counted by us: no debounce of a library, no callback that can raise."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from fieldstation.domain.errors import DeviceError
from fieldstation.domain.reading import Quality
from fieldstation.drivers.pins.backend import Pins


def open_input(
    id: str, pin: int, pins: Pins, *, pull_up: bool, activated: Callable[[], None] | None = None
) -> Any:
    """A gpiozero input, active when pulled against its resistor. Raises DeviceError."""
    from gpiozero import DigitalInputDevice, GPIOZeroError

    try:
        device = DigitalInputDevice(pin, pull_up=pull_up, pin_factory=pins.factory)
        if activated is not None:
            device.when_activated = unraising(activated)
    except (*pins.errors, GPIOZeroError) as error:
        raise DeviceError(Quality.NO_ANSWER, f"{id}: {error}") from error
    return device


def open_switch(id: str, pin: int, pins: Pins) -> tuple[Any, bool]:
    """A switch to ground on a pulled-up line, and whether it is closed now. Raises DeviceError."""
    device = open_input(id, pin, pins, pull_up=True)
    try:
        return device, level(id, device, pins)
    except DeviceError:
        let_go(device, pins)
        raise


def unraising(call: Callable[[], None]) -> Callable[[], None]:
    """`call`, but whatever it raises stays here: on a Pi it would silence the edges of every pin."""

    def safely() -> None:
        with contextlib.suppress(Exception):
            call()

    return safely


def level(id: str, device: Any, pins: Pins) -> bool:
    """Whether the input is active now. Raises DeviceError."""
    if device is None:
        raise DeviceError(Quality.NO_ANSWER, f"{id} is not open")
    try:
        return bool(device.value)
    except pins.errors as error:
        raise DeviceError(Quality.NO_ANSWER, f"{id}: {error}") from error


def let_go(device: Any, pins: Pins) -> None:
    """Close an input, or nothing. A back end that is gone has let the line go already."""
    if device is not None:
        with contextlib.suppress(*pins.errors):
            device.close()
