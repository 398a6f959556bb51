"""A DHT22 (AM2302): air temperature and humidity by adafruit_dht, believed only after our own checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fieldstation.domain.clock import Clock
from fieldstation.domain.errors import StationError
from fieldstation.domain.reading import Quality, Quantity, Sample
from fieldstation.domain.setting import setting
from fieldstation.drivers.pins.backend import Pins

MEASURES = (Quantity.AIR_T, Quantity.AIR_RH)
BLOCKING = True  # a read takes 0.25 s and its helper may hang: it runs in a child of its own


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

    def open(self) -> None:
        """Load the library and claim the pin. Raises StationError."""
        try:
            module, pin = self._pins.load_dht(self._settings.pin)
            self._sensor = getattr(module, self.kind)(pin, use_pulseio=True)
        except (ImportError, AttributeError, RuntimeError, ValueError, OSError) as error:
            raise StationError(f"{self.id}: adafruit_dht cannot be used here: {error}") from error

    def read(self) -> list[Sample]:
        """Measure once. The caller leaves at least 2.1 s between calls, or the library repeats itself."""
        now, mono_s = self._clock.now(), self._clock.mono_s()
        t_c, rh, fault = self._measure()
        return [
            Sample(self.id, Quantity.AIR_T, t_c, fault, now, mono_s),
            Sample(self.id, Quantity.AIR_RH, rh, fault, now, mono_s),
        ]

    def close(self) -> None:
        """Let the pin go. Safe to call twice."""
        sensor, self._sensor = self._sensor, None
        if sensor is not None:
            sensor.exit()

    def _measure(self) -> tuple[float | None, float | None, Quality | None]:
        if self._sensor is None:
            return None, None, Quality.NO_ANSWER
        try:
            self._sensor.measure()  # raises; the properties would hand out an older value instead
            t_c, rh = float(self._sensor.temperature), float(self._sensor.humidity) / 100
        except RuntimeError as error:
            garbled = "hecksum" in str(error) or "unplausible" in str(error)
            return None, None, Quality.CHECKSUM if garbled else Quality.NO_ANSWER
        except (OSError, StationError, TypeError):
            return None, None, Quality.NO_ANSWER
        if t_c == 0 and rh == 0:  # an all-zero frame has a right checksum
            return None, None, Quality.CHECKSUM
        if not (
            self.limits_c[0] <= t_c <= self.limits_c[1] and self.limits_frac[0] <= rh <= self.limits_frac[1]
        ):
            return None, None, Quality.OUT_OF_RANGE
        return t_c, rh, None
