from __future__ import annotations

import random
import statistics
from itertools import pairwise

import pytest

from fieldstation.domain.station import Probe, Station
from fieldstation.simulation.noise import MEDIAN_NOISE_FRAC, ProbeNoise


@pytest.fixture
def probe(station: Station) -> Probe:
    return station.zones[0].probes[0]


def read_back(probe: Probe, volts: float) -> float:
    """The station's calibration, straight lines between its points."""
    pieces = list(pairwise(probe.calibration))
    (v0, f0), (v1, f1) = next((piece for piece in pieces if volts <= piece[1][0]), pieces[-1])
    return f0 + (volts - v0) * (f1 - f0) / (v1 - v0)


@pytest.mark.parametrize("frac", [0.0, 0.02, 0.05, 0.12, 0.17, 0.22, 0.3, 0.35, 0.42, 0.5, 0.55])
def test_volts_are_the_inverse_of_the_calibration(probe: Probe, frac: float) -> None:
    assert read_back(probe, ProbeNoise(probe, random.Random(1)).volts_of(frac)) == pytest.approx(frac)


def test_a_probe_has_a_bias_of_its_own_and_little_noise(probe: Probe) -> None:
    noise, chance = ProbeNoise(probe, random.Random(1)), random.Random(2)
    seen = [read_back(probe, noise.volts(0.25, 22.0, MEDIAN_NOISE_FRAC, chance)) for _ in range(400)]
    assert statistics.fmean(seen) == pytest.approx(0.25 + noise.bias_frac, abs=0.001)
    assert 0.0008 < statistics.stdev(seen) < 0.003


def test_biases_differ_between_probes_but_stay_small(probe: Probe) -> None:
    chance = random.Random(4)
    biases = [ProbeNoise(probe, chance).bias_frac for _ in range(400)]
    assert statistics.fmean(biases) == pytest.approx(0, abs=0.003)
    assert statistics.stdev(biases) == pytest.approx(0.015, rel=0.15)


def test_a_warm_probe_seems_wetter(probe: Probe) -> None:
    noise = ProbeNoise(probe, random.Random(1))
    cold, warm = (noise.volts(0.25, t_c, 0.0, random.Random(1)) for t_c in (10.0, 40.0))
    assert read_back(probe, warm) - read_back(probe, cold) == pytest.approx(0.012, abs=0.002)
