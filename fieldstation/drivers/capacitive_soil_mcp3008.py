"""A capacitive soil probe on one channel of an MCP3008."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Any

from fieldstation.domain.clock import Clock
from fieldstation.domain.errors import DeviceError, StationError
from fieldstation.domain.reading import Quality, Quantity, Sample
from fieldstation.domain.setting import setting
from fieldstation.drivers.pins.backend import Pins

MEASURES = (Quantity.SOIL_WATER,)
BLOCKING = False
VREF_V = 3.3
STEPS = 1024
PULLED_BELOW = 5  # counts: the channel's pull-down wins when the wire is off


@dataclass(frozen=True, slots=True)
class Settings:
    """An MCP3008 on the SPI bus; a 100 k resistor pulls each channel down, so that a cut wire reads 0."""

    channel: int = setting("channel of the chip", ge=0, le=7)
    device: int = setting("chip select, 0 (CE0) or 1 (CE1)", default=0, ge=0, le=1)
    reads: int = setting("reads whose median counts", default=15, ge=1, le=101)


class Driver:
    """Gives volts; what they mean in water is the calibration's business."""

    def __init__(self, id: str, settings: Settings, pins: Pins, clock: Clock) -> None:
        self.id = id
        self._settings = settings
        self._pins = pins
        self._clock = clock
        self._chip: Any = None

    def open(self) -> None:
        """Open the channel. Raises DeviceError."""
        from gpiozero import MCP3008, GPIOZeroError

        try:
            self._chip = MCP3008(
                self._settings.channel, port=0, device=self._settings.device, pin_factory=self._pins.factory
            )
        except (GPIOZeroError, OSError, StationError) as error:
            raise DeviceError(Quality.NO_ANSWER, f"{self.id}: {error}; is SPI enabled?") from error

    def read(self) -> list[Sample]:
        """The median of several reads, or why there is none. Takes about 0.1 ms a read on a Pi."""
        try:
            if self._chip is None:
                raise DeviceError(Quality.NO_ANSWER, f"{self.id} is not open")
            counts = median(self._chip.raw_value for _ in range(self._settings.reads))
        except (OSError, StationError):
            return [self._sample(None, Quality.NO_ANSWER)]
        if counts < PULLED_BELOW:
            return [self._sample(None, Quality.NO_ANSWER)]
        if counts >= STEPS - 1:
            return [self._sample(None, Quality.OUT_OF_RANGE)]
        return [self._sample(counts * VREF_V / STEPS, None)]

    def close(self) -> None:
        """Let the channel go. Safe to call twice."""
        chip, self._chip = self._chip, None
        if chip is not None:
            chip.close()

    def _sample(self, volts: float | None, fault: Quality | None) -> Sample:
        return Sample(self.id, Quantity.SOIL_WATER, volts, fault, self._clock.now(), self._clock.mono_s())
