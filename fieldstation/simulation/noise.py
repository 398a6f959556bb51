"""What a soil probe makes of the truth: bias, noise, and a little of the temperature."""

from __future__ import annotations

import random
from bisect import bisect_left
from itertools import pairwise

from fieldstation.domain.station import Probe

PROBE_BIAS_SD_FRAC = 0.015
READ_NOISE_FRAC = 0.004  # of a single read at the pins
MEDIAN_NOISE_FRAC = 0.0013  # of the median of fifteen reads
PROBE_PER_C_FRAC = 0.0004  # capacitive probes seem wetter when warm
PROBE_TRUE_AT_C = 22.0


class ProbeNoise:
    """One capacitive probe: the inverse of its calibration, off by a bias of its own."""

    def __init__(self, probe: Probe, chance: random.Random) -> None:
        self.depth_m = probe.depth_m
        self.bias_frac = chance.gauss(0, PROBE_BIAS_SD_FRAC)
        points = sorted((frac, volts) for volts, frac in probe.calibration)
        self._fracs = [frac for frac, _ in points[1:-1]]
        self._pieces = [(f0, v0, (v1 - v0) / (f1 - f0)) for (f0, v0), (f1, v1) in pairwise(points)]

    def volts(self, theta: float, air_t_c: float, noise_frac: float, chance: random.Random) -> float:
        """Volts at the probe's output, for a true water content (m3/m3) and air temperature."""
        seen = theta + self.bias_frac + PROBE_PER_C_FRAC * (air_t_c - PROBE_TRUE_AT_C)
        return self.volts_of(seen + chance.gauss(0, noise_frac))

    def volts_of(self, frac: float) -> float:
        """The calibration read backwards, its end slopes carried on."""
        f0, v0, slope = self._pieces[bisect_left(self._fracs, frac)]
        return v0 + (frac - f0) * slope
