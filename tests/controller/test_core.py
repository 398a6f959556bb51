"""The core: a decision is on record before any water is asked for, and what was given is counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from fieldstation.domain.calibration import Calibration, CalibrationKind
from fieldstation.domain.decision import Decision, Rung
from fieldstation.domain.forecast import PlannerReport, Quantiles, ZoneForecast
from fieldstation.domain.reading import Quantity
from fieldstation.domain.run import Code, Run
from tests.kit.controller_bench import START, STATION, WATER, sample
from tests.kit.core_bench import DRY, FAILED, FULL, Bench


def by_zone(decisions: list[Decision]) -> dict[str, Decision]:
    return {decision.zone: decision for decision in decisions}


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_decision_is_recorded_before_the_guard_is_asked(bench: Bench) -> None:
    bench.feel(DRY, DRY)
    asked_before: list[int] = []
    bench.record.before_keeping = lambda: asked_before.append(len(bench.guard.of("start")))
    decisions = bench.core.decide(FAILED)
    assert [decision.depth_mm > 0 for decision in decisions] == [True, True]
    assert bench.guard.of("start") == [], "deciding itself asks for nothing"
    bench.core.tick()
    assert asked_before == [0, 0], "both were kept before anything was asked"
    assert bench.record.decisions == decisions
    assert [start["zone"] for start in bench.guard.of("start")] == ["north", "south"]
    assert {zone: found.id for zone, found in bench.core.decisions.items()} == {
        decision.zone: decision.id for decision in decisions
    }


def test_no_water_is_asked_for_a_decision_that_is_not_kept(bench: Bench) -> None:
    bench.feel(DRY, DRY)
    bench.record.keeps = False
    decisions = bench.core.decide(FAILED)
    assert all(decision.depth_mm > 0 for decision in decisions)
    bench.live(600)
    assert bench.guard.of("start") == []
    assert bench.core.watering.idle
    bench.record.keeps = True
    bench.core.decide(FAILED)
    bench.core.tick()
    assert len(bench.guard.of("start")) == 2


def test_a_decision_that_is_not_kept_takes_the_older_one_back(bench: Bench) -> None:
    bench.feel(DRY, DRY)
    bench.guard.refuse("tank_low")
    bench.core.decide(FAILED)
    bench.live(2)
    assert bench.core.watering.wants("north") is not None
    bench.feel(FULL, FULL)
    bench.record.keeps = False
    assert {decision.depth_mm for decision in bench.core.decide(FAILED)} == {0.0}
    bench.guard.no = None
    asked = len(bench.guard.of("start"))
    bench.live(600)
    assert len(bench.guard.of("start")) == asked, "the soil is full, whatever was decided once"


def test_a_dry_zone_is_watered_and_a_full_one_is_not(bench: Bench) -> None:
    bench.feel(DRY, FULL)
    bench.core.decide(FAILED)
    bench.live(5)
    assert [start["zone"] for start in bench.guard.of("start")] == ["north"]


def test_considering_keeps_and_asks_nothing(bench: Bench) -> None:
    bench.feel(DRY, DRY)
    assert [decision.depth_mm > 0 for decision in bench.core.consider(FAILED)] == [True, True]
    bench.live(60)
    assert bench.record.decisions == []
    assert bench.core.decisions == {}
    assert bench.guard.of("start") == []


@pytest.mark.parametrize(
    ("report", "why"),
    [(FAILED, "planner_late"), (replace(FAILED, failure=None), "no_forecast")],
)
def test_without_forecast_a_lower_rung_decides_and_says_why(
    bench: Bench, report: PlannerReport, why: str
) -> None:
    bench.feel(DRY, DRY)
    for decision in bench.core.decide(report):
        assert decision.rung is Rung.THRESHOLD
        assert (decision.skipped[0].rung, decision.skipped[0].why) == (Rung.LEARNED, why)
    assert bench.core.report is report
    assert bench.core.planned_at is None


def test_a_forecast_for_one_zone_leaves_the_other_without(bench: Bench) -> None:
    bench.feel(DRY, DRY)
    half = Quantiles(0.4, 0.5, 0.6)
    report = PlannerReport(START, (ZoneForecast("south", START, "m", (), half, Quantiles(9, 10, 11), None),))
    found = by_zone(bench.core.decide(report))
    assert found["south"].forecast is report.zones[0]
    assert found["north"].forecast is None
    assert found["north"].skipped[0].why == "no_forecast"
    assert bench.core.planned_at == START


def test_water_is_credited_as_given_and_a_cut_run_is_told(bench: Bench) -> None:
    bench.core.watering.accept(WATER)
    bench.core.tick()
    run_id = bench.guard.of("start")[0]["id"]
    ended = bench.clock.now()
    bench.guard.close_run(run_id, litres=400.0, reason="no_flow", at=ended)
    bench.live(120)
    [(run, depth_mm)] = bench.record.runs
    assert (run.id, depth_mm) == (run_id, 4.0), "400 l on 100 m2"
    assert bench.core.given_mm("north", ended - timedelta(seconds=1)) == 4.0
    assert bench.core.given_mm("north", ended) == 0.0
    assert bench.core.daily_history.today("north", ended).irrigation_mm == 4.0
    assert bench.core.last_runs["north"].stop_reason is Code.NO_FLOW
    [event] = bench.record.events
    assert (event.code, event.zone, event.values) == (
        "run_cut",
        "north",
        {"code": "no_flow", "litres": 400.0},
    )


def test_a_run_that_ended_well_is_no_event(bench: Bench) -> None:
    bench.guard.close_run("r1")
    bench.live(20)
    assert len(bench.record.runs) == 1
    assert bench.record.events == []


def test_a_run_of_a_zone_that_is_no_more_is_passed_over(bench: Bench) -> None:
    bench.guard.close_run("r1")
    bench.guard.status["closed"][0]["zone"] = "orchard"
    bench.guard.close_run("r2")
    bench.live(20)
    assert [run.id for run, _ in bench.record.runs] == ["r2"]


def test_a_refusal_is_one_event(bench: Bench) -> None:
    bench.guard.refuse("frost")
    bench.core.watering.accept(WATER)
    bench.live(1000)
    assert [(event.code, event.zone, event.values) for event in bench.record.events] == [
        ("water_refused", "north", {"code": "frost"})
    ]


def test_the_guard_hears_the_last_good_air_and_its_age(bench: Bench) -> None:
    bench.core.watering.accept(WATER)
    bench.core.tick()
    assert bench.guard.of("start")[0]["air_t_c"] is None, "unknown is said to be unknown"
    bench.core.take_round([sample(3.0, bench.clock.mono)])
    bench.clock.advance(60)
    bench.core.take_round([sample(None, bench.clock.mono)])
    bench.clock.advance(40)
    bench.core.tick()
    renewal = bench.guard.of("renew")[-1]
    assert (renewal["air_t_c"], renewal["air_t_age_s"]) == (3.0, 100.0)


@pytest.mark.parametrize(("offset_c", "heard_c"), [(5.0, 1.0), (-2.0, -1.0)])
def test_an_offset_set_on_the_page_never_lifts_the_frost_limit(
    bench: Bench, offset_c: float, heard_c: float
) -> None:
    made = Calibration("air", CalibrationKind.OFFSET, START, "ana", values={"t_c": offset_c, "rh_frac": 0.0})
    bench.core.sensing.use({"air": made})
    bench.core.take_round([sample(1.0, bench.clock.mono)])
    assert bench.core.sensing.newest_good["air", Quantity.AIR_T].value == 1.0 + offset_c
    assert bench.core.air_for_guard() == (heard_c, 0.0)


def test_a_relay_test_is_no_watering_that_a_zone_rests_after(bench: Bench) -> None:
    end = bench.clock.now()
    tried = Run(
        "t", 1, "north", "manual", end - timedelta(seconds=30), end, 30.0, 20.0, True, Code.LONGEST_RUN
    )
    assert bench.core.remember_run(tried) > 0
    assert bench.core.given_mm("north", end - timedelta(hours=1)) > 0, "its litres count"
    bench.feel(DRY, FULL)
    (north,) = [one for one in bench.core.decide(FAILED) if one.zone == "north"]
    assert north.depth_mm > 0
    for origin, on_s in (("manual", 61.0), ("auto", 20.0)):  # what was cut short is not tried again at once
        other = Bench()
        other.core.remember_run(replace(tried, origin=origin, on_s=on_s))
        other.feel(DRY, FULL)
        (north,) = [one for one in other.core.decide(FAILED) if one.zone == "north"]
        assert north.depth_mm == 0


@pytest.mark.parametrize(
    ("reason", "frac", "again"),
    [("stopped", 0.4, True), ("stopped", 0.6, False), ("tank_low", 0.4, False), ("done", 1.0, False)],
)
def test_a_run_that_stop_cut_early_leaves_the_rest_to_be_decided_at_once(
    bench: Bench, reason: str, frac: float, again: bool
) -> None:
    bench.feel(DRY, FULL)
    first = by_zone(bench.core.decide(FAILED))["north"]
    bench.live(1)
    asked = bench.guard.of("start")[-1]
    bench.guard.close_run(asked["id"], litres=asked["max_l"] * frac, reason=reason, at=bench.clock.now())
    bench.guard.status["closed"][-1]["on_s"] = asked["max_s"] * frac
    bench.live(20)
    given_mm = bench.core.given_mm("north", START)
    assert given_mm == pytest.approx(first.depth_mm * frac, rel=0.01)
    bench.feel(DRY, FULL)
    second = by_zone(bench.core.decide(FAILED))["north"]
    assert (second.depth_mm > 0) is again
    most_mm = STATION.zone("north").max_depth_mm_per_day
    assert second.depth_mm + given_mm <= most_mm + 0.01, "the day's limit counts what was given"


def test_a_stop_that_was_lifted_has_all_decided_anew() -> None:
    bench = Bench()

    def asked() -> bool:
        wanted, bench.core.wants_plan = bench.core.wants_plan, False
        return wanted

    bench.guard.status |= {"boot_id": "b", "stops": 4}
    bench.live(20)
    bench.guard.status |= {"stop_latched": True, "stops": 5}
    bench.live(20)
    assert not asked(), "while it is on nothing is"
    bench.guard.status["stop_latched"] = False
    bench.live(20)
    assert asked()
    bench.live(20)
    assert not asked(), "once"
    bench.guard.status["stops"] = 6  # STOP and resume between two looks
    bench.live(20)
    assert asked()


def test_a_decision_after_a_quick_resume_is_not_taken_back_with_what_was_before(bench: Bench) -> None:
    bench.guard.status |= {"boot_id": "b", "stops": 4}
    bench.live(20)
    bench.feel(DRY, FULL)
    bench.guard.status["stops"] = 5  # and nobody has looked since
    assert by_zone(bench.core.decide(FAILED))["north"].depth_mm > 0
    bench.guard.refuse("pump_busy")
    bench.live(30)
    assert bench.core.watering.wants("north") is not None
    bench.guard.no = None
    bench.live(30)
    assert len(bench.guard.status["runs"]) == 1


def test_what_is_decided_while_a_zone_is_watered_is_not_given_on_top(bench: Bench) -> None:
    bench.feel(DRY, FULL)
    bench.core.decide(FAILED)
    bench.live(1)
    run_id = bench.guard.of("start")[-1]["id"]
    assert by_zone(bench.core.decide(FAILED))["north"].depth_mm > 0, "it cannot know of water that still runs"
    bench.guard.refuse("pump_busy")
    bench.live(30)
    bench.guard.no = None
    starts = len(bench.guard.of("start"))
    bench.guard.close_run(run_id, at=bench.clock.now())
    bench.core.watering.poll()
    bench.live(60)
    assert len(bench.guard.of("start")) == starts
    assert bench.core.wants_plan, "it is decided anew with what was given"
