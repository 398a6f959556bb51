"""Which soil the probes stand in, when it is plainly not the one that was declared.

A grower who names the wrong texture is off by more than any probe: loam declared on sand doubles what
a refill gives. Where the probes stand after water has passed below the roots is field capacity in place.
"""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median

from fieldstation.agronomy.water_balance import WaterBalance
from fieldstation.domain.plot import Plot, ProbeReading
from fieldstation.domain.soil import Soil

UNLIKE_FRAC = 0.065
"""Natural soils of a class and honest probes stay within this (two standard deviations of both)."""
PASSED_MM = 1.0
WET_MORNINGS = 3
OUTSIDE_FRAC = 0.04
OUTSIDE_MORNINGS = 4
"""All probes so long drier than wilting, or wetter than full though water drains in two days."""
KEPT = 12
AGREED_MORNINGS = 3


class SoilInPlace:
    """Follows the probes of one field; tells which soil it is, the declared one until they plainly disagree."""

    def __init__(self, plot: Plot, soils: Iterable[Soil]) -> None:
        self._declared = self._now = plot.soil
        self._soils = sorted(soils, key=lambda soil: soil.texture)
        self._wet: list[float] = []
        self._seen: list[float] = []
        self._under = self._over = self._agreed = 0

    def add_morning(self, probes: tuple[ProbeReading, ...], balance: WaterBalance | None) -> Soil:
        """Take in a morning's believable readings and the plain balance of that morning."""
        if not probes:
            return self._now
        mean = sum(reading.vwc_frac for reading in probes) / len(probes)
        self._seen.append(mean)
        dry = self._declared.wilting_point_frac - OUTSIDE_FRAC
        wet = self._declared.field_capacity_frac + OUTSIDE_FRAC
        self._under = self._under + 1 if all(reading.vwc_frac < dry for reading in probes) else 0
        self._over = self._over + 1 if all(reading.vwc_frac > wet for reading in probes) else 0
        if balance is not None and balance.percolation_mm > PASSED_MM:
            self._wet = [*self._wet, mean][-KEPT:]
        seen = self._soil_seen()
        self._agreed = self._agreed + 1 if seen != self._now else 0
        if self._agreed >= AGREED_MORNINGS:
            self._now, self._agreed = seen, 0
        return self._now

    def _soil_seen(self) -> Soil:
        full = None
        if len(self._wet) >= WET_MORNINGS:
            full = median(self._wet)
        elif self._under >= OUTSIDE_MORNINGS or self._over >= OUTSIDE_MORNINGS:
            full = max(self._seen)
        if full is None:
            return self._now
        if abs(full - self._declared.field_capacity_frac) < UNLIKE_FRAC:
            return self._declared
        driest = min(self._seen)

        def unlike(soil: Soil) -> float:
            return abs(soil.field_capacity_frac - full) + 0.5 * max(0.0, soil.wilting_point_frac - driest)

        return min(self._soils, key=unlike)
