from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import pairwise

import pytest

from fieldstation.simulator.contact import Contact
from fieldstation.simulator.pulses import SWING_S, FlowPulses, RainTips


@dataclass
class Source:
    """The part of a world that pulses come from."""

    passed_l: float = 0.0
    tipped: int = 0

    def litres(self, pump: str) -> float:
        return self.passed_l

    def tips(self) -> int:
        tips, self.tipped = self.tipped, 0
        return tips


def test_flow_pulses_are_as_many_as_litres_say_over_any_cut_of_time() -> None:
    source = Source()
    meter = FlowPulses(23, "main", 12.0, source, 0.0)  # type: ignore[arg-type] # the part of a World it uses
    edges = []
    for turn in range(1, 2001):
        source.passed_l += 0.0333
        edges += meter.until(turn * 0.05)
    falls = [edge for edge in edges if edge[1] == 0]
    assert len(falls) == int(2000 * 0.0333 * 12 + 1e-6)
    assert len(edges) == 2 * len(falls)
    assert [edge[1] for edge in edges[:4]] == [0, 1, 0, 1]
    times = [edge[2] for edge in edges]
    assert times == sorted(times)
    assert times[-1] <= 100.0


def test_a_meter_that_stands_still_makes_no_pulse() -> None:
    source = Source(passed_l=100.0)
    meter = FlowPulses(23, "main", 450.0, source, 0.0)  # type: ignore[arg-type] # the part of a World it uses
    assert meter.until(1.0) == []


def gauge(source: Source) -> RainTips:
    return RainTips(25, source, random.Random(1), 0.0)  # type: ignore[arg-type] # the part of a World it uses


def test_tips_bounce_within_a_few_milliseconds_and_end_open() -> None:
    source, bounced = Source(), 0
    tips = gauge(source)
    for number in range(60):
        source.tipped = 1
        edges = tips.until(10.0 * (number + 1))
        assert [edge[1] for edge in edges] == [0, 1] * (len(edges) // 2)
        assert edges[-2][2] - edges[0][2] < 0.01
        bounced += len(edges) > 2
    assert 10 < bounced < 50


def test_tips_that_come_at_once_are_sent_one_swing_apart() -> None:
    source = Source(tipped=3)
    tips = gauge(source)
    assert tips.until(1.0)
    assert tips.waiting == 2
    assert tips.until(1.0 + SWING_S / 2) == []
    assert tips.until(1.0 + SWING_S)
    assert tips.until(1.0 + 2 * SWING_S)
    assert tips.waiting == 0
    assert tips.until(9.0) == []


class Hand:
    """A clock set by hand."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_a_moved_contact_chatters_and_settles() -> None:
    clock = Hand()
    contact = Contact(0.25, random.Random(2), clock, closed=True)
    assert all(contact.reads_closed() for _ in range(50))
    contact.move(closed=False)
    chatter = {contact.reads_closed() for _ in range(50)}
    clock.now_s += 0.3
    assert chatter == {True, False}
    assert not any(contact.reads_closed() for _ in range(50))


@pytest.mark.parametrize("closed", [True, False])
def test_a_contacts_edges_end_where_it_moved_to(closed: bool) -> None:
    clock = Hand()
    for seed in range(20):
        contact = Contact(0.02, random.Random(seed), clock, closed=not closed)
        assert contact.edges(24, clock.now_s) == []
        contact.move(closed=closed)
        edges = contact.edges(24, clock.now_s)
        levels = [level for _, level, _ in edges]
        assert len(levels) in (3, 5, 7)
        assert levels[0] == levels[-1] == int(not closed)
        assert all(a != b for a, b in pairwise(levels))
        assert all(at_s < clock.now_s for _, _, at_s in edges)
        assert contact.edges(24, clock.now_s) == []
