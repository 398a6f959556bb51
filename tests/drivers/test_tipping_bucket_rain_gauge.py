from __future__ import annotations

import pytest

from fieldstation.domain.reading import Quality
from fieldstation.drivers.pins.backend import Pins
from fieldstation.drivers.tipping_bucket_rain_gauge import Driver, Settings
from tests.drivers.fake_field import FakeClock, FakeField
from tests.drivers.waiting import until

PIN = 25
TIP = ((PIN, 0), (PIN, 1))


class Gauge:
    """A gauge on the fake field whose tips are waited for."""

    def __init__(self, field: FakeField, pins: Pins, clock: FakeClock) -> None:
        self.field, self.clock = field, clock
        self.driver = Driver("rain", Settings(PIN, 0.2), pins, clock)
        self.driver.open()
        self.edges = 0
        device = self.driver._device
        count = device.when_activated

        def counted() -> None:
            count()
            self.edges += 1

        device.when_activated = counted

    def tip(self, bounces: int = 0) -> None:
        wanted = self.edges + 1 + bounces
        self.field.edges(*TIP * (1 + bounces))
        until(lambda: self.edges == wanted, "every edge has arrived")


@pytest.fixture
def gauge(field: FakeField, pins: Pins, clock: FakeClock) -> Gauge:
    return Gauge(field, pins, clock)


def test_each_read_gives_the_rain_since_the_last(gauge: Gauge) -> None:
    for _ in range(3):
        gauge.tip()
        gauge.clock.s += 5
    (first,), (second,) = gauge.driver.read(), gauge.driver.read()
    assert first.value == pytest.approx(0.6)
    assert (second.value, second.fault) == (0.0, None)


def test_a_bouncing_tip_is_one_tip(gauge: Gauge) -> None:
    gauge.tip(bounces=4)
    gauge.clock.s += 0.29
    gauge.tip()
    gauge.clock.s += 0.02
    gauge.tip()
    assert gauge.driver.read()[0].value == pytest.approx(0.4)


def test_a_deaf_gauge_is_a_fault_and_not_a_dry_sky(gauge: Gauge, field: FakeField, pins: Pins) -> None:
    gauge.tip()
    field.die()
    until(lambda: not pins.alive(), "the stream's end is noticed")
    (sample,) = gauge.driver.read()
    assert (sample.value, sample.fault) == (None, Quality.NO_ANSWER)


def test_a_closed_gauge_is_a_fault(gauge: Gauge) -> None:
    gauge.driver.close()
    assert gauge.driver.read()[0].fault is Quality.NO_ANSWER
