"""The chooser that all rungs share: lines, bounds, rain to come, caps, and the end of a season."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from fieldstation.config.tables import crop, crop_names, soils
from fieldstation.domain.decision import Reason
from fieldstation.domain.plot import ForecastDay, Plot, Prices
from fieldstation.policies.depth import RootState, choose, refill_to_frac, trusted_mm
from fieldstation.policies.irrigation_strategy import STRATEGY

PLOT = Plot(37.0, 100, soils()["loam"], crop("maize"), date(2026, 5, 1), 100, 25, 0.85, 2.0)
MID = RootState(80, 190.0, 0.8, 6.0, 100.0)
WET = (ForecastDay(40.0, 15, 25), ForecastDay(40.0, 15, 25))


def test_past_the_line_it_waters_and_before_it_waits() -> None:
    dry = choose(PLOT, MID, ())
    assert (dry.depth_mm, dry.reason) == (25, Reason.REFILL_LINE_REACHED)
    assert dry.limited_by == ("max_depth_mm_per_day",)
    calm = choose(PLOT, replace(MID, depletion_frac=0.2), ())
    assert (calm.depth_mm, calm.reason) == (0, Reason.ENOUGH_WATER)


def test_rain_to_come_delays_within_a_bound() -> None:
    line = choose(PLOT, MID, (), STRATEGY).line_frac
    just = replace(MID, depletion_frac=line * 1.05)
    assert choose(PLOT, just, (), STRATEGY).depth_mm > 0
    assert choose(PLOT, just, WET, STRATEGY).reason is Reason.RAIN_DELAY
    far, flood = replace(MID, depletion_frac=min(1.0, line * 1.9)), (ForecastDay(500.0, 15, 25),)
    assert choose(PLOT, just, flood, STRATEGY).reason is Reason.RAIN_DELAY
    assert choose(PLOT, far, flood, STRATEGY).depth_mm > 0, "foretold rain saves no dying crop"


@given(st.floats(0.1, 60), st.integers(0, 3))
def test_rain_further_ahead_is_trusted_less(rain_mm: float, ahead: int) -> None:
    dry = (ForecastDay(0.0, 15, 25),) * 5
    near, far = ((*dry[:n], ForecastDay(rain_mm, 15, 25), *dry[n + 1 :]) for n in (ahead, ahead + 1))
    assert rain_mm >= trusted_mm(near, STRATEGY) > trusted_mm(far, STRATEGY) > 0


def test_where_water_is_dear_the_lines_go_deeper() -> None:
    lines = [
        choose(replace(PLOT, prices=prices), MID, ()).line_frac
        for prices in (Prices(180, 0.1, 2), None, Prices(180, 4, 2), Prices(180, 40, 2))
    ]
    assert lines == sorted(lines)
    assert lines[0] < lines[-1]
    assert choose(replace(PLOT, prices=Prices(0, 0, 0)), MID, ()).line_frac == lines[1]


def test_a_wet_month_leaves_room_for_rain() -> None:
    wet, dry = (refill_to_frac(PLOT, replace(MID, wetness=wetness), STRATEGY) for wetness in (1.2, 0.1))
    assert wet > dry


def test_a_cap_is_kept_and_makes_thrifty() -> None:
    capped = replace(PLOT, season_cap_mm=104.0)
    dry = replace(MID, depletion_frac=0.93)
    assert choose(capped, dry, ()).depth_mm == 4.0
    assert choose(replace(PLOT, season_cap_mm=101.0), dry, ()).depth_mm == 0.0
    assert choose(capped, MID, ()).line_frac > choose(PLOT, MID, ()).line_frac


def test_at_the_end_the_soil_is_left_to_give_what_it_holds() -> None:
    last = replace(MID, day=PLOT.crop.season_days - 2, depletion_frac=0.6)
    line = choose(PLOT, last, ()).line_frac
    assert choose(PLOT, replace(last, depletion_frac=max(0.6, line)), ()).depth_mm == 0


def test_a_soil_without_air_is_not_filled() -> None:
    heavy = replace(PLOT, soil=soils()["clay"])
    assert refill_to_frac(heavy, MID, STRATEGY) > refill_to_frac(PLOT, MID, STRATEGY)


@given(
    st.sampled_from(crop_names()),
    st.sampled_from(sorted(soils())),
    st.integers(-5, 400),
    st.floats(0, 1),
    st.floats(0, 12),
    st.floats(0, 900),
    st.none() | st.floats(0, 900),
)
def test_every_choice_keeps_every_bound(
    name: str, soil: str, day: int, depletion: float, et0: float, given_mm: float, cap: float | None
) -> None:
    plot = replace(PLOT, crop=crop(name), soil=soils()[soil], season_cap_mm=cap)
    choice = choose(plot, RootState(day, 120.0, depletion, et0, given_mm), ())
    assert choice.depth_mm == 0 or plot.min_event_mm <= choice.depth_mm <= plot.max_depth_mm_per_day
    assert cap is None or choice.depth_mm == 0 or given_mm + choice.depth_mm <= cap + 1e-9
    assert 0 < choice.line_frac <= 1
