"""What people ask takes water away, moves it, or changes it a little; it never passes a limit and never makes water of none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldstation.agronomy.application import run_s
from fieldstation.domain.adjustment import ADJUSTMENT_FRACS, SKIP_HOLDS, Adjustments, Said
from fieldstation.domain.change import ChangeCode
from fieldstation.domain.decision import Decision, Reason, Rung
from fieldstation.policies.ladder import decide
from fieldstation.policies.window import next_window, open_minutes
from tests.kit.facts import AT, WAITS, ZONE, facts

ANNA = {
    name: Said("anna", AT) for name in ("automatic", "nudge_frac", "pause_until", "quiet_from", "skip_next")
}
ROOMY = replace(
    ZONE,
    max_depth_mm_per_day=500.0,
    limits=replace(ZONE.limits, longest_run_s=1e6, max_s_per_day=1e6, max_l_per_day=1e6),
)
"""No bound cuts what it wants."""
PLAIN = decide(facts(zone=ROOMY))


def under(**asked: object) -> Decision:
    return decide(facts(zone=ROOMY, adjustments=Adjustments(said=ANNA, **asked)))  # type: ignore[arg-type] # fields of Nudges


def test_who_asks_nothing_changes_nothing() -> None:
    assert PLAIN.depth_mm > 0
    assert PLAIN.limited_by == ()
    assert under() == PLAIN
    assert decide(facts(adjustments=Adjustments(said=ANNA), **WAITS)) == decide(facts(**WAITS))  # type: ignore[arg-type]


@pytest.mark.parametrize("frac", [frac for frac in ADJUSTMENT_FRACS if frac])
def test_a_little_less_or_more_is_that_part_of_the_depth(frac: float) -> None:
    corrected = under(nudge_frac=frac)
    assert corrected.depth_mm == pytest.approx(PLAIN.depth_mm * (1 + frac), abs=0.02)
    assert corrected.run_s == pytest.approx(PLAIN.run_s * (1 + frac), rel=0.002)
    assert (corrected.reason, corrected.start_at) == (PLAIN.reason, PLAIN.start_at)
    assert (corrected.values["nudge_frac"], corrected.values["nudge_by"]) == (frac, "anna")
    assert corrected.changes[-1].code is ChangeCode.WITHOUT_REQUEST
    assert corrected.changes[-1].values == {"by": "anna", "mm": round(PLAIN.depth_mm, 1)}


def test_more_stops_at_every_bound_and_says_which() -> None:
    tight = replace(ROOMY, max_depth_mm_per_day=PLAIN.depth_mm * 1.05)
    more = decide(facts(zone=tight, adjustments=Adjustments(nudge_frac=0.2)))
    assert more.depth_mm == pytest.approx(tight.max_depth_mm_per_day, abs=0.01)
    assert more.limited_by == ("max_depth_mm_per_day",)
    short = replace(ROOMY, limits=replace(ROOMY.limits, longest_run_s=PLAIN.run_s))
    assert decide(facts(zone=short, adjustments=Adjustments(nudge_frac=0.2))).run_s <= PLAIN.run_s


def test_less_is_less_of_what_a_bound_had_left() -> None:
    tight = replace(ROOMY, max_depth_mm_per_day=PLAIN.depth_mm / 2)
    less = decide(facts(zone=tight, adjustments=Adjustments(nudge_frac=-0.2)))
    assert less.depth_mm == pytest.approx(0.8 * tight.max_depth_mm_per_day, abs=0.01)
    assert less.limited_by == ("max_depth_mm_per_day",)


def test_less_is_never_less_than_the_smallest_event_and_more_makes_no_event() -> None:
    least = replace(ROOMY, min_event_mm=PLAIN.depth_mm * 0.95)
    less = decide(facts(zone=least, adjustments=Adjustments(nudge_frac=-0.2)))
    assert less.depth_mm == pytest.approx(least.min_event_mm, abs=0.01)
    most = replace(ROOMY, min_event_mm=PLAIN.depth_mm * 1.1)
    assert decide(facts(zone=most)).depth_mm == 0
    assert decide(facts(zone=most, adjustments=Adjustments(nudge_frac=0.2))).depth_mm == 0


def test_the_days_cap_only_tightens_and_counts_what_was_given() -> None:
    cap_mm = PLAIN.depth_mm / 2
    capped = under(day_cap_mm=cap_mm)
    assert capped.depth_mm == pytest.approx(cap_mm, abs=0.01)
    assert capped.limited_by == ("day_cap_mm",)
    freed = [change for change in capped.changes if change.code is ChangeCode.WITHOUT_LIMIT]
    assert freed[0].values == {"limit": "day_cap_mm", "mm": round(PLAIN.depth_mm, 1)}
    later = decide(facts(zone=ROOMY, given_last_24h_mm=3.0, adjustments=Adjustments(day_cap_mm=cap_mm)))
    assert later.depth_mm == pytest.approx(cap_mm - 3.0, abs=0.01)
    tight = facts(zone=replace(ROOMY, max_depth_mm_per_day=cap_mm))
    wider = decide(replace(tight, adjustments=Adjustments(day_cap_mm=cap_mm * 1.5)))
    assert (wider.depth_mm, wider.limited_by) == (decide(tight).depth_mm, ("max_depth_mm_per_day",))
    used = under(day_cap_mm=0.5)
    assert (used.depth_mm, used.reason) == (0.0, Reason.DAILY_LIMIT)


def test_automatic_off_gives_nothing_and_says_what_it_would_have_been() -> None:
    off = under(automatic=False)
    assert (off.depth_mm, off.run_s, off.start_at, off.expected_at) == (0.0, 0.0, None, None)
    assert (off.reason, off.rung) == (Reason.AUTOMATIC_OFF, PLAIN.rung)
    assert off.values == {"by": "anna", "would_mm": round(PLAIN.depth_mm, 1)}
    assert [(c.code, c.values) for c in off.changes] == [
        (ChangeCode.WITHOUT_REQUEST, {"by": "anna", "mm": round(PLAIN.depth_mm, 1)})
    ]
    calm = decide(facts(adjustments=Adjustments(automatic=False, said=ANNA), **WAITS))  # type: ignore[arg-type]
    assert (calm.reason, calm.changes[0].code) == (Reason.AUTOMATIC_OFF, ChangeCode.REQUEST_OVER)


def test_a_pause_holds_until_its_day_and_ends_by_itself() -> None:
    friday = AT.date() + timedelta(days=2)
    paused = under(pause_until=friday)
    assert (paused.depth_mm, paused.reason) == (0.0, Reason.PAUSED)
    assert paused.values["until"] == friday.isoformat()
    assert paused.expected_at == datetime(friday.year, friday.month, friday.day, tzinfo=UTC)
    assert under(pause_until=AT.date()) == replace(PLAIN), "on its day it is over"
    assert Adjustments(pause_until=AT.date()).pause_over(AT.date(), trusted=True)
    assert not Adjustments(pause_until=AT.date()).pause_over(AT.date(), trusted=False)


def test_a_pause_holds_while_nobody_knows_the_date() -> None:
    unset = facts(clock_trusted=False, adjustments=Adjustments(pause_until=date(2020, 1, 1), said=ANNA))
    held = decide(unset)
    assert decide(replace(unset, adjustments=Adjustments())).depth_mm > 0, "the probe would have watered"
    assert (held.depth_mm, held.reason) == (0.0, Reason.PAUSED_CLOCK)


def test_a_skip_takes_one_watering_and_waits_for_one() -> None:
    skipped = under(skip_next=True)
    assert (skipped.depth_mm, skipped.reason) == (0.0, Reason.SKIPPED)
    assert skipped.expected_at == AT + SKIP_HOLDS
    calm = facts(adjustments=Adjustments(skip_next=True), **WAITS)  # type: ignore[arg-type]
    assert decide(calm) == decide(replace(calm, adjustments=Adjustments())), "no watering, nothing to skip"


def test_a_used_skip_holds_for_the_evening_not_for_the_next_morning() -> None:
    def decided(hours_ago: float) -> Reason:
        return under(skipped_at=AT - timedelta(hours=hours_ago)).reason

    assert decided(12) is Reason.SKIPPED
    assert decided(24) is PLAIN.reason
    assert decided(-1) is PLAIN.reason, "a clock set back does not make it hold for ever"


@pytest.mark.parametrize(
    ("own", "quiet", "at_hour", "starts_hour"),
    [
        ((0, 0), (4, 9), 5, 9),  # any hour, but not now
        ((0, 0), (22, 4), 5, 5),
        ((20, 8), (22, 6), 23, 6),  # what is left of the night on both sides
        ((20, 8), (6, 20), 6, 20),
        ((20, 8), (18, 6), 9, 6),  # closed until 20, quiet from 18 on
        ((4, 10), (4, 9), 5, 9),
        ((4, 10), (8, 12), 9, 4),  # the quiet hours end when it is closed
    ],
)
def test_quiet_hours_only_take_from_the_zones_own(
    own: tuple[int, int], quiet: tuple[int, int], at_hour: int, starts_hour: int
) -> None:
    zone = replace(ZONE, water_from=clock_time(own[0]), water_until=clock_time(own[1]))
    adjustments = Adjustments(quiet_from=clock_time(quiet[0]), quiet_until=clock_time(quiet[1]))
    at = AT.replace(hour=at_hour)
    start = next_window(facts(zone=zone, adjustments=adjustments), at)
    assert start.hour == starts_hour
    assert at <= start < at + timedelta(days=1)


def test_quiet_hours_are_told_and_such_as_leave_no_time_give_no_water() -> None:
    waits = under(quiet_from=clock_time(4), quiet_until=clock_time(9))
    assert waits.start_at == AT.replace(hour=9)
    assert waits.depth_mm == PLAIN.depth_mm
    assert waits.changes[-1].code is ChangeCode.QUIET_HOURS
    night = replace(ZONE, water_from=clock_time(20), water_until=clock_time(4))
    never = Adjustments(quiet_from=clock_time(19), quiet_until=clock_time(5), said=ANNA)
    assert open_minutes(night, never) == 0
    held = decide(facts(zone=night, adjustments=never))
    assert (held.depth_mm, held.reason) == (0.0, Reason.NO_QUIET_TIME)
    assert open_minutes(night, Adjustments(quiet_from=clock_time(21), quiet_until=clock_time(4))) == 60
    assert open_minutes(night, Adjustments(quiet_from=clock_time(21))) == 480, "half an hour's name is none"


def test_no_crop_and_no_input_are_told_before_any_wish() -> None:
    before = facts(at=datetime(2026, 4, 1, tzinfo=UTC), adjustments=Adjustments(automatic=False))
    assert decide(before).reason is Reason.OUT_OF_SEASON
    lost = decide(facts(clock_trusted=False, probe=None, adjustments=Adjustments(automatic=False)))
    assert (lost.rung, lost.reason) == (Rung.HOLD, Reason.CLOCK_UNTRUSTED)


made = st.builds(
    Adjustments,
    automatic=st.sampled_from([True, True, True, False]),
    nudge_frac=st.sampled_from(ADJUSTMENT_FRACS),
    pause_until=st.one_of(st.none(), st.dates(date(2026, 6, 20), date(2026, 7, 10))),
    quiet_from=st.one_of(st.none(), st.times().map(lambda at: at.replace(second=0, microsecond=0))),
    quiet_until=st.one_of(st.none(), st.times().map(lambda at: at.replace(second=0, microsecond=0))),
    day_cap_mm=st.one_of(st.none(), st.floats(0, 60)),
    skip_next=st.booleans(),
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    made,
    st.floats(0, 40),
    st.integers(0, 30),
    st.booleans(),
    st.tuples(st.integers(0, 23), st.integers(0, 23)),
)
def test_whatever_people_ask_every_limit_holds(
    nudges: Adjustments, given_mm: float, dry_days: int, trusted: bool, hours: tuple[int, int]
) -> None:
    zone = replace(ZONE, water_from=clock_time(hours[0]), water_until=clock_time(hours[1]))
    base = facts(dry_days=dry_days, given_last_24h_mm=given_mm, clock_trusted=trusted, zone=zone)
    free, asked = decide(base), decide(replace(base, adjustments=nudges))
    if free.depth_mm == 0:
        assert asked.depth_mm == 0, "a wish makes no watering of none"
    if asked.depth_mm == 0:
        assert (asked.run_s, asked.start_at) == (0.0, None)
        return
    assert asked.depth_mm <= max(free.depth_mm, free.depth_mm * (1 + nudges.nudge_frac)) + 0.01
    assert zone.min_event_mm - 0.01 <= asked.depth_mm <= zone.max_depth_mm_per_day - given_mm + 0.01
    assert nudges.day_cap_mm is None or asked.depth_mm <= nudges.day_cap_mm - given_mm + 0.01
    assert asked.run_s <= zone.limits.longest_run_s + 0.1
    assert asked.run_s == pytest.approx(run_s(asked.depth_mm, zone.area_m2, 40.0), abs=2)
    assert asked.start_at is not None
    assert free.start_at is not None
    assert asked.start_at >= free.start_at
    assert next_window(base, asked.start_at) == asked.start_at, "inside the zone's own hours"
