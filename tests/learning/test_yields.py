"""Yield and harvest day: physics that costs what it should, ranges in order, and honest about skill."""

from __future__ import annotations

import json
import math
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldstation.config.tables import crop, crop_names, soils
from fieldstation.domain.forecast import YieldBy
from fieldstation.domain.plot import Morning, Plot, ProbeReading
from fieldstation.learning.boosters import ModelError
from fieldstation.learning.forecaster import SHIPPED, SOIL_TARGETS, Forecaster
from fieldstation.learning.growing import Growing
from fieldstation.learning.history import History
from fieldstation.learning.maturity import matures
from fieldstation.learning.yield_row import YIELD_FEATURES, YIELD_NAMES, yield_row
from fieldstation.learning.yields import THIRDS, YieldModel, YieldSkill, third_of

PLANTED = date(2024, 5, 1)


def plot(name: str = "maize", season_days: int | None = None, latitude_deg: float = 40.0) -> Plot:
    return Plot(
        latitude_deg, 100, soils()["loam"], crop(name), PLANTED, 1e4, 25, 0.85, 1.0, season_days=season_days
    )


def grown(where: Plot, days: int, low: float, high: float, depletion_frac: float = 0.2) -> Growing:
    growing = Growing(where)
    for day in range(days):
        growing.saw(PLANTED + timedelta(days=day), low, high)
        growing.live(low, high, depletion_frac, 5.0)
    return growing


def history(where: Plot, days: int, theta: float, water_mm: float) -> History:
    found = History(where)
    for day in range(days):
        probes = tuple(ProbeReading(depth, theta + 0.001 * (day % 3)) for depth in (15, 45))
        given_mm = water_mm if day % 4 == 0 else 0.0
        found.add(Morning(PLANTED + timedelta(days=day), 16.0, 30.0, None, 0.0, given_mm, probes))
    return found


def test_a_warm_watered_season_leads_to_the_potential() -> None:
    whole = grown(plot(), 132, 16, 30)
    assert whole.leads_to_frac() == pytest.approx(1.0, abs=0.01)
    assert grown(plot(), 60, 16, 30).leads_to_frac() == pytest.approx(1.0, abs=0.06)


def test_thirst_and_cold_cost_and_thirst_at_full_cover_costs_more() -> None:
    best = grown(plot(), 132, 16, 30).leads_to_frac()
    assert grown(plot(), 132, 16, 30, 0.9).leads_to_frac() < 0.7 * best
    assert grown(plot(), 132, 7, 16).leads_to_frac() < 0.6 * best
    early, late = Growing(plot()), Growing(plot())
    for day in range(132):
        early.live(16, 30, 0.9 if 10 <= day < 30 else 0.2, 5.0)
        late.live(16, 30, 0.9 if 60 <= day < 80 else 0.2, 5.0)
    assert late.leads_to_frac() < early.leads_to_frac() < best


def test_cold_nights_in_flower_cost_maize_and_not_potato() -> None:
    for name, costs in (("maize", True), ("potato", False)):
        growing = Growing(plot(name))
        for _ in range(growing.season_days):
            growing.live(4.0, 30.0, 0.2, 5.0)
        assert (growing.leads_to_frac() < 0.2) is costs


def test_a_wet_clay_is_seen_as_short_of_air_and_a_loam_is_not() -> None:
    clay, loam = replace(plot(), soil=soils()["clay"]), plot()
    assert sum(grown(clay, 132, 16, 30, 0.05).airless) > 0.3
    assert sum(grown(loam, 132, 16, 30, 0.05).airless) == 0


def test_days_nobody_watched_are_taken_as_usual() -> None:
    growing = Growing(plot())
    growing.catch_up(40)
    assert growing.day == 40
    assert growing.short == [0.0, 0.0, 0.0]
    late = History(plot())
    late.add(Morning(PLANTED + timedelta(days=40), 16, 30, None, 0.0, 0.0))
    assert late.growing.day == 40


@pytest.mark.parametrize("name", crop_names())
def test_the_shipped_model_tells_every_crop_in_order_and_in_reason(name: str) -> None:
    past = history(plot(name), 60, 0.27, 20.0)
    found = Forecaster.load().harvest(past)
    assert found is not None
    assert 0 <= found.t_ha.p10 <= found.t_ha.p50 <= found.t_ha.p90 < 1.3 * past.growing.potential_t_ha
    assert found.t_ha.p90 > found.t_ha.p10


def test_a_parched_field_promises_less_than_a_watered_one() -> None:
    models = Forecaster.load()
    wet, dry = (
        models.harvest(past) for past in (history(plot(), 90, 0.27, 20.0), history(plot(), 90, 0.16, 0.0))
    )
    assert wet is not None
    assert dry is not None
    assert dry.t_ha.p50 < 0.6 * wet.t_ha.p50


def test_nothing_is_promised_in_the_first_days() -> None:
    assert Forecaster.load().harvest(history(plot(), 8, 0.27, 20.0)) is None
    assert Forecaster.load().harvest_contributions(history(plot(), 8, 0.27, 20.0)) == ()


def test_the_drivers_add_up_in_groups_that_have_words() -> None:
    drivers = Forecaster.load().harvest_contributions(history(plot(), 90, 0.16, 0.0))
    assert drivers[0].name == "usual"
    assert {driver.name for driver in drivers[1:]} <= set(YIELD_FEATURES.values())
    assert min(drivers[1:], key=lambda one: one.effect).name in (
        "soil_balance",
        "soil_probe",
        "weather",
        "water_given",
    )


class Says:
    """A booster that says one number."""

    def __init__(self, value: float) -> None:
        self.value = value

    def predict(self, rows: list[list[float]]) -> list[float]:
        return [self.value for _ in rows]


def test_without_skill_the_crop_mean_speaks_and_says_so() -> None:
    models = {"p10": Says(-0.9), "p50": Says(-0.8), "p90": Says(-0.7)}
    past = history(plot(), 60, 0.27, 20.0)
    for trust, by in ((0.0, YieldBy.CROP_MEAN), (1.0, YieldBy.GROWTH)):
        skill = {"maize": YieldSkill(0.9, 0.1, (trust,) * 3)}
        found = YieldModel(models, skill, (1.0, 1.0, 1.0)).forecast(past)  # type: ignore[arg-type] # say one number
        assert found is not None
        assert found.by == by
        if trust == 0:
            assert found.t_ha.p50 == pytest.approx(0.9 * past.growing.potential_t_ha, abs=0.01)
            assert found.t_ha.p10 == pytest.approx((0.9 - 0.128) * past.growing.potential_t_ha, abs=0.01)
        else:
            assert found.t_ha.p50 < 0.4 * past.growing.potential_t_ha


def test_the_parts_of_a_season_hold_the_marks() -> None:
    assert [third_of(mark) for mark in (0.0, 0.25, 0.5, 0.75, 1.0)] == [0, 0, 1, 2, 2]
    assert len(THIRDS) == 2
    with pytest.raises(ValueError, match="trust"):
        YieldSkill(0.9, 0.1, (1.0, 2.0, 0.0))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda told: told.pop("skill"),
        lambda told: told.update(features=["other"]),
        lambda told: told.update(widen=[1.0]),
        lambda told: told["skill"].update(maize=[1, 2]),
        lambda told: told["skill"].update(maize=[0.9, 0.1, [2, 2, 2]]),
    ],
)
def test_a_damaged_yield_table_is_refused(tmp_path: Path, spoil) -> None:  # type: ignore[no-untyped-def] # a lambda
    copy = tmp_path / "models"
    shutil.copytree(SHIPPED, copy)
    manifest = json.loads((copy / "manifest.json").read_text())
    spoil(manifest["yield"])
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError) as damaged:
        Forecaster.load(copy)
    assert damaged.value.code == "model_damaged"
    assert Forecaster.load(copy, SOIL_TARGETS).harvest(history(plot(), 60, 0.27, 20.0)) is None


def test_the_recorded_scores_beat_the_crop_mean_in_every_crop_with_the_advice_followed() -> None:
    scores = json.loads((SHIPPED / "manifest.json").read_text())["yield"]["scores_leave_one_place_out"]
    table = scores["advice followed"]
    assert {"maize", "wheat", "tomato", "potato"} <= set(table)
    for name in ("all", "maize", "wheat", "tomato", "potato"):
        for ours, mean in zip(table[name]["rmse_pct"], table[name]["crop_mean_pct"], strict=True):
            assert ours < mean


def test_the_yield_files_stay_small() -> None:
    assert sum(file.stat().st_size for file in SHIPPED.glob("yield_*.txt")) < 250 * 1024
    assert sum(file.stat().st_size for file in SHIPPED.iterdir()) < 2 * 1024 * 1024


maybe = st.one_of(st.none(), st.floats(-40, 57))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(maybe, maybe, st.floats(0, 200), st.booleans(), st.integers(1, 40)), min_size=2, max_size=20
    )
)
def test_gaps_and_wild_weather_never_raise(
    rows: list[tuple[float | None, float | None, float, bool, int]],
) -> None:
    past, on = History(plot("tomato")), PLANTED
    for low, high, rain, probed, gone in rows:
        probes = (ProbeReading(15, 0.1 + gone / 200),) if probed else ()
        past.add(Morning(on, low, high, None, rain, 0.0, probes))
        if past.balance is not None:
            made = yield_row(past)
            assert len(made) == len(YIELD_NAMES)
            assert all(math.isnan(value) or math.isfinite(value) for value in made)
            assert 0 <= made[YIELD_NAMES.index("mech_frac")] <= 1.01
            ripe = matures(past.growing)
            assert ripe.p10_days <= ripe.p50_days <= ripe.p90_days
        on += timedelta(days=gone)


def test_a_variety_with_a_name_is_cut_by_its_calendar() -> None:
    growing = grown(plot(season_days=120), 60, 16, 30)
    ripe = matures(growing)
    assert ripe.p50_days == 120
    assert 2 <= ripe.p90_days - ripe.p50_days <= 6
    assert matures(grown(plot(season_days=120), 110, 16, 30)).p90_days - 120 < ripe.p90_days - 120
    assert ripe.on(PLANTED)[1] == PLANTED + timedelta(days=120)


def test_without_a_name_cold_puts_it_off_a_little_and_the_range_says_more() -> None:
    warm, cold = (matures(grown(plot(), 60, low, high)) for low, high in ((20, 34), (6, 16)))
    typical = crop("maize").growth.typical_days
    assert warm.p50_days < cold.p50_days
    assert abs(warm.p50_days - typical) <= 0.03 * typical + 1
    assert abs(cold.p50_days - typical) <= 0.03 * typical + 1
    named = matures(grown(plot(season_days=132), 60, 16, 30))
    assert cold.p90_days - cold.p10_days > named.p90_days - named.p10_days
    late = matures(grown(plot(), typical + 6, 16, 30))
    assert late.p50_days > typical + 5, "a crop that still stands is not ripe yesterday"
