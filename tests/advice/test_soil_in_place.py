"""A wrong texture is seen from where the probes stand; an honest one with honest probes is left alone."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from fieldstation.advice.adviser import Adviser
from fieldstation.advice.input import parse_line, plot_from
from fieldstation.advice.texture import SoilInPlace
from fieldstation.agronomy.water_balance import opened
from fieldstation.config.tables import soils
from fieldstation.domain.plot import ProbeReading
from tests.kit.mornings import ZONE, line, zone

PLOT = plot_from(ZONE)
PAIRS = [("loam", "sand"), ("silt", "sandy_loam"), ("silty_clay_loam", "clay"), ("sandy_loam", "clay_loam")]


def stood(declared: str, real: str, seed: int = 1) -> str:
    """What texture 40 mornings of probes around field capacity lead to."""
    chance = random.Random(seed)
    plot = replace(PLOT, soil=soils()[declared])
    seen, full = SoilInPlace(plot, soils().values()), soils()[real].field_capacity_frac
    bias = [chance.gauss(0, 0.015) for _ in range(2)]
    account = opened(plot.crop, plot.soil, 40, 0.0)
    found = plot.soil
    for day in range(40):
        dry = 0.03 * (day % 4) / 4
        probes = tuple(
            ProbeReading(15 + 30 * n, full - dry + bias[n] + chance.gauss(0, 0.008)) for n in range(2)
        )
        found = seen.add_morning(probes, replace(account, percolation_mm=5.0 if day % 4 == 0 else 0.0))
    return found.texture


@pytest.mark.parametrize(("declared", "real"), PAIRS)
def test_a_soil_unlike_the_declared_one_is_found(declared: str, real: str) -> None:
    found, wanted = soils()[stood(declared, real)], soils()[real]
    assert abs(found.field_capacity_frac - wanted.field_capacity_frac) < 0.04


@pytest.mark.parametrize("texture", sorted(soils()))
def test_an_honest_texture_is_left_alone(texture: str) -> None:
    assert [stood(texture, texture, seed) for seed in range(5)] == [texture] * 5


def test_the_season_is_lived_again_and_said() -> None:
    adviser = Adviser(plot_from(zone(soil="silty_clay_loam")), None)
    told = [
        adviser.advise(parse_line(line(day, soil=_at(0.08 + 0.0001 * (day % 3))), adviser.advised_mm))
        for day in range(60)
    ]
    assert told[0].soil_taken_as is None
    assert told[-1].soil_taken_as in ("sand", "loamy_sand")
    assert told[-1].taw_mm is not None
    assert told[-1].taw_mm < 100
    assert adviser.history.on == told[-1].on
    assert (told[-1].on - told[0].on) == timedelta(days=59)


def _at(frac: float) -> list[dict[str, float]]:
    return [{"depth_cm": 15, "vwc_frac": frac}, {"depth_cm": 45, "vwc_frac": frac + 0.001}]


def test_lived_again_it_hears_what_that_soil_would_have_heard_from_the_start() -> None:
    told_wrong, told_right = (Adviser(plot_from(zone(soil=soil)), None) for soil in ("clay", "clay_loam"))
    for day in range(20):  # drier than clay loam wilts: after four mornings such probes are heard no more
        morning = line(day, soil=_at(0.17 + 0.0001 * (day % 3) if day else 0.40))
        wrong, right = (adviser.advise(parse_line(morning, 0.0)) for adviser in (told_wrong, told_right))
        if told_wrong.plot.soil == told_right.plot.soil:
            assert (wrong.noticed, wrong.choice) == (right.noticed, right.choice)
    assert told_wrong.plot.soil == told_right.plot.soil
    assert told_wrong.history.corrected == told_right.history.corrected
    assert told_wrong.history.surprise == told_right.history.surprise
    for adviser in (told_wrong, told_right):
        assert adviser.history.probes[15].recent[-1] is None, "the last mornings' probes are not heard"
