"""From a Decision to water: what is asked of the guard, when again, and what becomes of its answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from fieldstation.controller.watering.runs import Watering
from fieldstation.domain.run import Code, Run
from fieldstation.domain.status.zone import Refusal
from tests.kit.controller_bench import NO_WATER, START, STATION, WATER, HandClock, ScriptedGuard


class Bench:
    """A Watering with everything it talks to."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.guard = ScriptedGuard()
        self.runs: list[Run] = []
        self.told: list[tuple[str, Refusal]] = []
        self.air: tuple[float | None, float | None] = (24.5, 12.0)
        self.watering = Watering(
            STATION,
            self.clock,
            self.guard,
            lambda: self.air,
            self.runs.append,
            lambda zone, refusal: self.told.append((zone, refusal)),
        )

    def live(self, seconds: float, step_s: float = 1.0) -> None:
        """Tick as the controller's loop does."""
        for _ in range(round(seconds / step_s)):
            self.clock.advance(step_s)
            self.watering.tick()

    def started(self) -> str:
        """Take the water decision, start its run, and give the run's id."""
        self.watering.accept(WATER)
        self.watering.tick()
        return str(self.guard.of("start")[-1]["id"])


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_decision_becomes_one_start_question(bench: Bench) -> None:
    run_id = bench.started()
    [start] = bench.guard.of("start")
    assert start == {
        "verb": "start",
        "id": run_id,
        "zone": "north",
        "origin": "auto",
        "max_s": 1200.0,
        "max_l": 1000.0,
        "air_t_c": 24.5,
        "air_t_age_s": 12.0,
    }
    assert bench.watering.watering
    assert bench.watering.wants("north") is None
    bench.live(60)
    assert len(bench.guard.of("start")) == 1, "what runs is not asked for again"


def test_litres_are_bounded_by_what_the_pump_can_give_in_the_run(bench: Bench) -> None:
    bench.watering.accept(replace(WATER, depth_mm=30.0, run_s=600.0))  # 3000 l wanted, 400 l nominal
    bench.watering.tick()
    assert bench.guard.of("start")[0]["max_l"] == 600.0


def test_nothing_is_asked_before_its_start(bench: Bench) -> None:
    bench.watering.accept(replace(WATER, start_at=START + timedelta(minutes=10)))
    assert bench.watering.next_mono_s() == bench.clock.mono + 600
    bench.live(599)
    assert bench.guard.of("start") == []
    bench.live(1)
    assert len(bench.guard.of("start")) == 1


def test_a_decision_without_water_asks_for_nothing(bench: Bench) -> None:
    bench.watering.accept(NO_WATER)
    bench.live(60)
    assert bench.guard.of("start") == []
    assert bench.watering.idle
    assert bench.watering.next_mono_s() is None


def test_the_lease_is_renewed_every_three_seconds_with_the_newest_air(bench: Bench) -> None:
    run_id = bench.started()
    bench.air = (3.5, 7.0)
    bench.live(12, step_s=0.25)
    renewals = bench.guard.of("renew")
    assert renewals == [{"verb": "renew", "id": run_id, "air_t_c": 3.5, "air_t_age_s": 7.0}] * 4


def test_a_lost_renewal_is_sent_again_with_the_next_tick(bench: Bench) -> None:
    bench.started()
    bench.guard.silent = {"renew"}
    bench.live(3)
    assert len(bench.guard.of("renew")) == 1
    assert bench.watering.status is None
    assert bench.watering.silent == "nobody there", "no alert without its cause"
    bench.guard.silent = set()
    bench.live(1)
    assert len(bench.guard.of("renew")) == 2, "not three seconds later: the lease is running out"
    assert bench.watering.watering


def test_a_busy_pump_is_waited_out_in_silence(bench: Bench) -> None:
    bench.guard.refuse("pump_busy")
    bench.watering.accept(WATER)
    bench.live(61)
    assert len(bench.guard.of("start")) == 13, "every five seconds"
    assert bench.told == []
    assert bench.watering.refusals == {}
    bench.guard.no = None
    bench.live(5)
    assert bench.watering.watering


def test_air_that_was_not_read_yet_is_asked_for_again_within_seconds_and_told_once(bench: Bench) -> None:
    bench.guard.refuse("air_unknown")
    bench.watering.accept(WATER)
    bench.live(21)
    assert len(bench.guard.of("start")) == 5
    assert [refusal.code for _, refusal in bench.told] == [Code.AIR_UNKNOWN]
    bench.guard.no = None
    bench.live(5)
    assert bench.watering.watering


def test_a_short_rest_is_waited_out_in_silence_and_a_long_one_is_told(bench: Bench) -> None:
    bench.guard.refuse("min_rest", wait_s=120.0)
    bench.watering.accept(WATER)
    bench.live(120)
    assert len(bench.guard.of("start")) == 1
    assert bench.told == []
    bench.guard.refuse("min_rest", wait_s=901.0)
    bench.live(2)
    assert [(zone, refusal.code) for zone, refusal in bench.told] == [("north", Code.MIN_REST)]
    assert bench.told[0][1].values == {"wait_s": 901.0}


def test_another_refusal_is_told_once_and_asked_again_later(bench: Bench) -> None:
    bench.guard.refuse("tank_low")
    bench.watering.accept(WATER)
    bench.live(901)
    assert len(bench.guard.of("start")) == 4, "at once, then every five minutes"
    assert [refusal.code for _, refusal in bench.told] == [Code.TANK_LOW], "the same no is no news"
    assert bench.watering.refusals["north"].code is Code.TANK_LOW
    bench.guard.refuse("frost")
    bench.live(300)
    assert [refusal.code for _, refusal in bench.told] == [Code.TANK_LOW, Code.FROST]
    bench.guard.no = None
    bench.live(300)
    assert bench.watering.watering
    assert bench.watering.refusals == {}, "water flows: the no is history"


def test_a_malformed_answer_is_a_refusal(bench: Bench) -> None:
    bench.guard.no = {"error": "malformed start"}
    bench.watering.accept(WATER)
    bench.watering.tick()
    assert [refusal.code for _, refusal in bench.told] == [Code.BAD_REQUEST]


def test_a_silent_guard_is_asked_again_soon_and_is_no_refusal(bench: Bench) -> None:
    bench.guard.silent = {"start", "status"}
    bench.watering.accept(WATER)
    bench.live(11)
    assert bench.watering.status is None
    assert bench.watering.silent == "nobody there"
    assert len(bench.guard.of("start")) == 3, "every five seconds"
    assert bench.told == []
    bench.guard.silent = set()
    bench.live(5)
    assert bench.watering.watering
    assert bench.watering.status is not None


def test_a_run_survives_a_silent_look(bench: Bench) -> None:
    bench.started()
    bench.guard.silent = {"status"}
    bench.live(20)
    assert bench.watering.watering
    assert len(bench.guard.of("renew")) == 6


def test_a_run_whose_lease_is_refused_is_known_until_it_is_closed_and_credited_once(bench: Bench) -> None:
    run_id = bench.started()
    bench.guard.lease = False
    bench.live(4)
    assert bench.watering.watering, "the guard is still taking it back"
    bench.live(10)
    assert len(bench.guard.of("renew")) == 1, "a refused lease is not begged for"
    assert bench.watering.watering
    assert bench.runs == []
    bench.guard.close_run(run_id, litres=123.0, reason="tank_low")
    bench.live(5)
    assert bench.watering.idle
    bench.live(60)
    assert [(run.id, run.litres, run.stop_reason) for run in bench.runs] == [(run_id, 123.0, Code.TANK_LOW)]


def test_a_finished_run_is_credited_once_however_long_the_guard_lists_it(bench: Bench) -> None:
    run_id = bench.started()
    bench.guard.close_run(run_id)
    bench.live(120)
    assert len(bench.guard.of("status")) > 5
    assert [run.id for run in bench.runs] == [run_id]
    assert bench.watering.idle


def test_runs_on_record_from_before_are_not_credited_again(bench: Bench) -> None:
    bench.guard.close_run("old")
    bench.guard.close_run("new")
    bench.watering.seen(["old"])
    bench.watering.poll()
    assert [run.id for run in bench.runs] == ["new"]


def test_stop_forgets_what_waits(bench: Bench) -> None:
    bench.watering.accept(replace(WATER, start_at=START + timedelta(hours=1)))
    bench.guard.status["stop_latched"] = True
    bench.live(15)
    bench.guard.status["stop_latched"] = False
    bench.live(3700, step_s=10.0)
    assert bench.guard.of("start") == []


def test_a_stop_lifted_between_two_looks_forgets_what_waits_with_nothing_running_too(bench: Bench) -> None:
    bench.guard.status |= {"boot_id": "b", "stops": 4}
    bench.live(20)
    bench.watering.accept(replace(WATER, start_at=START + timedelta(hours=1)))
    bench.live(20)
    assert bench.watering.wants("north") is not None
    bench.guard.status |= {"boot_id": "b", "stops": 5}
    bench.live(20)
    assert bench.watering.wants("north") is None
    bench.watering.accept(replace(WATER, start_at=START + timedelta(hours=1)))
    bench.guard.status |= {"boot_id": "another", "stops": 0}
    bench.live(20)
    assert bench.watering.wants("north") is not None, "a guard that began anew was not stopped"


def test_a_stop_lifted_between_two_looks_still_forgets_what_waits(bench: Bench) -> None:
    run_id = bench.started()
    bench.watering.accept(replace(WATER, zone="south", start_at=START + timedelta(minutes=5)))
    bench.live(6)
    bench.guard.close_run(run_id, reason="stopped")  # STOP and resume, both within five seconds
    bench.live(600)
    assert len(bench.guard.of("start")) == 1
    assert bench.watering.wants("south") is None


def test_a_start_refused_by_stop_is_forgotten_and_told(bench: Bench) -> None:
    bench.watering.poll()
    bench.guard.refuse("stopped")
    bench.watering.accept(WATER)
    bench.live(1)
    bench.guard.no = None  # resumed before the next look
    bench.live(600)
    assert len(bench.guard.of("start")) == 1
    assert [refusal.code for _, refusal in bench.told] == [Code.STOPPED]


def test_a_new_decision_replaces_a_waiting_one(bench: Bench) -> None:
    bench.guard.refuse("tank_low")
    bench.watering.accept(WATER)
    bench.live(1)
    newer = replace(WATER, id="d2", depth_mm=5.0)
    bench.watering.accept(newer)
    assert bench.watering.wants("north") is newer
    bench.guard.no = None
    bench.live(1)
    assert bench.guard.of("start")[-1]["max_l"] == 500.0, "the new depth, and asked without the old wait"
    bench.live(600)
    assert len(bench.guard.of("start")) == 2


def test_a_decision_for_no_water_takes_the_waiting_one_back_but_not_the_open_run(bench: Bench) -> None:
    bench.guard.refuse("tank_low")
    bench.watering.accept(WATER)
    bench.live(1)
    bench.watering.accept(NO_WATER)
    assert bench.watering.idle
    assert bench.watering.refusals == {}
    bench.guard.no = None
    run_id = bench.started()
    bench.watering.accept(NO_WATER)
    bench.live(3)
    assert [renewal["id"] for renewal in bench.guard.of("renew")] == [run_id]


def test_a_want_expires_after_twelve_hours(bench: Bench) -> None:
    bench.guard.refuse("tank_low")
    bench.watering.accept(WATER)
    bench.live(12 * 3600, step_s=60.0)
    assert bench.watering.wants("north") is WATER
    bench.live(60)
    assert bench.watering.wants("north") is None
    asked = len(bench.guard.of("start"))
    bench.guard.no = None
    bench.live(3600, step_s=60.0)
    assert len(bench.guard.of("start")) == asked


def test_every_open_run_is_renewed(bench: Bench) -> None:
    bench.watering.accept(WATER)
    bench.watering.accept(replace(WATER, id="s1", zone="south"))
    bench.watering.tick()
    first, second = bench.guard.of("start")
    assert (first["zone"], second["zone"]) == ("north", "south")
    bench.live(3)
    assert {renewal["id"] for renewal in bench.guard.of("renew")} == {first["id"], second["id"]}


def test_a_controller_that_ends_lets_the_guard_book_what_was_given(bench: Bench) -> None:
    run_id = bench.started()
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        bench.clock.advance(seconds)
        if len(waits) == 10:  # the valve follows the pump two seconds later
            bench.guard.close_run(run_id, litres=12.0, reason="ended")

    bench.watering.close(wait)
    assert bench.guard.of("end") == [{"verb": "end", "id": run_id}]
    assert [(run.id, run.litres) for run in bench.runs] == [(run_id, 12.0)]
    assert len(waits) == 10


@pytest.mark.parametrize("silent", [{"end"}, {"end", "status"}, set()])
def test_the_end_waits_for_no_guard_that_does_not_answer(bench: Bench, silent: set[str]) -> None:
    bench.started()
    bench.guard.silent = silent
    began_s = bench.clock.mono_s()
    bench.watering.close(bench.clock.advance)
    assert bench.clock.mono_s() - began_s <= 5.3
    assert bench.runs == []


def test_without_water_the_end_asks_nothing(bench: Bench) -> None:
    bench.watering.close(bench.clock.advance)
    assert bench.guard.asked == []
