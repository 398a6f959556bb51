"""The dead man's switch: water ends when the hand lets go, is not heard, or after thirty seconds."""

from __future__ import annotations

from fieldstation.controller.watering.relay_test import RelayTest
from fieldstation.domain.run import Code
from tests.kit.controller_bench import HandClock, ScriptedGuard


def made() -> tuple[RelayTest, ScriptedGuard, HandClock, list[str]]:
    guard, clock = ScriptedGuard(), HandClock()
    died: list[str] = []
    return RelayTest(guard, clock, lambda: (20.0, 5.0), lambda: died.append("killed")), guard, clock, died


def run(test: RelayTest, clock: HandClock, seconds: float, hand: str | None = None) -> None:
    for _ in range(round(seconds / 0.5)):
        clock.advance(0.5)
        if hand is not None:
            test.hold(hand)
        test.tick()


def begun(test: RelayTest) -> str:
    test.begin("north", held=True)
    assert test.running is not None
    return test.running


def test_it_is_a_manual_run_of_thirty_seconds_at_most_with_the_air() -> None:
    test, guard, _, _ = made()
    answer = test.begin("north", held=True)
    (start,) = guard.of("start")
    assert answer.permitted
    assert (start["origin"], start["zone"], start["max_s"]) == ("manual", "north", 30.0)
    assert (start["air_t_c"], start["air_t_age_s"]) == (20.0, 5.0)
    assert test.begin("south", held=True).reason is Code.PUMP_BUSY
    assert len(guard.of("start")) == 1


def test_a_hand_that_is_no_longer_heard_ends_the_water() -> None:
    test, guard, clock, _ = made()
    hand = begun(test)
    run(test, clock, 8, hand)
    assert guard.of("end") == []
    assert len(guard.of("renew")) == 4
    run(test, clock, 2.5)
    assert guard.of("end") == []
    run(test, clock, 0.5)
    assert [message["id"] for message in guard.of("end")] == [hand]
    assert test.hold(hand) is False
    run(test, clock, 20)
    assert len(guard.of("renew")) == 5, "an ended test keeps no lease"


def test_thirty_seconds_are_the_end_whatever_the_hand_does() -> None:
    test, guard, clock, _ = made()
    hand = begun(test)
    run(test, clock, 29.5, hand)
    assert guard.of("end") == []
    run(test, clock, 0.5, hand)
    assert len(guard.of("end")) == 1


def test_without_a_hand_it_lasts_ten_seconds() -> None:
    test, guard, clock, _ = made()
    test.begin("north")
    run(test, clock, 9.5)
    assert guard.of("end") == []
    run(test, clock, 0.5)
    assert len(guard.of("end")) == 1


def test_letting_go_ends_it_at_once_and_once() -> None:
    test, guard, _, _ = made()
    hand = begun(test)
    assert test.let_go("another") is False
    assert test.let_go(hand) is True
    assert test.let_go(hand) is False
    assert len(guard.of("end")) == 1


def test_a_refused_or_lost_lease_is_not_kept() -> None:
    test, guard, clock, _ = made()
    guard.refuse("frost")
    assert test.begin("north", held=True).reason is Code.FROST
    assert test.running is None
    guard.no = None
    hand = begun(test)
    guard.lease = False
    run(test, clock, 3, hand)
    assert test.running is None


def test_the_fail_safe_test_kills_this_process_and_ends_nothing_itself() -> None:
    test, guard, clock, died = made()
    test.begin("north", fatal=True)
    run(test, clock, 5.5)
    assert died == []
    run(test, clock, 0.5)
    assert died == ["killed"]
    assert guard.of("end") == [], "the guard has to take the water back by itself"
    assert guard.of("start")[0]["max_s"] == 30.0, "longer than the lease, or the limit would end it"


def test_a_silent_guard_is_asked_again_and_nothing_is_renewed_meanwhile() -> None:
    test, guard, clock, _ = made()
    hand = begun(test)
    guard.silent = {"end"}
    run(test, clock, 5)
    renewed = len(guard.of("renew"))
    guard.silent = set()
    run(test, clock, 0.5)
    assert len(guard.of("renew")) == renewed
    assert {message["id"] for message in guard.of("end")} == {hand}
    assert test.running is None


def test_a_run_that_was_stopped_meanwhile_kills_nobody() -> None:
    test, guard, clock, died = made()
    test.begin("north", fatal=True)
    run(test, clock, 5.5)
    guard.status["runs"] = []
    run(test, clock, 1)
    assert died == []
    assert test.running is None
