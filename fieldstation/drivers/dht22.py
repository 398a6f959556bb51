"""A DHT22 (AM2302): air temperature and humidity by adafruit_dht, believed only after our own checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from fieldstation.binding import setting
from fieldstation.domain.errors import DeviceError, StationError
from fieldstation.domain.reading import Quality, Quantity, Sample
from fieldstation.drivers.parts.board import Board, Look
from fieldstation.drivers.parts.opened import Opened
from fieldstation.drivers.parts.samples import take

MEASURES = {Quantity.AIR_T: 0.5, Quantity.AIR_RH: 0.05}
BLOCKING = True  # a read takes 0.25 s and its helper may hang: it runs in a child of its own
KIND = "DHT22"
TRIGGER_US = 800  # a shorter pull does not wake the sensor
MISSES = 0.01  # of rounds bring no answer, after three tries
NOISE_C, NOISE_PCT = 0.15, 0.8


@dataclass(frozen=True, slots=True)
class Settings:
    """A DHT22 with a 4.7-10 k pull-up on its data line."""

    pin: int = setting("BCM pin of the data line", pin=True)


class Driver(Opened[Settings]):
    """One measurement a call; a failed one gives a fault, never the values of an earlier one."""

    kind = KIND
    limits_c = (-40.0, 80.0)
    limits_frac = (0.0, 1.0)

    def open(self) -> None:
        """Load the library and claim the pin. Raises StationError."""
        try:
            pin = self._pins.blinka_pin(self._settings.pin)
            import adafruit_dht

            self._held = getattr(adafruit_dht, self.kind)(pin, use_pulseio=True)
        except (ImportError, AttributeError, RuntimeError, ValueError, OSError) as error:
            raise StationError(f"{self.id}: adafruit_dht cannot be used here: {error}") from error

    def read(self) -> list[Sample]:
        """Measure once. The caller leaves at least 2.1 s between calls, or the library repeats itself."""
        return take(self.id, self._clock, MEASURES, self._measure)

    def close(self) -> None:
        """Let the pin go. Safe to call twice."""
        sensor, self._held = self._held, None
        if sensor is not None:
            sensor.exit()

    def _measure(self) -> dict[Quantity, float]:
        sensor = self._now_open
        try:
            sensor.measure()  # raises; the properties would hand out an older value instead
            t_c, rh = float(sensor.temperature), float(sensor.humidity) / 100
        except RuntimeError as error:
            garbled = "hecksum" in str(error) or "unplausible" in str(error)
            fault = Quality.CHECKSUM if garbled else Quality.NO_ANSWER
            raise DeviceError(fault, str(error)) from error  # how the library tells of a bad frame
        except TypeError as error:
            raise DeviceError(Quality.NO_ANSWER, "the library has no value") from error
        if t_c == 0 and rh == 0:  # an all-zero frame has a right checksum
            raise DeviceError(Quality.CHECKSUM, "a frame of zeros")
        if not (
            self.limits_c[0] <= t_c <= self.limits_c[1] and self.limits_frac[0] <= rh <= self.limits_frac[1]
        ):
            raise DeviceError(Quality.OUT_OF_RANGE, f"outside what a {self.kind} can measure")
        return {Quantity.AIR_T: t_c, Quantity.AIR_RH: rh}


def noisy(truth: Mapping[Quantity, float], chance: Random) -> tuple[float, float]:
    """Temperature (C) and humidity (%) with the sensor's own noise."""
    t_c = truth[Quantity.AIR_T] + chance.gauss(0, NOISE_C)
    rh_pct = truth[Quantity.AIR_RH] * 100 + chance.gauss(0, NOISE_PCT)
    return t_c, min(100.0, max(0.0, rh_pct))


def shows(truth: Mapping[Quantity, float], settings: Settings, chance: Random) -> dict[Quantity, float]:
    """Tenths of a degree and of a percent."""
    del settings
    t_c, rh_pct = noisy(truth, chance)
    return {Quantity.AIR_T: round(min(80.0, max(-40.0, t_c)), 1), Quantity.AIR_RH: round(rh_pct, 1) / 100}


def simulate(settings: Settings, board: Board, look: Look) -> None:
    """A sensor that answers a long enough pull with its pulse train."""
    answer(settings.pin, board, look, KIND, TRIGGER_US)


def answer(pin: int, board: Board, look: Look, kind: str, trigger_us: int) -> None:
    """Connect a sensor of the family to its line."""
    from fieldstation.drivers.parts.dht_train import widths

    def train(pulled_us: int) -> list[int]:
        shown = look() if pulled_us >= trigger_us else None
        if shown is None:
            return []
        return widths(shown[Quantity.AIR_T], shown[Quantity.AIR_RH], kind, board.chance)

    board.pulses(pin, train)
