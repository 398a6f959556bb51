"""A capacitive soil probe on one channel of an ADS1115, a converter on I2C.

Source: Texas Instruments SBAS444, tables 8-1 to 8-3 (registers), 7.3.3 (ranges), 9.1.1 (single shot).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from statistics import median

from fieldstation.binding import setting
from fieldstation.domain.errors import DeviceError
from fieldstation.domain.reading import Quality, Quantity, Sample
from fieldstation.drivers.parts.board import Board, Look, NoAnswer
from fieldstation.drivers.parts.opened import Opened
from fieldstation.drivers.parts.samples import take
from fieldstation.drivers.pins.backend import Chip

MEASURES = {Quantity.SOIL_WATER: 0.002}  # V
BLOCKING = False  # five conversions take 45 ms, and each has a deadline
BUS = "i2c"
CONVERSION, CONFIG = 0, 1  # registers
READY = 0x8000  # written: begin; read: done
SINGLE_SHOT_128_HZ = 0x0183  # power down between, 128 a second, comparator off
FULL_SCALE_V = {1: 4.096, 2: 2.048}
PULLED_BELOW_V = 0.02  # the channel's pull-down wins when the wire is off
CONVERSION_S = 0.0078
DEADLINE_S = 0.1


@dataclass(frozen=True, slots=True)
class Settings:
    """An ADS1115 on the I2C bus; a 100 k resistor pulls each channel down, so that a cut wire reads 0."""

    channel: int = setting("channel of the chip, AIN0 to AIN3", ge=0, le=3)
    bus: int = setting("I2C bus; 1 is on the header", default=1, ge=0, le=20)
    address: int = setting("0x48 to 0x4b, by what ADDR is wired to", default=0x48, ge=0x48, le=0x4B)
    gain: int = setting("1 reads up to 4 V, 2 up to 2 V", default=1, ge=1, le=2)
    reads: int = setting("reads whose median counts", default=5, ge=1, le=25)


class Driver(Opened[Settings]):
    """Gives volts. Four probes may share a chip: each holds it while it chooses a channel and waits."""

    def open(self) -> None:
        """Find the chip. Raises DeviceError."""
        self._held = self._pins.i2c(self._settings.bus, self._settings.address)
        self._held.exchange(bytes([CONFIG]), 2)

    def read(self) -> list[Sample]:
        """The median of several conversions, or why there is none. Takes 9 ms a conversion."""
        return take(self.id, self._clock, MEASURES, self._volts)

    def _volts(self) -> dict[Quantity, float]:
        chip: Chip = self._now_open
        with chip.alone:
            steps = median(_convert(chip, self._settings) for _ in range(self._settings.reads))
        volts = steps * step_v(self._settings)
        if volts < PULLED_BELOW_V:
            text = f"AIN{self._settings.channel} reads 0 V: its wire is off, or the probe has no power"
            raise DeviceError(Quality.NO_ANSWER, text)
        if steps >= 0x7FFF:
            text = f"AIN{self._settings.channel} reads the full scale: a short, or too much gain"
            raise DeviceError(Quality.OUT_OF_RANGE, text)
        return {Quantity.SOIL_WATER: volts}


def _convert(chip: Chip, settings: Settings) -> int:
    """One conversion, in signed steps. Raises DeviceError when it is not ready in time or not ours."""
    config = config_word(settings)
    chip.exchange(bytes([CONFIG]) + (READY | config).to_bytes(2, "big"))
    until_s = time.monotonic() + DEADLINE_S
    time.sleep(CONVERSION_S)
    while True:
        found = chip.exchange(bytes([CONFIG]), 2)
        if len(found) != 2 or int.from_bytes(found, "big") & ~READY != config:
            text = f"its configuration reads {found.hex()}, not {config:04x}: this is no ADS1115"
            raise DeviceError(Quality.CHECKSUM, text)
        if found[0] & 0x80:
            break
        if time.monotonic() > until_s:
            raise DeviceError(Quality.NO_ANSWER, f"no conversion within {DEADLINE_S:g} s")
        time.sleep(0.001)
    answer = chip.exchange(bytes([CONVERSION]), 2)
    if len(answer) != 2:
        raise DeviceError(Quality.CHECKSUM, f"a conversion of {len(answer)} bytes")
    return int.from_bytes(answer, "big", signed=True)


def config_word(settings: Settings) -> int:
    """The channel against ground, the gain, one conversion at a time; without the bit that begins it."""
    return (4 + settings.channel) << 12 | settings.gain << 9 | SINGLE_SHOT_128_HZ


def step_v(settings: Settings) -> float:
    """The least step, V."""
    return FULL_SCALE_V[settings.gain] / 0x8000


def shows(truth: Mapping[Quantity, float], settings: Settings, chance: Random) -> dict[Quantity, float]:
    """The probe's volts in the converter's steps; nothing where the pull-down wins."""
    del chance
    volts = min(0x7FFF, int(truth[Quantity.SOIL_WATER] / step_v(settings))) * step_v(settings)
    return {Quantity.SOIL_WATER: volts} if volts >= PULLED_BELOW_V else {}


def simulate(settings: Settings, board: Board, look: Look) -> None:
    """A probe on a channel of a chip that others may share."""
    chip = board.chip(("i2c", settings.bus, settings.address), lambda: Model(board))
    chip.volts[settings.channel] = lambda: (look() or {}).get(Quantity.SOIL_WATER, 0.0)


class Model:
    """The chip from its own side: a conversion takes its time, and the old result stands until then."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self.volts: dict[int, Callable[[], float]] = {}
        self._pointer, self._config, self._result = CONVERSION, 0x0583, 0
        self._coming, self._ready_s = 0, float("-inf")

    def exchange(self, sent: bytes, count: int) -> bytes:
        """A register chosen, written or read. Raises NoAnswer."""
        now_s = self._board.now_s()
        if now_s >= self._ready_s:
            self._result = self._coming
        if sent:
            self._pointer = sent[0] & 3
        if len(sent) == 3 and self._pointer == CONFIG:
            self._config = int.from_bytes(sent[1:], "big") & ~READY
            if sent[1] & 0x80:
                self._coming, self._ready_s = self._converted(), now_s + CONVERSION_S
        elif len(sent) > 1:
            raise NoAnswer
        done = READY if now_s >= self._ready_s else 0
        value = self._result if self._pointer == CONVERSION else self._config | done
        return (value & 0xFFFF).to_bytes(2, "big")[:count]

    def _converted(self) -> int:
        volts = self.volts.get((self._config >> 12) - 4, lambda: 0.0)()
        full_v = FULL_SCALE_V.get(self._config >> 9 & 7, 6.144)
        return max(-0x8000, min(0x7FFF, round(volts / full_v * 0x8000)))
