"""What people ask is kept with its line in the audit log, is in force at once, survives a restart, and ends when it should."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fieldstation.domain.adjustment import SKIP_HOLDS
from fieldstation.domain.decision import Reason
from fieldstation.policies.rungs.threshold import REFILL_PART
from tests.controller.asked import FULL, Asked
from tests.kit.controller_bench import START
from tests.kit.status import seen


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    return Asked(tmp_path)


def test_a_skip_takes_one_watering_is_used_up_with_it_and_holds_over_a_restart(asked: Asked) -> None:
    assert asked.say("skip") == {"asked": "skip", "zone": "north"}
    asked.feel(FULL)
    assert asked.reason() is Reason.ENOUGH_WATER
    assert asked.core.adjustments("north").skip_next, "no watering, nothing skipped"
    asked.restart()
    asked.feel()
    skipped = asked.decide()
    assert (skipped.depth_mm, skipped.reason, skipped.values["by"]) == (0.0, Reason.SKIPPED, "anna")
    assert not asked.core.adjustments("north").skip_next, "used up"
    asked.live(60)
    assert asked.guard.of("start") == []
    assert asked.audit_log() == [("anna", "skip"), ("station", "skip_used")]
    asked.restart()
    asked.clock.advance(12 * 3600)
    asked.feel()
    assert asked.reason() is Reason.SKIPPED, "the evening's plan is the same watering"
    asked.clock.advance(SKIP_HOLDS.total_seconds() - 12 * 3600)
    asked.feel()
    assert asked.decide().depth_mm > 0
    asked.live(2)
    assert len(asked.guard.of("start")) == 1
    assert asked.audit_log() == [("anna", "skip"), ("station", "skip_used")], "one skip, one use"


def test_a_skip_that_cannot_be_written_as_used_gives_no_water_either(asked: Asked) -> None:
    asked.feel()
    asked.say("skip")
    with sqlite3.connect(asked.path) as holder:
        holder.execute("BEGIN IMMEDIATE")
        assert asked.reason() is Reason.SKIPPED
        asked.live(5)
        holder.rollback()
    assert asked.guard.of("start") == []
    assert asked.core.adjustments("north").skip_next


def test_skipping_what_already_waits_takes_it_back_at_once(asked: Asked) -> None:
    asked.feel()
    asked.guard.refuse("tank_low")
    assert asked.decide().depth_mm > 0
    asked.live(2)
    asked.say("skip")
    assert asked.core.watering.wants("north") is None
    assert asked.core.decisions["north"].reason is Reason.SKIPPED
    asked.guard.no = None
    asked.live(600)
    assert len(asked.guard.of("start")) == 1


def test_a_skip_can_be_taken_back(asked: Asked) -> None:
    asked.feel()
    asked.say("skip")
    asked.say("skip", by="ben", on=False)
    assert asked.decide().depth_mm > 0
    assert asked.audit_log() == [("anna", "skip"), ("ben", "unskip")]
    assert not asked.core.wants_plan, "nothing had been skipped yet: the next plan is soon enough"


def test_a_skip_that_was_used_can_be_taken_back_the_same_day(asked: Asked) -> None:
    asked.feel()
    asked.say("skip")
    assert asked.reason() is Reason.SKIPPED
    asked.say("skip", on=False)
    assert asked.core.wants_plan
    assert asked.decide().depth_mm > 0


def test_a_pause_holds_ends_by_itself_and_is_then_forgotten(asked: Asked) -> None:
    until = START.date() + timedelta(days=2)
    assert asked.say("pause", until=until.isoformat())["asked"] == "pause"
    asked.feel()
    paused = asked.decide()
    assert (paused.reason, paused.depth_mm, paused.values["until"]) == (Reason.PAUSED, 0.0, until.isoformat())
    asked.restart()
    asked.feel()
    assert asked.reason() is Reason.PAUSED, "over a restart"
    asked.clock.sure = False
    asked.clock.advance(10 * 86400)
    asked.feel()
    assert asked.reason() is Reason.PAUSED_CLOCK, "nobody knows the date: never more water"
    asked.clock.sure = True
    assert asked.decide().depth_mm > 0
    assert asked.core.adjustments("north").pause_until is None
    asked.restart()
    asked.clock.sure = False
    asked.feel()
    assert asked.reason() is not Reason.PAUSED_CLOCK, "a pause that was over does not come back"
    assert asked.audit_log() == [("anna", "pause"), ("station", "pause_ended")]


def test_a_pause_takes_back_what_waits_and_resuming_plans_anew(asked: Asked) -> None:
    asked.feel()
    asked.guard.refuse("tank_low")
    asked.decide()
    asked.live(1)
    asked.say("pause", until=(START.date() + timedelta(days=3)).isoformat())
    assert asked.core.watering.wants("north") is None
    assert asked.core.decisions["north"].reason is Reason.PAUSED, "told at once, not at the next plan"
    asked.core.wants_plan = False
    asked.say("resume_automatic", by="ben")
    assert asked.core.wants_plan
    asked.guard.no = None
    assert asked.decide().depth_mm > 0


def test_automatic_off_and_on(asked: Asked) -> None:
    asked.feel()
    asked.say("automatic", on=False)
    assert asked.reason() is Reason.AUTOMATIC_OFF
    asked.say("automatic", on=True)
    assert asked.decide().depth_mm > 0
    assert asked.audit_log() == [("anna", "automatic_off"), ("anna", "automatic_on")]


def test_the_same_setting_by_its_plain_name_takes_back_what_waits_too(asked: Asked) -> None:
    asked.feel()
    asked.guard.refuse("tank_low")
    asked.decide()
    asked.live(1)
    asked.say("set_setting", name="automatic", value=False)
    assert asked.core.watering.wants("north") is None
    assert asked.core.decisions["north"].reason is Reason.AUTOMATIC_OFF


def test_another_amount_drops_what_waits_for_a_fresh_plan(asked: Asked) -> None:
    asked.feel()
    asked.guard.refuse("tank_low")
    plain = asked.decide()
    asked.live(1)
    asked.say("nudge", frac=-0.2)
    assert asked.core.watering.wants("north") is None
    assert asked.core.wants_plan
    assert asked.decide().depth_mm == pytest.approx(plain.depth_mm * 0.8, abs=0.02)
    asked.core.wants_plan = False
    asked.say("nudge", zone="south", frac=0.1)
    assert not asked.core.wants_plan, "nothing waited: the next plan is soon enough"


def test_a_cap_cuts_and_quiet_hours_move(asked: Asked) -> None:
    asked.feel()
    asked.say("day_cap", mm=4)
    assert asked.decide().depth_mm == pytest.approx(4 * REFILL_PART)
    asked.say("quiet", **{"from": "04:00", "until": "09:30"})
    start = asked.decide().start_at
    assert start is not None
    assert (start.hour, start.minute) == (9, 30)
    asked.live(60)
    assert asked.guard.of("start") == []
    asked.say("quiet", **{"from": None, "until": None})
    asked.say("day_cap", mm=None)
    assert asked.decide().depth_mm > 4
    assert [what for _, what in asked.audit_log()] == ["day_cap", "quiet", "quiet_none", "day_cap_none"]


def test_quiet_hours_end_an_automatic_run(asked: Asked) -> None:
    asked.feel()
    asked.decide()
    asked.live(1)
    (start,) = asked.guard.of("start")
    asked.say("quiet", **{"from": "05:30", "until": "08:00"})
    asked.live(60)
    assert asked.guard.of("end") == []
    asked.clock.advance(600)
    asked.live(1)
    assert asked.guard.of("end") == [{"verb": "end", "id": start["id"]}]


def test_what_was_late_is_not_asked_for_in_quiet_hours(asked: Asked) -> None:
    asked.say("quiet", **{"from": "05:30", "until": "06:30"})
    asked.feel()
    asked.guard.refuse("tank_low")
    assert asked.decide().depth_mm > 0
    asked.live(8 * 60, step_s=2)
    assert len(asked.guard.of("start")) == 2, "05:20 and 05:25"
    asked.live(60 * 60, step_s=5)
    assert len(asked.guard.of("start")) == 2
    asked.guard.no = None
    asked.live(5 * 60, step_s=2)
    assert len(asked.guard.of("start")) == 3, "after half past six"


@pytest.mark.parametrize(
    ("verb", "more", "code"),
    [
        ("skip", {"zone": "west"}, "zone_unknown"),
        ("skip", {"by": ""}, "nobody_asks"),
        ("nudge", {"frac": 0.3}, "nudge_unknown"),
        ("nudge", {"frac": True}, "nudge_unknown"),
        ("nudge", {}, "nudge_unknown"),
        ("pause", {"until": "2026-07-01"}, "pause_day"),
        ("pause", {"until": "soon"}, "pause_day"),
        ("pause", {"until": "2027-07-01"}, "pause_day"),
        ("automatic", {"on": "yes"}, "yes_or_no"),
        ("quiet", {"from": "09:00", "until": "09:00"}, "quiet_hours"),
        ("quiet", {"from": "09:00"}, "quiet_hours"),
        ("quiet", {"from": "9", "until": "x"}, "quiet_hours"),
        ("quiet", {"from": "05:00Z", "until": "08:00"}, "quiet_hours"),
        ("quiet", {"from": "05:00:30", "until": "08:00"}, "quiet_hours"),
        ("quiet", {"from": "00:30", "until": "00:00"}, "quiet_leaves_no_time"),
        ("day_cap", {"mm": 1000}, "cap_out_of_range"),
        ("day_cap", {"mm": 0.1}, "cap_out_of_range"),
        ("day_cap", {"mm": "4"}, "cap_out_of_range"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_changes_nothing(
    asked: Asked, verb: str, more: dict[str, Any], code: str
) -> None:
    assert asked.say(verb, **more)["refused"] == code
    assert asked.audit_log() == []
    assert asked.core.settings.stored == {}


def test_no_pause_is_taken_while_nobody_knows_the_date(asked: Asked) -> None:
    asked.clock.sure = False
    assert asked.say("pause", until="2026-07-03")["refused"] == "clock_unset"


def test_a_wish_that_cannot_be_written_changes_nothing(asked: Asked) -> None:
    with sqlite3.connect(asked.path) as holder:
        holder.execute("BEGIN IMMEDIATE")
        assert asked.say("skip")["refused"] == "record_failed"
        holder.rollback()
    assert not asked.core.adjustments("north").skip_next


def test_the_snapshot_tells_who_asked_what_since_when(asked: Asked) -> None:
    asked.feel(FULL)
    asked.decide()
    asked.say("pause", until="2026-07-04")
    asked.say("skip", by="ben")
    asked.say("nudge", frac=0.1)
    north, south = seen(asked.core)["zones"]
    at = asked.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    assert north["nudges"] == [
        {"name": "pause", "value": "2026-07-04", "by": "anna", "since": at},
        {"name": "skip", "value": None, "by": "ben", "since": at},
        {"name": "nudge", "value": 0.1, "by": "anna", "since": at},
    ]
    assert south["nudges"] == []
    assert north["next_run"]["skipped"] is True
    assert north["next_run"]["at"] >= "2026-07-04"
    asked.say("automatic", on=False)
    assert seen(asked.core)["zones"][0]["next_run"] is None
