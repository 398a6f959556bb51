"""Every sensor of the field: what each says of the truth, and what its faults make of it."""

from __future__ import annotations

import random
from datetime import datetime

from fieldstation.domain.reading import Quality, Quantity, Sample
from fieldstation.domain.station import Station
from fieldstation.simulation.noise import (
    DHT_FAILS,
    MEDIAN_NOISE_FRAC,
    READ_NOISE_FRAC,
    ProbeNoise,
    dht_shows,
)

NO_ANSWER = Quality.NO_ANSWER


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
        self.air = station.air
        self.rain = station.rain
        self.mm_per_tip = float(getattr(station.rain.settings, "mm_per_tip", 0.2)) if station.rain else 0.2
        self._noise = noise
        self._last: dict[str, tuple[float, ...]] = {}
        self._untipped_mm = 0.0

    def probe_volts(self, sensor: str, theta: float, air_t_c: float, *, single: bool) -> float:
        """One answer of a probe, volts: of a single read, or of the median of fifteen. 0 when unplugged."""
        if sensor in self.unplugged:
            return 0.0
        if sensor not in self.stuck or sensor not in self._last:
            noise_frac = READ_NOISE_FRAC if single else MEDIAN_NOISE_FRAC
            volts = self.probes[sensor][1].volts(theta, air_t_c, noise_frac, self._noise)
            self._last[sensor] = (volts,)
        return self._last[sensor][0]

    def air_shows(self, t_c: float, rh_frac: float) -> tuple[float, float] | None:
        """What the air sensor shows (C, 0-1); None without one, or with its wire off."""
        if self.air is None or self.air.id in self.unplugged:
            return None
        if self.air.id not in self.stuck or self.air.id not in self._last:
            self._last[self.air.id] = dht_shows(t_c, rh_frac, self.air.driver, self._noise)
        t_c, rh_frac = self._last[self.air.id]
        return t_c, rh_frac

    def rained(self, mm: float) -> None:
        """Let rain into the gauge; a jammed bucket spills it."""
        if self.rain is not None and self.rain.id not in self.stuck:
            self._untipped_mm += mm

    def tips(self) -> int:
        """Bucket tips since the last call; with the wire off nobody hears them."""
        tips = int(self._untipped_mm / self.mm_per_tip + 1e-9)
        self._untipped_mm = max(0.0, self._untipped_mm - tips * self.mm_per_tip)
        return 0 if self.rain is None or self.rain.id in self.unplugged else tips

    def round(
        self, thetas: dict[str, float], air: tuple[float, float], at: datetime, mono_s: float
    ) -> list[Sample]:
        """One round as the drivers would give it: `thetas` by probe (m3/m3), air as (C, 0-1)."""
        t_c, rh_frac = air
        found = []
        for sensor, theta in thetas.items():
            volts = self.probe_volts(sensor, theta, t_c, single=False)
            heard = volts > 0
            found.append(
                Sample(
                    sensor,
                    Quantity.SOIL_WATER,
                    volts if heard else None,
                    None if heard else NO_ANSWER,
                    at,
                    mono_s,
                )
            )
        if self.air is not None:
            shown = self.air_shows(t_c, rh_frac) if self._noise.random() >= DHT_FAILS else None
            fault = NO_ANSWER if shown is None else None
            shown_c, shown_rh = shown or (None, None)
            found.append(Sample(self.air.id, Quantity.AIR_T, shown_c, fault, at, mono_s))
            found.append(Sample(self.air.id, Quantity.AIR_RH, shown_rh, fault, at, mono_s))
        if self.rain is not None:
            mm = self.tips() * self.mm_per_tip
            found.append(Sample(self.rain.id, Quantity.RAIN, mm, None, at, mono_s))
        return found

    def dump(self) -> dict[str, float]:
        """Rain that waits in the bucket."""
        return {"untipped_mm": self._untipped_mm}

    def load(self, state: dict[str, float]) -> None:
        """Take over a dumped bucket."""
        self._untipped_mm = float(state["untipped_mm"])
