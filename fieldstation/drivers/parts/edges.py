"""A line whose edges are counted by us: no debounce of a library, no callback that can raise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fieldstation.domain.errors import DeviceError, StationError
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
            device.when_activated = activated
    except (GPIOZeroError, OSError, StationError) as error:
        raise DeviceError(Quality.NO_ANSWER, f"{id}: {error}") from error
    return device


def level(id: str, device: Any) -> bool:
    """Whether the input is active now. Raises DeviceError."""
    if device is None:
        raise DeviceError(Quality.NO_ANSWER, f"{id} is not open")
    try:
        return bool(device.value)
    except (OSError, StationError) as error:
        raise DeviceError(Quality.NO_ANSWER, f"{id}: {error}") from error
