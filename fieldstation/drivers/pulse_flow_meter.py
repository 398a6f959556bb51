"""A flow meter that closes a contact for every so many millilitres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fieldstation.domain.clock import Clock
from fieldstation.domain.reading import Quantity
from fieldstation.domain.setting import setting
from fieldstation.drivers.edges import open_input
from fieldstation.drivers.pins.backend import Pins

MEASURES: tuple[Quantity, ...] = ()
BLOCKING = False


@dataclass(frozen=True, slots=True)
class Settings:
    """A pulse output to ground (open collector or reed)."""

    pin: int = setting("BCM pin of the pulse line", pin=True)
    pulses_per_l: float = setting("pulses per litre, from the meter's plate or a bucket test", gt=0, le=2000)


class Driver:
    """Counts pulses. Every edge counts: this device does not bounce within its rated flow."""

    def __init__(self, id: str, settings: Settings, pins: Pins, clock: Clock) -> None:
        self.id = id
        self._settings = settings
        self._pins = pins
        self._clock = clock
        self._device: Any = None
        self._pulses = 0

    def open(self) -> None:
        """Start counting. Raises DeviceError."""
        self._device = open_input(
            self.id, self._settings.pin, self._pins, pull_up=True, activated=self._pulse
        )

    @property
    def litres(self) -> float:
        """The running total since opening."""
        return self._pulses / self._settings.pulses_per_l

    @property
    def heard_age_s(self) -> float | None:
        """0 while edges can arrive; None once the pin back end has lost its line."""
        return 0.0 if self._device is not None and self._pins.alive() else None

    def close(self) -> None:
        """Stop counting. Safe to call twice."""
        device, self._device = self._device, None
        if device is not None:
            device.close()

    def _pulse(self) -> None:
        self._pulses += 1
