"""A whole learning run over a record: a station that lived a season on ground it was not told of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from fieldstation.domain.forecast import HORIZONS_H
from fieldstation.domain.learned import (
    Harvest,
    LearnReport,
    ModelState,
    OwnModel,
    Point,
    Prediction,
    planting_of,
)
from fieldstation.domain.reading import Quantity
from fieldstation.domain.station import Station
from fieldstation.learner.dry_spells import seasons
from fieldstation.learner.main import learn
from fieldstation.learning.forecaster import SHIPPED
from fieldstation.planner.main import forecast
from fieldstation.store.codec import decode
from fieldstation.store.reader import Reader
from fieldstation.store.record import Record
from fieldstation.wire.places import Places
from tests.benchmarks.years import live
from tests.kit.commands import fieldstation
from tests.kit.season_station import season_text

pytestmark = pytest.mark.slow
LIVED_DAYS = 112
NOW = datetime(2025, 4, 15, tzinfo=UTC) + timedelta(days=LIVED_DAYS)
Lived = tuple[Station, Places]


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> tuple[Station, bytes]:
    """One zone told to be loam that is clay loam; the record's bytes."""
    path = tmp_path_factory.mktemp("season") / "record.db"
    station = live(path, [2025], zones=1, truth=["clay_loam"], days=LIVED_DAYS)
    return station, path.read_bytes()


@pytest.fixture
def lived(season: tuple[Station, bytes], tmp_path: Path) -> Lived:
    station, record = season
    places = Places.under(tmp_path / "data")
    places.data.mkdir()
    places.record.write_bytes(record)
    return station, places


@pytest.fixture
def record(lived: Lived) -> Iterator[Record]:
    opened = Record.open(lived[1].record, "later")
    yield opened
    opened.close()


def run(lived: Lived, now: datetime = NOW) -> LearnReport:
    return learn(*lived, SHIPPED, now)


def test_it_learns_its_ground_calibrates_and_forecasts_with_it(lived: Lived, record: Record) -> None:
    station, places = lived
    report = run(lived)
    assert report.failure is None
    fitted = report.fitted
    assert fitted is not None
    assert (fitted.state, fitted.why) == (ModelState.SHADOW, "better")
    assert fitted.held_out is not None
    assert fitted.held_out.mae < 0.8 * fitted.held_out.rival_mae
    found = {(one.kind, one.probe): one for one in report.calibrations}
    flow = found["mm_per_minute", None]
    assert flow.value == pytest.approx(480 / 200, rel=0.1)
    assert flow.credible
    quick, slow = found["response_h", "zone1_soil"], found["response_h", "zone1_deep"]
    assert quick.value is not None
    assert slow.value is None or slow.value > quick.value
    # in shadow it forecasts beside the shipped model and is shown nowhere
    record.add_learning(report, [fitted])
    shadowed = forecast(station, places, SHIPPED, NOW)
    (base,) = shadowed.zones
    assert {one.version for one in shadowed.predictions} == {base.model, fitted.version}
    shown = next(one for one in shadowed.predictions if one.version == base.model)
    at_top = [point for point in shown.points if point.depth_cm == 15]
    assert [point.p50 for point in at_top] == [soil.soil_water_frac.p50 for soil in base.soil]
    # in charge it speaks
    record.add_learning(None, [replace(fitted, state=ModelState.CHAMPION)])
    (own,) = forecast(station, places, SHIPPED, NOW).zones
    assert own.model == f"{base.model}+{fitted.version}"
    assert own.soil != base.soil
    assert own.depletion_frac == base.depletion_frac, (
        "what decides about water is not the station's own model"
    )
    assert own.need_mm == base.need_mm


def test_the_command_answers_one_line(lived: Lived) -> None:
    _, places = lived
    config = places.data / "station.toml"
    config.write_text(season_text(date(2025, 4, 15)))
    done = fieldstation("learn", "--json", "--data", places.data, within_s=120)
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    report = decode(LearnReport, line)
    assert (report.failure, report.fitted is not None) == (None, True)
    assert report.peak_mb < 300, "of a process of its own, that holds no other test's memory"


def test_harvests_move_the_yield_that_is_forecast(lived: Lived, record: Record) -> None:
    station, places = lived
    (before,) = forecast(station, places, SHIPPED, NOW).zones
    assert before.yield_t_ha is not None
    harvested = Harvest("zone1", date(2025, 8, 4), round(0.7 * before.yield_t_ha.p50, 2))
    record.add_harvest(replace(harvested, t_ha=1.0))
    record.add_harvest(harvested)
    report = run(lived)
    (found,) = report.yields
    assert (found.crop, found.seasons, found.used) == ("maize", 1, True)
    assert found.scale == pytest.approx(0.7 ** (1 / 3), abs=0.02), "the last word counts"
    record.add_learning(report, [])
    (after,) = forecast(station, places, SHIPPED, NOW).zones
    assert after.yield_t_ha is not None
    assert after.yield_t_ha.p50 == pytest.approx(found.scale * before.yield_t_ha.p50, rel=0.01)
    assert after.depletion_frac == before.depletion_frac
    assert before.yield_drivers
    parts = {driver.name: driver.effect for driver in before.yield_drivers}
    assert {driver.name: driver.effect for driver in after.yield_drivers} == pytest.approx(
        {name: found.scale * effect for name, effect in parts.items()}, abs=0.002
    )


def kept(lived: Lived, off: dict[str, float], days: int = 30) -> list[Prediction]:
    """Forecasts of the last `days` days, wrong by so much, made each morning over the true readings."""
    _, places = lived
    found = []
    with Reader(places.record) as reader:
        hours = {
            depth: reader.hourly(sensor, Quantity.SOIL_WATER, NOW - timedelta(days=days + 4), NOW)
            for depth, sensor in ((15, "zone1_soil"), (45, "zone1_deep"))
        }
    for version, wrong in off.items():
        for day in range(days, 3, -1):
            at = NOW - timedelta(days=day) + timedelta(hours=5)
            points = []
            for depth, seen in hours.items():
                by_hour = {hour.at: hour.mean for hour in seen}
                for ahead in HORIZONS_H:
                    true = by_hour[at + timedelta(hours=ahead)] + wrong
                    points.append(Point(depth, ahead, by_hour[at], true - 0.01, true, true + 0.01))
            found.append(Prediction("zone1", version, at, tuple(points)))
    return found


def judged_by(
    lived: Lived, record: Record, state: ModelState, off: dict[str, float], days: int = 30
) -> tuple[ModelState, str]:
    model = OwnModel("own-00000001", state, NOW - timedelta(days=days), "0" * 64, "base", "better")
    record.add_learning(None, [model])
    record.add_predictions(kept(lived, off, days))
    report = run(lived)
    assert report.failure is None
    (judged,) = report.judged
    assert judged.version == model.version
    return judged.state, judged.why


def base_version(lived: Lived) -> str:
    return forecast(*lived, SHIPPED, NOW).zones[0].model


def test_it_comes_to_charge_when_it_wins_in_its_shadow_days(lived: Lived, record: Record) -> None:
    off = {"own-00000001": 0.001, base_version(lived): 0.02}
    assert judged_by(lived, record, ModelState.SHADOW, off) == (ModelState.CHAMPION, "better")


def test_it_is_refused_when_it_loses_them(lived: Lived, record: Record) -> None:
    off = {"own-00000001": 0.02, base_version(lived): 0.001}
    assert judged_by(lived, record, ModelState.SHADOW, off) == (ModelState.REFUSED, "not_better")


def test_it_waits_while_they_are_few(lived: Lived, record: Record) -> None:
    off = {"own-00000001": 0.001, base_version(lived): 0.02}
    assert judged_by(lived, record, ModelState.SHADOW, off, 10) == (ModelState.SHADOW, "too_few_days")


def test_in_charge_and_worse_than_the_shipped_one_it_is_demoted(lived: Lived, record: Record) -> None:
    off = {"own-00000001": 0.03, base_version(lived): 0.001}
    assert judged_by(lived, record, ModelState.CHAMPION, off) == (ModelState.DEMOTED, "worse_than_base")


def test_in_charge_and_better_it_stays(lived: Lived, record: Record) -> None:
    off = {"own-00000001": 0.001, base_version(lived): 0.03}
    assert judged_by(lived, record, ModelState.CHAMPION, off) == (ModelState.CHAMPION, "holds")


def test_without_a_record_or_room_it_fails_with_a_code_and_leaves_what_is_there(
    lived: Lived, monkeypatch: pytest.MonkeyPatch
) -> None:
    station, places = lived

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        report = run(lived)
    assert (report.failure, report.fitted) == ("disk_full", None)
    assert list(places.models.iterdir()) == []
    nowhere = learn(station, Places.under(places.data / "nowhere"), SHIPPED, NOW)
    assert nowhere.failure == "absent"
    places.record.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    assert run(lived).failure == "corrupt"
    assert learn(station, places, places.data, NOW).failure == "model_missing"


def test_what_a_cut_run_left_is_swept(lived: Lived, record: Record) -> None:
    _, places = lived
    report = run(lived)
    assert report.fitted is not None
    for name in (".own-deadbeef.new", "own-deadbeef", "not ours"):
        (places.models / name).mkdir()
    again = run(lived)
    assert again.fitted == replace(report.fitted, made_at=again.at)
    assert {entry.name for entry in places.models.iterdir()} == {report.fitted.version, "not ours"}


def test_past_seasons_come_from_the_record_and_slips_do_not(lived: Lived, record: Record) -> None:
    station, places = lived
    now = planting_of(station.zones[0])
    record.add_planting(replace(now, planted_on=date(2024, 4, 20), crop="tomato", season_days=140))
    record.add_planting(replace(now, planted_on=date(2023, 4, 20), crop="a crop of another release"))
    record.add_planting(replace(now, planted_on=date(2025, 7, 1)))
    record.add_planting(replace(now, planted_on=date(2019, 4, 20)))
    with Reader(places.record) as reader:
        found = seasons(reader, station, NOW.date())
    assert [(one.zone.planted_on, one.zone.crop.name, len(one.days)) for one in found] == [
        (date(2024, 4, 20), "tomato", 140),
        (date(2025, 4, 15), "maize", LIVED_DAYS),
    ]
    assert found[0].zone.crop.season_days == 140
