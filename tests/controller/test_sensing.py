"""Which samples to believe: each rule of quality control with a good and a bad series, and its way back."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from fieldstation.agronomy.calibration import soil_water_frac
from fieldstation.controller.sensing.readings import Sensing
from fieldstation.domain.reading import Quality, Quantity, Reading
from fieldstation.policies.quality import FORGET_S, PLAUSIBLE, QualityControl, cross_checked, fresh
from tests.kit.controller_bench import START, STATION, sample

GOOD, FAST = Quality.GOOD, Quality.TOO_FAST
PROBE = STATION.zones[0].probes[0]


def judged(
    quantity: Quantity, values: Sequence[float | None], every_s: float = 600.0, raw: float | None = None
) -> list[Quality]:
    """The qualities of a series; its soil values come with ever new volts, or the same `raw` ones."""
    control, found = QualityControl(quantity), []
    for number, value in enumerate(values):
        soil = quantity is Quantity.SOIL_WATER and value is not None
        said = (1.5 + number / 1000 if raw is None else raw) if soil else value
        reading = control.judge(sample(said, number * every_s, quantity), value)
        assert (reading.value is None) == (reading.quality is not GOOD), "a bad reading has no value"
        assert reading.value in (None, value), "and never an old one"
        found.append(reading.quality)
    return found


@pytest.mark.parametrize(
    ("quantity", "good", "bad"),
    [
        (Quantity.AIR_T, [-40.0, 0.0, 60.0], [-40.1, 60.1, float("inf")]),
        (Quantity.AIR_RH, [0.01, 0.5, 1.0], [0.0, 1.01]),
        (Quantity.SOIL_WATER, [0.0, 0.3, 0.6], [-0.01, 0.61]),
        (Quantity.RAIN, [0.0, 5.0, 75.0], [-0.2, 75.1]),
    ],
)
def test_range(quantity: Quantity, good: list[float], bad: list[float]) -> None:
    for value in good:
        assert judged(quantity, [value]) == [GOOD]
    for value in bad:
        assert judged(quantity, [value]) == [Quality.OUT_OF_RANGE]


def test_volts_of_a_pulled_or_shorted_wire_are_no_soil() -> None:
    assert judged(Quantity.SOIL_WATER, [0.3], raw=0.05) == [GOOD]
    assert judged(Quantity.SOIL_WATER, [0.3], raw=0.049) == [Quality.NO_ANSWER]
    assert judged(Quantity.SOIL_WATER, [0.3], raw=3.25) == [GOOD]
    assert judged(Quantity.SOIL_WATER, [0.3], raw=3.26) == [Quality.OUT_OF_RANGE]


@pytest.mark.parametrize(
    ("quantity", "good", "bad"),
    [
        (Quantity.AIR_T, [20.0, 25.0, 20.0], [20.0, 25.1]),
        (Quantity.AIR_RH, [0.5, 0.75, 0.5], [0.5, 0.76]),
        (Quantity.SOIL_WATER, [0.10, 0.50, 0.46], [0.50, 0.44]),  # water comes fast and leaves slowly
    ],
)
def test_rate(quantity: Quantity, good: list[float], bad: list[float]) -> None:
    assert set(judged(quantity, good)) == {GOOD}
    assert judged(quantity, bad)[-1] is FAST


def test_a_jump_is_believed_once_the_next_sample_confirms_it() -> None:
    assert judged(Quantity.AIR_T, [20.0, 31.0, 31.5, 31.0]) == [GOOD, FAST, GOOD, GOOD]
    assert judged(Quantity.AIR_T, [20.0, 31.0, 20.5, 31.0]) == [GOOD, FAST, GOOD, FAST], (
        "spikes confirm nothing"
    )
    assert judged(Quantity.AIR_T, [20.0, 31.0, 50.0, 12.0]) == [GOOD, FAST, FAST, FAST], "nor does noise"


def test_after_a_long_silence_the_old_value_is_no_measure() -> None:
    assert judged(Quantity.AIR_T, [20.0, 31.0], every_s=FORGET_S) == [GOOD, FAST]
    assert judged(Quantity.AIR_T, [20.0, 31.0], every_s=FORGET_S + 1) == [GOOD, GOOD]


@pytest.mark.parametrize("quantity", [Quantity.AIR_T, Quantity.AIR_RH, Quantity.SOIL_WATER])
def test_stuck(quantity: Quantity) -> None:
    hours = round(PLAUSIBLE[quantity].stuck_s / 3600)
    still = judged(quantity, [0.3] * (hours + 3), every_s=3600.0, raw=2.0)
    assert still == [GOOD] * (hours + 1) + [Quality.STUCK] * 2
    restless = [0.3 + (n % 2) / 1000 for n in range(hours + 3)]
    assert set(judged(quantity, restless, every_s=3600.0)) == {GOOD}


def test_a_stuck_device_that_moves_again_is_believed_again() -> None:
    series = [20.0] * 14 + [20.1]
    assert judged(Quantity.AIR_T, series, every_s=3600.0)[-2:] == [Quality.STUCK, GOOD]


def test_no_rain_all_year_is_not_stuck() -> None:
    assert set(judged(Quantity.RAIN, [0.0] * 400, every_s=86400.0)) == {GOOD}


def test_rain_is_judged_by_the_time_it_had_to_fall() -> None:
    assert judged(Quantity.RAIN, [0.0, 50.0], every_s=600.0) == [GOOD, GOOD]
    assert judged(Quantity.RAIN, [0.0, 50.2], every_s=600.0) == [GOOD, Quality.OUT_OF_RANGE]


def test_rain_that_added_up_while_the_gauge_was_silent_counts() -> None:
    silent: list[float | None] = [None] * 6
    assert judged(Quantity.RAIN, [0.0, *silent, 70.0], every_s=600.0)[-1] is GOOD
    assert judged(Quantity.RAIN, [0.0, 0.0, 70.0], every_s=600.0)[-1] is Quality.OUT_OF_RANGE


def test_stale() -> None:
    good = Reading("air", Quantity.AIR_T, 20.0, GOOD, START, 100.0, 20.0)
    assert fresh(good, 700.0, 600.0) is good
    old = fresh(good, 700.1, 600.0)
    assert (old.value, old.quality) == (None, Quality.STALE)
    stuck = Reading("air", Quantity.AIR_T, None, Quality.STUCK, START, 100.0)
    assert fresh(stuck, 9e9, 600.0) is stuck, "what was bad keeps its reason"


def test_cross_check() -> None:
    wilting_point_frac = 0.09
    soil = Reading("p", Quantity.SOIL_WATER, 0.045, GOOD, START, 0.0, 2.5)
    assert cross_checked(soil, wilting_point_frac) is soil
    air = Reading("p", Quantity.SOIL_WATER, 0.044, GOOD, START, 0.0, 2.5)
    found = cross_checked(air, wilting_point_frac)
    assert (found.value, found.quality, found.raw) == (None, Quality.DISAGREES, 2.5)


def test_a_probe_says_volts_and_is_believed_as_water() -> None:
    sensing = Sensing(STATION)
    sensor = PROBE.device.id
    [reading] = sensing.judge([sample(1.95, 0.0, Quantity.SOIL_WATER, sensor=sensor)])
    assert (reading.raw, reading.quality) == (1.95, GOOD)
    assert reading.value == pytest.approx(0.22)
    assert reading.value == soil_water_frac(1.95, PROBE.calibration)


def test_a_bad_reading_is_the_newest_but_not_the_newest_good_one() -> None:
    sensing = Sensing(STATION)
    key = (PROBE.device.id, Quantity.SOIL_WATER)
    [first] = sensing.judge([sample(1.95, 0.0, key[1], sensor=key[0])])
    [hanging_in_air] = sensing.judge([sample(2.88, 600.0, key[1], sensor=key[0])])
    assert hanging_in_air.quality is FAST
    [confirmed] = sensing.judge([sample(2.88, 1200.0, key[1], sensor=key[0])])
    assert confirmed.quality is Quality.DISAGREES
    assert sensing.newest[key] is confirmed
    assert sensing.newest_good[key] is first


def test_each_sensor_is_judged_by_its_own_past() -> None:
    sensing = Sensing(STATION)
    north, south = (zone.probes[0].device.id for zone in STATION.zones)
    sensing.judge([sample(1.5, 0.0, Quantity.SOIL_WATER, sensor=north)])
    [reading] = sensing.judge([sample(2.0, 600.0, Quantity.SOIL_WATER, sensor=south)])
    assert reading.good
    [jump] = sensing.judge([sample(2.0, 600.0, Quantity.SOIL_WATER, sensor=north)])
    assert jump.quality is FAST
