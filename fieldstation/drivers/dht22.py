"""A DHT22 (AM2302): air temperature and humidity by adafruit_dht, believed only after our own checks."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any

from fieldstation.domain.clock import Clock
from fieldstation.domain.errors import StationError
from fieldstation.domain.reading import Quality, Quantity, Sample
from fieldstation.domain.setting import setting
from fieldstation.drivers.pins.backend import Pins

MEASURES = (Quantity.AIR_T, Quantity.AIR_RH)
BLOCKING = True  # a read takes 0.25 s and its helper may hang: it runs in a child of its own
TRIES = 3
BETWEEN_TRIES_S = 2.1
REPEATS_WITHIN_S = 2.05  # asked again within 2 s the library gives its last good values, without a word


@dataclass(frozen=True, slots=True)
class Settings:
    """A DHT22 with a 4.7-10 k pull-up on its data line."""

    pin: int = setting("BCM pin of the data line", pin=True)


class Driver:
    """One measurement a call; a failed one gives a fault, never the values of an earlier one."""

    kind = "DHT22"
    limits_c = (-40.0, 80.0)
    limits_frac = (0.0, 1.0)

    def __init__(self, id: str, settings: Settings, pins: Pins, clock: Clock) -> None:
        self.id = id
        self._settings = settings
        self._pins = pins
        self._clock = clock
        self._sensor: Any = None
        self._tried_s = float("-inf")

    def open(self) -> None:
        """Load the library and claim the pin. Raises StationError."""
        try:
            module, pin = self._pins.load_dht(self._settings.pin)
            self._sensor = getattr(module, self.kind)(pin, use_pulseio=True)
        except (ImportError, AttributeError, NameError, RuntimeError, ValueError, OSError) as error:
            raise StationError(f"{self.id}: adafruit_dht cannot be used here: {error}") from error

    def read(self) -> list[Sample]:
        """Measure once, 0.25 s. Sooner than 2.05 s after the previous call: a fault, nothing measured."""
        now, mono_s = self._clock.now(), self._clock.mono_s()
        t_c, rh_frac, fault = self._measure(mono_s)
        return [
            Sample(self.id, Quantity.AIR_T, t_c, fault, now, mono_s),
            Sample(self.id, Quantity.AIR_RH, rh_frac, fault, now, mono_s),
        ]

    def close(self) -> None:
        """Let the pin go. Safe to call twice."""
        sensor, self._sensor = self._sensor, None
        if sensor is not None:
            with contextlib.suppress(OSError, RuntimeError, *self._pins.errors):
                sensor.exit()

    def _measure(self, mono_s: float) -> tuple[float | None, float | None, Quality | None]:
        if self._sensor is None or mono_s - self._tried_s < REPEATS_WITHIN_S:
            return None, None, Quality.NO_ANSWER
        self._tried_s = mono_s
        try:
            self._sensor.measure()  # raises; the properties alone would hand out an older value
            t_c, rh_frac = float(self._sensor.temperature), float(self._sensor.humidity) / 100
        except RuntimeError as error:
            garbled = any(word in str(error).lower() for word in ("checksum", "unplausible"))
            return None, None, Quality.CHECKSUM if garbled else Quality.NO_ANSWER
        except (OSError, StationError, TypeError, ValueError, ArithmeticError, LookupError):
            return None, None, Quality.NO_ANSWER
        return self._judged(t_c, rh_frac)

    def _judged(self, t_c: float, rh_frac: float) -> tuple[float | None, float | None, Quality | None]:
        if t_c == 0 and rh_frac == 0:  # an all-zero frame has a right checksum
            return None, None, Quality.CHECKSUM
        (low_c, high_c), (low_frac, high_frac) = self.limits_c, self.limits_frac
        if not (low_c <= t_c <= high_c and low_frac <= rh_frac <= high_frac):
            return None, None, Quality.OUT_OF_RANGE
        return t_c, rh_frac, None
