"""A line that the Pi pulls up, closed to ground by a device; edges are counted by us, without a library's debounce."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fieldstation.domain.errors import DeviceError, StationError
from fieldstation.domain.reading import Quality
from fieldstation.drivers.parts.opened import Opened


class Line(Opened[Any]):
    """A driver of one input line; its settings have a `pin`."""

    def _claim(self, closed: Callable[[], None] | None = None) -> None:
        """Claim the line, and have each closing told. Raises DeviceError."""
        from gpiozero import DigitalInputDevice, GPIOZeroError

        try:
            self._held = DigitalInputDevice(self._settings.pin, pull_up=True, pin_factory=self._pins.factory)
            if closed is not None:
                self._held.when_activated = closed
        except (GPIOZeroError, OSError, StationError) as error:
            raise DeviceError(Quality.NO_ANSWER, f"{self.id}: {error}") from error

    def _is_closed(self) -> bool:
        """Whether the line is at ground now. Raises DeviceError."""
        try:
            return bool(self._now_open.value)
        except (OSError, StationError) as error:
            raise DeviceError(Quality.NO_ANSWER, f"{self.id}: {error}") from error
