"""What every driver does alike: it opens one thing on the pins, and lets it go."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from fieldstation.domain.clock import Clock
from fieldstation.domain.errors import DeviceError
from fieldstation.domain.reading import Quality
from fieldstation.drivers.pins.backend import Pins

S = TypeVar("S")


class Opened(Generic[S]):
    """`open` of a driver fills `_held`: a gpiozero device, a chip, a library's sensor."""

    def __init__(self, id: str, settings: S, pins: Pins, clock: Clock) -> None:
        self.id = id
        self._settings = settings
        self._pins = pins
        self._clock = clock
        self._held: Any = None

    @property
    def _now_open(self) -> Any:
        """What is held. Raises DeviceError when the driver is not open."""
        if self._held is None:
            raise DeviceError(Quality.NO_ANSWER, f"{self.id} is not open")
        return self._held

    def close(self) -> None:
        """Let it go. Safe to call twice."""
        held, self._held = self._held, None
        if held is not None:
            held.close()
