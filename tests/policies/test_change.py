"""What would have changed a decision: applying it flips the decision, and a margin less does not."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from fieldstation.config.tables import crop, crop_names, soils
from fieldstation.domain.change import LIMITS, Change, ChangeCode
from fieldstation.domain.decision import Decision, Reason, Rung
from fieldstation.domain.plot import ForecastDay, Plot
from fieldstation.policies.asking import by_chooser, by_rung, changes_of_choice, least
from fieldstation.policies.change import Asked, Shift, changes, smallest_mm
from fieldstation.policies.depth import Choice, RootState, choose
from fieldstation.policies.facts import ZoneFacts
from fieldstation.policies.irrigation_strategy import strategy_of
from fieldstation.policies.ladder import decide
from fieldstation.policies.refill import WITHIN_LIMITS, Refill, refill_of
from fieldstation.policies.rootzone import RootZone, levels
from fieldstation.store.codec import decode, encode
from tests.kit.facts import AT, ZONE, facts, likely

PLOT = Plot(37.0, 100, soils()["loam"], crop("maize"), date(2026, 5, 1), 100, 25, 0.85, 2.0)
MARGIN_MM = 0.15
"""Told amounts are whole tenths, found from above: a tenth and a half less must not do."""
W = ChangeCode


def made(plot: Plot, state: RootState, rain: tuple[float, ...]) -> Choice:
    return replace(choose(plot, state, days(rain)), states=(state,))


def days(rain: tuple[float, ...]) -> tuple[ForecastDay, ...]:
    return tuple(ForecastDay(mm, None, None) for mm in rain)


def by_code(found: tuple[Change, ...]) -> dict[ChangeCode, Change]:
    assert len({change.code for change in found}) == len(found)
    return {change.code: change for change in found}


def value(change: Change, name: str) -> float:
    found = change.values[name]
    assert isinstance(found, int | float)
    assert math.isfinite(found)
    return float(found)


def moved(state: RootState, drier_mm: float) -> RootState:
    return replace(state, depletion_frac=min(1.0, max(0.0, state.depletion_frac + drier_mm / state.taw_mm)))


plots = st.builds(
    lambda name, soil, cap: replace(PLOT, crop=crop(name), soil=soils()[soil], season_cap_mm=cap),
    st.sampled_from(crop_names()),
    st.sampled_from(sorted(soils())),
    st.none() | st.floats(0, 500),
)
states = st.builds(
    RootState, st.integers(0, 170), st.floats(30, 260), st.floats(0, 1), st.floats(0.5, 11), st.floats(0, 300)
)
rains = st.lists(st.floats(0, 40), max_size=7).map(tuple)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(plots, states, rains)
def test_each_told_change_flips_the_choosers_decision_and_a_little_less_does_not(
    plot: Plot, state: RootState, rain: tuple[float, ...]
) -> None:
    choice = made(plot, state, rain)
    waters = choice.depth_mm > 0
    found = by_code(changes_of_choice(plot, choice, days(rain)))
    assert found, "there is always something to say"

    def flips(asked_of: Plot = plot, at: RootState = state, told: tuple[float, ...] = rain) -> bool:
        return (choose(asked_of, at, days(told)).depth_mm > 0) != waters

    for code, change in found.items():
        event(code)
        match code:
            case W.DRIER | W.WETTER:
                sign, mm = (1 if code is W.DRIER else -1), value(change, "mm")
                assert mm > 0
                assert flips(at=moved(state, sign * mm))
                assert mm <= MARGIN_MM or not flips(at=moved(state, sign * (mm - MARGIN_MM)))
            case W.LESS_RAIN_FORECAST:
                below, total = value(change, "below_mm"), sum(rain[: strategy_of(plot).rain_days])
                assert abs(total - value(change, "foretold_mm")) <= 0.051
                assert flips(told=tuple(mm * below / total for mm in rain))
                more = below + 2 * MARGIN_MM
                assert more >= total or not flips(told=tuple(mm * more / total for mm in rain))
            case W.MORE_RAIN_FORECAST:
                mm, first, rest = value(change, "mm"), (rain or (0.0,))[0], rain[1:]
                assert flips(told=(first + mm, *rest))
                assert mm <= MARGIN_MM or not flips(told=(first + mm - MARGIN_MM, *rest))
            case W.WITHOUT_LIMIT:
                lifted = (
                    replace(plot, season_cap_mm=None)
                    if change.values["limit"] == "season_water_cap_mm"
                    else replace(plot, max_depth_mm_per_day=1e9)
                )
                if choice.depth_mm or len(choice.limited_by) < 2:
                    freed = choose(lifted, state, days(rain)).depth_mm
                    both = choose(
                        replace(lifted, max_depth_mm_per_day=1e9, season_cap_mm=None), state, days(rain)
                    )
                    assert value(change, "mm") in (round(freed, 1), round(both.depth_mm, 1))
                assert value(change, "mm") > choice.depth_mm
            case W.NOTHING:
                assert len(found) == 1
                assert not flips(at=moved(state, state.taw_mm))
                assert not flips(told=())
            case _:
                raise AssertionError(f"the chooser knows no {code}")


@given(plots, states, st.floats(0.01, 0.4), rains)
def test_of_two_views_both_must_be_dry(
    plot: Plot, state: RootState, drier: float, rain: tuple[float, ...]
) -> None:
    other = replace(state, depletion_frac=min(1.0, state.depletion_frac + drier))
    choice = least(made(plot, state, rain), made(plot, other, rain))
    ask = by_chooser(plot, choice.states, days(rain))
    assert ask(Shift()) == choice.depth_mm
    found = by_code(changes_of_choice(plot, choice, days(rain)))
    if W.DRIER in found:
        mm = value(found[W.DRIER], "mm")
        depths = [choose(plot, moved(view, mm), days(rain)).depth_mm for view in (state, other)]
        assert min(depths) > 0


def test_a_decider_that_answers_otherwise_is_not_explained() -> None:
    asked = Asked(0.0, 30.0, 100.0, 50.0, 5.0)
    assert changes(lambda shift: 8.0, asked) == ()
    assert changes_of_choice(PLOT, choose(PLOT, RootState(80, 190.0, 0.8, 6.0, 0.0), ()), ()) == ()


@given(st.floats(0.01, 80), st.floats(0.1, 90), st.floats(-5, 100))
def test_the_search_finds_the_turn_whatever_it_is_told_to_guess(
    turn: float, most: float, guess: float
) -> None:
    asked: list[float] = []

    def flips(mm: float) -> bool:
        asked.append(mm)
        return mm >= turn

    found = smallest_mm(flips, most, guess)
    if found is None:
        assert turn > most - 1e-9
    else:
        assert found - 0.1 < turn <= found
    assert len(asked) <= 13


def decided(asked: ZoneFacts) -> tuple[Decision, dict[ChangeCode, Change]]:
    decision = decide(asked)
    assert set(decision.limited_by) <= set(LIMITS)
    assert decode(Decision, encode(decision)) == decision
    return decision, by_code(decision.changes)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(st.floats(0.02, 0.98), st.integers(0, 14), st.floats(0, 12), st.floats(0, 20))
def test_each_told_change_flips_the_stations_decision(
    frac: float, dry_days: int, rain_mm: float, given_mm: float
) -> None:
    base = likely(frac, dry_days=dry_days, given_last_24h_mm=given_mm)
    asked = replace(base, today=replace(base.today, rain_mm=rain_mm))
    decision, found = decided(asked)
    waters = decision.depth_mm > 0
    assert found
    if decision.rung is not Rung.LEARNED:
        return
    assert decision.taw_mm is not None
    for code, change in found.items():
        event(code)
        if code in (W.DRIER, W.WETTER):
            sign, mm = (1 if code is W.DRIER else -1), value(change, "mm")
            for amount, turned in ((mm + 0.02, True), (mm - MARGIN_MM, False)):
                other = frac + sign * amount / decision.taw_mm
                shifted = decide(
                    replace(likely(other, dry_days=dry_days), today=asked.today, given_last_24h_mm=given_mm)
                )
                if shifted.rung is Rung.LEARNED and amount > 0:
                    assert ((shifted.depth_mm > 0) != waters) is turned, (code, amount)
        elif code is W.WITHOUT_LIMIT:
            assert change.values["limit"] in decision.limited_by
            assert value(change, "mm") > decision.depth_mm
        else:
            assert code in (W.MORE_RAIN_FALLEN, W.LESS_RAIN_FALLEN, W.NOTHING, W.SETTLED, W.SETTLED_AND_DRIER)


def test_rain_that_fell_is_named_with_how_much_of_it_counts() -> None:
    dry, found = decided(likely(0.62))
    assert dry.depth_mm > 0
    line = dry.values["line_mm"]
    assert isinstance(line, int | float)
    assert dry.taw_mm is not None
    just = likely((float(line) + 4.2) / dry.taw_mm)
    watered, found = decided(just)
    assert watered.depth_mm > 0
    rain_mm = value(found[W.MORE_RAIN_FALLEN], "mm")
    assert rain_mm == 3.0 < value(found[W.WETTER], "mm")
    delayed, found = decided(replace(just, today=replace(just.today, rain_mm=4.0)))
    assert delayed.reason == "rain_delay"
    assert found[W.LESS_RAIN_FALLEN].values == {"fallen_mm": 4.0, "below_mm": 2.9}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.floats(-12, 30), st.floats(0, 4), st.floats(0, 4))
def test_more_rain_today_never_turns_a_wait_into_water(
    over_mm: float, yesterday_mm: float, use_mm: float
) -> None:
    base = facts()
    base = replace(base, days=(*base.days[:-1], replace(base.days[-1], rain_mm=yesterday_mm)))
    zone = replace(levels(base), etc_mm=use_mm)
    zone = replace(zone, depletion_mm=(refill_of(base, zone).line_frac or 0.0) * zone.taw_mm + over_mm)
    ask = by_rung(base, zone, refill_of)
    watered = [ask(Shift(fallen_more_mm=mm / 4)) > 0 for mm in range(61)]
    event(f"turns: {watered[0] != watered[-1]}")
    assert watered == sorted(watered, reverse=True)


def test_rain_that_brings_the_soil_below_the_line_delays_as_well() -> None:
    zone = levels(facts())
    line_mm = (refill_of(facts(), zone).line_frac or 0.0) * zone.taw_mm
    below = replace(zone, depletion_mm=line_mm - 0.5)
    assert refill_of(facts(), below).reason is Reason.REFILL_BEFORE_DRY
    found = refill_of(facts(today=replace(facts().today, rain_mm=4.0)), below)
    assert (found.reason, found.depth_mm, found.values["rain_mm"]) == (Reason.RAIN_DELAY, 0.0, 4.0)


def test_a_soil_that_holds_enough_to_harvest_is_not_watered_before_it_is_dry() -> None:
    last = AT + timedelta(days=ZONE.crop.season_days - facts().day - 1)
    base = facts(at=last)
    zone = replace(levels(base), etc_mm=4.0)
    line_mm = (refill_of(base, zone).line_frac or 0.0) * zone.taw_mm
    for over_mm in (1.0, 0.0, -0.5):
        found = refill_of(base, replace(zone, depletion_mm=line_mm + over_mm))
        assert (found.reason, found.depth_mm) == (Reason.ENOUGH_TO_HARVEST, 0.0), over_mm


def test_water_that_sinks_in_and_bounds_that_cut_are_named() -> None:
    _, found = decided(likely(0.62, last_run_ended_at=AT - timedelta(hours=2)))
    assert found == {W.SETTLED: Change(W.SETTLED, {"hours": 4.0})}
    _, found = decided(likely(0.2, dry_days=4, last_run_ended_at=AT - timedelta(hours=2)))
    assert set(found) == {W.SETTLED_AND_DRIER}
    tight = replace(ZONE, limits=replace(ZONE.limits, longest_run_s=600.0))
    decision, found = decided(likely(0.62, zone=tight))
    assert found[W.WITHOUT_LIMIT].values["limit"] == "longest_run_s"
    assert value(found[W.WITHOUT_LIMIT], "mm") > decision.depth_mm
    used, found = decided(likely(0.62, given_last_24h_mm=ZONE.max_depth_mm_per_day))
    assert used.reason == "daily_limit"
    assert found[W.WITHOUT_LIMIT].values["limit"] == "max_depth_mm_per_day"


def test_the_blind_rungs_say_what_they_wait_for() -> None:
    unknown = tuple(replace(day, air_t_min_c=None, rain_mm=None) for day in facts().days)
    blind = facts(forecast=None, days=unknown, probe=None)
    _, found = decided(blind)
    assert found == {W.WATERED_LATELY: Change(W.WATERED_LATELY, {"days": 4})}
    _, found = decided(replace(blind, last_run_ended_at=AT - timedelta(days=1)))
    assert found == {W.LATER: Change(W.LATER, {"days": 3})}
    _, found = decided(replace(blind, last_run_ended_at=None))
    assert set(found) == {W.INPUT_BACK}
    _, found = decided(facts(at=AT - timedelta(days=90)))
    assert set(found) == {W.CROP_IN_GROUND}


def test_the_rungs_beside_say_what_they_would_have_given() -> None:
    decision = decide(facts())
    assert decision.below is not None
    alone = decide(facts(forecast=None))
    assert (decision.below.rung, decision.below.depth_mm) == (alone.rung, round(alone.depth_mm, 1))
    unheard = decide(facts(probe=None))
    assert (unheard.skipped[0].why, unheard.skipped[0].would_mm) == (
        "no_good_probe",
        round(decision.depth_mm, 1),
    )
    assert alone.skipped[0].would_mm is None, "without a forecast nobody knows"


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    st.integers(0, 60),
    st.none() | st.floats(0, 60),
    st.none() | st.floats(0, 30),
    st.floats(0, 30),
    st.booleans(),
)
def test_the_soils_books_add_up(
    dry_days: int, yesterday_mm: float | None, today_mm: float | None, given_mm: float, known: bool
) -> None:
    base = facts(dry_days=dry_days)
    last = replace(base.days[-1], rain_mm=yesterday_mm, irrigation_mm=given_mm)
    rows = (*(base.days[:-1] if known else ()), last)
    decision = decide(replace(base, days=rows, today=replace(base.today, rain_mm=today_mm)))
    books = decision.account
    assert books is not None
    total = books.before_mm + books.use_mm - books.rain_mm - books.water_mm + books.lost_mm + books.other_mm
    assert abs(total - books.now_mm) < 1e-6
    assert books.rain_mm <= (yesterday_mm or 0) + (today_mm or 0) + 0.06
    assert abs(books.water_mm - given_mm * ZONE.application_efficiency_frac) < 0.06
    assert min(books.before_mm, books.use_mm, books.rain_mm, books.water_mm, books.lost_mm) >= 0


def test_rain_that_had_not_fallen_is_not_in_the_soil_either() -> None:
    base = facts(today=replace(facts().today, rain_mm=6.0))
    zone = replace(levels(base), depletion_mm=20.0)
    seen: list[tuple[float, float | None]] = []

    def again(asked: ZoneFacts, at: RootZone) -> Refill:
        seen.append((at.depletion_mm, asked.today.rain_mm))
        return refill_of(asked, at)

    ask = by_rung(base, zone, again)
    for shift in (Shift(), Shift(fallen_part=0.25), Shift(fallen_more_mm=3.0), Shift(drier_mm=2.5)):
        ask(shift)
    assert seen == [(20.0, 6.0), (24.5, 1.5), (17.0, 9.0), (22.5, 6.0)]


def test_days_to_wait_are_the_water_that_is_missing_by_the_days_use() -> None:
    asked = Asked(0.0, 30.0, 100.0, 50.0, 4.0)
    (found,) = changes(lambda shift: 8.0 if shift.drier_mm >= 10 else 0.0, asked)
    assert found == Change(W.DRIER, {"mm": 10.0, "days": 2.5})


def test_hours_until_water_has_settled_are_told_to_the_tenth() -> None:
    _, found = decided(likely(0.62, last_run_ended_at=AT - timedelta(hours=2, minutes=24)))
    assert found == {W.SETTLED: Change(W.SETTLED, {"hours": 3.6})}


def test_each_bound_of_a_zone_that_cuts_is_told_with_what_it_cost() -> None:
    whole = decided(likely(0.62))[0].depth_mm
    lpm_mm = 40.0 / 60 / ZONE.area_m2
    for limit, bound in (
        ("longest_run_s", 4.0 / lpm_mm),
        ("max_s_per_day", 4.0 / WITHIN_LIMITS / lpm_mm),
        ("max_l_per_day", 4.0 / WITHIN_LIMITS * ZONE.area_m2),
    ):
        tight = replace(ZONE, limits=replace(ZONE.limits, **{limit: bound}))  # type: ignore[arg-type] # by name
        cut, found = decided(likely(0.62, zone=tight))
        assert cut.depth_mm == pytest.approx(4.0)
        assert found[W.WITHOUT_LIMIT].values == {"limit": limit, "mm": round(whole, 1)}
        if limit != "longest_run_s":
            less, _ = decided(likely(0.62, zone=tight, given_last_24h_mm=1.0))
            assert less.depth_mm == pytest.approx(3.0), "what the day had is gone"


def test_yesterdays_rain_delays_and_no_rain_delays_a_soil_far_past_its_line() -> None:
    base = facts()
    wet = replace(base, days=(*base.days[:-1], replace(base.days[-1], rain_mm=4.0)))
    zone = levels(base)
    line_mm = (refill_of(base, zone).line_frac or 0.0) * zone.taw_mm
    for part, reason in ((1.1, Reason.RAIN_DELAY), (1.2, Reason.REFILL_LINE_REACHED)):
        assert refill_of(wet, replace(zone, depletion_mm=part * line_mm)).reason is reason
        assert (
            refill_of(base, replace(zone, depletion_mm=part * line_mm)).reason is Reason.REFILL_LINE_REACHED
        )


def test_a_run_of_a_clock_that_was_set_back_holds_nothing_up() -> None:
    ahead = decide(likely(0.62, last_run_ended_at=AT + timedelta(hours=1)))
    assert ahead.depth_mm > 0
    assert ahead.reason is not Reason.RECENTLY_WATERED
