from __future__ import annotations

import pytest

from fieldstation.config.tables import crop
from fieldstation.simulation.plant import Plant
from fieldstation.simulation.soil_column import SoilColumn, TrueSoil

LOAM = TrueSoil(0.28, 0.14, 0.46)
MAIZE = crop("maize")


def grow(available_frac: float, *, keep: bool, days: int = MAIZE.season_days) -> tuple[Plant, SoilColumn]:
    """A season of 7 mm days; `keep` holds the soil at its first state."""
    plant, column = Plant(MAIZE), SoilColumn(LOAM, available_frac)
    first = list(column.water_mm)
    for day in range(days):
        for _ in range(24):
            asks = plant.uptake(day, 7.0 / 24, column)
            plant.took(column.step(1.0, 0.0, 0.0, asks))
            if keep:
                column.water_mm = list(first)
        plant.end_day(day)
    return plant, column


def test_without_stress_the_crop_reaches_its_potential() -> None:
    plant, column = grow(1.0, keep=True)
    assert plant.yield_t_ha() == pytest.approx(MAIZE.yield_potential_t_ha, rel=0.01)
    assert plant.stress_days == 0
    assert column.transpired_mm > 500


def test_on_stored_water_alone_it_gives_little() -> None:
    plant, _ = grow(1.0, keep=False)
    assert plant.yield_t_ha() < 0.5 * MAIZE.yield_potential_t_ha
    assert plant.stress_days > 40


def test_in_dry_soil_it_takes_and_gives_nothing() -> None:
    plant, column = grow(0.0, keep=True)
    assert column.transpired_mm == pytest.approx(0.0, abs=1e-9)
    assert plant.yield_t_ha() == pytest.approx(0.0, abs=0.01)


def test_half_the_water_gives_a_yield_between() -> None:
    some, _ = grow(0.25, keep=True)
    assert 0.2 * MAIZE.yield_potential_t_ha < some.yield_t_ha() < 0.97 * MAIZE.yield_potential_t_ha


def test_canopy_grows_closes_and_dies() -> None:
    plant = Plant(MAIZE)
    covers = [plant.cover(day) for day in range(-1, MAIZE.season_days + 1)]
    assert covers[0] == covers[-1] == 0
    assert covers[1] < 0.1
    assert max(covers) == pytest.approx(0.95)
    assert covers[MAIZE.season_days] < 0.8
    rising = covers[1 : sum(MAIZE.stage_days[:2])]
    assert rising == sorted(rising)


def test_roots_reach_their_depth_by_mid_season() -> None:
    plant = Plant(MAIZE)
    assert plant.root_depth_m(0) == pytest.approx(MAIZE.root_min_m)
    assert plant.root_depth_m(sum(MAIZE.stage_days[:2])) == pytest.approx(MAIZE.root_max_m)
    assert plant.root_depth_m(1000) == pytest.approx(MAIZE.root_max_m)


def test_demand_of_a_wet_profile_is_met_and_mostly_from_the_top() -> None:
    plant, column = Plant(MAIZE), SoilColumn(LOAM, 1.0)
    asks = plant.uptake(80, 1.0, column)
    assert sum(asks) == pytest.approx(plant.cover(80) * (MAIZE.kc_mid + 0.02))
    assert asks[0] > asks[3] > 0


def test_wet_subsoil_makes_up_for_a_dry_top() -> None:
    plant, column = Plant(MAIZE), SoilColumn(LOAM, 1.0)
    column.water_mm[0] = column.water_mm[1] = LOAM.wilting_point_frac * 100
    asks = plant.uptake(80, 1.0, column)
    assert asks[0] == asks[1] == 0
    assert sum(asks) == pytest.approx(plant.cover(80) * (MAIZE.kc_mid + 0.02), rel=0.05)


def test_stress_at_flowering_costs_more_than_as_much_stress_later() -> None:
    def stressed(first: int, last: int) -> float:
        plant, column = Plant(MAIZE), SoilColumn(LOAM, 1.0)
        full, dry = list(column.water_mm), [LOAM.wilting_point_frac * 100 + 1] * len(column.water_mm)
        for day in range(MAIZE.season_days):
            column.water_mm = list(dry if first <= day < last else full)
            asks = plant.uptake(day, 7.0, column)
            plant.took(column.step(24.0, 0.0, 0.0, asks))
            plant.end_day(day)
        return plant.yield_t_ha()

    flowering = MAIZE.stage_days[0] + MAIZE.stage_days[1]
    ripening = sum(MAIZE.stage_days[:3])
    assert stressed(flowering, flowering + 15) < stressed(ripening, ripening + 15)
