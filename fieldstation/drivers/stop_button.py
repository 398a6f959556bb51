"""A stop button with a normally closed contact. A cut wire reads as pressed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fieldstation.domain.clock import Clock
from fieldstation.domain.reading import Quantity
from fieldstation.domain.setting import setting
from fieldstation.drivers.edges import level, open_input
from fieldstation.drivers.pins.backend import Pins

MEASURES: tuple[Quantity, ...] = ()
BLOCKING = False
HELD_S = 0.05


@dataclass(frozen=True, slots=True)
class Settings:
    """A normally closed contact to ground; pressing or cutting it lets the pull-up win."""

    pin: int = setting("BCM pin of the stop button", pin=True)


class Driver:
    """Says whether the button is pressed. A spike shorter than 50 ms is not a press."""

    def __init__(self, id: str, settings: Settings, pins: Pins, clock: Clock) -> None:
        self.id = id
        self._settings = settings
        self._pins = pins
        self._clock = clock
        self._device: Any = None
        self._open_since: float | None = None

    def open(self) -> None:
        """Claim the line. Raises DeviceError."""
        self._device = open_input(self.id, self._settings.pin, self._pins, pull_up=True)

    @property
    def is_pressed(self) -> bool:
        """Whether the contact is open. Raises DeviceError when the line cannot be read."""
        if level(self.id, self._device):
            self._open_since = None
            return False
        now_s = self._clock.mono_s()
        if self._open_since is None:
            self._open_since = now_s
        return now_s - self._open_since >= HELD_S

    def close(self) -> None:
        """Let the line go. Safe to call twice."""
        device, self._device = self._device, None
        if device is not None:
            device.close()
