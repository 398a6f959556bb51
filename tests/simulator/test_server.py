"""Over a real socket: owners and their death, edges, chips, orders, bad messages."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

from fieldstation.wire.line import Message, Splitter, decode
from fieldstation.wire.unix import connect
from tests.kit.soon import wait_for

PUMP, NORTH, SOUTH, FLOW, FLOAT, RAIN, BUTTON, DHT = 17, 27, 22, 23, 24, 25, 26, 4
MakeField = Callable[..., Any]
Field = Any


def on(link: Any, *pins: int) -> None:
    for pin in pins:
        assert link.call({"do": "claim_output", "pin": pin, "level": 1}) == {"ok": True}


# -- owners ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("kernel", "stays"), [("release", False), ("persist", True)])
def test_when_an_owner_dies_the_kernel_releases_or_keeps_its_lines(
    make_field: MakeField, kernel: str, stays: bool
) -> None:
    field = make_field(kernel=kernel)
    link = field.link("guard")
    on(link, NORTH, PUMP)
    assert field.do("state")["pumps"]["main"]["flow_lpm"] == pytest.approx(40)
    link.close()
    wait_for(lambda: "guard" not in json.dumps(field.do("state")["pins"]))
    state = field.do("state")
    assert state["lines"] == {"pump:main": stays, "valve:north": stays, "valve:south": False}
    assert (state["pumps"]["main"]["flow_lpm"] > 0) is stays
    successor = field.link("off")
    assert successor.call({"do": "claim_output", "pin": PUMP, "level": 0}) == {"ok": True}
    assert field.do("state")["lines"]["pump:main"] is False


def test_the_policy_can_change_while_lines_are_held(field: Field) -> None:
    link = field.link("guard")
    on(link, PUMP)
    assert field.do("kernel", policy="persist")["kernel"] == "persist"
    link.close()
    wait_for(lambda: field.do("state")["pins"]["17"]["owner"] is None)
    assert field.do("state")["lines"]["pump:main"] is True


def test_a_held_pin_is_busy_and_names_its_holder(field: Field) -> None:
    on(field.link("guard"), PUMP)
    other = field.link("controller")
    answer = other.call({"do": "claim_output", "pin": PUMP, "level": 0})
    assert answer == {"error": "busy: pin 17 is held by guard"}
    assert field.do("state")["lines"]["pump:main"] is True


def test_a_claim_drives_one_level_only(field: Field) -> None:
    """A valve that is claimed closed never opens, though it was first an input."""
    link = field.link("guard")
    link.call({"do": "claim_input", "pin": NORTH, "pull": "floating"})
    link.call({"do": "claim_output", "pin": NORTH, "level": 0})
    assert field.do("state")["pumps"]["main"]["passed_l"] == 0
    assert field.do("state")["lines"]["valve:north"] is False


def test_water_flows_in_real_time_only_while_contacts_are_closed(field: Field) -> None:
    link = field.link("guard")
    began = time.monotonic()
    on(link, NORTH, PUMP)
    wait_for(lambda: field.do("state")["pumps"]["main"]["passed_l"] > 0.1)
    link.call({"do": "write", "pin": PUMP, "level": 0})
    link.call({"do": "write", "pin": NORTH, "level": 0})
    state = field.do("state")
    passed_l = state["pumps"]["main"]["passed_l"]
    assert 0.1 < passed_l <= 40 / 60 * (time.monotonic() - began)
    assert state["zones"]["north"]["irrigation_mm"] * 100 == pytest.approx(passed_l)
    assert field.do("state")["pumps"]["main"]["passed_l"] == passed_l


# -- inputs and edges -----------------------------------------------------------------------


def test_switches_read_ground_while_all_is_well_and_their_pull_when_cut(field: Field) -> None:
    link = field.link("guard")

    def read(pin: int) -> object:
        return link.call({"do": "read", "pin": pin})["level"]

    for pin in (FLOAT, BUTTON):
        link.call({"do": "claim_input", "pin": pin, "pull": "up"})
        assert read(pin) == 0
    field.do("fault", name="drain_tank")
    field.do("press")
    wait_for(lambda: all(read(pin) == 1 for pin in [FLOAT, BUTTON] * 10))  # no longer bouncing
    field.do("clear")
    field.do("press", pressed=False)
    wait_for(lambda: all(read(pin) == 0 for pin in [FLOAT, BUTTON] * 10))
    field.do("fault", name="unplug", target="stop_button")
    wait_for(lambda: all(read(BUTTON) == 1 for _ in range(10)))


def test_flow_pulses_arrive_with_their_times(make_field: MakeField) -> None:
    field = make_field(manual=True)
    watcher = field.watch(FLOW)
    on(field.link("guard"), NORTH, PUMP)
    field.do("advance", seconds=60)
    wait_for(lambda: len(watcher.hear()) >= 2 * 40 * 12)
    field.do("state")
    edges = watcher.hear()
    assert len(edges) == 2 * 40 * 12
    assert {pin for pin, _, _ in edges} == {FLOW}
    times = [at_s for _, _, at_s in edges]
    assert times == sorted(times)
    assert times[-1] <= time.monotonic()


def test_rain_tips_arrive_bounces_included(make_field: MakeField) -> None:
    field = make_field(manual=True)
    watcher = field.watch(RAIN)
    field.do("fault", name="rain_now")
    field.do("advance", seconds=200)  # 15 mm an hour: four tips of 0.2 mm
    wait_for(lambda: field.do("state")["tips_waiting"] == 0 and len(watcher.hear()) >= 8)
    times = [at_s for _, level, at_s in watcher.hear() if level == 0]
    tips = [times[0]]
    for at_s in times:
        if at_s - tips[-1] > 0.3:  # the driver's own lock-out
            tips.append(at_s)
    assert len(tips) == 4


def test_moving_switches_send_edges_that_bounce(field: Field) -> None:
    watcher = field.watch(FLOAT, BUTTON)
    field.do("press")
    wait_for(lambda: len(watcher.hear()) >= 3)
    field.do("fault", name="drain_tank")
    wait_for(lambda: any(pin == FLOAT for pin, _, _ in watcher.hear()))
    last = {pin: level for pin, level, _ in watcher.hear()}
    assert last == {FLOAT: 1, BUTTON: 1}


def test_nobody_hears_pins_he_does_not_watch(make_field: MakeField) -> None:
    field = make_field(manual=True)
    deaf, watcher = field.watch(RAIN), field.watch(FLOW)
    on(field.link("guard"), NORTH, PUMP)
    field.do("advance", seconds=10)
    wait_for(lambda: len(watcher.hear()) > 0)
    assert deaf.hear() == []


# -- chips ----------------------------------------------------------------------------------


def counts(link: Any, channel: int, device: int = 0) -> int:
    words = [1, 0x80 | channel << 4, 0]
    message = {"do": "chip", "at": ["spi", 0, device], "send": words, "count": 0}
    _, high, low = link.call(message)["bytes"]
    return int((high & 3) << 8 | low)


def test_probes_answer_on_their_channels_and_empty_ones_read_zero(field: Field) -> None:
    link = field.link("controller")
    for channel in range(4):
        assert 350 < counts(link, channel) < 800
    assert [counts(link, channel) for channel in range(4, 8)] == [0] * 4
    assert counts(link, 0, device=1) == 0
    assert len({counts(link, 0) for _ in range(30)}) > 2  # single reads are noisy
    field.do("fault", name="unplug", target="north_soil")
    assert counts(link, 0) == 0
    assert counts(link, 1) > 0


def test_the_dht_answers_a_long_enough_trigger_until_unplugged(field: Field) -> None:
    link = field.link("controller")

    def train(trigger_us: int, pin: int = DHT) -> list[int]:
        return list(link.call({"do": "pulses", "pin": pin, "trigger_us": trigger_us})["widths"])

    assert 81 in {len(train(1000)) for _ in range(10)}
    assert train(100) == []
    assert train(1000, pin=5) == []
    field.do("fault", name="unplug", target="air")
    assert train(1000) == []


# -- orders and bad messages ----------------------------------------------------------------


def test_wetting_a_zone_shows_at_once(field: Field) -> None:
    assert field.do("state")["zones"]["north"]["depletion_frac"] == pytest.approx(0.4, abs=0.01)
    assert field.do("wet", zone="north")["zones"]["north"]["depletion_frac"] == pytest.approx(0, abs=0.01)
    assert field.do("state")["zones"]["south"]["depletion_frac"] == pytest.approx(0.4, abs=0.01)


def test_faults_are_listed_and_cleared(field: Field) -> None:
    assert field.do("fault", name="weld_relay", target="valve:south")["faults"] == {
        "weld_relay": ["valve:south"]
    }
    assert field.do("fault", name="drain_tank", target=None)["faults"]["drain_tank"] == ["main"]
    assert field.do("clear", name="weld_relay", target=None)["faults"] == {"drain_tank": ["main"]}
    assert field.do("clear", name=None)["faults"] == {}


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"do": "fly"}, "unknown order 'fly'; known: hello, read"),
        ({}, "unknown order None"),
        ({"do": ["claim_output"]}, "unknown order"),
        ({"do": "claim_output", "pin": 99, "level": 1}, "there is no pin 99"),
        ({"do": "claim_output", "pin": "17", "level": 1}, "pin must be a whole number, not '17'"),
        ({"do": "claim_output", "pin": True, "level": 1}, "pin must be a whole number"),
        ({"do": "claim_output", "pin": 5, "level": 3}, "level 3 is none of (0, 1)"),
        ({"do": "claim_output", "pin": 5}, "level must be a whole number, not None"),
        ({"do": "claim_input", "pin": 5}, "pull must be a text, not None"),
        ({"do": "write", "pin": 5, "level": 1}, "pin 5 is not an output of test"),
        ({"do": "read"}, "pin must be a whole number"),
        ({"do": "chip", "at": ["spi", 0, 0], "send": "abc", "count": 0}, "send must be bytes"),
        ({"do": "chip", "at": ["spi", 0, 0], "send": [1, 300], "count": 0}, "send must be bytes"),
        ({"do": "chip", "at": "spi", "send": [1], "count": 0}, "at must be a place"),
        ({"do": "chip", "at": ["i2c", 1, 68], "send": [1], "count": 0}, "answers at 0x44 on I2C bus 1"),
        (
            {"do": "chip", "at": ["1-wire", "28-1"], "send": [], "count": 9},
            "no device answers at 1-wire 28-1",
        ),
        ({"do": "pulses", "pin": 4}, "trigger_us must be a whole number"),
        ({"do": "hello"}, "process must be a text"),
        ({"do": "fault", "name": "flood"}, "'flood' is not known; choose one of: unplug"),
        ({"do": "fault", "name": "unplug", "target": "east"}, "no 'east' here; choose: north_soil"),
        ({"do": "wet", "zone": "east"}, "no zone 'east' here; choose: north, south"),
        ({"do": "kernel", "policy": "maybe"}, "choose release or persist"),
        ({"do": "advance", "seconds": 5}, "lives in real time"),
    ],
)
def test_what_cannot_be_done_is_said_and_the_field_lives_on(
    field: Field, message: Message, words: str
) -> None:
    link = field.link()
    assert words in link.call(message)["error"]
    assert link.call({"do": "read", "pin": FLOAT}) == {"level": 0}


@pytest.mark.parametrize("seconds", [None, -1, "60", 1e9, float("nan"), True])
def test_a_manual_clock_takes_only_sensible_steps(make_field: MakeField, seconds: object) -> None:
    field = make_field(manual=True)
    message = json.dumps({"do": "advance", "seconds": seconds}).encode() + b"\n"
    channel = connect(field.path, 2.0)
    channel.sendall(message)
    assert b"seconds must be a number from 0 to" in channel.recv(65536)
    channel.close()


def test_a_manual_clock_moves_the_world_by_order_only(make_field: MakeField) -> None:
    field = make_field(manual=True)
    before = field.do("state")["at"]
    assert field.do("state")["at"] == before
    assert field.do("advance", seconds=3600)["at"] == "2026-03-01T11:00:00+00:00"


@pytest.mark.parametrize("garbage", [b"hello\n", b"[1]\n", b"\xff\xfe\n", b"x" * 400_000])
def test_garbage_is_answered_and_hung_up_on(field: Field, garbage: bytes) -> None:
    channel = connect(field.path, 2.0)
    try:
        channel.sendall(garbage)
        said = b""
        while data := channel.recv(65536):
            said += data
        assert "error" in decode(Splitter().feed(said)[0])
    except (ConnectionResetError, BrokenPipeError):
        assert len(garbage) > 100_000  # hung up before all was sent
    channel.close()
    assert field.do("state")["ok"] is True


def test_a_peer_that_never_reads_does_not_hold_the_others_up(make_field: MakeField) -> None:
    field = make_field(manual=True)
    lazy = field.watch(FLOW)
    lazy._channel.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    on(field.link("guard"), NORTH, PUMP)
    for _ in range(5):
        field.do("advance", seconds=3600)
    began = time.monotonic()
    assert field.do("state")["ok"] is True
    assert time.monotonic() - began < 1.0
