"""What the sensors make of the truth: bias, noise, resolution, dead wires."""

from __future__ import annotations

import random
from bisect import bisect_left

from fieldstation.domain.station import Probe

VREF_V = 3.3
ADC_STEPS = 1024
PROBE_BIAS_SD_FRAC = 0.012
PROBE_NOISE_FRAC = 0.0015  # of the median of fifteen reads
PROBE_PER_C_FRAC = 0.0004
DHT_FAILS = 0.01  # of rounds, after the driver's own tries


class ProbeSense:
    """One capacitive probe: the inverse of its calibration, off by a bias of its own."""

    def __init__(self, probe: Probe, chance: random.Random) -> None:
        self.depth_m = probe.depth_m
        self.bias_frac = chance.gauss(0, PROBE_BIAS_SD_FRAC)
        points = sorted(((frac, volts) for volts, frac in probe.calibration), key=lambda point: point[0])
        self._fracs = [frac for frac, _ in points]
        self._volts = [volts for _, volts in points]

    def volts(self, theta: float, t_c: float, chance: random.Random) -> float:
        """Volts after the converter, for a true water content and air temperature."""
        seen = theta + self.bias_frac + PROBE_PER_C_FRAC * (t_c - 22) + chance.gauss(0, PROBE_NOISE_FRAC)
        return quantised(self.volts_of(seen))

    def volts_of(self, frac: float) -> float:
        """The calibration read backwards, its end slopes carried on."""
        at = min(max(1, bisect_left(self._fracs, frac)), len(self._fracs) - 1)
        f0, f1, v0, v1 = self._fracs[at - 1], self._fracs[at], self._volts[at - 1], self._volts[at]
        return v0 + (frac - f0) * (v1 - v0) / (f1 - f0)


def counts(volts: float) -> int:
    """What a ten-bit converter makes of a voltage."""
    return max(0, min(ADC_STEPS - 1, int(volts / VREF_V * ADC_STEPS)))


def quantised(volts: float) -> float:
    """A voltage as the driver reads it back from counts."""
    return counts(volts) * VREF_V / ADC_STEPS


def dht(t_c: float, rh_frac: float, driver: str, chance: random.Random) -> tuple[float, float]:
    """Temperature and humidity as a DHT22 (0.1) or DHT11 (1.0, no frost) shows them."""
    t_c += chance.gauss(0, 0.15)
    rh_pct = min(100.0, max(0.0, rh_frac * 100 + chance.gauss(0, 0.8)))
    if driver == "dht11":
        return float(round(min(50.0, max(0.0, t_c)))), min(90.0, max(20.0, round(rh_pct))) / 100
    return round(t_c, 1), round(rh_pct, 1) / 100
