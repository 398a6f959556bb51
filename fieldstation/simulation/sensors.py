"""Every sensor of the field: the truth where it stands, and what its faults make of it.

What a device makes of the truth (noise, steps, range) its driver says: `shows`.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime

from fieldstation.domain.reading import Quality, Quantity, Sample
from fieldstation.domain.station import Station
from fieldstation.drivers.load import driver
from fieldstation.simulation.noise import MEDIAN_NOISE_FRAC, READ_NOISE_FRAC, ProbeNoise

Air = tuple[float, float]
"""Temperature (C) and relative humidity (0-1)."""


class Sensors:
    """Probes, air sensor and rain gauge. `unplugged` and `stuck` hold device ids."""

    def __init__(self, station: Station, chance: random.Random, noise: random.Random) -> None:
        self.unplugged: set[str] = set()
        self.stuck: set[str] = set()
        self.probes = {
            probe.device.id: (zone.id, ProbeNoise(probe, chance))
            for zone in station.zones
            for probe in zone.probes
        }
        self.devices = {device.id: device for device in station.sensors}
        self._drivers = {device.id: driver(device.driver) for device in station.sensors}
        self._rain = station.rain.id if station.rain else None
        self._noise = noise
        self._last: dict[str, dict[Quantity, float]] = {}
        self._untipped_mm = 0.0

    def shows(
        self, sensor: str, theta: float | None, air: Air, *, single: bool
    ) -> dict[Quantity, float] | None:
        """What a sensor shows: of a single read, or of its driver's many. None when its wire is off.

        `theta` is the soil water where a probe stands (m3/m3). Rain is told once: what nobody hears is lost.
        """
        if sensor in self.unplugged and sensor != self._rain:
            return None
        if sensor not in self.stuck or sensor not in self._last:
            truth = {Quantity.AIR_T: air[0], Quantity.AIR_RH: air[1], Quantity.RAIN: self._untipped_mm}
            if theta is not None:
                noise_frac = READ_NOISE_FRAC if single else MEDIAN_NOISE_FRAC
                truth[Quantity.SOIL_WATER] = self.probes[sensor][1].volts(
                    theta, air[0], noise_frac, self._noise
                )
            shows = getattr(self._drivers[sensor], "shows", _nothing)
            self._last[sensor] = shows(truth, self.devices[sensor].settings, self._noise)
        shown = self._last[sensor]
        if sensor == self._rain:
            if sensor in self.stuck:  # a jammed bucket lets nothing through
                shown = {**shown, Quantity.RAIN: 0.0}
            self._untipped_mm = max(0.0, self._untipped_mm - shown[Quantity.RAIN])
        return None if sensor in self.unplugged else shown

    def rained(self, mm: float) -> None:
        """Let rain into the gauge; a jammed bucket spills it."""
        if self._rain is not None and self._rain not in self.stuck:
            self._untipped_mm += mm

    def round(
        self, theta_at: Callable[[str], float | None], air: Air, at: datetime, mono_s: float
    ) -> list[Sample]:
        """One round as the drivers would give it, with the soil water (m3/m3) that each probe stands in."""
        found = []
        for sensor, module in self._drivers.items():
            misses = getattr(module, "MISSES", 0.0)
            missed = misses > 0 and self._noise.random() < misses
            shown = None if missed else self.shows(sensor, theta_at(sensor), air, single=False)
            shown = getattr(module, "CUT", {}) if shown is None else shown
            for quantity in module.MEASURES:
                value = shown.get(quantity)
                fault = Quality.NO_ANSWER if value is None else None
                found.append(Sample(sensor, quantity, value, fault, at, mono_s))
        return found

    def dump(self) -> dict[str, float]:
        """Rain that waits in the bucket."""
        return {"untipped_mm": self._untipped_mm}

    def load(self, state: dict[str, float]) -> None:
        """Take over a dumped bucket."""
        self._untipped_mm = float(state["untipped_mm"])


def _nothing(*_: object) -> dict[Quantity, float]:
    """What a driver shows that brings no model."""
    return {}
