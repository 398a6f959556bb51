"""Water by hand: asked once, judged by the guard, bounded by the day, forgotten by a restart and by STOP."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fieldstation.controller.watering.manual import ByHand
from fieldstation.domain.decision import Reason
from tests.controller.asked import Asked
from tests.kit import status
from tests.kit.controller_bench import STATION

ZONE = STATION.zone("north")


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    found = Asked(tmp_path)
    found.core.watering.poll()
    return found


def press(asked: Asked, form: str = "a", zone: str = "north", **amount: float) -> dict[str, Any]:
    key = f"{asked.core.by_hand.run_id}.{form}"
    return asked.say("water_now", zone=zone, key=key, **(amount or {"minutes": 10}))


def seen(asked: Asked, zone: int = 0) -> Any:
    return status.seen(asked.core)["zones"][zone]


def test_water_now_asks_the_guard_by_hand_and_lives_by_its_lease(asked: Asked) -> None:
    assert press(asked) == {"state": "running", "minutes": 10.0, "again": False, "code": None}
    (start,) = asked.guard.of("start")
    assert (start["origin"], start["zone"], start["max_s"]) == ("manual", "north", 600.0)
    assert start["max_l"] == pytest.approx(600.0), "half as much again as its name says in ten minutes"
    asked.live(9)
    assert len(asked.guard.of("renew")) == 3
    assert asked.audit_log() == [("anna", "water_now")]
    assert seen(asked)["by_hand"]["state"] == "running"
    assert seen(asked)["run"]["by"] == "anna"
    asked.guard.close_run(start["id"], litres=400.0)
    asked.live(6)
    assert seen(asked)["by_hand"] is None
    assert asked.core.last_runs["north"].litres == 400.0
    assert asked.core.given_mm("north", asked.core.last_runs["north"].started_at) == pytest.approx(4.0)
    assert asked.core.wants_plan, "what is planned has to know of it"


def test_a_double_tap_waters_once(asked: Asked) -> None:
    press(asked)
    assert press(asked)["again"] is True
    assert press(asked, "another form")["again"] is True, "the zone is being watered already"
    (start,) = asked.guard.of("start")
    asked.guard.close_run(start["id"])
    asked.live(6)
    assert press(asked) == {"state": "ended", "minutes": 10.0, "again": True, "code": "done"}
    assert len(asked.guard.of("start")) == 1, "the old form sent once more, long after"
    assert press(asked, "third")["again"] is False
    assert len(asked.guard.of("start")) == 2


def test_a_restart_forgets_and_refuses_the_forms_of_before(asked: Asked) -> None:
    asked.guard.refuse("pump_busy")
    key = f"{asked.core.by_hand.run_id}.a"
    assert asked.say("water_now", key=key, minutes=5)["state"] == "waiting"
    asked.restart()
    asked.guard.no = None
    asked.live(120)
    assert len(asked.guard.of("start")) == 1, "nothing of the wish was kept"
    assert asked.say("water_now", key=key, minutes=5)["refused"] == "form_old"
    assert asked.say("water_now", minutes=5)["refused"] == "form_old"
    assert len(asked.guard.of("start")) == 1


def test_what_does_not_start_within_a_minute_is_dropped_and_said(asked: Asked) -> None:
    asked.guard.refuse("pump_busy")
    assert press(asked)["state"] == "waiting"
    asked.live(59)
    assert len(asked.guard.of("start")) == 12, "every five seconds"
    asked.live(2)
    assert seen(asked)["by_hand"] == {
        "state": "dropped",
        "by": "anna",
        "minutes": 10.0,
        "code": "pump_busy",
        "asked_at": "2026-07-01T05:00:00Z",
    }
    asked.guard.no = None
    asked.live(300)
    assert len(asked.guard.of("start")) == 12
    asked.live(400)
    assert seen(asked)["by_hand"] is None, "told for ten minutes"
    with sqlite3.connect(asked.path) as found:
        codes = [code for (code,) in found.execute("SELECT code FROM event ORDER BY id")]
    assert codes == ["water_now_dropped"]


def test_a_wait_that_ends_in_time_waters(asked: Asked) -> None:
    asked.guard.refuse("min_rest", wait_s=20.0)
    assert press(asked)["code"] == "min_rest"
    asked.live(20)
    asked.guard.no = None
    asked.live(6)
    assert seen(asked)["by_hand"]["state"] == "running"


@pytest.mark.parametrize("code", ["tank_low", "stopped", "litres_per_day", "frost"])
def test_the_guards_no_is_told_with_its_code_and_not_asked_again(asked: Asked, code: str) -> None:
    asked.guard.refuse(code)
    assert press(asked)["refused"] == code
    asked.guard.no = None
    asked.live(120)
    assert len(asked.guard.of("start")) == 1
    assert press(asked)["refused"] == code, "the same form again is the same answer"
    assert press(asked, "b")["state"] == "running"


def test_a_long_rest_is_no_wait_and_a_silent_guard_is_asked_for_a_minute(asked: Asked) -> None:
    asked.guard.refuse("min_rest", wait_s=300.0)
    assert press(asked)["refused"] == "min_rest"
    asked.guard.silent = {"start", "status"}
    assert press(asked, "b")["code"] == "guard_silent"
    asked.live(61)
    assert seen(asked)["by_hand"]["code"] == "guard_silent"
    assert seen(asked)["by_hand"]["state"] == "dropped"


def test_a_stop_takes_back_what_waits_even_if_it_is_lifted_at_once(asked: Asked) -> None:
    asked.guard.refuse("pump_busy")
    press(asked)
    asked.guard.status["stop_latched"] = True
    asked.core.watering.poll()
    asked.guard.status["stop_latched"] = False
    asked.guard.no = None
    asked.live(60)
    assert len(asked.guard.of("start")) == 1
    assert seen(asked)["by_hand"]["code"] == "stopped"


def test_the_days_limit_bounds_it_and_the_cap_that_people_set_too(asked: Asked) -> None:
    asked.say("day_cap", mm=3)
    assert press(asked)["minutes"] == pytest.approx(7.5), "3 mm on 100 m2 at 40 l/min"
    (start,) = asked.guard.of("start")
    assert start["max_l"] == pytest.approx(300.0)
    asked.guard.close_run(start["id"], litres=300.0, at=asked.clock.now())
    asked.live(6)
    assert press(asked, "b")["refused"] == "day_used_up"
    asked.say("day_cap", mm=None)
    longest = press(asked, "c", minutes=60)["minutes"]
    most_mm = ZONE.max_depth_mm_per_day - 3.0
    assert longest == pytest.approx(min(60, ZONE.limits.longest_run_s / 60, most_mm * 100 / 40), abs=0.1)


def test_no_run_is_longer_than_zone_and_pump_allow_or_shorter_than_a_minute(asked: Asked) -> None:
    def longest_s(zone_s: float, pump_s: float, room_mm: float = 20.0) -> float:
        zone = replace(ZONE, limits=replace(ZONE.limits, longest_run_s=zone_s))
        pump = replace(STATION.pumps[0], limits=replace(STATION.pumps[0].limits, longest_run_s=pump_s))
        station = replace(STATION, zones=(zone,), pumps=(pump,))
        hands = ByHand(station, asked.clock, asked.core.watering, lambda _: room_mm, lambda _: None)
        return hands.bounded_s("north", 3600.0)

    assert longest_s(600.0, 900.0) == 600.0
    assert longest_s(900.0, 600.0) == 600.0
    assert longest_s(9000.0, 9000.0) == pytest.approx(3000.0)
    assert longest_s(9000.0, 9000.0, room_mm=0.4) == pytest.approx(60.0)
    assert longest_s(9000.0, 9000.0, room_mm=0.39) == 0.0
    assert longest_s(9000.0, 9000.0, room_mm=-5.0) == 0.0


def test_an_amount_in_mm(asked: Asked) -> None:
    assert press(asked, mm=2)["minutes"] == pytest.approx(5.0)


@pytest.mark.parametrize(
    "amount",
    [{"minutes": 0}, {"minutes": 61}, {"minutes": "5"}, {"mm": -1}, {"mm": float("nan")}, {"minutes": True}],
)
def test_amounts_that_are_none(asked: Asked, amount: dict[str, Any]) -> None:
    assert press(asked, **amount)["refused"] == "water_amount"
    assert asked.guard.of("start") == []


def test_a_zone_that_is_watered_by_itself_is_not_watered_twice(asked: Asked) -> None:
    asked.feel()
    asked.decide()
    asked.live(1)
    assert press(asked)["refused"] == "watering_already"


def test_what_waits_by_itself_is_dropped_for_it(asked: Asked) -> None:
    asked.feel()
    asked.guard.refuse("tank_low")
    asked.decide()
    asked.live(1)
    assert asked.core.watering.wants("north") is not None
    asked.guard.no = None
    press(asked)
    assert asked.core.watering.wants("north") is None
    (_, start) = asked.guard.of("start")
    asked.guard.refuse("pump_busy")
    assert asked.decide().depth_mm > 0
    asked.live(1)
    asked.guard.no = None
    asked.guard.close_run(start["id"], at=asked.clock.now())
    asked.live(60)
    assert len(asked.guard.of("start")) == 3, "what was decided during the run did not know its water"
    assert asked.reason() is Reason.RECENTLY_WATERED


def test_a_pause_does_not_forbid_the_hand(asked: Asked) -> None:
    asked.say("automatic", on=False)
    assert press(asked)["state"] == "running"


def test_this_watering_ends_at_once_and_a_wish_that_waits_too(asked: Asked) -> None:
    press(asked)
    (start,) = asked.guard.of("start")
    assert asked.say("end_run", by="ben") == {"ended": True}
    assert asked.guard.of("end") == [{"verb": "end", "id": start["id"]}]
    asked.guard.close_run(start["id"], reason="ended")
    asked.live(10)
    assert asked.guard.of("renew") == []
    assert asked.audit_log() == [("anna", "water_now"), ("ben", "end_run")]
    assert asked.say("end_run")["refused"] == "not_watering"
    asked.guard.refuse("pump_busy")
    press(asked, "b")
    assert asked.say("end_run") == {"ended": True}
    asked.guard.no = None
    asked.live(60)
    assert len(asked.guard.of("start")) == 2


def test_an_end_that_the_guard_does_not_hear_comes_by_the_lease(asked: Asked) -> None:
    press(asked)
    asked.guard.silent = {"end"}
    assert asked.say("end_run")["refused"] == "guard_silent"
    asked.live(20)
    assert asked.guard.of("renew") == []


def test_no_water_that_is_not_written_down_first(asked: Asked) -> None:
    with sqlite3.connect(asked.path) as holder:
        holder.execute("BEGIN IMMEDIATE")
        assert press(asked)["refused"] == "record_failed"
        holder.rollback()
    assert asked.guard.of("start") == []


def test_a_wish_after_a_quick_resume_is_not_taken_back_with_what_was_before(asked: Asked) -> None:
    asked.guard.status |= {"boot_id": "b", "stops": 4}
    asked.live(20)
    asked.guard.status["stops"] = 5  # STOP and resume, and nobody has looked since
    asked.guard.refuse("pump_busy")
    assert press(asked)["state"] == "waiting"
    asked.live(30)
    asked.guard.no = None
    asked.live(10)
    assert seen(asked)["by_hand"]["state"] == "running"
