from __future__ import annotations

from itertools import pairwise

import pytest

from fieldstation.config.tables import soils
from fieldstation.simulation.soil_column import RUNOFF_PONDING_MM, SoilColumn, TrueSoil

TEXTURES = sorted(soils())
LOAM = TrueSoil(field_capacity_frac=0.28, wilting_point_frac=0.14, saturation_frac=0.46)
SAND = TrueSoil(field_capacity_frac=0.10, wilting_point_frac=0.05, saturation_frac=0.43)
CLAY = TrueSoil(field_capacity_frac=0.42, wilting_point_frac=0.30, saturation_frac=0.50)


def books_error_mm(column: SoilColumn, start_mm: float, came_mm: float) -> float:
    went = column.drained_mm + column.runoff_mm + column.evaporated_mm + column.transpired_mm
    return start_mm + came_mm + column.given_mm - went - column.total_mm


@pytest.mark.parametrize("soil", [LOAM, SAND, CLAY])
def test_every_millimetre_is_accounted_for(soil: TrueSoil) -> None:
    column = SoilColumn(soil, 0.5)
    start_mm, came_mm = column.total_mm, 0.0
    for hour in range(24 * 150):
        water_mm = {5: 3.0, 6: 40.0}.get(hour % 120, 0.0)
        came_mm += water_mm
        column.step(1.0, water_mm, 0.3, [0.1, 0.1, 0.05, 0.02])
        if hour == 1000:
            column.wet()
    assert abs(books_error_mm(column, start_mm, came_mm)) < 1e-6
    assert min(column.water_mm) >= 0
    assert column.transpired_mm > 0
    assert column.evaporated_mm > 0


@pytest.mark.parametrize("texture", TEXTURES)
def test_field_capacity_drains_about_a_millimetre_a_day_and_slower_every_day(texture: str) -> None:
    """Of every texture: else its probes and its roots would see another field capacity than the station."""
    told = soils()[texture]
    column = SoilColumn(
        TrueSoil(told.field_capacity_frac, told.wilting_point_frac, told.saturation_frac), 1.0
    )
    drained = [0.0]
    for _ in range(20):
        for _ in range(24):
            column.step(1.0, 0.0, 0.0, [])
        drained.append(column.drained_mm)
    daily = [after - before for before, after in pairwise(drained)]
    assert 0.4 < daily[0] < 1.5
    assert daily == sorted(daily, reverse=True)


@pytest.mark.parametrize("texture", TEXTURES)
def test_after_soaking_rain_the_top_settles_near_field_capacity(texture: str) -> None:
    told = soils()[texture]
    column = SoilColumn(
        TrueSoil(told.field_capacity_frac, told.wilting_point_frac, told.saturation_frac), 0.6
    )
    for _ in range(40):
        column.step(1.0, 3.0, 0.0, [])
    for _ in range(24 * 3):
        column.step(1.0, 0.0, 0.0, [])
    assert column.theta(0.15) == pytest.approx(told.field_capacity_frac, abs=0.035)
    assert column.theta(0.15) > told.wilting_point_frac


def test_a_flooded_column_comes_near_field_capacity_within_days_not_hours() -> None:
    column = SoilColumn(LOAM, 1.0)
    column.water_mm = [45.0, 45.0, 45.0, *column.water_mm[3:]]
    for _ in range(3):
        column.step(1.0, 0.0, 0.0, [])
    assert column.theta(0.05) > LOAM.field_capacity_frac + 0.02
    for _ in range(24 * 6):
        column.step(1.0, 0.0, 0.0, [])
    assert column.theta(0.05) == pytest.approx(LOAM.field_capacity_frac, abs=0.02)


def test_soil_dries_from_the_top_in_two_stages() -> None:
    column = SoilColumn(LOAM, 1.0)
    daily = []
    for _ in range(30):
        before = column.evaporated_mm
        for _ in range(24):
            column.step(1.0, 0.0, 6.0 / 24, [])
        daily.append(column.evaporated_mm - before)
    assert daily[0] > 5.0  # near the demand of 6 mm at first
    assert daily[-1] < 0.25 * daily[0]
    assert 15 < column.evaporated_mm < 60
    assert column.theta(0.05) < column.theta(0.3)
    assert column.theta(0.05) >= 0.5 * LOAM.wilting_point_frac - 1e-9


def test_roots_cannot_take_water_below_the_wilting_point() -> None:
    column = SoilColumn(LOAM, 0.05)
    for _ in range(24 * 40):
        column.step(1.0, 0.0, 0.0, [0.5] * 9)
    assert all(
        water >= LOAM.wilting_point_frac * thick - 0.05  # a trace drains on
        for water, thick in zip(column.water_mm, (100, 100, 100, 100, 150, 150, 200, 250, 300), strict=True)
    )


def test_a_dry_layer_below_draws_water_down() -> None:
    column = SoilColumn(LOAM, 0.1)
    column.water_mm[0] = LOAM.field_capacity_frac * 100
    before = column.water_mm[1]
    for _ in range(48):
        column.step(1.0, 0.0, 0.0, [])
    assert column.water_mm[1] > before + 0.5


def test_a_cloudburst_on_clay_runs_off() -> None:
    column = SoilColumn(CLAY, 0.9)
    column.step(1.0, 120.0, 0.0, [])
    assert column.runoff_mm > 20
    assert column.pond_mm <= RUNOFF_PONDING_MM


@pytest.mark.parametrize("soil", [LOAM, SAND, CLAY])
def test_an_hour_at_once_and_in_six_parts_agree(soil: TrueSoil) -> None:
    whole, parts = SoilColumn(soil, 0.9), SoilColumn(soil, 0.9)
    for hour in range(24 * 10):
        water_mm = 6.0 if hour % 48 == 3 else 0.0
        whole.step(1.0, water_mm, 0.3, [0.1, 0.1])
        for _ in range(6):
            parts.step(1 / 6, water_mm / 6, 0.05, [0.1 / 6, 0.1 / 6])
    for depth_m in (0.05, 0.25, 0.6, 1.2):
        assert whole.theta(depth_m) == pytest.approx(parts.theta(depth_m), abs=0.006)


def test_a_dumped_column_goes_on_exactly() -> None:
    column, other = SoilColumn(LOAM, 0.7), SoilColumn(LOAM, 0.1)
    column.step(1.0, 5.0, 0.2, [0.1])
    other.load(column.dump())
    for each in (column, other):
        each.step(1.0, 2.0, 0.2, [0.1])
    assert other.dump() == column.dump()


def test_a_column_with_other_layers_is_refused() -> None:
    state = SoilColumn(LOAM, 0.5).dump()
    state["water_mm"] = state["water_mm"][:-1]
    with pytest.raises(ValueError, match="8 soil layers instead of 9"):
        SoilColumn(LOAM, 0.5).load(state)
