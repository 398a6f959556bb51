"""What was learned, on record: nothing is overwritten, the last word counts, old forecasts go."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from fieldstation.domain.learned import (
    Calibration,
    Harvest,
    Judged,
    LearnReport,
    ModelState,
    OwnModel,
    Planting,
    Point,
    Prediction,
    Score,
    YieldCorrection,
)
from fieldstation.store.errors import RecordError, Trouble
from fieldstation.store.reader import Reader
from fieldstation.store.record import Record
from fieldstation.store.tables.learned import PREDICTION_DAYS
from fieldstation.store.upkeep.export import export
from tests.kit.records import unsound
from tests.kit.rows import at, reading

NOW = datetime(2026, 5, 2, 4, tzinfo=UTC)
SCORE = Score(0.01, 0.02, 0.03, 0.06, 20, 300)
MODEL = OwnModel("own-00000001", ModelState.SHADOW, NOW, "a" * 64, "base-1", "better", SCORE)
REPORT = LearnReport(
    NOW,
    None,
    "",
    60,
    400,
    MODEL,
    (Judged("own-0", ModelState.DEMOTED, "worse_than_base", SCORE),),
    (
        Calibration("north", "probe", "response_h", 1.5, 1.0, 2.0, 9, 0.5, True, "in_span"),
        Calibration("north", None, "crop_use", None, None, None, 0, 0.0, False, "too_few"),
    ),
    (YieldCorrection("north", "maize", 0.9, 0.0, 2, True, "ratio"),),
    1.5,
    80.0,
)
PLANTING = Planting("north", date(2026, 4, 1), "maize", 125, 100.0, 0.85, 0.31, 0.15, 0.46)
KEPT = Prediction("north", "base-1", NOW, (Point(15, 24, 0.2, 0.17, 0.18, 0.19),))


def test_everything_comes_back_as_it_went(path: Path, record: Record) -> None:
    record.add_learning(REPORT, [MODEL])
    record.add_predictions([KEPT])
    record.add_harvest(Harvest("north", date(2026, 5, 1), 7.5))
    assert record.add_planting(PLANTING)
    with Reader(path) as reader:
        assert reader.models() == [MODEL]
        assert reader.learning() == reader.learning(whole=True) == REPORT
        assert reader.predictions(NOW) == [KEPT]
        assert reader.predictions(NOW + timedelta(seconds=1)) == []
        assert reader.harvests() == [Harvest("north", date(2026, 5, 1), 7.5)]
        assert reader.plantings() == [PLANTING]
    assert unsound(record) is None


def test_the_last_word_counts_and_the_others_stay(path: Path, record: Record) -> None:
    later = replace(MODEL, version="own-00000002")
    record.add_learning(None, [MODEL, later])
    record.add_learning(replace(REPORT, failure="disk_full"), [replace(MODEL, state=ModelState.REFUSED)])
    assert record.add_planting(PLANTING)
    assert not record.add_planting(PLANTING), "what is known is no news"
    assert record.add_planting(replace(PLANTING, area_m2=120.0))
    with Reader(path) as reader:
        assert [(m.version, m.state.value) for m in reader.models()] == [
            (MODEL.version, "refused"),
            (later.version, "shadow"),
        ]
        newest = reader.learning()
        assert newest is not None
        assert newest.failure == "disk_full"
        assert reader.learning(whole=True) is None
        assert [planting.area_m2 for planting in reader.plantings()] == [120.0]
    (rows,) = record._connection.execute("SELECT count(*) FROM model").fetchone()
    assert rows == 3


def test_a_damaged_row_is_damage(path: Path, record: Record) -> None:
    record._connection.execute("INSERT INTO model (at, version, state, body) VALUES (0, 'v', 'x', '{}')")
    with Reader(path) as reader, pytest.raises(RecordError) as caught:
        reader.models()
    assert caught.value.code is Trouble.CORRUPT


def test_forecasts_that_were_kept_go_by_age(path: Path, record: Record) -> None:
    record.add_round(at(), 0.0, True, [reading(at())])
    record.flush()
    old = replace(KEPT, at=NOW - timedelta(days=PREDICTION_DAYS + 1))
    record.add_predictions([old, KEPT])
    record.expire(at(), 30)
    with Reader(path) as reader:
        assert reader.predictions(datetime(2000, 1, 1, tzinfo=UTC)) == [KEPT]


def test_it_is_exported_and_wiped(path: Path, record: Record) -> None:
    record.add_learning(REPORT, [MODEL])
    record.add_predictions([KEPT])
    record.add_harvest(Harvest("north", date(2026, 5, 1), 7.5))
    record.add_planting(PLANTING)
    export(path, path.parent / "export.zip")
    with zipfile.ZipFile(path.parent / "export.zip") as archive:
        for name, column, value in (
            ("harvests", "t_ha", "7.5"),
            ("plantings", "planted_on", "2026-04-01"),
            ("models", "state", "shadow"),
            ("learning", "failure", ""),
            ("foretold", "version", "base-1"),
        ):
            (row,) = csv.DictReader(io.TextIOWrapper(archive.open(f"{name}.csv"), "utf-8"))
            assert row[column] == value
            if "at" in row:
                assert row["at"].endswith("Z")
    record.wipe("Ana")
    with Reader(path) as reader:
        assert (reader.models(), reader.harvests(), reader.plantings(), reader.learning()) == (
            [],
            [],
            [],
            None,
        )


def test_the_newest_is_the_last_written_even_when_the_clock_was_set_back(path: Path, record: Record) -> None:
    record.add_learning(replace(REPORT, days=1), [])
    record.add_learning(
        replace(REPORT, days=2, at=NOW - timedelta(days=9)), [replace(MODEL, state=ModelState.REFUSED)]
    )
    with Reader(path) as reader:
        newest, found = reader.learning(), reader.learning(whole=True)
        assert newest is not None
        assert found is not None
        assert (newest.days, found.days) == (2, 2)


def test_a_harvest_said_again_is_one_more_row_and_the_first_stays(path: Path, record: Record) -> None:
    said = [Harvest("north", date(2026, 5, 1), t_ha) for t_ha in (7.5, 6.25, 7.5)]
    for harvest in said:
        record.add_harvest(harvest)
    with Reader(path) as reader:
        assert reader.harvests() == said
