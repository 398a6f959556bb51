"""A float in the tank. A cut wire reads as empty."""

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
SETTLE_S = 2.0


@dataclass(frozen=True, slots=True)
class Settings:
    """A switch to ground that is closed while there is water; the Pi's pull-up makes open = empty."""

    pin: int = setting("BCM pin of the float switch", pin=True)


class Driver:
    """Says whether there is water. Empty is believed at once, full only after two steady seconds."""

    def __init__(self, id: str, settings: Settings, pins: Pins, clock: Clock) -> None:
        self.id = id
        self._settings = settings
        self._pins = pins
        self._clock = clock
        self._device: Any = None
        self._full_since: float | None = None

    def open(self) -> None:
        """Claim the line. Raises DeviceError."""
        self._device = open_input(self.id, self._settings.pin, self._pins, pull_up=True)
        if level(self.id, self._device):
            self._full_since = self._clock.mono_s() - SETTLE_S

    @property
    def has_water(self) -> bool:
        """Whether the tank holds water. Raises DeviceError when the line cannot be read."""
        now_s = self._clock.mono_s()
        if not level(self.id, self._device):
            self._full_since = None
            return False
        if self._full_since is None:
            self._full_since = now_s
        return now_s - self._full_since >= SETTLE_S

    def close(self) -> None:
        """Let the line go. Safe to call twice."""
        device, self._device = self._device, None
        if device is not None:
            device.close()
