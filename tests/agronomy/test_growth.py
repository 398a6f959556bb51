"""Growth tables of every crop, and the factors that cost growth."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldstation.agronomy.growth import (
    CO2_REFERENCE_PPM,
    airless_frac,
    co2_factor,
    cold_factor,
    cover_frac,
    opened_flowers_frac,
    pollen_factor,
    potential_t_ha,
    thirst_factor,
    transpired_of_et0,
)
from fieldstation.config.tables import crop, crop_names
from fieldstation.domain.crop import PLAIN_GROWTH

shares = st.floats(0, 1)


@pytest.mark.parametrize("name", crop_names())
def test_every_crop_has_a_growth_table_that_makes_sense(name: str) -> None:
    growth = crop(name).growth
    assert growth is not PLAIN_GROWTH
    assert growth.source
    emerged, full, begins, ends, fades = growth.phases_frac
    assert 0 < emerged < full < 1
    assert emerged < begins <= ends <= 1
    assert full <= fades < 1
    assert growth.base_t_c < growth.upper_t_c
    assert 15 <= growth.wp_g_m2 <= 33.7
    assert list(growth.pollen_t_min_c) == sorted(growth.pollen_t_min_c)
    assert len(growth.pollen_t_min_c) in (0, 2)


@pytest.mark.parametrize("name", crop_names())
def test_the_potential_is_near_the_yield_of_the_table(name: str) -> None:
    """A commercial crop brings less than a season without any harm could, but not another harvest altogether."""
    table = crop(name)
    best = potential_t_ha(table.growth, table.growth.typical_days, CO2_REFERENCE_PPM)
    assert 0.8 * table.yield_potential_t_ha < best < 1.65 * table.yield_potential_t_ha


def test_a_longer_season_and_more_carbon_dioxide_grow_more() -> None:
    wheat, maize = crop("wheat").growth, crop("maize").growth
    assert potential_t_ha(wheat, 210, 370) > potential_t_ha(wheat, 190, 370)
    assert co2_factor(wheat, 415) - 1 > 2 * (co2_factor(maize, 415) - 1) > 0


@given(shares, st.sampled_from(crop_names()))
def test_cover_and_flowers_stay_in_bounds(at: float, name: str) -> None:
    growth = crop(name).growth
    assert 0 <= cover_frac(growth, at) <= growth.cover_max_frac
    assert 0 <= transpired_of_et0(growth, at, 150) <= growth.kcb * 1.05
    assert 0 <= opened_flowers_frac(growth, at) <= opened_flowers_frac(growth, min(1.0, at + 0.05)) <= 1


@given(shares, shares, st.floats(0, 12), st.sampled_from(crop_names()))
def test_more_thirst_never_helps(one: float, other: float, et0_mm: float, name: str) -> None:
    growth, (wet, dry) = crop(name).growth, sorted((one, other))
    assert 0 <= thirst_factor(growth, dry, et0_mm) <= thirst_factor(growth, wet, et0_mm) <= 1


@given(st.floats(-20, 40), st.floats(-20, 40), st.sampled_from(crop_names()))
def test_more_cold_never_helps(one: float, other: float, name: str) -> None:
    growth, (cold, warm) = crop(name).growth, sorted((one, other))
    assert 0 <= cold_factor(growth, cold) <= cold_factor(growth, warm) <= 1
    assert 0 <= pollen_factor(growth, cold) <= pollen_factor(growth, warm) <= 1


def test_soil_without_air_harms_and_soil_with_air_does_not() -> None:
    assert airless_frac(0.45, 0.30) == 0
    assert airless_frac(0.45, 0.45) == 1
    assert airless_frac(0.45, 0.50) == 1
