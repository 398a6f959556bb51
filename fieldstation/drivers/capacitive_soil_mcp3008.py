"""A capacitive soil probe on one channel of an MCP3008."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from statistics import median

from fieldstation.binding import setting
from fieldstation.domain.errors import DeviceError
from fieldstation.domain.reading import Quality, Quantity, Sample
from fieldstation.drivers.parts.board import Board, Look
from fieldstation.drivers.parts.mcp3008 import MCP3008
from fieldstation.drivers.parts.opened import Opened
from fieldstation.drivers.parts.samples import take

MEASURES = {Quantity.SOIL_WATER: 0.004}  # V: one step of the converter
BLOCKING = False
BUS = "spi"
VREF_V = 3.3
STEPS = 1024
PULLED_BELOW = 5  # counts: the channel's pull-down wins when the wire is off


@dataclass(frozen=True, slots=True)
class Settings:
    """An MCP3008 on the SPI bus; a 100 k resistor pulls each channel down, so that a cut wire reads 0."""

    channel: int = setting("channel of the chip", ge=0, le=7)
    device: int = setting("chip select, 0 (CE0) or 1 (CE1)", default=0, ge=0, le=1)
    reads: int = setting("reads whose median counts", default=15, ge=1, le=101)


class Driver(Opened[Settings]):
    """Gives volts; what they mean in water is the calibration's business."""

    def open(self) -> None:
        """Open the chip. Raises DeviceError."""
        self._held = self._pins.spi(0, self._settings.device)

    def read(self) -> list[Sample]:
        """The median of several reads, or why there is none. Takes about 0.1 ms a read on a Pi."""
        return take(self.id, self._clock, MEASURES, self._volts)

    def _volts(self) -> dict[Quantity, float]:
        counts = median(self._counts() for _ in range(self._settings.reads))
        channel = f"channel {self._settings.channel} of chip {self._settings.device}"
        if counts < PULLED_BELOW:
            text = f"{channel} reads 0 V: its wire is off, or the chip has no power"
            raise DeviceError(Quality.NO_ANSWER, text)
        if counts >= STEPS - 1:
            text = f"{channel} reads the full {VREF_V} V: it touches the supply"
            raise DeviceError(Quality.OUT_OF_RANGE, text)
        return {Quantity.SOIL_WATER: counts * VREF_V / STEPS}

    def _counts(self) -> int:
        """One single-ended conversion, 0 to 1023 (Microchip DS21295, figure 6-1)."""
        answer: bytes = self._now_open.exchange(bytes([1, 0x80 | self._settings.channel << 4, 0]))
        if len(answer) != 3 or answer[1] & 4:  # the bit before the ten is always 0
            text = f"chip {self._settings.device} answers {answer.hex(' ')}: this is no MCP3008"
            raise DeviceError(Quality.CHECKSUM, text)
        return (answer[1] & 3) << 8 | answer[2]


def shows(truth: Mapping[Quantity, float], settings: Settings, chance: Random) -> dict[Quantity, float]:
    """The probe's volts in the converter's steps."""
    del settings, chance
    counts = int(_steps(truth[Quantity.SOIL_WATER]))
    return {Quantity.SOIL_WATER: counts * VREF_V / STEPS} if counts >= PULLED_BELOW else {}


def simulate(settings: Settings, board: Board, look: Look) -> None:
    """A probe on a channel of a chip that others may share; its pull-down wins when the wire is off."""
    chip = board.chip(("spi", 0, settings.device), MCP3008)
    chip.channels[settings.channel] = lambda: round(_steps((look() or {}).get(Quantity.SOIL_WATER, 0.0)))


def _steps(volts: float) -> float:
    return max(0.0, min(STEPS - 1.0, volts / VREF_V * STEPS))
