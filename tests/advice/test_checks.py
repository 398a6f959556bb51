"""Each watch by itself: what it takes for impossible, when it heals, and whose water counts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fieldstation.advice.adviser import Adviser
from fieldstation.advice.checks.air import AIR_JUMP_C, HEALED_DAYS, AirWatch, air_bounds_c
from fieldstation.advice.checks.soil import KNOWN_AFTER, SoilWatch
from fieldstation.advice.checks.water import WaterWatch
from fieldstation.advice.input import parse_line, plot_from
from fieldstation.advice.texture import AGREED_MORNINGS, OUTSIDE_MORNINGS, WET_MORNINGS, SoilInPlace
from fieldstation.domain.plot import ProbeReading
from fieldstation.learning.probe_past import STUCK_DAYS
from tests.kit.mornings import ZONE, line, zone

PLOT = plot_from(ZONE)
ON = date(2026, 6, 1)


def air(watch: AirWatch, day: int, mean_c: float, *, refused: bool = False) -> str | None:
    return watch.check(ON + timedelta(days=day), mean_c - 5, mean_c + 5, refused=refused)


def settled(mean_c: float = 16.0) -> AirWatch:
    watch = AirWatch(PLOT)
    assert [air(watch, day, mean_c) for day in range(10)] == [None] * 10
    return watch


def test_the_bounds_of_air_know_height_and_that_warmth_lags_behind_the_sun() -> None:
    low = air_bounds_c(36.8, 0, ON)
    high = air_bounds_c(36.8, 2000, ON)
    assert (low[1] - high[1], low[0] - high[0]) == pytest.approx((10.0, 14.0))
    spring, autumn = (air_bounds_c(50.0, 0, date(2026, month, day)) for month, day in ((3, 21), (9, 22)))
    assert autumn[1] > spring[1] + 5, "the sun stands alike, the summer is still in the ground"
    assert autumn[0] == pytest.approx(spring[0], abs=12)


def test_a_jump_is_doubted_for_a_week_and_then_the_new_usual_is_followed_at_once() -> None:
    watch, far = settled(), 16.0 + AIR_JUMP_C + 1
    told = [air(watch, 10 + day, far) for day in range(HEALED_DAYS + 3)]
    assert told == ["air_jumps"] * (HEALED_DAYS - 1) + [None] * 4
    assert air(watch, 25, 16.0) == "air_jumps", "back again is a jump as well"


def test_jumps_that_are_not_in_a_row_heal_nothing() -> None:
    watch = settled()
    for day in range(0, 4 * HEALED_DAYS, 2):
        assert air(watch, 10 + day, 16.0 + AIR_JUMP_C + 1) == "air_jumps"
        assert air(watch, 11 + day, 16.0) is None


def test_between_impossible_days_only_air_near_the_usual_is_believed() -> None:
    watch = settled()
    for day in range(3):
        air(watch, 10 + day, 0.0, refused=True)
    assert air(watch, 13, 16.0 + AIR_JUMP_C / 2 - 1) is None
    assert air(watch, 14, 16.0 + AIR_JUMP_C / 2 + 1) == "air_jumps"


def test_after_weeks_of_silence_another_season_is_believed() -> None:
    for gap, jumps in ((2, True), (20, False)):
        adviser = Adviser(plot_from(zone()), None)
        for day in range(12):
            adviser.advise(parse_line(line(day, air_t_min_c=3.0, air_t_max_c=9.0), 0.0))
        told = adviser.advise(parse_line(line(12 + gap, air_t_min_c=24.0, air_t_max_c=36.0), 0.0))
        assert ("air_jumps" in told.noticed) is jumps


def probes(*values: float, first_cm: int = 15) -> tuple[ProbeReading, ...]:
    return tuple(ProbeReading(first_cm + 30 * n, value) for n, value in enumerate(values))


def test_drier_than_air_is_told_by_the_soil_and_nothing_is_no_reading_in_any_soil() -> None:
    dry = 0.5 * PLOT.soil.wilting_point_frac - 0.04
    for value, kept in ((dry - 0.001, 1), (dry + 0.001, 2)):
        left, codes = SoilWatch(PLOT).check(probes(value, 0.2))
        assert (len(left), "probe_drier_than_air" in codes) == (kept, kept == 1)
    sand = plot_from(zone(soil="sand"))
    left, codes = SoilWatch(sand).check(probes(0.001, 0.1))
    assert [one.vwc_frac for one in left] == [0.1]
    assert codes == ["probe_drier_than_air"]


def test_a_new_depth_is_named_once_the_old_ones_are_known_and_a_silent_one_is_no_new_one() -> None:
    def told(mornings: int) -> list[str]:
        watch = SoilWatch(PLOT)
        for day in range(mornings):
            assert watch.check(probes(0.2 + 0.001 * (day % 2), 0.25 + 0.001 * (day % 3)))[1] == []
        return watch.check((*probes(0.205, 0.255), ProbeReading(80, 0.2)))[1]

    assert told(KNOWN_AFTER - 1) == []
    assert told(KNOWN_AFTER) == ["probe_new_depth"]
    watch = SoilWatch(PLOT)
    for day in range(KNOWN_AFTER + 5):
        watch.check(probes(0.2 + 0.001 * (day % 2), 0.25 + 0.001 * (day % 3)))
    assert watch.check(probes(0.2))[1] == []
    assert watch.check(probes(0.21, 0.25))[1] == [], "it was there before"


def test_the_same_number_is_stuck_only_when_it_comes_again_and_again() -> None:
    watch = SoilWatch(PLOT)
    told = [watch.check(probes(0.2))[1] for _ in range(STUCK_DAYS)]
    assert told == [[]] * (STUCK_DAYS - 1) + [["probe_stuck"]]
    assert watch.check(probes(0.21))[1] == []


def test_both_probes_must_take_the_others_reading_to_be_swapped() -> None:
    for second, swapped in (((0.31, 0.2), True), ((0.31, 0.31), False), ((0.2, 0.2), False)):
        watch = SoilWatch(PLOT)
        watch.check(probes(0.2, 0.3))
        assert ("probes_swapped" in watch.check(probes(*second))[1]) is swapped


def take(
    watch: WaterWatch,
    told_mm: float,
    total_mm: float | None,
    *,
    known: bool = True,
    days: int = 1,
    advised_mm: float = 0.0,
) -> tuple[float, list[str]]:
    return watch.check(told_mm, known=known, advised_mm=advised_mm, total_mm=total_mm, days=days)


def test_a_total_that_comes_late_never_makes_the_season_thirstier_than_its_lines() -> None:
    watch = WaterWatch(PLOT)
    for _ in range(3):
        take(watch, 20.0, None)
    assert take(watch, 10.0, 30.0) == (10.0, [])
    assert watch.given_mm == 70.0, "the total began later than the lines"
    assert take(watch, 5.0, 35.0) == (5.0, [])
    assert watch.given_mm == 75.0, "and goes on from there"


def test_lines_without_a_total_between_two_totals_are_not_counted_twice() -> None:
    watch = WaterWatch(PLOT)
    take(watch, 0.0, 100.0)
    take(watch, 20.0, None)
    assert take(watch, 10.0, 130.0) == (10.0, [])
    assert watch.given_mm == 130.0


def test_a_total_that_rose_further_than_any_pump_gives_is_not_believed() -> None:
    watch = WaterWatch(PLOT)
    take(watch, 0.0, 50.0)
    assert take(watch, 12.0, 9000.0) == (12.0, ["season_total_disagrees"])
    assert watch.given_mm == 62.0
    assert take(watch, 0.0, 9060.0, days=1) == (0.0, ["season_total_disagrees"])
    assert watch.given_mm == 122.0, "but what could have come counts against the cap"


def test_a_total_that_fell_takes_nothing_off_and_impossible_water_is_what_was_advised() -> None:
    watch = WaterWatch(PLOT)
    take(watch, 0.0, 80.0)
    assert take(watch, 10.0, 3.0) == (10.0, ["season_total_fell"])
    assert watch.given_mm == 90.0
    assert take(WaterWatch(PLOT), 500.0, None, advised_mm=18.0) == (18.0, ["irrigation_impossible"])
    assert take(WaterWatch(PLOT), 190.0, None, days=2) == (190.0, [])


def test_what_a_pump_can_give_is_counted_from_the_last_total() -> None:
    watch = WaterWatch(PLOT)
    take(watch, 0.0, 0.0)
    for _ in range(9):
        take(watch, 0.0, 0.0)
    assert take(watch, 0.0, 400.0, known=False) == (0.0, ["season_total_disagrees"])


def test_a_leaping_lines_water_and_rain_reach_the_soil_as_well() -> None:
    adviser = Adviser(plot_from(zone()), None)
    for day in range(20):
        adviser.advise(parse_line(line(day), 0.0))
    water_mm, rain_mm = adviser.history.season["water"], adviser.history.season["rain"]
    adviser.advise(parse_line(line(90, irrigated_mm=14.0, rain_mm=6.0), 0.0))
    told = adviser.advise(parse_line(line(21, irrigated_mm=3.0, rain_mm=2.0), 0.0))
    assert "date_went_back" in told.noticed
    assert adviser.history.season["water"] - water_mm == pytest.approx(17.0)
    assert adviser.history.season["rain"] - rain_mm == pytest.approx(8.0)
    assert adviser.given_mm == pytest.approx(17.0)


def full(frac: float) -> tuple[ProbeReading, ...]:
    return probes(frac, frac + 0.002)


def test_a_soil_is_changed_only_by_mornings_that_agree_and_by_all_probes() -> None:
    wet = PLOT.soil.field_capacity_frac + 0.15
    seen = SoilInPlace(PLOT, [PLOT.soil, plot_from(zone(soil="clay")).soil])
    textures = [seen.add_morning(full(wet), None).texture for _ in range(OUTSIDE_MORNINGS + AGREED_MORNINGS)]
    first = OUTSIDE_MORNINGS + AGREED_MORNINGS - 2
    assert textures == ["loam"] * first + ["clay"] * (len(textures) - first)
    one = SoilInPlace(PLOT, [PLOT.soil, plot_from(zone(soil="clay")).soil])
    assert {one.add_morning(probes(wet - 0.12, wet + 0.2), None).texture for _ in range(30)} == {"loam"}, (
        "one probe is one probe"
    )
    assert WET_MORNINGS > 1
