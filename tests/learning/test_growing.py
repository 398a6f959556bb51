"""What a season's growth keeps in mind, and which number of it stands where in the yield model's row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from fieldstation.config.tables import crop, soils
from fieldstation.domain.forecast import YieldBy
from fieldstation.domain.plot import Morning, Plot, ProbeReading
from fieldstation.learning.growing import Growing
from fieldstation.learning.history import History
from fieldstation.learning.yield_row import YIELD_FEATURES, YIELD_NAMES, yield_row
from fieldstation.learning.yields import MECH, YieldModel, YieldSkill

PLANTED = date(2024, 5, 1)
PLOT = Plot(40.0, 100, soils()["loam"], crop("maize"), PLANTED, 1e4, 25, 0.85, 1.0)
DAYS = PLOT.crop.growth.typical_days
WET, DRY = 0.1, 0.95


def lived(
    dry: range, plot: Plot = PLOT, days: int = DAYS, shown: float | None = None, balance: float | None = None
) -> Growing:
    growing, soil = Growing(plot), plot.soil
    span = soil.field_capacity_frac - soil.wilting_point_frac
    for day in range(days):
        growing.live(
            16,
            30,
            DRY if day in dry else WET,
            5.0,
            None if shown is None else (shown, soil.field_capacity_frac - shown * span),
            balance,
        )
    return growing


def test_thirst_counts_in_the_part_of_the_season_in_which_it_came() -> None:
    _, _, begins, ends, _ = PLOT.crop.growth.phases_frac
    flower = (math.ceil(begins * DAYS), math.floor(ends * DAYS))
    for part, dry in enumerate((range(20, flower[0] - 1), range(*flower), range(flower[1] + 15, DAYS))):
        found = lived(dry).short
        assert found[part] > 0.02
        assert [short for n, short in enumerate(found) if n != part] == [0.0, 0.0]


def test_want_of_air_counts_before_flowering_or_after() -> None:
    clay = replace(PLOT, soil=soils()["clay"])
    middle = round(PLOT.crop.growth.phases_frac[2] * DAYS)
    early, late = lived(range(middle, DAYS), clay).airless, lived(range(middle), clay).airless
    assert early[0] > 0.01
    assert early[1] < 0.005
    assert late[1] > 0.01
    assert late[0] == 0.0


def test_the_driest_time_is_remembered_when_it_is_over() -> None:
    found = lived(range(40, 60))
    assert found.driest > 0.8 > 0.2 > found.dryness


def test_what_the_probes_show_and_what_the_weather_says_are_kept_apart() -> None:
    alike = lived(range(60, 70))
    assert alike.probe_short == pytest.approx(alike.balance_short) == pytest.approx(sum(alike.short))
    assert alike.probe_short > 0
    probes = lived(range(0), shown=DRY)
    assert probes.probe_short > 0.3
    assert probes.balance_short == 0.0
    weather = lived(range(0), balance=DRY)
    assert weather.balance_short > 0.3
    assert weather.probe_short == 0.0
    assert sum(probes.short) == sum(weather.short) == 0.0, "growth is by what both say together"


def test_leaves_are_stunted_only_while_they_grow() -> None:
    grown = round(PLOT.crop.growth.phases_frac[3] * DAYS)
    assert lived(range(10, 30)).leaf_short == pytest.approx(20 / DAYS)
    assert lived(range(grown + 1, DAYS)).leaf_short == 0.0


def history(shallow: float = 0.2, deep: float = 0.27, days: int = 66, stuck: bool = False) -> History:
    found = History(PLOT)
    for day in range(days):
        tremble = 0.0 if stuck else 0.001 * (day % 3)
        probes = (ProbeReading(15, shallow + tremble), ProbeReading(45, deep + tremble))
        found.add(
            Morning(
                PLANTED + timedelta(days=day), 16.0, 30.0, None, 2.0, 6.0 if day % 4 == 0 else 0.0, probes
            )
        )
    return found


def test_every_number_stands_under_its_own_name() -> None:
    past = history()
    growing, sums = past.growing, past.season
    growing.short, growing.airless = [0.11, 0.12, 0.13], [0.21, 0.22]
    growing.recent_short, growing.probe_short, growing.balance_short = 0.31, 0.32, 0.33
    growing.leaf_short, growing.driest, growing.dryness, growing.probe_airless = 0.34, 0.35, 0.36, 0.37
    assert past.balance is not None
    assert past.corrected is not None
    row = dict(zip(YIELD_NAMES, yield_row(past), strict=True))
    assert [row[f"short_{part}_frac"] for part in ("before", "flower", "after")] == growing.short
    assert [row[f"airless_{part}_frac"] for part in ("before", "after")] == growing.airless
    assert [row[f"{n}_frac"] for n in ("recent_short", "probe_short", "balance_short")] == [0.31, 0.32, 0.33]
    assert [row[f"{n}_frac"] for n in ("leaf_short", "driest", "dryness", "probe_airless")] == [
        0.34,
        0.35,
        0.36,
        0.37,
    ]
    assert (row["nudged_frac"], row["balance_frac"]) == (
        past.corrected.depletion_frac,
        past.balance.depletion_frac,
    )
    assert sums["rain"] > 50
    assert sums["water"] > 50
    assert row["supply_frac"] == pytest.approx((sums["rain"] + sums["water"]) / sums["demand"])
    assert row["season_frac"] == growing.day / growing.season_days


def test_each_probe_stands_under_its_own_depth_and_a_stuck_one_is_not_known() -> None:
    falls = history()
    for day in range(66, 70):
        probes = (ProbeReading(15, 0.15), ProbeReading(45, 0.26 - 0.001 * day % 0.003))
        falls.add(Morning(PLANTED + timedelta(days=day), 16.0, 30.0, None, 0.0, 0.0, probes))
    row = dict(zip(YIELD_NAMES, yield_row(falls), strict=True))
    assert row["shallow_insitu"] > row["deep_insitu"] + 0.1
    row = dict(zip(YIELD_NAMES, yield_row(history(stuck=True)), strict=True))
    assert math.isnan(row["shallow_insitu"])
    assert math.isnan(row["deep_insitu"])


class Adds:
    """A booster that adds one number to the growth, made of given parts."""

    def __init__(self, start: float, **parts: float) -> None:
        self.start, self.parts = start, parts

    def predict(self, rows: Sequence[Sequence[float]]) -> list[float]:
        return [self.start + sum(self.parts.values()) for _ in rows]

    def contributions(self, row: Sequence[float]) -> list[float]:
        return [*(self.parts.get(name, 0.0) for name in YIELD_NAMES), self.start]


MIDDLE = Adds(-0.05, short_flower_frac=-0.1, shallow_insitu=-0.04, supply_frac=0.02)
BOOSTERS = {"p10": Adds(-0.4), "p50": MIDDLE, "p90": Adds(0.1)}


def told(
    trust: tuple[float, float, float], widen: tuple[float, float, float] = (1.0, 1.0, 1.0)
) -> YieldModel:
    return YieldModel(BOOSTERS, {"maize": YieldSkill(0.9, 0.1, trust)}, widen)  # type: ignore[arg-type] # add numbers


@pytest.mark.parametrize("trust", [0.0, 0.5, 1.0])
def test_the_drivers_add_up_to_the_forecast(trust: float) -> None:
    past, model = history(), told((trust,) * 3)
    found, parts = model.forecast(past), model.contributions(past)
    assert found is not None
    assert parts[0].name == "usual"
    assert sum(part.effect for part in parts) == pytest.approx(found.t_ha.p50, abs=0.006)
    assert {part.name for part in parts[1:]} == {"weather", "soil_balance", "soil_probe", "water_given"}
    by_name = {part.name: part.effect for part in parts}
    assert by_name["soil_balance"] == pytest.approx(-0.1 * trust * past.growing.potential_t_ha, abs=0.001)
    assert YIELD_FEATURES["short_flower_frac"] == "soil_balance"


def test_each_part_of_the_season_has_its_own_trust_and_width() -> None:
    past = history()  # half of the season
    best, mech = past.growing.potential_t_ha, yield_row(past)[MECH]
    found = told((0.0, 1.0, 0.0), (9.0, 2.0, 9.0)).forecast(past)
    assert found is not None
    assert found.by == YieldBy.GROWTH
    mid = mech + MIDDLE.predict([[]])[0]
    assert found.t_ha.p50 == pytest.approx(mid * best, abs=0.002)
    assert found.t_ha.p90 == pytest.approx((mid + 2 * (mech + 0.1 - mid)) * best, abs=0.002)
    assert found.t_ha.p10 == pytest.approx(max(0.0, mid - 2 * (mid - mech + 0.4)) * best, abs=0.002)
    mean = told((1.0, 0.0, 1.0)).forecast(past)
    assert mean is not None
    assert mean.by == YieldBy.CROP_MEAN
    assert mean.t_ha.p50 == pytest.approx(0.9 * best, abs=0.002)
