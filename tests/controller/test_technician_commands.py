"""Calibrating and commissioning on a real record: what is kept, tried, gone back to, refused, and in the audit log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldstation.domain.reading import Quantity
from fieldstation.store.reader import Reader
from tests.controller.asked import Asked
from tests.kit.controller_bench import STATION, WATER, sample

INSTALLED = STATION.zones[0].probes[0].calibration
AIR_AND_WATER = {"sensor": "north_soil", "kind": "two_point", "air_v": 2.5, "water_v": 0.8}


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Asked]:
    made = Asked(tmp_path)
    yield made
    made.record.close()


def reads(asked: Asked, volts: float) -> float | None:
    (reading,) = asked.core.take_round(
        [sample(volts, asked.clock.mono, Quantity.SOIL_WATER, sensor="north_soil")]
    )
    return reading.value


def audit_log(asked: Asked) -> list[tuple[str, str]]:
    with Reader(asked.path) as reader:
        return [(entry.who, entry.what) for entry in reader.audit()]


def test_a_calibration_counts_at_once_is_kept_and_gone_back_to(asked: Asked) -> None:
    before = reads(asked, 1.45)
    assert before == pytest.approx(0.35)
    assert asked.say("calibrate", **AIR_AND_WATER)["calibrated"] is True
    after = reads(asked, 1.45)
    assert after == pytest.approx(0.28, abs=0.02), (
        "the same volts are less water to a probe that reads lower in air"
    )
    asked.say("calibrate", sensor="north_soil", kind="as_installed")
    assert reads(asked, 1.45) == pytest.approx(before)
    with Reader(asked.path) as reader:
        first = reader.calibrations()[0].id
    assert asked.say("calibrate_again", id=first) == {"calibrated": True}
    assert reads(asked, 1.45) == pytest.approx(after)
    assert audit_log(asked) == [("anna", "calibrated")] * 3


def test_a_trial_keeps_nothing_and_changes_nothing(asked: Asked) -> None:
    tried = asked.say("calibrate", **AIR_AND_WATER, **{"try": True})
    assert tried["calibrated"] is False
    assert tried["curve"][0] == [0.8, INSTALLED[0][1]]
    assert reads(asked, 1.45) == pytest.approx(0.35)
    assert audit_log(asked) == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"kind": "guess"}, "calibration_kind_unknown"),
        ({"sensor": "nothing"}, "sensor_unknown"),
        ({"air_v": "2.5"}, "number_missing"),
        ({"air_v": True}, "number_missing"),
        ({"air_v": 0.9}, "air_close_to_water"),
        ({"by": ""}, "nobody_asks"),
        ({"kind": "gravimetric", "samples": []}, "no_samples"),
        ({"kind": "gravimetric", "samples": [[1.5]]}, "number_missing"),
        ({"kind": "offset", "t_c": 1.0, "rh_frac": 0.0}, "sensor_unknown"),
        ({"sensor": "air", "kind": "offset", "t_c": 5.1, "rh_frac": 0.0}, "offset_too_large"),
        ({"sensor": "air", "kind": "offset", "t_c": 0.0, "rh_frac": -0.2}, "offset_too_large"),
        ({"kind": "pulses_per_l", "pulses_per_l": 450.0}, "sensor_unknown"),
    ],
)
def test_what_makes_no_calibration_is_refused_with_a_code(
    asked: Asked, more: dict[str, Any], code: str
) -> None:
    assert asked.say("calibrate", **{**AIR_AND_WATER, **more})["refused"] == code
    assert audit_log(asked) == []


def test_a_correction_of_the_air_is_added(asked: Asked) -> None:
    air = STATION.air
    assert air is not None
    asked.say("calibrate", sensor=air.id, kind="offset", t_c=-1.5, rh_frac=0.05)
    (reading,) = asked.core.take_round([sample(20.0, asked.clock.mono, sensor=air.id)])
    assert reading.value == pytest.approx(18.5)


def test_no_valve_is_tested_while_the_station_waters(asked: Asked) -> None:
    asked.core.watering.accept(WATER)
    asked.core.tick()
    assert asked.core.watering.watering
    before = len(asked.guard.of("start"))
    assert asked.say("relay_test", zone="south")["refused"] == "pump_busy"
    assert asked.say("fail_safe_test", zone="south")["refused"] == "pump_busy"
    assert len(asked.guard.of("start")) == before


def test_who_opened_a_valve_stands_in_the_trail_before_the_guard_is_asked(asked: Asked) -> None:
    asked.guard.refuse("frost")
    assert asked.say("relay_test")["refused"] == "frost"
    assert audit_log(asked) == [("anna", "relay_test")]
    assert asked.say("relay_test", by="")["refused"] == "nobody_asks"
    assert asked.say("relay_test", zone="west")["refused"] == "zone_unknown"
    assert len(asked.guard.of("start")) == 1


def test_a_step_left_out_says_why_and_every_try_is_kept(asked: Asked) -> None:
    step = {"visit": "2026-07-01-abcd", "step": "leak"}
    assert asked.say("commissioned", **step, outcome="skipped", note=" ")["refused"] == "skipped_without_note"
    assert asked.say("commissioned", **step, outcome="maybe")["refused"] == "step_unknown"
    assert asked.say("commissioned", step="leak", outcome="passed")["refused"] == "visit_missing"
    asked.say("commissioned", **step, outcome="failed", note="drips")
    asked.say("commissioned", **step, outcome="passed", values={"flow_lpm": 0.0, "lines_on": "no"})
    with Reader(asked.path) as reader:
        tried = reader.commissioning("2026-07-01-abcd")
        (visit,) = reader.visits()
    assert [(one.outcome.value, one.note) for one in tried] == [("failed", "drips"), ("passed", "")]
    assert tried[1].values == {"flow_lpm": 0.0, "lines_on": "no"}
    assert (visit.id, visit.signed, visit.tried) == ("2026-07-01-abcd", False, True)
    assert audit_log(asked) == [("anna", "commissioned")] * 2


def test_a_visit_is_known_from_its_beginning(asked: Asked) -> None:
    assert asked.say("visit_begun", visit="")["refused"] == "visit_missing"
    assert asked.say("visit_begun", visit="2026-07-01-abcd") == {"begun": "2026-07-01-abcd"}
    with Reader(asked.path) as reader:
        (visit,) = reader.visits()
    assert (visit.id, visit.signed, visit.tried) == ("2026-07-01-abcd", False, False)
    asked.clock.advance(60)
    asked.say("commissioned", visit="2026-07-01-abcd", step="signed", outcome="passed")
    with Reader(asked.path) as reader:
        (visit,) = reader.visits()
    assert (visit.signed, visit.tried) == (True, True)
    assert audit_log(asked) == [("anna", "commissioned"), ("anna", "visit_begun")]
