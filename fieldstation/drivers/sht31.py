"""A Sensirion SHT31 on I2C: air temperature and humidity, each with a checksum of its own.

Source: Sensirion, Datasheet SHT3x-DIS: tables 9 and 13 (commands), 4.12 (CRC-8), 4.13 (conversion).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from fieldstation.binding import setting
from fieldstation.domain.errors import DeviceError
from fieldstation.domain.reading import Quality, Quantity, Sample
from fieldstation.drivers.parts.board import Board, Look, NoAnswer
from fieldstation.drivers.parts.opened import Opened
from fieldstation.drivers.parts.samples import take
from fieldstation.drivers.pins.backend import Chip

MEASURES = {Quantity.AIR_T: 0.3, Quantity.AIR_RH: 0.02}
BLOCKING = False  # a read takes 16 ms, and the kernel ends a transfer that hangs
BUS = "i2c"
SINGLE_SHOT = b"\x24\x00"  # high repeatability, clock stretching off
HEATER_OFF = b"\x30\x66"
MEASURE_S = 0.016  # 15.5 ms at most
LIMITS_C = (-40.0, 125.0)
NOISE_C, NOISE_FRAC = 0.04, 0.0008  # repeatability, high


@dataclass(frozen=True, slots=True)
class Settings:
    """An SHT31 in a radiation shield; its ADDR pin chooses the address."""

    bus: int = setting("I2C bus; 1 is on the header", default=1, ge=0, le=20)
    address: int = setting(
        "0x44 with ADDR to ground, 0x45 with ADDR to 3.3 V", default=0x44, ge=0x44, le=0x45
    )


class Driver(Opened[Settings]):
    """One single-shot measurement a call; the heater is switched off, or it would warm what it measures."""

    def open(self) -> None:
        """Find the sensor and switch its heater off. Raises DeviceError."""
        self._held = self._pins.i2c(self._settings.bus, self._settings.address)
        self._held.exchange(HEATER_OFF)

    def read(self) -> list[Sample]:
        """Measure once. Takes 16 ms."""
        return take(self.id, self._clock, MEASURES, self._measure)

    def _measure(self) -> dict[Quantity, float]:
        chip: Chip = self._now_open
        with chip.alone:
            chip.exchange(SINGLE_SHOT)
            time.sleep(MEASURE_S)
            answer = chip.exchange(b"", 6)
        if len(answer) != 6 or any(crc8(answer[at : at + 2]) != answer[at + 2] for at in (0, 3)):
            raise DeviceError(Quality.CHECKSUM, f"wrong checksum in {answer.hex(' ')}")
        t_c = -45 + 175 * int.from_bytes(answer[0:2], "big") / 65535
        rh_frac = int.from_bytes(answer[3:5], "big") / 65535
        if not LIMITS_C[0] <= t_c <= LIMITS_C[1]:
            raise DeviceError(Quality.OUT_OF_RANGE, f"{t_c:.1f} C is outside what an SHT31 can measure")
        return {Quantity.AIR_T: t_c, Quantity.AIR_RH: rh_frac}


def crc8(data: bytes) -> int:
    """Sensirion's checksum of two bytes: polynomial 0x31, begun with 0xFF.

    >>> hex(crc8(bytes([0xBE, 0xEF])))
    '0x92'
    """
    crc = 0xFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x31 if crc & 0x80 else crc << 1) & 0xFF
    return crc


def shows(truth: Mapping[Quantity, float], settings: Settings, chance: Random) -> dict[Quantity, float]:
    """The truth with a little noise, in the sensor's own steps."""
    del settings
    t_c = truth[Quantity.AIR_T] + chance.gauss(0, NOISE_C)
    rh_frac = truth[Quantity.AIR_RH] + chance.gauss(0, NOISE_FRAC)
    return {
        Quantity.AIR_T: -45 + 175 * _word((t_c + 45) / 175) / 65535,
        Quantity.AIR_RH: _word(rh_frac) / 65535,
    }


def simulate(settings: Settings, board: Board, look: Look) -> None:
    """The chip at its address."""
    board.chip(("i2c", settings.bus, settings.address), lambda: Model(board, look))


class Model:
    """The chip from its own side: deaf while it measures, and it answers once for each command."""

    def __init__(self, board: Board, look: Look) -> None:
        self._board, self._look = board, look
        self._ready_s: float | None = None

    def exchange(self, sent: bytes, count: int) -> bytes:
        """A command, or the six bytes of a measurement that is ready. Raises NoAnswer."""
        shown, now_s = self._look(), self._board.now_s()
        if shown is None:
            raise NoAnswer
        if sent == SINGLE_SHOT:
            self._ready_s = now_s + 0.0125  # typical
        if not count:
            return b""
        if self._ready_s is None or now_s < self._ready_s:
            raise NoAnswer
        self._ready_s = None
        words = _word((shown[Quantity.AIR_T] + 45) / 175), _word(shown[Quantity.AIR_RH])
        pairs = [word.to_bytes(2, "big") for word in words]
        return b"".join(pair + bytes([crc8(pair)]) for pair in pairs)[:count]


def _word(part: float) -> int:
    return round(min(1.0, max(0.0, part)) * 65535)
