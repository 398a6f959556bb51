from __future__ import annotations

import pytest

from fieldstation.simulator.board import Board, Owner, PinError

RELAY_HIGH, RELAY_LOW, SWITCH = 17, 5, 24


class Bench:
    """A board with an active-high and an active-low relay and one switch."""

    def __init__(self, kernel: str = "release") -> None:
        self.closed = True
        self.seen: list[tuple[int, int]] = []
        self.board = Board(
            kernel,
            lambda pin: 0 if pin == SWITCH and self.closed else None,
            {RELAY_HIGH: 0, RELAY_LOW: 1},
            lambda pin, level: self.seen.append((pin, level)),
        )


GUARD, OTHER = Owner("guard"), Owner("controller")


def test_an_output_is_claimed_at_its_level_and_no_other_is_ever_driven() -> None:
    bench = Bench()
    bench.board.claim_input(GUARD, RELAY_LOW, "floating")  # what gpiozero does first
    bench.board.claim_output(GUARD, RELAY_LOW, 1)
    assert bench.seen == [(RELAY_LOW, 1)]
    assert bench.board.read(RELAY_LOW) == 1


def test_a_line_is_busy_until_its_owner_lets_go() -> None:
    board = Bench().board
    board.claim_output(GUARD, RELAY_HIGH, 1)
    with pytest.raises(PinError, match="busy: pin 17 is held by guard"):
        board.claim_output(OTHER, RELAY_HIGH, 0)
    with pytest.raises(PinError, match="busy: pin 17 is held by guard"):
        board.claim_input(OTHER, RELAY_HIGH, "up")
    with pytest.raises(PinError, match="busy: pin 17 is held by guard"):
        board.free(OTHER, RELAY_HIGH)
    assert board.read(RELAY_HIGH) == 1
    board.free(GUARD, RELAY_HIGH)
    board.claim_output(OTHER, RELAY_HIGH, 0)


def test_only_the_owner_writes_and_only_to_an_output() -> None:
    board = Bench().board
    board.claim_output(GUARD, RELAY_HIGH, 0)
    with pytest.raises(PinError, match="pin 17 is not an output of controller"):
        board.write(OTHER, RELAY_HIGH, 1)
    board.claim_input(GUARD, SWITCH, "up")
    with pytest.raises(PinError, match="pin 24 is not an output of guard"):
        board.write(GUARD, SWITCH, 1)


@pytest.mark.parametrize(("kernel", "level"), [("release", 0), ("persist", 1)])
def test_the_kernel_decides_what_a_dead_owners_line_does(kernel: str, level: int) -> None:
    bench = Bench(kernel)
    bench.board.claim_output(GUARD, RELAY_HIGH, 1)
    bench.board.owner_died(GUARD)
    assert bench.board.read(RELAY_HIGH) == level
    assert bench.seen[-1] == (RELAY_HIGH, level)
    bench.board.claim_output(OTHER, RELAY_HIGH, 0)  # either way it is free to take
    assert bench.board.read(RELAY_HIGH) == 0


def test_a_dead_owner_takes_nobody_elses_line_with_it() -> None:
    board = Bench().board
    board.claim_output(GUARD, RELAY_HIGH, 1)
    board.claim_output(OTHER, RELAY_LOW, 0)
    board.owner_died(OTHER)
    assert board.read(RELAY_HIGH) == 1
    assert board.read(RELAY_LOW) == 1  # its resistor pulls the active-low relay off


def test_freeing_lets_the_resistor_pull_the_relay_off() -> None:
    bench = Bench("persist")
    bench.board.claim_output(GUARD, RELAY_LOW, 0)
    bench.board.free(GUARD, RELAY_LOW)
    assert bench.seen == [(RELAY_LOW, 0), (RELAY_LOW, 1)]


def test_an_open_switch_reads_its_pull_and_a_closed_one_ground() -> None:
    bench = Bench()
    bench.board.claim_input(GUARD, SWITCH, "up")
    assert bench.board.read(SWITCH) == 0
    bench.closed = False
    assert bench.board.read(SWITCH) == 1
    bench.board.claim_input(GUARD, SWITCH, "down")
    assert bench.board.read(SWITCH) == 0


def test_the_relays_resistor_is_stronger_than_the_pis_pull() -> None:
    board = Bench().board
    board.claim_input(GUARD, RELAY_HIGH, "up")
    assert board.read(RELAY_HIGH) == 0


@pytest.mark.parametrize("pin", [-1, 28, 99])
def test_there_are_28_pins(pin: int) -> None:
    with pytest.raises(PinError, match="there is no pin"):
        Bench().board.claim_output(GUARD, pin, 0)
    with pytest.raises(PinError, match="there is no pin"):
        Bench().board.read(pin)


def test_levels_and_pulls_are_checked() -> None:
    bench = Bench()
    with pytest.raises(PinError, match="level 2"):
        bench.board.claim_output(GUARD, RELAY_HIGH, 2)
    with pytest.raises(PinError, match="pull 'sideways'"):
        bench.board.claim_input(GUARD, SWITCH, "sideways")


def test_a_refused_output_is_no_output() -> None:
    bench = Bench()
    with pytest.raises(PinError):
        bench.board.claim_output(GUARD, RELAY_LOW, 7)
    assert bench.board.read(RELAY_LOW) == 1
    assert bench.seen == []


def test_holders_names_who_has_what() -> None:
    bench = Bench("persist")
    bench.board.claim_output(GUARD, RELAY_HIGH, 1)
    bench.board.claim_input(OTHER, SWITCH, "up")
    bench.board.owner_died(GUARD)
    assert bench.board.holders() == {
        "17": {"owner": None, "function": "output", "level": 1},
        "24": {"owner": "controller", "function": "input", "level": 0},
    }
