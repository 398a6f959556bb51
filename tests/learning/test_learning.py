"""Models: features of anything, deterministic fitting, checked loading, and a report nobody trusts."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldstation.advice.zones import Pasts, forecast_zones
from fieldstation.config.demo import demo_toml
from fieldstation.config.load import resolve
from fieldstation.domain.day import Day, ProbeDay
from fieldstation.domain.forecast import PlannerReport
from fieldstation.domain.learned import Point, Prediction, RefusedModel
from fieldstation.domain.plot import Morning, ProbeReading, plot_of
from fieldstation.learning.boosters import ModelError, Size, fit
from fieldstation.learning.forecaster import SHIPPED, Forecaster
from fieldstation.learning.history import AHEAD_NAMES, FEATURES, NAMES, History
from fieldstation.learning.yield_row import YIELD_FEATURES
from fieldstation.wire.report import decode_report, encode_report

PLANTED = date(2026, 5, 1)
STATION = resolve(demo_toml(planted_on=PLANTED, seed=1))
ZONE = STATION.zones[0]
AT = datetime(2026, 7, 1, 6, tzinfo=UTC)


def day(number: int, frac: float | None = 0.15) -> Day:
    frac = None if frac is None else frac + 0.0007 * (number % 3)  # a real probe trembles
    probes = (
        () if frac is None else tuple(ProbeDay(p.device.id, p.depth_m, frac, frac, frac) for p in ZONE.probes)
    )
    return Day(
        PLANTED + timedelta(days=number), 18.0, 32.0, 0.4, 0.0, 10.0 if number % 6 == 0 else 0.0, probes
    )


DAYS = tuple(day(n) for n in range(61))
TODAY = day(61)


def test_a_row_has_every_feature_and_knows_its_groups() -> None:
    history = Pasts().of(ZONE, 14.5, DAYS)
    made = history.row()
    assert len(made) == len(NAMES) == len(FEATURES)
    assert [name for name, value in zip(NAMES, made, strict=True) if math.isnan(value)] == []
    ahead = history.ahead_rows((1, 3))
    assert {len(one) for one in ahead.values()} == {len(AHEAD_NAMES)}
    assert set(ahead) == {(round(p.depth_m * 100), days) for p in ZONE.probes for days in (1, 3)}


maybe = st.one_of(st.none(), st.floats(-40, 60))


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.lists(st.tuples(maybe, maybe, st.one_of(st.none(), st.floats(0, 200)), st.booleans()), max_size=20))
def test_missing_data_never_raises(rows: list[tuple[float | None, float | None, float | None, bool]]) -> None:
    history = History(plot_of(ZONE, 14.5))
    for n, (low, high, rain, probed) in enumerate(rows):
        probes = tuple(ProbeReading(15, 0.1 + n / 200) for _ in range(probed))
        history.add(Morning(PLANTED + timedelta(days=n), low, high, None, rain, 0.0, probes))
        made = history.row()
        assert all(math.isnan(value) or math.isfinite(value) for value in made)
        assert 0 <= made[NAMES.index("nudged_frac")] <= 1


def test_the_shipped_models_forecast_in_order_and_in_reason() -> None:
    (found,) = forecast_zones(Forecaster.load(), [(ZONE, DAYS, TODAY)], 14.5, AT)
    assert [s.hours for s in found.soil] == [24, 48, 72]
    for r in (*(s.soil_water_frac for s in found.soil), found.depletion_frac, found.need_mm):
        assert r.p10 <= r.p50 <= r.p90
    assert found.soil[2].soil_water_frac.p50 < 0.15, "without water the soil dries"
    assert found.drivers
    dry = forecast_zones(
        Forecaster.load(), [(ZONE, tuple(day(n, 0.10) for n in range(61)), day(61, 0.10))], 14.5, AT
    )[0]
    wet = forecast_zones(
        Forecaster.load(), [(ZONE, tuple(day(n, 0.19) for n in range(61)), day(61, 0.19))], 14.5, AT
    )[0]
    assert dry.depletion_frac.p50 > wet.depletion_frac.p50 + 0.1


def test_a_zone_without_probe_is_left_to_the_rung_below() -> None:
    blind = tuple(day(n, None) for n in range(61))
    assert forecast_zones(Forecaster.load(), [(ZONE, blind, day(61, None))], 14.5, AT) == ()


def test_fitting_is_deterministic() -> None:
    rows = [[float(n % 7), float(n % 11)] for n in range(600)]
    targets = [r[0] * 2 + r[1] for r in rows]
    texts = {fit(rows, targets, ["a", "b"], 0.5, Size(10, 7, 20)) for _ in range(2)}
    assert len(texts) == 1


def test_damaged_missing_and_foreign_models_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as missing:
        Forecaster.load(tmp_path)
    assert missing.value.code == "model_missing"
    copy = tmp_path / "models"
    shutil.copytree(SHIPPED, copy)
    (copy / "yield_p50.txt").write_text("tampered")
    with pytest.raises(ModelError) as damaged:
        Forecaster.load(copy)
    assert damaged.value.code == "model_damaged"
    (copy / "yield_p50.txt").unlink()
    with pytest.raises(ModelError) as gone:
        Forecaster.load(copy)
    assert gone.value.code == "model_missing"
    manifest = json.loads((SHIPPED / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps({**manifest, "features": ["other"]}))
    with pytest.raises(ModelError, match="other features"):
        Forecaster.load(copy)


@pytest.mark.slow
def test_without_libgomp_the_package_to_install_is_named() -> None:
    code = (
        "import sys\n"
        "class Block:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'lightgbm': raise OSError('libgomp.so.1: cannot open shared object file')\n"
        "sys.meta_path.insert(0, Block())\n"
        "from fieldstation.learning.forecaster import Forecaster\n"
        "from fieldstation.learning.boosters import ModelError\n"
        "try: Forecaster.load()\n"
        "except ModelError as error: print(error.code, error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("lightgbm_missing")
    assert "apt install libgomp1" in done.stdout


def test_a_report_survives_the_wire() -> None:
    report = PlannerReport(AT, forecast_zones(Forecaster.load(), [(ZONE, DAYS, TODAY)], 14.5, AT))
    assert decode_report(encode_report(report).encode(), STATION) == report
    kept = Prediction(ZONE.id, "own-00000001", AT, (Point(15, 24, 0.2, 0.17, 0.18, 0.19),))
    full = replace(report, predictions=(kept,), refused=(RefusedModel("own-00000002", "model_damaged", "x"),))
    assert decode_report(encode_report(full).encode(), STATION) == full
    for wrong in (
        replace(kept, zone="moon"),
        replace(kept, points=(replace(kept.points[0], hours=25),)),
        replace(kept, points=(replace(kept.points[0], p50=0.5),)),
        replace(kept, points=kept.points * 100),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            decode_report(encode_report(replace(report, predictions=(wrong,))).encode(), STATION)
    with pytest.raises(ValueError, match="more forecasts"):
        decode_report(encode_report(replace(report, predictions=(kept,) * 99)).encode(), STATION)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.floats() | st.text(max_size=5),
        lambda c: (
            st.lists(c, max_size=3)
            | st.dictionaries(st.sampled_from(["at", "zones", "failure", "detail", "zone"]), c, max_size=5)
        ),
        max_leaves=8,
    ).map(lambda v: json.dumps(v).encode())
)
def test_garbage_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError):
        decode_report(data, STATION)


@pytest.mark.parametrize(("key", "value"), [("p10", 9.0), ("p50", float("nan")), ("p90", -3.0), ("p10", "x")])
def test_an_impossible_range_is_a_value_error(key: str, value: object) -> None:
    report = PlannerReport(AT, forecast_zones(Forecaster.load(), [(ZONE, DAYS, TODAY)], 14.5, AT))
    plain = json.loads(encode_report(report))
    plain["zones"][0]["depletion_frac"][key] = value
    with pytest.raises(ValueError):
        decode_report(json.dumps(plain).encode(), STATION)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("yield_by", "luck"),
        ("harvest_on", ["2026-09-04", "2026-09-01", "2026-09-09"]),
        ("harvest_on", ["2026-09-04"]),
        ("harvest_on", ["soon"] * 3),
        ("yield_t_ha", {"p10": 1.0, "p50": 2.0, "p90": 90.0}),
    ],
)
def test_an_impossible_harvest_is_a_value_error(key: str, value: object) -> None:
    report = PlannerReport(AT, forecast_zones(Forecaster.load(), [(ZONE, DAYS, TODAY)], 14.5, AT))
    plain = json.loads(encode_report(report))
    assert decode_report(json.dumps(plain).encode(), STATION) == report
    plain["zones"][0][key] = value
    with pytest.raises(ValueError):
        decode_report(json.dumps(plain).encode(), STATION)


def test_what_moved_the_harvest_adds_up_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    models, history = Forecaster.load(), Pasts().of(ZONE, 14.5, DAYS)
    found = models.harvest(history)
    few = models.harvest_contributions(history)
    assert found is not None
    assert few[0].name == "usual"
    assert len(few) == 5
    monkeypatch.setattr("fieldstation.learning.contributions.MAX_CONTRIBUTIONS", 99)
    whole = models.harvest_contributions(history)
    assert {driver.name for driver in whole} == {*YIELD_FEATURES.values(), "usual"}
    assert sum(driver.effect for driver in whole) == pytest.approx(found.t_ha.p50, abs=0.01)
    assert list(few[1:]) == sorted(whole[1:], key=lambda driver: -abs(driver.effect))[:4]
    assert models.harvest_contributions(Pasts().of(ZONE, 14.5, DAYS[:5])) == (), (
        "no harvest is foretold so early"
    )


def test_what_moved_the_depletion_adds_up_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldstation.learning.contributions.MAX_CONTRIBUTIONS", 99)
    models = Forecaster.load()
    shown = {}
    for frac in (0.13, 0.17):
        likely, drivers = models.depletion(Pasts().of(ZONE, 14.5, tuple(day(n, frac) for n in range(61))))
        total = sum(driver.effect for driver in drivers)
        assert total == pytest.approx(likely.p50, abs=0.06), "but for the mean of the corrections"
        shown[frac] = next(driver.effect for driver in drivers if driver.name == "soil_probe")
    assert shown[0.13] > shown[0.17] + 0.05, "drier probes are named as what makes the soil look drier"


def test_drivers_travel_and_unknown_ones_are_refused() -> None:
    zones = forecast_zones(Forecaster.load(), [(ZONE, DAYS, TODAY)], 14.5, AT)
    assert zones[0].yield_drivers
    text = encode_report(PlannerReport(AT, zones))
    assert decode_report(text.encode(), STATION).zones == zones
    with pytest.raises(ValueError, match="unknown driver"):
        decode_report(text.replace('"usual"', '"the moon"').encode(), STATION)
