"""The models on lines: a flow meter's pulses, a gauge's tips, a contact's chatter."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise

import pytest

from fieldstation.domain.reading import Quantity
from fieldstation.drivers import pulse_flow_meter, tipping_bucket_rain_gauge
from fieldstation.drivers.parts.board import Edge, EdgeSource
from fieldstation.drivers.parts.contact import Bouncing
from fieldstation.drivers.tipping_bucket_rain_gauge import SWING_S


class OneLine:
    """The part of a simulated board that a line needs, on a clock set by hand."""

    def __init__(self, seed: int = 1) -> None:
        self.chance = random.Random(seed)
        self.at_s = 0.0
        self.source: EdgeSource
        self.level: Callable[[], int | None]

    def now_s(self) -> float:
        return self.at_s

    def edges(self, source: EdgeSource) -> None:
        self.source = source

    def input(self, pin: int, level: Callable[[], int | None]) -> None:
        self.level = level

    def until(self, now_s: float) -> list[Edge]:
        self.at_s = now_s
        return self.source.until(now_s)


def meter(passed: list[float], pulses_per_l: float) -> OneLine:
    line = OneLine()
    settings = pulse_flow_meter.Settings(pin=23, pulses_per_l=pulses_per_l)
    pulse_flow_meter.simulate(settings, line, lambda: sum(passed))  # type: ignore[arg-type] # a part of a Board
    return line


def gauge(tips: list[int]) -> OneLine:
    """A gauge to which the tips of the list happen."""
    line, settings = OneLine(), tipping_bucket_rain_gauge.Settings(pin=25, mm_per_tip=0.2)

    def look() -> dict[Quantity, float]:
        return {Quantity.RAIN: 0.2 * (tips.pop() if tips else 0)}

    tipping_bucket_rain_gauge.simulate(settings, line, look)  # type: ignore[arg-type] # a part of a Board
    return line


def test_flow_pulses_are_as_many_as_litres_say_over_any_cut_of_time() -> None:
    passed, edges = [0.0], list[Edge]()
    line = meter(passed, 12.0)
    for turn in range(1, 2001):
        passed[0] += 0.0333
        edges += line.until(turn * 0.05)
    falls = [edge for edge in edges if edge[1] == 0]
    assert len(falls) == int(2000 * 0.0333 * 12 + 1e-6)
    assert len(edges) == 2 * len(falls)
    assert [edge[1] for edge in edges[:4]] == [0, 1, 0, 1]
    times = [edge[2] for edge in edges]
    assert times == sorted(times)
    assert times[-1] <= 100.0


def test_a_meter_that_stands_still_makes_no_pulse() -> None:
    assert meter([100.0], 450.0).until(1.0) == []


def test_tips_bounce_within_a_few_milliseconds_and_end_open() -> None:
    fallen, bounced = list[int](), 0
    line = gauge(fallen)
    for number in range(60):
        fallen.append(1)
        edges = line.until(10.0 * (number + 1))
        assert [edge[1] for edge in edges] == [0, 1] * (len(edges) // 2)
        assert edges[-2][2] - edges[0][2] < 0.01
        bounced += len(edges) > 2
    assert 10 < bounced < 50


def test_tips_that_come_at_once_are_sent_one_swing_apart() -> None:
    line = gauge([3])
    assert line.until(1.0)
    assert line.source.waiting == 2
    assert line.until(1.0 + SWING_S / 2) == []
    assert line.until(1.0 + SWING_S)
    assert line.until(1.0 + 2 * SWING_S)
    assert line.source.waiting == 0
    assert line.until(9.0) == []


def contact(closed: list[bool], bounces_s: float, seed: int) -> OneLine:
    line = OneLine(seed)
    line.at_s = 100.0
    Bouncing(24, line, lambda: closed[0], bounces_s)  # type: ignore[arg-type] # a part of a Board
    return line


def test_a_moved_contact_chatters_and_settles() -> None:
    closed = [True]
    line = contact(closed, 0.25, 2)
    assert {line.level() for _ in range(50)} == {0}
    closed[0] = False
    assert {line.level() for _ in range(50)} == {0, None}
    line.at_s += 0.3
    assert {line.level() for _ in range(50)} == {None}


@pytest.mark.parametrize("to", [True, False])
def test_a_contacts_edges_end_where_it_moved_to(to: bool) -> None:
    for seed in range(20):
        closed = [not to]
        line = contact(closed, 0.02, seed)
        assert line.until(100.0) == []
        closed[0] = to
        edges = line.until(100.0)
        levels = [level for _, level, _ in edges]
        assert len(levels) in (3, 5, 7)
        assert levels[0] == levels[-1] == int(not to)
        assert all(a != b for a, b in pairwise(levels))
        assert all(at_s < 100.0 for _, _, at_s in edges)
        assert line.until(100.0) == []
