"""Air, water and weighed soil: curves worked out by hand, and measurements that make none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldstation.agronomy.calibration import soil_water_frac
from fieldstation.agronomy.probe_calibration import Implausible, beyond, by_air_and_water, by_weighing

INSTALLED = ((1.00, 0.50), (1.45, 0.35), (1.95, 0.22), (2.40, 0.12), (2.90, 0.02))


def test_air_and_water_stretch_the_volts_and_leave_the_water_contents() -> None:
    curve = by_air_and_water(INSTALLED, air_v=2.71, water_v=1.19)
    assert [frac for _, frac in curve] == [frac for _, frac in INSTALLED]
    assert (curve[0][0], curve[-1][0]) == (1.19, 2.71)
    assert curve[2][0] == pytest.approx(1.19 + 0.95 * 0.8)
    assert soil_water_frac(1.95, curve) == pytest.approx(0.22)


def test_a_probe_whose_volts_rise_with_water_is_turned_likewise() -> None:
    rising = ((0.5, 0.0), (2.5, 0.5))
    assert by_air_and_water(rising, air_v=0.7, water_v=2.2) == ((0.7, 0.0), (2.2, 0.5))


@pytest.mark.parametrize(
    ("air_v", "water_v", "code"),
    [
        (1.2, 2.7, "air_below_water"),
        (2.0, 1.8, "air_close_to_water"),
        (3.4, 1.0, "volts_impossible"),
        (2.7, 0.0, "volts_impossible"),
        (2.0, 2.0, "air_below_water"),
    ],
)
def test_readings_that_cannot_be_air_and_water_are_named(air_v: float, water_v: float, code: str) -> None:
    with pytest.raises(Implausible) as no:
        by_air_and_water(INSTALLED, air_v, water_v)
    assert no.value.code == code


def test_one_weighed_sample_shifts_and_two_stretch() -> None:
    one = by_weighing(INSTALLED, [(1.95, 0.25)])
    assert [frac for _, frac in one] == pytest.approx([0.53, 0.38, 0.25, 0.15, 0.05])
    two = by_weighing(INSTALLED, [(1.45, 0.32), (2.40, 0.14)])  # told .35 and .12: slope 18/23
    assert soil_water_frac(1.45, two) == pytest.approx(0.32, abs=1e-4)
    assert soil_water_frac(2.40, two) == pytest.approx(0.14, abs=1e-4)
    close = by_weighing(INSTALLED, [(1.95, 0.22), (1.96, 0.26)])  # too near one another for a slope
    assert close[0][1] - close[-1][1] == pytest.approx(0.48)
    dried = by_weighing(INSTALLED, [(2.40, 0.05)])
    assert dried[-1][1] == 0.0, "no soil holds less than nothing"


@pytest.mark.parametrize(
    ("samples", "code"),
    [
        ([], "no_samples"),
        ([(1.95, 0.9)], "frac_impossible"),
        ([(1.95, -0.1)], "frac_impossible"),
        ([(4.0, 0.2)], "volts_impossible"),
        ([(1.45, 0.12), (2.40, 0.35)], "samples_disagree"),
        ([(1.45, 0.22), (2.40, 0.22)], "samples_disagree"),
    ],
)
def test_samples_that_make_no_curve_are_named(samples: list[tuple[float, float]], code: str) -> None:
    with pytest.raises(Implausible) as no:
        by_weighing(INSTALLED, samples)
    assert no.value.code == code


@given(st.floats(1.6, 3.3), st.floats(0.2, 1.2))
def test_a_curve_made_of_air_and_water_rises_in_volts_and_gives_air_and_water_back(
    air_v: float, water_v: float
) -> None:
    curve = by_air_and_water(INSTALLED, air_v, water_v)
    volts = [v for v, _ in curve]
    assert volts == sorted(volts)
    assert soil_water_frac(air_v, curve) == pytest.approx(0.02, abs=2e-3)
    assert soil_water_frac(water_v, curve) == pytest.approx(0.50, abs=2e-3)


def test_hours_beyond_what_soil_holds_are_counted() -> None:
    hours = [(1.9, 2.0), (0.8, 1.0), (2.9, 3.2)]  # in the middle, over 0.50, below nothing
    assert beyond(INSTALLED, hours, full_frac=0.5) == 2
