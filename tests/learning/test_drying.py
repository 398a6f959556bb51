"""Drying of a probe: what its rows know, which models speak, how wide they speak."""

from __future__ import annotations

import json
import math
import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from fieldstation.config.tables import crop, soils
from fieldstation.domain.plot import ForecastDay, Morning, Plot, ProbeReading
from fieldstation.learning.ahead import PAST_NAMES, RUN_NAMES, Run, coming, past_values
from fieldstation.learning.boosters import QUANTILES, ModelError, Size, fit
from fieldstation.learning.forecaster import SHIPPED, Forecaster
from fieldstation.learning.history import AHEAD_NAMES, NAMES, History
from fieldstation.learning.own import without_rain
from fieldstation.learning.probe_past import ProbePast
from fieldstation.learning.training import present, write
from fieldstation.learning.widths import width
from tests.benchmarks.decisions.drying import HORIZONS_D, dried

PLANTED = date(2026, 5, 1)
PLOT = Plot(36.8, 10, soils()["loam"], crop("maize"), PLANTED, 100, 25, 0.85, 1)
DEPTHS_CM = (15, 45)


def morning(number: int, rain_mm: float = 0.0) -> Morning:
    """A warm morning whose probes fall slowly; `rain_mm` is forecast for today."""
    probes = tuple(ProbeReading(depth, 0.27 - number * 0.0015 - depth / 5000) for depth in DEPTHS_CM)
    coming = (ForecastDay(rain_mm, 15.0, 30.0), *(ForecastDay(0.0, 15.0, 30.0) for _ in range(6)))
    return Morning(PLANTED + timedelta(days=number), 15.0, 30.0, 0.5, 0.0, 0.0, probes, coming)


def lived(days: int = 60, rain_mm: float = 0.0) -> History:
    history = History(PLOT)
    for number in range(days):
        history.add(morning(number, rain_mm))
    return history


def test_a_station_without_a_forecast_asks_as_if_it_were_told_that_no_rain_comes() -> None:
    silent, dry = lived(), lived()
    last = silent.morning
    assert last is not None
    after = replace(last, on=last.on + timedelta(days=1), forecast=())
    silent.add(after)
    dry.add(replace(after, forecast=tuple(ForecastDay(0.0, None, None) for _ in range(7))))
    rows = dry.ahead_rows((1, 3, 7))
    for key, row in silent.ahead_rows((1, 3, 7)).items():
        assert math.isnan(value(row, "rain_mm"))
        assert without_rain(row) == pytest.approx(rows[key], nan_ok=True)


def value(row: list[float], name: str) -> float:
    return row[AHEAD_NAMES.index(name)]


def test_books_run_forward_dry_with_time_and_wet_with_foretold_rain() -> None:
    dry, wet = lived().ahead_rows((1, 3, 7)), lived(rain_mm=40.0).ahead_rows((1, 3, 7))
    for depth in DEPTHS_CM:
        falls = [value(dry[depth, days], "layered_change") for days in (1, 3, 7)]
        assert 0 > falls[0] > falls[1] > falls[2]
        assert value(dry[depth, 7], "account_change") > value(dry[depth, 1], "account_change") > 0
    assert value(wet[15, 1], "layered_change") > 0 > value(dry[15, 1], "layered_change")
    assert value(wet[15, 7], "account_end") < value(dry[15, 7], "account_end")


def heard(readings: Sequence[float | None]) -> ProbePast:
    past = ProbePast(15)
    for reading in readings:
        past.add(reading)
    return past


def test_how_a_probe_has_dried_leaves_out_days_on_which_water_came() -> None:
    readings = [0.30, 0.29, 0.35, 0.34, 0.33]  # 20 mm came between the second and the third
    found = past_values(heard(readings), 0.1, 0.5, [0.0, 20.0, 0.0, 0.0], [5.0] * 4, [(5.0, 0.0)] * 3)
    rate, recession, peak, since, amount = found[3:8]
    assert rate == pytest.approx(-0.03 / 15 / 0.1)
    assert recession == pytest.approx(rate * 15)
    assert [peak, since, amount] == pytest.approx([0.02 / 0.1, 2.0, 20.0])
    assert all(map(math.isnan, past_values(heard([0.3, None]), 0.1, 0.5, [0.0], [5.0], [(5.0, 0.0)])))


def made(folder: Path, deep_change: float, widths: dict[str, dict[str, float]]) -> Forecaster:
    """Shipped models, but drying says 0 for shallow probes and a constant for deep ones, +-0.1."""
    texts, about = present(SHIPPED)
    rows = [[0.0] * len(AHEAD_NAMES)] * 50
    for kind, middle in (("shallow", 0.0), ("deep", deep_change)):
        for name, off in zip(QUANTILES, (-0.1, 0.0, 0.1), strict=True):
            texts[f"drying_{kind}_{name}.txt"] = fit(
                rows, [middle + off] * 50, AHEAD_NAMES, None, Size(1, 2, 5)
            )
    widen = {"depletion": 1.0, "drying": widths}
    write(folder, texts, {**about, "widen": widen, "ahead_features": list(AHEAD_NAMES)})
    return Forecaster.load(folder)


def test_each_depth_has_its_own_models_and_each_horizon_its_width(tmp_path: Path) -> None:
    models = made(tmp_path, -0.2, {"shallow": {"1": 1.0, "3": 2.0}, "deep": {"1": 3.0}})
    span = PLOT.soil.field_capacity_frac - PLOT.soil.wilting_point_frac
    history = lived()
    assert history.morning is not None
    now = {probe.depth_cm: probe.vwc_frac for probe in history.morning.probes}
    found = {(one.depth_cm, one.hours): one.vwc_frac for one in models.ahead(history, (1, 2, 3))}
    assert found[15, 24].p50 == pytest.approx(now[15], abs=1e-3)
    assert found[45, 24].p50 == pytest.approx(now[45] - 0.2 * span, abs=1e-3)
    half = {key: (one.p90 - one.p10) / 2 / span for key, one in found.items()}
    assert [half[15, hours] for hours in (24, 48, 72)] == pytest.approx([0.1, 0.15, 0.2], abs=2e-3)
    assert half[45, 72] == pytest.approx(0.3, abs=2e-3)


@pytest.mark.parametrize(
    "widths", [{"shallow": {"1": 1.0}}, 1.0, {"shallow": {"1": "x"}, "deep": {"1": 1.0}}]
)
def test_a_manifest_without_usable_widths_is_refused(tmp_path: Path, widths: object) -> None:
    copy = tmp_path / "models"
    shutil.copytree(SHIPPED, copy)
    manifest = json.loads((SHIPPED / "manifest.json").read_text())
    manifest["widen"]["drying"] = widths
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match="cannot be used"):
        Forecaster.load(copy)


def test_models_of_a_feature_that_no_row_has_are_refused(tmp_path: Path) -> None:
    copy = tmp_path / "models"
    shutil.copytree(SHIPPED, copy)
    manifest = json.loads((SHIPPED / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps({**manifest, "ahead_features": [*NAMES, "moon"]}))
    with pytest.raises(ModelError, match="cannot be used"):
        Forecaster.load(copy)


@dataclass
class Land:
    """Loses 0.01 a day; water is kept in `given`."""

    days: dict[str, int] = field(default_factory=dict)
    given: list[float] = field(default_factory=list)
    last: int = 5

    @property
    def over(self) -> bool:
        return len(self.given) >= self.last

    def give(self, mm: float) -> None:
        self.given.append(mm)

    def at_cm(self, depth_cm: int) -> float:
        return 0.3 - depth_cm / 1000 - 0.01 * len(self.given) + 0.1 * sum(self.given)


def test_the_truth_of_drying_is_a_copy_that_got_no_water_and_the_season_goes_on_untouched() -> None:
    land, history = Land(), lived()
    assert history.morning is not None
    chance = random.Random(1)
    chance.random = lambda: 0.0  # type: ignore[method-assign]
    rows = dried(land, history, history.morning, {15: 0.02, 45: 0.0}, chance)
    assert land.given == []
    span = PLOT.soil.field_capacity_frac - PLOT.soil.wilting_point_frac
    read = {probe.depth_cm: probe.vwc_frac for probe in history.morning.probes}
    seen = {(int(value(row, "this_depth_cm")), int(value(row, "days"))): change for row, change in rows}
    assert set(seen) == {(depth, days) for depth in DEPTHS_CM for days in HORIZONS_D if days <= land.last}
    assert seen[15, 3] * span == pytest.approx(0.285 - 0.03 + 0.02 - read[15])


def test_the_suns_days_go_on_and_the_other_probe_is_the_other_one() -> None:
    far = Morning(date(2026, 3, 1), 5.0, 15.0, None, 0.0, 0.0, (), (ForecastDay(0.0, 5.0, 15.0),) * 7)
    et0 = [mm for mm, _ in coming(far, 7, 50.0, 9.0)]
    assert et0 == sorted(set(et0)), "in spring each day's sun stands higher"
    account = lived().balance
    assert account is not None
    run = Run(account, PLOT.crop, PLOT.soil, {15: 0.6, 45: 0.2}, [(5.0, 0.0)] * 3)
    shallow, deep = run.values(15, 3, 45), run.values(45, 3, 15)
    change, other = RUN_NAMES.index("layered_change"), RUN_NAMES.index("layered_other_change")
    assert shallow[change] != pytest.approx(deep[change], rel=0.05)
    assert (shallow[other], deep[other]) == pytest.approx((deep[change], shallow[change]))


def test_a_reading_off_its_own_straight_line_is_noise_and_one_on_it_is_not() -> None:
    def off(readings: list[float]) -> float:
        values = past_values(heard(readings), 1.0, 0.5, [0.0] * 5, [5.0] * 5, [(5.0, 0.0)] * 3)
        return values[PAST_NAMES.index("this_trend_off")]

    assert off([0.30, 0.29, 0.28, 0.27, 0.26]) == pytest.approx(0.0, abs=1e-9)
    # the last of five weighs 0.6 in its own line
    assert off([0.30, 0.29, 0.28, 0.27, 0.27]) == pytest.approx(0.01 * 0.4)
    assert math.isnan(off([0.30, 0.29, 0.28]))


def test_beyond_the_horizons_that_were_judged_the_nearest_width_holds() -> None:
    widths = {"shallow": {"2": 1.1, "7": 1.4}, "deep": {"2": 2.0, "7": 3.0}}
    assert [width(widths, 15, days) for days in (1, 2, 4.5, 7, 9)] == pytest.approx(
        [1.1, 1.1, 1.25, 1.4, 1.4]
    )
    assert [width(widths, 30, days) for days in (1, 9)] == [2.0, 3.0]
