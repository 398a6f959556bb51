"""The worked examples of FAO-56 that are longer than a docstring, and what its equations promise."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldstation.agronomy.application import gross_mm
from fieldstation.agronomy.crop_stage import crop_coefficient, root_depth_m
from fieldstation.agronomy.evapotranspiration import extraterrestrial_radiation_mj_m2, hargreaves_et0_mm
from fieldstation.agronomy.heat_units import heat_units_c_days
from fieldstation.agronomy.penman_monteith import (
    net_radiation_mj_m2,
    penman_monteith_et0_mm,
    psychrometric_kpa_c,
    wind_at_2_m_m_s,
)
from fieldstation.agronomy.soil_water import (
    adjusted_p_frac,
    readily_available_water_mm,
    stress_coefficient,
    total_available_water_mm,
)
from fieldstation.agronomy.vapour import (
    actual_pressure_kpa,
    dew_point_c,
    mean_saturation_pressure_kpa,
    saturation_pressure_kpa,
    vapour_pressure_deficit_kpa,
)
from fieldstation.agronomy.water_balance import next_morning, opened
from fieldstation.agronomy.yield_response import relative_yield_by_stage_frac, relative_yield_frac
from fieldstation.config.tables import crop, crop_names, soils
from fieldstation.domain.crop import Crop, fitted

BEAN = Crop("bean", (25, 25, 30, 20), 0.15, 1.19, 0.35, 0.2, 0.7, 0.45, 1.15, (0, 0, 0, 0), 3, 8, 0.9, "")


def test_examples_2_to_5_pressures() -> None:
    assert psychrometric_kpa_c(1800) == pytest.approx(0.054, abs=0.0005)
    assert saturation_pressure_kpa(24.5) == pytest.approx(3.075, abs=0.001)
    assert mean_saturation_pressure_kpa(15.0, 24.5) == pytest.approx(2.39, abs=0.005)
    assert actual_pressure_kpa(18, 25, 0.68) == pytest.approx(1.78, abs=0.005)


def test_annex_3_dew_point_is_the_inverse_of_saturation() -> None:
    for t_c in (-5.0, 0.0, 12.0, 25.0, 35.0):
        assert dew_point_c(saturation_pressure_kpa(t_c)) == pytest.approx(t_c, abs=0.02)
    with pytest.raises(ValueError, match="above 0"):
        dew_point_c(0.0)


def test_example_8_radiation_above_the_air() -> None:
    assert extraterrestrial_radiation_mj_m2(-20, 246) == pytest.approx(32.2, abs=0.05)
    # annex 2, table 2.6, the fifteenth of the month: north 40 in January and July, the equator in March, 70 in December
    assert extraterrestrial_radiation_mj_m2(40, 15) == pytest.approx(15.0, abs=0.3)
    assert extraterrestrial_radiation_mj_m2(40, 196) == pytest.approx(40.4, abs=0.5)
    assert extraterrestrial_radiation_mj_m2(0, 74) == pytest.approx(37.9, abs=0.3)
    assert extraterrestrial_radiation_mj_m2(70, 349) == 0.0


def test_example_12_net_radiation_in_rio() -> None:
    assert net_radiation_mj_m2(19.1, 25.1, 2.1, 14.5, -22.9, 0, 135) == pytest.approx(7.6, abs=0.1)


def test_example_14_wind_at_two_metres() -> None:
    assert wind_at_2_m_m_s(3.2, 10) == pytest.approx(2.4, abs=0.02)


def test_example_17_penman_monteith_in_bangkok() -> None:
    """April, 13 degrees 44 minutes north, 2 m, 22.65 MJ/m2, ea 2.85 kPa, wind 2 m/s: 5.72 mm.

    A month's mean there loses 0.14 MJ/m2 to the ground, which a day's equation takes as none: 0.04 mm.
    """
    et0_mm = penman_monteith_et0_mm(25.6, 34.8, 2.85, 2.0, 22.65, 13 + 44 / 60, 2, 105)
    assert et0_mm == pytest.approx(5.72 + 0.04, abs=0.05)


def test_example_18_penman_monteith_in_uccle() -> None:
    assert penman_monteith_et0_mm(12.3, 21.5, 1.409, 2.078, 22.07, 50.8, 100, 187) == pytest.approx(
        3.88, abs=0.03
    )


def test_example_20_hargreaves_in_lyon() -> None:
    assert hargreaves_et0_mm(14.8, 26.6, 45 + 43 / 60, 196) == pytest.approx(5.0, abs=0.05)


def test_example_28_the_coefficient_of_a_day() -> None:
    """Dry bean: 0.15 on day 20, 0.77 on day 40, 1.19 on day 70, 0.56 on day 95."""
    found = [round(crop_coefficient(BEAN, day), 2) for day in (20, 40, 70, 95)]
    assert found == [0.15, 0.77, 1.19, 0.56]
    assert [crop_coefficient(BEAN, day) for day in (-1, 100)] == [0.0, 0.0]


def test_example_36_available_water_of_three_crops_in_three_soils() -> None:
    soil = {"loamy sand": (0.15, 0.06), "silt": (0.32, 0.15), "silty clay": (0.35, 0.23)}
    roots = {"onion": (0.4, 0.30), "tomato": (0.8, 0.40), "maize": (1.2, 0.55)}
    wanted = {
        "onion": {"loamy sand": (36, 11), "silt": (68, 20), "silty clay": (48, 14)},
        "tomato": {"loamy sand": (72, 29), "silt": (136, 54), "silty clay": (96, 38)},
        "maize": {"loamy sand": (108, 59), "silt": (204, 112), "silty clay": (144, 79)},
    }
    for name, (root_m, p_frac) in roots.items():
        for texture, (full, dry) in soil.items():
            taw_mm = total_available_water_mm(full, dry, root_m)
            raw_mm = readily_available_water_mm(p_frac, taw_mm)
            assert (round(taw_mm), round(raw_mm)) == wanted[name][texture]


def test_example_37_ten_days_of_stress() -> None:
    """Tomato on silt: TAW 160, RAW 64, 55 mm gone, ET0 5 mm, Kc 1.2, neither rain nor irrigation."""
    taw_mm = total_available_water_mm(0.32, 0.12, 0.8)
    raw_mm = readily_available_water_mm(0.4, taw_mm)
    assert (round(taw_mm), round(raw_mm)) == (160, 64)
    gone_mm, coefficients = 55.0, []
    for _ in range(10):
        ks = stress_coefficient(taw_mm, raw_mm, gone_mm)
        coefficients.append(round(ks, 2))
        gone_mm += ks * 1.2 * 5
    assert coefficients == pytest.approx(
        [1.0, 1.0, 0.97, 0.91, 0.85, 0.80, 0.75, 0.70, 0.66, 0.62], abs=0.011
    )
    assert gone_mm == pytest.approx(104.5, abs=0.5)


def test_equation_85_to_88_the_days_book() -> None:
    """Dr = Dr before - P - I + ETc + DP: nothing is lost or made, and what is too much drains."""
    grown = replace(BEAN, root_min_m=0.7)
    soil = soils()["loam"]
    begun = opened(grown, soil, 60, 0.4)
    for rain_mm, net_mm in ((0.0, 0.0), (3.0, 10.0), (80.0, 0.0), (0.0, 120.0)):
        after = next_morning(begun, grown, soil, 5.0, rain_mm, net_mm)
        books = begun.depletion_mm - rain_mm - net_mm + after.etc_mm + after.percolation_mm
        assert after.depletion_mm == pytest.approx(books)
    assert next_morning(begun, grown, soil, 5.0, 80.0, 0.0).depletion_mm == 0.0
    assert next_morning(begun, grown, soil, 5.0, 0.9, 0.0) == next_morning(
        begun, grown, soil, 5.0, 0.0, 0.0
    ), "rain under a fifth of ET0 wets leaves only"


def test_table_22_note_2_p_moves_with_use_within_bounds() -> None:
    assert adjusted_p_frac(0.55, 5.0) == pytest.approx(0.55)
    assert adjusted_p_frac(0.40, 3.0) == pytest.approx(0.48)
    assert (adjusted_p_frac(0.65, 0.0), adjusted_p_frac(0.30, 12.0)) == (0.8, 0.1)


def test_roots_reach_their_depth_at_mid_season() -> None:
    assert [root_depth_m(BEAN, day) for day in (0, 25, 50, 90)] == pytest.approx([0.2, 0.45, 0.7, 0.7])


def test_gross_depth_is_net_over_efficiency() -> None:
    assert gross_mm(17.0, 0.85) == pytest.approx(20.0)


def test_warmth_below_the_base_does_not_count() -> None:
    assert [heat_units_c_days(low, high, 10) for low, high in ((12, 28), (5, 15), (-5, 9))] == [10, 0, 0]


def test_fao_33_by_season_and_by_stage() -> None:
    """Maize: a tenth of the season's water missing costs an eighth; the same missing at flowering costs more."""
    assert relative_yield_frac(1.25, 450, 500) == pytest.approx(0.875)
    wanted = (90.0, 150.0, 200.0, 60.0)
    kept = [
        relative_yield_by_stage_frac(
            crop("maize").ky_stage, [w - 50 * (n == at) for n, w in enumerate(wanted)], wanted
        )
        for at in range(4)
    ]
    assert min(kept) == kept[1] == pytest.approx(0.5)
    assert relative_yield_by_stage_frac((1.0, 1.0), (0.0, 5.0), (10.0, 5.0)) == 0.0
    with pytest.raises(ValueError, match="longer"):
        relative_yield_by_stage_frac((1.0,), (1.0, 2.0), (1.0, 2.0))


@given(st.floats(-30, 20), st.floats(0, 30), st.floats(0, 1), st.floats(-66, 66), st.integers(1, 365))
def test_air_and_sun_give_numbers_that_can_be(
    low_c: float, spread_c: float, rh_frac: float, latitude_deg: float, day: int
) -> None:
    assert 0 <= hargreaves_et0_mm(low_c, low_c + spread_c, latitude_deg, day) < 20
    assert 0 <= vapour_pressure_deficit_kpa(low_c, low_c + spread_c, rh_frac) < 8
    assert 0 <= extraterrestrial_radiation_mj_m2(latitude_deg, day) < 46


@given(st.sampled_from(crop_names()), st.integers(30, 400))
def test_a_fitted_season_is_as_long_as_was_asked(name: str, days: int) -> None:
    grown = fitted(crop(name), days)
    assert grown.season_days == days
    assert min(grown.stage_days) >= 1
