"""The controller registers what learning found: states, rollback, harvests, and every way a run can fail."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from fieldstation.controller.jobs.learning import DEADLINE_S, Learning
from fieldstation.controller.status.learning import learning_status
from fieldstation.domain.forecast import PlannerReport
from fieldstation.domain.learned import (
    Calibration,
    Harvest,
    Judged,
    LearnReport,
    ModelState,
    RefusedModel,
    ZoneLearned,
)
from fieldstation.store.codec import encode
from fieldstation.store.errors import Trouble
from fieldstation.store.reader import Reader
from fieldstation.store.record import RecordError
from tests.kit.controller_bench import STATION, wait_for
from tests.kit.learning_bench import EMPTY, FIRST, NOW, SCORE, SECOND, Bench


def test_a_challenger_comes_to_charge_only_through_its_shadow_days(bench: Bench) -> None:
    bench.files(FIRST, SECOND)
    bench.learning.register(replace(EMPTY, fitted=FIRST))
    assert bench.states() == {FIRST.version: "shadow"}
    assert bench.said == ["model_shadow", "learned"]
    bench.learning.register(replace(EMPTY, fitted=SECOND))
    assert bench.states() == {FIRST.version: "shadow"}, "one in shadow at a time"
    bench.judge(FIRST.version, ModelState.SHADOW, "too_few_days")
    assert bench.states() == {FIRST.version: "shadow"}
    bench.judge(FIRST.version, ModelState.CHAMPION)
    assert bench.states() == {FIRST.version: "champion"}
    assert "model_champion" in bench.said
    bench.learning.register(replace(EMPTY, fitted=SECOND))
    bench.judge(SECOND.version, ModelState.CHAMPION)
    assert bench.states() == {FIRST.version: "replaced", SECOND.version: "champion"}
    champion = learning_status(bench.learning).champion
    assert champion is not None
    assert (champion.version, champion.mae_frac, champion.rival_mae_frac) == (SECOND.version, 0.03, 0.06)


def test_it_loses_in_shadow_and_is_demoted_in_charge(bench: Bench) -> None:
    bench.files(FIRST, SECOND)
    bench.learning.register(replace(EMPTY, fitted=FIRST))
    bench.judge(FIRST.version, ModelState.REFUSED, "not_better")
    assert bench.states() == {FIRST.version: "refused"}
    bench.judge(FIRST.version, ModelState.CHAMPION)
    assert bench.states() == {FIRST.version: "refused"}, "who is out does not come back"
    bench.learning.register(replace(EMPTY, fitted=SECOND))
    bench.judge(SECOND.version, ModelState.CHAMPION)
    bench.judge(SECOND.version, ModelState.DEMOTED, "worse_than_base")
    assert bench.states() == {FIRST.version: "refused", SECOND.version: "demoted"}
    assert learning_status(bench.learning).champion is None


def test_a_champion_demoted_and_a_shadow_promoted_by_one_run(bench: Bench) -> None:
    bench.files(FIRST, SECOND)
    bench.learning.register(replace(EMPTY, fitted=FIRST))
    bench.judge(FIRST.version, ModelState.CHAMPION)
    bench.learning.register(replace(EMPTY, fitted=SECOND))
    bench.learning.register(
        replace(
            EMPTY,
            judged=(
                Judged(FIRST.version, ModelState.DEMOTED, "worse_than_base", SCORE),
                Judged(SECOND.version, ModelState.CHAMPION, "better", SCORE),
            ),
        )
    )
    assert bench.states() == {FIRST.version: "demoted", SECOND.version: "champion"}


def test_rollback_returns_to_the_one_before_and_then_to_the_shipped_one(bench: Bench) -> None:
    bench.files(FIRST, SECOND)
    assert bench.learning.roll_back() == {"rolled_back": None, "in_charge": "base"}
    for model in (FIRST, SECOND):
        bench.learning.register(replace(EMPTY, fitted=model))
        bench.judge(model.version, ModelState.CHAMPION)
    assert bench.learning.roll_back() == {"rolled_back": SECOND.version, "in_charge": FIRST.version}
    assert bench.states() == {FIRST.version: "champion", SECOND.version: "rolled_back"}
    assert bench.learning.roll_back() == {"rolled_back": FIRST.version, "in_charge": "base"}
    assert bench.states() == {FIRST.version: "rolled_back", SECOND.version: "rolled_back"}


def test_everything_is_there_after_a_restart(bench: Bench) -> None:
    bench.files(FIRST)
    flow = Calibration("north", None, "mm_per_minute", 0.3, 0.29, 0.31, 12, 0.7, True, "in_span")
    bench.learning.register(replace(EMPTY, fitted=FIRST, calibrations=(flow,)))
    again = bench.made()
    assert again.models == [FIRST]
    assert again.of_zone("north") == ZoneLearned(measured_lpm=0.3 * STATION.zone("north").area_m2)
    assert again.of_zone("south") == ZoneLearned()
    assert learning_status(again) == learning_status(bench.learning)


@pytest.mark.parametrize(
    "change",
    [
        {"credible": False},
        {"sure_frac": 0.2},
        {"value": None},
        {"value": 0.0},
        {"value": -2.0},
        {"value": 9.0},
    ],
)
def test_a_calibration_out_of_its_span_or_unsure_is_used_nowhere(
    bench: Bench, change: dict[str, Any]
) -> None:
    use = Calibration("north", None, "crop_use", 1.3, 1.2, 1.4, 40, 0.8, True, "in_span")
    bench.learning.register(replace(EMPTY, calibrations=(use,)))
    assert bench.learning.of_zone("north").crop_use == pytest.approx(1.24), "drawn to 1 by what is not sure"
    bench.learning.register(replace(EMPTY, calibrations=(replace(use, **change),)))
    assert bench.learning.of_zone("north") == ZoneLearned()


@pytest.mark.parametrize("of_nominal", [-1.0, 0.0, 1e-9, 0.39, 1.61, 1e12])
def test_a_flow_that_todays_pump_cannot_have_is_not_used(bench: Bench, of_nominal: float) -> None:
    zone = STATION.zone("north")
    nominal = STATION.pump(zone.pump).nominal_lpm / zone.area_m2
    flow = Calibration("north", None, "mm_per_minute", 0.9 * nominal, 0.1, 0.5, 12, 0.7, True, "in_span")
    bench.learning.register(replace(EMPTY, calibrations=(flow,)))
    assert bench.learning.of_zone("north").measured_lpm == pytest.approx(0.9 * nominal * zone.area_m2)
    bench.learning.register(replace(EMPTY, calibrations=(replace(flow, value=of_nominal * nominal),)))
    assert bench.learning.of_zone("north") == ZoneLearned(), "another pump since, or a garbled report"


def test_files_that_are_not_the_ones_on_record_put_a_version_out_and_are_told_once(bench: Bench) -> None:
    bench.files(FIRST)
    bench.learning.register(replace(EMPTY, fitted=FIRST))
    bench.judge(FIRST.version, ModelState.CHAMPION)
    report = PlannerReport(NOW, (), refused=(RefusedModel(FIRST.version, "model_damaged", "trees"),))
    bench.learning.retire_unusable(report)
    bench.learning.retire_unusable(report)
    assert bench.states() == {FIRST.version: "damaged"}
    assert bench.learning.trouble == ("own_model_damaged", "trees")
    assert bench.said.count("model_damaged") == 1
    bench.learning.register(EMPTY)
    assert bench.learning.trouble is None, "until learning works again"


def test_on_a_full_disk_nothing_changes_and_that_is_said(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.files(FIRST)
    bench.learning.register(replace(EMPTY, fitted=FIRST))

    def full(*_: object) -> None:
        raise RecordError(Trouble.DISK_FULL, "the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(bench.record, "add_learning", full)
        patch.setattr(bench.record, "add_harvest", full)
        bench.judge(FIRST.version, ModelState.CHAMPION)
        assert "not kept" in bench.learning.harvest({"zone": "north", "on": "2026-09-01", "t_ha": 5})["error"]
        assert "full" in bench.learning.roll_back()["error"]
    assert bench.learning.trouble is not None
    assert bench.learning.trouble[0] == "disk_full"
    assert bench.states() == {FIRST.version: "shadow"}
    bench.judge(FIRST.version, ModelState.CHAMPION)
    assert bench.states() == {FIRST.version: "champion"}
    assert bench.learning.trouble is None


def test_a_failed_run_leaves_the_champion_in_charge(bench: Bench) -> None:
    bench.files(FIRST)
    bench.learning.register(replace(EMPTY, fitted=FIRST))
    bench.judge(FIRST.version, ModelState.CHAMPION)
    bench.learning.register(replace(EMPTY, failure="disk_full", detail="no room"))
    assert bench.states() == {FIRST.version: "champion"}
    assert bench.learning.trouble == ("disk_full", "no room")
    assert bench.made().trouble == ("disk_full", "no room"), "also after a restart"


Play = Callable[[str], Learning]


@pytest.fixture
def play(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Play:
    """A Learning whose program is a script of the test's."""

    def made(code: str) -> Learning:
        program = tmp_path / "program"
        program.write_text(f"#!{sys.executable}\nimport os, sys, time\n{code}\n")
        program.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(program))
        bench.learning = bench.made()
        bench.learning.start()
        return bench.learning

    return made


def ended(learning: Learning) -> LearnReport:
    found: list[LearnReport] = []

    def told() -> bool:
        report = learning.poll()
        found.extend([] if report is None else [report])
        return bool(found)

    wait_for(told, "no report")
    return found[0]


@pytest.mark.slow
def test_a_whole_run_is_registered(bench: Bench, play: Play) -> None:
    bench.files(FIRST)
    learning = play(f"print({encode(replace(EMPTY, fitted=FIRST))!r})")
    assert learning.running
    assert ended(learning).failure is None
    assert bench.states() == {FIRST.version: "shadow"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("report", "words"),
    [
        ("", "not JSON"),
        ("{}", "is missing"),
        (encode(replace(EMPTY, fitted=replace(FIRST, version="../../etc"))), "cannot be"),
        (encode(replace(EMPTY, fitted=replace(FIRST, state=ModelState.CHAMPION))), "cannot be"),
        (encode(replace(EMPTY, fitted=SECOND)), "no files"),
        (
            encode(
                replace(EMPTY, calibrations=(Calibration("moon", None, "crop_use", 1, 1, 1, 9, 1, True, ""),))
            ),
            "moon",
        ),
    ],
    ids=["empty", "hollow", "a path", "a usurper", "no files", "a foreign zone"],
)
def test_garbage_registers_nothing(bench: Bench, play: Play, report: str, words: str) -> None:
    learning = play(f"print({report!r})")
    assert ended(learning).failure == "learning_garbage"
    assert learning.trouble is not None
    assert words in learning.trouble[1]
    assert bench.states() == {}


@pytest.mark.slow
def test_a_run_killed_in_the_middle_changes_nothing(bench: Bench, play: Play) -> None:
    learning = play("os.kill(os.getpid(), 9)")
    assert ended(learning).failure == "learning_died"
    assert bench.states() == {}


@pytest.mark.slow
def test_a_late_run_is_ended(bench: Bench, play: Play) -> None:
    learning = play("time.sleep(600)")
    bench.clock.advance(DEADLINE_S)
    report = learning.poll()
    assert report is not None
    assert report.failure == "learning_late"
    assert not learning.running


def test_harvests_are_kept_and_said_again(bench: Bench) -> None:
    told = {"zone": "north", "on": "2026-09-14", "t_ha": 5.5}
    assert bench.learning.harvest(told) == {
        "kept": True,
        "zone": "north",
        "on": "2026-09-14",
        "t_ha_dry": 5.5,
    }
    bench.learning.harvest({**told, "t_ha": 6.5})
    with Reader(bench.places.record) as reader:
        found = reader.harvests()
    assert found == [Harvest("north", date(2026, 9, 14), 5.5), Harvest("north", date(2026, 9, 14), 6.5)]
    assert bench.said == ["harvest_entered"] * 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"zone": "moon"}, "north, south"),
        ({"on": "14.9."}, "2026-09-14"),
        ({"on": "2026-09-21"}, "not come yet"),
        ({"on": "2026-05-31"}, "no planting"),
        ({"t_ha": 80}, "--dry-frac"),
        ({"t_ha": -1}, "dry matter"),
        ({"t_ha": "5"}, "dry matter"),
        ({"t_ha": float("nan")}, "dry matter"),
        ({"t_ha": True}, "dry matter"),
    ],
)
def test_a_harvest_that_cannot_be_is_refused_with_what_to_mend(
    bench: Bench, change: dict[str, object], words: str
) -> None:
    answer = bench.learning.harvest({"zone": "north", "on": "2026-09-14", "t_ha": 5.5, **change})
    assert words in answer["error"]
    with Reader(bench.places.record) as reader:
        assert reader.harvests() == []


def test_plantings_are_kept_once(bench: Bench) -> None:
    bench.clock.wall += timedelta(days=1)
    bench.made()
    with Reader(bench.places.record) as reader:
        assert [planting.zone for planting in reader.plantings()] == ["north", "south"]


def test_rollback_passes_over_a_version_whose_files_are_gone(bench: Bench) -> None:
    bench.files(FIRST, SECOND)
    for model in (FIRST, SECOND):
        bench.learning.register(replace(EMPTY, fitted=model))
        bench.judge(model.version, ModelState.CHAMPION)
    (bench.places.models / FIRST.version).rmdir()
    assert bench.learning.roll_back() == {"rolled_back": SECOND.version, "in_charge": "base"}
    assert bench.states() == {FIRST.version: "replaced", SECOND.version: "rolled_back"}


def test_after_a_failed_run_and_a_restart_what_the_last_good_one_found_is_still_used(bench: Bench) -> None:
    use = Calibration("north", None, "crop_use", 1.3, 1.2, 1.4, 40, 0.8, True, "in_span")
    bench.learning.register(replace(EMPTY, calibrations=(use,)))
    bench.learning.register(replace(EMPTY, failure="disk_full", detail="no room"))
    assert bench.learning.of_zone("north").crop_use == pytest.approx(1.24)
    assert bench.made().of_zone("north").crop_use == pytest.approx(1.24)


def test_a_version_that_stays_what_it_was_is_no_news_and_one_that_is_out_stays_out(bench: Bench) -> None:
    bench.files(FIRST)
    bench.learning.register(replace(EMPTY, fitted=FIRST))
    bench.said.clear()
    bench.judge(FIRST.version, ModelState.SHADOW, "too_few_days")
    assert bench.said == ["learned"]
    bench.judge(FIRST.version, ModelState.REFUSED, "not_better")
    bench.learning.retire_unusable(
        PlannerReport(NOW, (), refused=(RefusedModel(FIRST.version, "model_damaged", ""),))
    )
    assert bench.states() == {FIRST.version: "refused"}
    assert bench.learning.trouble is None
