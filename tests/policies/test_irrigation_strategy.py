"""Each number of a strategy does what its name says: told by figures worked out here, not by the crops' tuned ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fieldstation.agronomy.month import WETTEST, Month
from fieldstation.agronomy.soil_water import adjusted_p_frac
from fieldstation.config.tables import crop, crop_names, soils
from fieldstation.domain.decision import Reason
from fieldstation.domain.plot import ForecastDay, Plot, Prices
from fieldstation.policies.depth import (
    AIR_FRAC,
    AIRLESS_SPAN,
    DEPTH_OF_MM,
    PRICE_MAX,
    PRICE_MIN,
    RootState,
    airless_share,
    choose,
    dearness,
    line_frac,
    refill_to_frac,
    remaining_mm,
    trusted_mm,
)
from fieldstation.policies.irrigation_strategy import STRATEGIES, STRATEGY, IrrigationStrategy, strategy_of

PLOT = Plot(37.0, 100, soils()["loam"], crop("maize"), date(2026, 5, 1), 100, 25, 0.8, 2.0)
FLAT = IrrigationStrategy(
    (0.8, 0.8, 0.8, 0.8),
    refill_to_frac=0.1,
    refill_by_wetness=0.0,
    gap_frac=0.1,
    rain_trust=0.5,
    rain_fades=0.5,
    rain_days=3,
    bound_of_line=1.5,
    end_frac=0.6,
    last_mm=10.0,
    thrift=0.5,
)
MID = RootState(80, DEPTH_OF_MM, 0.5, 6.0, 0.0, wetness=0.0)
HEAVY = replace(
    PLOT, soil=replace(soils()["clay"], saturation_frac=soils()["clay"].field_capacity_frac + 0.03)
)
"""A clay with 3 % of air at field capacity."""


def rain(*mm: float) -> tuple[ForecastDay, ...]:
    return tuple(ForecastDay(one, None, None) for one in mm)


def line(
    strategy: IrrigationStrategy = FLAT,
    plot: Plot = PLOT,
    state: RootState = MID,
    left_mm: float | None = None,
) -> float:
    return line_frac(plot, state, 5.0, 400.0, left_mm, strategy)


def test_the_line_is_its_part_of_p_and_moves_by_wetness_depth_and_thrift() -> None:
    plain = line()
    assert plain == pytest.approx(0.8 * adjusted_p_frac(PLOT.crop.p_frac, 5.0))
    assert line(replace(FLAT, line_by_wetness=0.2)) == plain, "a dry month moves nothing"
    assert line(replace(FLAT, line_by_wetness=0.2), state=replace(MID, wetness=0.5)) == pytest.approx(
        1.1 * plain
    )
    deep = replace(MID, taw_mm=1.5 * DEPTH_OF_MM)
    assert line(replace(FLAT, line_by_depth=0.3), state=deep) == pytest.approx(1.15 * plain)
    assert line(left_mm=400.0 / 0.8) == plain, "a cap that suffices, losses included"
    assert line(left_mm=400.0) == pytest.approx(plain * (1 + 0.5 * 0.2)), "a fifth of it is lost on the way"


def test_each_stage_has_its_own_line() -> None:
    lines = [
        line(replace(FLAT, lines_of_p=(0.5, 0.6, 0.7, 0.8)), state=replace(MID, day=day))
        for day in (2, 40, 80, PLOT.crop.season_days - 3)
    ]
    assert lines == sorted(set(lines))
    assert lines[-1] / lines[0] == pytest.approx(1.6)


def test_roots_without_air_are_watered_later_and_filled_less_and_less_still_in_a_wet_month() -> None:
    strategy = replace(
        FLAT, airless_line_frac=0.7, airless_refill_frac=0.3, airless_by_wetness=0.2, refill_by_wetness=0.1
    )
    assert airless_share(PLOT, strategy) == 0.0
    span = HEAVY.soil.field_capacity_frac - HEAVY.soil.wilting_point_frac
    share = airless_share(HEAVY, strategy)
    assert share == pytest.approx((AIR_FRAC - 0.03) / span / AIRLESS_SPAN)
    assert airless_share(HEAVY, replace(strategy, airless_from=0.1)) == pytest.approx(
        share + 0.1 / AIRLESS_SPAN
    )
    assert airless_share(HEAVY, replace(strategy, airless_from=9.0)) == 1.0
    plain = line(replace(strategy, airless_line_frac=0.0), HEAVY)
    assert line(strategy, HEAVY) == pytest.approx((1 - share) * plain + share * 0.7)
    for wetness in (0.0, 1.0):
        told = refill_to_frac(HEAVY, replace(MID, wetness=wetness), strategy)
        loam = refill_to_frac(PLOT, replace(MID, wetness=wetness), strategy)
        assert loam == pytest.approx(0.1 + 0.1 * wetness)
        assert told == pytest.approx((1 - share) * loam + share * (0.3 + 0.2 * wetness))


def test_prices_move_the_lines_within_bounds_and_not_at_what_they_were_found_with() -> None:
    def by(crop_per_t: float) -> float:
        return dearness(replace(PLOT, prices=Prices(crop_per_t, 1.0, 0.0)), FLAT)

    usual = FLAT.worth_mm / PLOT.crop.yield_potential_t_ha
    assert by(usual) == pytest.approx(1.0)
    assert by(usual / 4) == pytest.approx(4**0.2)
    assert by(usual / 1e6) == PRICE_MAX
    assert by(usual * 1e6) == PRICE_MIN
    assert dearness(PLOT, FLAT) == 1.0


def test_rain_to_come_is_trusted_in_part_less_each_day_and_only_so_many_days() -> None:
    assert trusted_mm(rain(10.0), FLAT) == 5.0
    assert trusted_mm(rain(0.0, 10.0), FLAT) == 2.5
    assert trusted_mm(rain(0.0, 0.0, 10.0, 40.0), FLAT) == 1.25
    assert trusted_mm((ForecastDay(None, 1.0, 2.0),), FLAT) == 0.0


def test_a_refill_counts_what_is_left_what_is_lost_and_what_will_rain() -> None:
    plot = replace(PLOT, max_depth_mm_per_day=200)
    dry = choose(plot, replace(MID, depletion_frac=0.9), (), FLAT)
    assert dry.depth_mm == pytest.approx(0.8 * DEPTH_OF_MM / 0.8, abs=0.011)
    less = choose(plot, replace(MID, depletion_frac=0.9), rain(20.0), FLAT)
    assert less.depth_mm == pytest.approx((0.8 * DEPTH_OF_MM - 10.0) / 0.8, abs=0.011)


def test_no_foretold_rain_delays_beyond_the_bound() -> None:
    flood = rain(500.0)
    at = choose(PLOT, MID, (), FLAT).line_frac
    just, far = (replace(MID, depletion_frac=at * times) for times in (1.49, 1.51))
    assert choose(PLOT, just, flood, FLAT).reason is Reason.RAIN_DELAY
    told = choose(PLOT, far, flood, FLAT)
    assert told.reason is Reason.REFILL_LINE_REACHED, "foretold rain saves no dying crop"
    assert told.depth_mm == PLOT.min_event_mm


def test_the_line_stays_a_way_off_what_a_refill_leaves() -> None:
    brimming = replace(FLAT, refill_to_frac=0.5, gap_frac=0.2)
    assert choose(PLOT, MID, (), brimming).line_frac == pytest.approx(0.7)


def test_near_harvest_water_stops_when_the_soil_may_be_left_so_dry() -> None:
    state = replace(MID, day=PLOT.crop.season_days - 12, et0_mm=5.0)
    come_mm = remaining_mm(PLOT, state)
    assert 15 < come_mm < 60
    dry = replace(state, depletion_frac=choose(PLOT, state, (), FLAT).line_frac + 0.01)
    room_frac = dry.depletion_frac + come_mm / DEPTH_OF_MM
    for end_frac, waters in ((room_frac - 0.05, True), (room_frac + 0.01, False)):
        told = choose(PLOT, dry, (), replace(FLAT, end_frac=end_frac))
        assert (told.depth_mm > 0) is waters
        assert (told.reason is Reason.ENOUGH_TO_HARVEST) is not waters
    assert choose(PLOT, dry, (), replace(FLAT, end_frac=0.1, last_mm=come_mm + 1)).depth_mm == 0
    assert choose(PLOT, dry, (), replace(FLAT, end_frac=0.1, last_mm=come_mm - 1)).depth_mm > 0


def test_a_crop_that_was_tuned_is_watered_by_its_own_numbers_and_another_by_the_common_ones() -> None:
    assert STRATEGIES
    for name in crop_names():
        plot = replace(PLOT, crop=crop(name))
        assert strategy_of(plot) is STRATEGIES.get(name, STRATEGY)
        state = replace(MID, depletion_frac=0.99)
        assert choose(plot, state, ()) == choose(plot, state, (), STRATEGIES.get(name, STRATEGY))
    assert set(STRATEGIES) <= set(crop_names())


def test_a_month_is_never_wetter_than_the_wettest_and_a_cold_one_is_not_endlessly_wet() -> None:
    assert Month(900.0, 100.0).wetness == WETTEST
    assert Month(5.0, 0.0).wetness == pytest.approx(0.5), (
        "five millimetres on bare winter ground are no flood"
    )
