"""A float in the tank. A cut wire reads as empty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fieldstation.domain.clock import Clock
from fieldstation.domain.reading import Quantity
from fieldstation.domain.setting import setting
from fieldstation.drivers.edges import let_go, level, open_switch
from fieldstation.drivers.pins.backend import Pins

MEASURES: tuple[Quantity, ...] = ()
BLOCKING = False
SETTLE_S = 2.0


@dataclass(frozen=True, slots=True)
class Settings:
    """A switch to ground that is closed while there is water; the Pi's pull-up makes open = empty.

    There is no setting for a float that closes when empty: its cut wire would read as full.
    Most floats become the right kind when they are mounted the other way up.
    """

    pin: int = setting("BCM pin of the float switch", pin=True)


class Driver:
    """Says whether there is water: what the contact shows must stand two seconds (waves, pump tremor)."""

    def __init__(self, id: str, settings: Settings, pins: Pins, clock: Clock) -> None:
        self.id = id
        self._settings = settings
        self._pins = pins
        self._clock = clock
        self._device: Any = None
        self._believed = False
        self._other_since_s: float | None = None

    def open(self) -> None:
        """Claim the line; the first look is believed as it stands. Raises DeviceError."""
        self._device, self._believed = open_switch(self.id, self._settings.pin, self._pins)
        self._other_since_s = None

    @property
    def has_water(self) -> bool:
        """Whether the tank holds water. Raises DeviceError when the line cannot be read."""
        closed = level(self.id, self._device, self._pins)
        now_s = self._clock.mono_s()
        if closed is self._believed:
            self._other_since_s = None
        elif self._other_since_s is None:
            self._other_since_s = now_s
        elif now_s - self._other_since_s >= SETTLE_S:
            self._believed, self._other_since_s = closed, None
        return self._believed

    def close(self) -> None:
        """Let the line go. Safe to call twice."""
        device, self._device = self._device, None
        let_go(device, self._pins)
