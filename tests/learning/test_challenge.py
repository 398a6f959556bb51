"""Who wins, who loses, and what is only luck."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldstation.domain.forecast import Quantiles
from fieldstation.learning.challenge import (
    BLOCK_DAYS,
    EMBARGO_DAYS,
    HELD_OUT_MAX_DAYS,
    TRAIN_MIN_DAYS,
    Trial,
    contest,
    held_out_from,
    luck_se,
    pinball,
    score,
    watch,
)

FIRST = date(2026, 5, 1)


def around(mid: float, half: float = 0.05) -> Quantiles:
    return Quantiles(mid - half, mid, mid + half)


def trials(
    judged_off: float, rival_off: float, number: int = 30, zone: str = "north", noise: float = 0.0
) -> list[Trial]:
    chance = random.Random(f"{zone}/{noise}")
    return [
        Trial(
            zone,
            FIRST + timedelta(days=n),
            -0.1,
            around(-0.1 + judged_off + chance.gauss(0, noise)),
            around(-0.1 + rival_off + chance.gauss(0, noise)),
        )
        for n in range(number)
    ]


@given(st.floats(-1, 1), st.floats(0, 1), st.floats(-2, 2))
def test_no_range_does_better_than_the_truth_itself(mid: float, half: float, truth: float) -> None:
    assert pinball(around(mid, half), truth) >= 0
    assert pinball(around(truth, 0.0), truth) == 0


def test_the_better_one_wins_and_the_worse_one_loses() -> None:
    won = contest(trials(0.01, 0.10), 14)
    assert (won.won, won.why) == (True, "better")
    assert won.score is not None
    assert (won.score.days, won.score.points) == (30, 30)
    assert won.score.mae == pytest.approx(0.01)
    lost = contest(trials(0.10, 0.01), 14)
    assert (lost.won, lost.lost, lost.why) == (False, True, "not_better")
    assert contest(trials(0.05, 0.05), 14).why == "not_better", "as good is not better"


def test_a_few_days_decide_nothing() -> None:
    found = contest(trials(0.01, 0.10, 13), 14)
    assert (found.won, found.lost, found.why) == (False, False, "too_few_days")
    assert contest([], 14).score is None


def by_turns(judged: float, rival: float) -> list[Trial]:
    """Four days on which the judged model alone is wrong by so much, then four on which its rival is, and again."""
    off = [(judged, 0.0) if n % 8 < 4 else (0.0, rival) for n in range(32)]
    days = [FIRST + timedelta(days=n) for n in range(32)]
    return [Trial("north", on, 0.0, around(a), around(b)) for on, (a, b) in zip(days, off, strict=True)]


def test_a_lead_that_chance_could_give_is_none() -> None:
    found = contest(by_turns(0.3, 0.34), 14)
    assert (found.won, found.why) == (False, "may_be_luck")


def test_neighbouring_days_count_as_one() -> None:
    gain = trials(0.05, 0.08, 40, noise=0.05)
    thrice = [trial for trial in gain for _ in range(3)]
    assert luck_se(thrice) == pytest.approx(luck_se(gain)), "more probes on the same days are no more days"


def test_one_zone_made_worse_refuses_the_whole() -> None:
    found = contest([*trials(0.01, 0.2), *trials(0.06, 0.04, zone="south")], 14)
    assert (found.won, found.lost, found.why) == (False, True, "worse_in_a_zone")


def test_in_charge_it_stays_until_it_is_clearly_worse_than_the_shipped_one() -> None:
    assert watch(trials(0.04, 0.05)).why == "holds"
    assert watch(trials(0.05, 0.05)).why == "holds"
    assert watch(trials(0.2, 0.05, 9)).why == "too_few_days"
    out = watch(trials(0.10, 0.03))
    assert (out.lost, out.why) == (True, "worse_than_base")


def test_the_held_out_block_is_the_last_and_leaves_enough_to_learn_from() -> None:
    def days(number: int) -> list[date]:
        return [FIRST + timedelta(days=n) for n in range(number)]

    assert held_out_from(days(TRAIN_MIN_DAYS)) is None
    begin = held_out_from(days(100))
    assert begin == FIRST + timedelta(days=75)
    assert (begin - FIRST).days - EMBARGO_DAYS >= TRAIN_MIN_DAYS
    assert held_out_from(days(1000)) == FIRST + timedelta(days=1000 - HELD_OUT_MAX_DAYS)


def gains(*by_day: float, zone: str = "north") -> list[Trial]:
    """Days a block apart on which the judged model is ahead by so much."""
    truth, sure = -0.1, around(-0.1, 0.0)
    return [
        Trial(zone, FIRST + timedelta(days=BLOCK_DAYS * n), truth, sure, around(truth + gain, 0.0))
        for n, gain in enumerate(by_day)
    ]


def test_luck_is_a_mean_over_its_standard_error() -> None:
    each = pinball(around(0.0, 0.0), 0.1)
    assert each == pytest.approx(0.1 * 0.5)
    # gains of 1, 2 and 3: mean 2, spread 1, standard error 1/sqrt(3)
    assert luck_se(gains(0.1, 0.2, 0.3)) == pytest.approx(2 * 3**0.5)
    assert luck_se(gains(0.1, 0.3)) == 0.0, "of two blocks nobody can tell"


def test_a_missed_high_and_a_missed_low_cost_by_their_level() -> None:
    forecast = Quantiles(0.0, 1.0, 2.0)
    assert pinball(forecast, 3.0) == pytest.approx((0.1 * 3 + 0.5 * 2 + 0.9 * 1) / 3)
    assert pinball(forecast, -1.0) == pytest.approx((0.9 * 1 + 0.5 * 2 + 0.1 * 3) / 3)


def test_a_zone_with_many_probes_does_not_outvote_another() -> None:
    found = score([*gains(*[0.1] * 9), *gains(0.3, zone="south")])
    assert found.rival_mae == pytest.approx(0.2)
    assert found.rival_pinball == pytest.approx(0.5 * 0.2)
    swapped = score(
        [replace(t, judged=t.rival, rival=t.judged) for t in [*gains(*[0.1] * 9), *gains(0.3, zone="south")]]
    )
    assert (swapped.mae, swapped.pinball) == (found.rival_mae, found.rival_pinball)
    assert (found.days, found.points) == (9, 10)


def test_in_charge_a_bad_stretch_that_may_be_luck_demotes_nobody() -> None:
    bad = [replace(one, judged=one.rival, rival=one.judged) for one in by_turns(0.3, 0.34)]
    found = score(bad)
    assert found.pinball > 1.05 * found.rival_pinball
    assert -1.65 < luck_se(bad) < 0
    assert (watch(bad).lost, watch(bad).why) == (False, "holds")


def test_between_what_is_fitted_and_what_is_judged_lie_days_of_neither() -> None:
    days = [FIRST + timedelta(days=n) for n in range(TRAIN_MIN_DAYS + EMBARGO_DAYS + 14)]
    assert held_out_from(days) == days[-14]
    assert held_out_from(days[1:]) is None
