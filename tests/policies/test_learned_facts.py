"""What is learned of a zone changes how long a run takes and what is told, never whether, how much or which limit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldstation.agronomy.application import run_s
from fieldstation.domain.decision import Reason
from fieldstation.domain.forecast import Quantiles
from fieldstation.domain.learned import ZoneLearned
from fieldstation.policies.ladder import decide
from fieldstation.policies.refill import WITHIN_LIMITS
from tests.kit.facts import AT, WAITS, WET, ZONE, facts


def test_a_slow_flow_takes_longer_for_the_same_depth() -> None:
    plain = decide(facts())
    slow = decide(facts(learned=ZoneLearned(measured_lpm=32.0)))
    assert slow.depth_mm == plain.depth_mm > 0
    assert slow.run_s == pytest.approx(plain.run_s * 40 / 32, rel=0.01)


def test_a_flow_above_the_pumps_name_changes_nothing() -> None:
    assert decide(facts(learned=ZoneLearned(measured_lpm=60.0))) == decide(facts())


@settings(max_examples=60, deadline=None)
@given(st.floats(0.1, 100), st.floats(0.3, 3), st.floats(0, 1), st.floats(0, 20))
def test_nothing_learned_moves_a_limit_or_a_depth(
    lpm: float, use: float, depletion: float, given_mm: float
) -> None:
    forecast = replace(WET, depletion_frac=Quantiles(max(0.0, depletion - 0.1), depletion, depletion + 0.1))
    plain = decide(facts(forecast=forecast, given_last_24h_mm=given_mm))
    learned = decide(facts(forecast=forecast, given_last_24h_mm=given_mm, learned=ZoneLearned(lpm, use)))
    assert (learned.depth_mm, learned.reason, learned.rung) == (plain.depth_mm, plain.reason, plain.rung)
    assert learned.limited_by == plain.limited_by
    limits, spent_s = ZONE.limits, run_s(given_mm, ZONE.area_m2, lpm)
    left_s = WITHIN_LIMITS * limits.max_s_per_day - spent_s
    assert learned.run_s <= max(plain.run_s, min(limits.longest_run_s, left_s)) + 0.05, "told to 0.1 s"


def test_the_minutes_that_slow_water_took_are_gone_from_the_day() -> None:
    given_mm, slow = 5.0, ZoneLearned(measured_lpm=32.0)
    by_name_s = decide(facts(given_last_24h_mm=given_mm)).run_s
    spent_s = run_s(given_mm, ZONE.area_m2, 32.0)
    limits = replace(ZONE.limits, max_s_per_day=(spent_s + 1.1 * by_name_s) / WITHIN_LIMITS)
    told = decide(facts(given_last_24h_mm=given_mm, learned=slow, zone=replace(ZONE, limits=limits)))
    assert told.run_s == pytest.approx(1.1 * by_name_s, abs=0.1), (
        "1.25 times as long would pass the day's minutes"
    )


def test_a_zone_that_dries_faster_is_expected_sooner_and_waits_all_the_same() -> None:
    plain = decide(facts(**WAITS))  # type: ignore[arg-type] # fields of ZoneFacts by name
    fast = decide(facts(**WAITS, learned=ZoneLearned(crop_use=1.3)))  # type: ignore[arg-type] # the same
    assert (plain.reason, plain.depth_mm) == (fast.reason, fast.depth_mm) == (Reason.ENOUGH_WATER, 0.0)
    assert plain.expected_at is not None
    assert fast.expected_at is not None
    assert (fast.expected_at - AT) / (plain.expected_at - AT) == pytest.approx(1 / 1.3, rel=0.01)
    assert fast.values["days_left"] == pytest.approx(float(plain.values["days_left"] or 0) / 1.3, abs=0.11)


def test_measured_minutes_leave_room_for_the_day_and_never_pass_the_longest_run() -> None:
    limits = replace(ZONE.limits, longest_run_s=500.0)
    plain = decide(facts(zone=replace(ZONE, limits=limits)))
    slow = decide(facts(zone=replace(ZONE, limits=limits), learned=ZoneLearned(measured_lpm=20.0)))
    assert plain.depth_mm == slow.depth_mm > 0
    assert plain.run_s <= slow.run_s <= 500.0
