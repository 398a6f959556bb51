"""A tipping-bucket rain gauge: a reed that closes for an instant at every tip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fieldstation.domain.clock import Clock
from fieldstation.domain.reading import Quality, Quantity, Sample
from fieldstation.domain.setting import setting
from fieldstation.drivers.edges import open_input
from fieldstation.drivers.pins.backend import Pins

MEASURES = (Quantity.RAIN,)
BLOCKING = False


@dataclass(frozen=True, slots=True)
class Settings:
    """A reed to ground. The depth of one tip is on the gauge's plate; there is no usual one."""

    pin: int = setting("BCM pin of the reed", pin=True)
    mm_per_tip: float = setting("rain depth of one tip in mm", gt=0, le=5)
    lockout_s: float = setting("a tip's own bouncing lasts less than this", default=0.3, ge=0.02, le=2)


class Driver:
    """Counts tips, at most one per lock-out; `read` gives the mm since the previous read."""

    def __init__(self, id: str, settings: Settings, pins: Pins, clock: Clock) -> None:
        self.id = id
        self._settings = settings
        self._pins = pins
        self._clock = clock
        self._device: Any = None
        self._tips = 0
        self._read_tips = 0
        self._tipped_s = float("-inf")

    def open(self) -> None:
        """Start counting. Raises DeviceError."""
        self._device = open_input(self.id, self._settings.pin, self._pins, pull_up=True, activated=self._tip)

    def read(self) -> list[Sample]:
        """Rain since the previous read; a fault when tips can no longer be heard."""
        now, mono_s = self._clock.now(), self._clock.mono_s()
        if self._device is None or not self._pins.alive():
            return [Sample(self.id, Quantity.RAIN, None, Quality.NO_ANSWER, now, mono_s)]
        tips, self._read_tips = self._tips - self._read_tips, self._tips
        return [Sample(self.id, Quantity.RAIN, tips * self._settings.mm_per_tip, None, now, mono_s)]

    def close(self) -> None:
        """Stop counting. Safe to call twice."""
        device, self._device = self._device, None
        if device is not None:
            device.close()

    def _tip(self) -> None:
        now_s = self._clock.mono_s()
        if now_s - self._tipped_s >= self._settings.lockout_s:
            self._tips += 1
            self._tipped_s = now_s
