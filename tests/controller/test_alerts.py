"""Alerts: one for each cause, there while the cause is, with the instant it was first seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from fieldstation.controller.alerts.conditions import AIR_STALE_S
from fieldstation.controller.alerts.lifecycle import REOPEN_S, Alerts
from fieldstation.controller.core import Core
from fieldstation.domain.alert import Alert, AlertCode
from fieldstation.domain.decision import Reason, Rung, Value
from fieldstation.domain.forecast import PlannerReport
from fieldstation.domain.reading import Quality, Quantity
from fieldstation.domain.station import BrokenSensor, Station
from tests.kit.controller_bench import (
    NO_WATER,
    START,
    STATION,
    WATER,
    HandClock,
    Memory,
    ScriptedGuard,
    sample,
)
from tests.kit.status import latch

PROBES = [probe.device.id for probe in STATION.zones[0].probes]


class Bench:
    """A core in good order, and its alerts."""

    def __init__(self, station: Station = STATION) -> None:
        self.clock = HandClock()
        self.guard = ScriptedGuard()
        self.core = Core(station, self.clock, self.guard, Memory(), UTC)
        self.alerts = Alerts(self.core)
        self.core.watering.poll()
        self.core.take_round([sample(20.0, self.clock.mono)])

    def codes(self) -> list[AlertCode]:
        return [alert.code for alert in self.alerts.open()]

    def only(self) -> Alert:
        [alert] = self.alerts.open()
        return alert

    def soil(self, sensor: str, volts: float | None) -> None:
        self.core.take_round([sample(volts, self.clock.mono, Quantity.SOIL_WATER, sensor=sensor)])


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_guard_whose_answer_nobody_can_read_is_silent_and_the_alert_says_where(bench: Bench) -> None:
    bench.guard.status["speed"] = 1
    bench.core.watering.poll()
    (found,) = [one for one in bench.alerts.open() if one.code is AlertCode.GUARD_SILENT]
    assert str(found.values["detail"]).startswith(
        "the answer is not understood: GuardStatus.speed: is not known"
    )
    del bench.guard.status["speed"]
    bench.core.watering.poll()
    assert AlertCode.GUARD_SILENT not in {one.code for one in bench.alerts.open()}


def test_all_well_is_no_alert() -> None:
    assert Bench().alerts.open() == []


def silent(bench: Bench) -> None:
    bench.guard.silent = {"status"}


def latched(bench: Bench) -> None:
    bench.guard.status |= {"stop_latched": True, "latched_by": "page"}


def ledger(bench: Bench) -> None:
    bench.guard.status["ledger_ok"] = False


def ledger_why(bench: Bench) -> None:
    bench.guard.status |= {"ledger_ok": False, "ledger_detail": "no space left"}


def dead_float(bench: Bench) -> None:
    bench.guard.status["faults"] = {"tank_float": "GPIO 24 is busy"}


def leak(bench: Bench) -> None:
    bench.guard.status["latches"] = [latch("leak", "main")]


def cut(bench: Bench) -> None:
    bench.guard.close_run("r", litres=7.0, reason="no_flow")


def clock(bench: Bench) -> None:
    bench.clock.sure = False


def planner(bench: Bench) -> None:
    bench.core.report = PlannerReport(START, (), "planner_late", "no answer")


def holding(bench: Bench) -> None:
    bench.core.decisions["north"] = replace(NO_WATER, rung=Rung.HOLD, reason=Reason.NO_TRUSTED_INPUT)


@pytest.mark.parametrize(
    ("happens", "code", "zone", "values"),
    [
        (silent, AlertCode.GUARD_SILENT, None, {"detail": "nobody there"}),
        (latched, AlertCode.STOP_LATCHED, None, {"by": "page"}),
        (ledger, AlertCode.LEDGER, None, {}),
        (ledger_why, AlertCode.LEDGER, None, {"detail": "no space left"}),
        (dead_float, AlertCode.DEVICE_BAD, None, {"device": "tank_float", "detail": "GPIO 24 is busy"}),
        (leak, AlertCode.LATCHED, None, {"code": "leak", "pump": "main"}),
        (cut, AlertCode.RUN_CUT, "north", {"code": "no_flow", "litres": 7.0}),
        (clock, AlertCode.CLOCK_UNTRUSTED, None, {}),
        (planner, AlertCode.PLANNER_FAILED, None, {"code": "planner_late", "detail": "no answer"}),
        (holding, AlertCode.HOLDING, "north", {"reason": "no_trusted_input"}),
    ],
)
def test_each_cause_has_its_alert(
    bench: Bench,
    happens: Callable[[Bench], None],
    code: AlertCode,
    zone: str | None,
    values: dict[str, object],
) -> None:
    happens(bench)
    bench.core.watering.poll()
    assert bench.only() == Alert(code, START, zone, values)  # type: ignore[arg-type] # a dict of values


def test_an_alert_keeps_its_first_instant_and_goes_with_its_cause(bench: Bench) -> None:
    silent(bench)
    bench.core.watering.poll()
    bench.alerts.open()
    bench.clock.advance(500)
    assert bench.only().since == START
    bench.guard.silent = set()
    bench.core.watering.poll()
    assert bench.alerts.open() == []
    bench.clock.advance(REOPEN_S)
    silent(bench)
    bench.core.watering.poll()
    assert bench.only().since == START, "back so soon, it never went"
    bench.guard.silent = set()
    bench.core.watering.poll()
    assert bench.alerts.open() == []
    bench.clock.advance(REOPEN_S + 1)
    silent(bench)
    bench.core.watering.poll()
    assert bench.only().since == START + timedelta(seconds=500 + 2 * REOPEN_S + 1), (
        "a new time, a new first sight"
    )


def test_the_oldest_alert_stands_first(bench: Bench) -> None:
    planner(bench)
    bench.alerts.open()
    bench.clock.advance(10)
    silent(bench)
    bench.core.watering.poll()
    assert bench.codes() == [AlertCode.PLANNER_FAILED, AlertCode.GUARD_SILENT]


def test_refused_water_is_an_alert_until_it_flows(bench: Bench) -> None:
    bench.guard.refuse("tank_low")
    bench.core.watering.accept(WATER)
    bench.core.tick()
    assert bench.only() == Alert(AlertCode.WATER_REFUSED, START, "north", {"code": "tank_low"})
    bench.guard.no = None
    bench.clock.advance(300)
    bench.core.take_round([sample(20.0, bench.clock.mono)])
    bench.core.tick()
    assert bench.alerts.open() == []


def test_a_later_good_run_ends_the_alert_of_a_cut_one(bench: Bench) -> None:
    cut(bench)
    bench.core.watering.poll()
    assert bench.codes() == [AlertCode.RUN_CUT]
    bench.guard.close_run("r2", at=START + timedelta(minutes=1))
    bench.core.watering.poll()
    assert bench.alerts.open() == []


def test_a_bad_sensor_is_one_alert_with_its_quality_and_ends_with_a_good_reading(bench: Bench) -> None:
    bad = [
        sample(None, bench.clock.mono, fault=Quality.CHECKSUM),
        sample(None, bench.clock.mono, Quantity.AIR_RH, fault=Quality.CHECKSUM),
    ]
    bench.core.take_round(bad)
    assert bench.only() == Alert(AlertCode.SENSOR_BAD, START, None, {"sensor": "air", "quality": "checksum"})
    good = [sample(20.5, bench.clock.mono), sample(0.5, bench.clock.mono, Quantity.AIR_RH)]
    bench.core.take_round(good)
    assert bench.alerts.open() == []


def test_a_sensor_whose_driver_is_broken_is_missed_with_its_cause() -> None:
    broken = BrokenSensor("mast", "sht99", "driver sht99 is broken: SyntaxError")
    bench = Bench(replace(STATION, broken=(broken,)))
    told: dict[str, Value] = {"sensor": "mast", "quality": "no_answer", "detail": broken.cause}
    assert bench.only() == Alert(AlertCode.SENSOR_BAD, START, None, told)


def test_a_zone_is_blind_only_when_all_its_probes_are_bad(bench: Bench) -> None:
    bench.soil(PROBES[0], None)
    bench.soil(PROBES[1], 2.0)
    assert bench.codes() == [AlertCode.SENSOR_BAD]
    bench.soil(PROBES[1], None)
    assert bench.codes() == [AlertCode.SENSOR_BAD, AlertCode.SENSOR_BAD, AlertCode.NO_GOOD_PROBE]
    bench.soil(PROBES[0], 2.0)
    assert bench.codes() == [AlertCode.SENSOR_BAD]


def test_air_is_unknown_after_an_hour_without_a_good_reading(bench: Bench) -> None:
    bench.clock.advance(AIR_STALE_S)
    assert bench.alerts.open() == []
    bench.clock.advance(1)
    assert bench.codes() == [AlertCode.AIR_UNKNOWN]
    bench.core.take_round([sample(20.0, bench.clock.mono)])
    assert bench.alerts.open() == []


def test_what_the_core_cannot_see_is_set_and_cleared(bench: Bench) -> None:
    bench.alerts.set(AlertCode.RECORD_FAILED, {"code": "disk_full", "detail": "no room"})
    assert bench.only().values == {"code": "disk_full", "detail": "no room"}
    bench.alerts.set(AlertCode.RECORD_FAILED, None)
    bench.alerts.set(AlertCode.RECORD_RESTORED, None)
    assert bench.alerts.open() == []


def test_a_run_that_stop_cut_is_told_once_while_stop_stands(bench: Bench) -> None:
    latched(bench)
    bench.guard.close_run("r", reason="stopped")
    bench.core.watering.poll()
    assert bench.codes() == [AlertCode.STOP_LATCHED]
    bench.guard.status |= {"stop_latched": False, "latched_by": None}
    bench.core.watering.poll()
    assert bench.codes() == [AlertCode.RUN_CUT], "the field had less than it should"


def test_a_refusal_by_what_stands_as_an_alert_of_its_own_is_no_second_one(bench: Bench) -> None:
    bench.guard.refuse("tank_low")
    bench.core.watering.accept(WATER)
    bench.core.tick()
    assert bench.codes() == [AlertCode.WATER_REFUSED]
    bench.guard.status["inputs"] = {"main": {"flow_lpm": 0.0, "tank_ok": False}}
    bench.core.watering.poll()
    assert bench.codes() == [AlertCode.TANK_LOW]
