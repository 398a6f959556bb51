"""What single devices make of the truth: bias, noise, resolution, failures."""

from __future__ import annotations

import random
from bisect import bisect_left
from itertools import pairwise

from fieldstation.domain.station import Probe

VREF_V = 3.3
ADC_STEPS = 1024
PROBE_BIAS_SD_FRAC = 0.015
READ_NOISE_FRAC = 0.004  # of a single read at the pins
MEDIAN_NOISE_FRAC = 0.0013  # of the median of fifteen reads
PROBE_PER_C_FRAC = 0.0004  # capacitive probes seem wetter when warm
PROBE_TRUE_AT_C = 22.0
DHT_FAILS = 0.01  # of rounds, after the driver's own tries
DHT_NOISE_C, DHT_NOISE_PCT = 0.15, 0.8


class ProbeNoise:
    """One capacitive probe: the inverse of its calibration, off by a bias of its own."""

    def __init__(self, probe: Probe, chance: random.Random) -> None:
        self.depth_m = probe.depth_m
        self.bias_frac = chance.gauss(0, PROBE_BIAS_SD_FRAC)
        points = sorted((frac, volts) for volts, frac in probe.calibration)
        self._fracs = [frac for frac, _ in points[1:-1]]
        self._pieces = [(f0, v0, (v1 - v0) / (f1 - f0)) for (f0, v0), (f1, v1) in pairwise(points)]

    def volts(self, theta: float, air_t_c: float, noise_frac: float, chance: random.Random) -> float:
        """Volts after the converter, for a true water content (m3/m3) and air temperature."""
        seen = theta + self.bias_frac + PROBE_PER_C_FRAC * (air_t_c - PROBE_TRUE_AT_C)
        return quantised(self.volts_of(seen + chance.gauss(0, noise_frac)))

    def volts_of(self, frac: float) -> float:
        """The calibration read backwards, its end slopes carried on."""
        f0, v0, slope = self._pieces[bisect_left(self._fracs, frac)]
        return v0 + (frac - f0) * slope


def counts(volts: float) -> int:
    """What a ten-bit converter makes of a voltage.

    >>> counts(-1), counts(1.65), counts(9)
    (0, 512, 1023)
    """
    return max(0, min(ADC_STEPS - 1, int(volts / VREF_V * ADC_STEPS)))


def quantised(volts: float) -> float:
    """A voltage as the driver reads it back from counts."""
    return counts(volts) * VREF_V / ADC_STEPS


def dht_shows(t_c: float, rh_frac: float, driver: str, chance: random.Random) -> tuple[float, float]:
    """Temperature (C) and humidity (0-1) as a `dht22` (0.1) or `dht11` (1.0, no frost) shows them."""
    t_c += chance.gauss(0, DHT_NOISE_C)
    rh_pct = min(100.0, max(0.0, rh_frac * 100 + chance.gauss(0, DHT_NOISE_PCT)))
    if driver == "dht11":
        return float(round(min(50.0, max(0.0, t_c)))), min(90, max(20, round(rh_pct))) / 100
    return round(min(80.0, max(-40.0, t_c)), 1), round(rh_pct, 1) / 100
