from __future__ import annotations

import pytest

from fieldstation.domain.clock import Clock
from fieldstation.domain.errors import DeviceError
from fieldstation.drivers.pins.backend import Pins
from fieldstation.drivers.pulse_flow_meter import Driver, Settings
from tests.drivers.fake_field import FakeClock, FakeField
from tests.drivers.waiting import until

PIN = 23
PULSE = ((PIN, 0), (PIN, 1))


def opened(pins: Pins, clock: Clock) -> Driver:
    made = Driver("meter", Settings(PIN, 450.0), pins, clock)
    made.open()
    return made


def test_every_pulse_counts_however_close(field: FakeField, pins: Pins, clock: FakeClock) -> None:
    meter = opened(pins, clock)
    assert meter.litres == 0
    for _ in range(9):
        field.edges(*PULSE * 100)
    until(lambda: meter.litres == 2.0, "900 pulses are two litres")


def test_a_meter_is_heard_until_the_field_dies(field: FakeField, pins: Pins, clock: FakeClock) -> None:
    meter = opened(pins, clock)
    field.edges(*PULSE)
    until(lambda: meter.litres > 0, "a pulse has come")
    assert meter.heard_age_s == 0.0
    field.die()
    until(lambda: meter.heard_age_s is None, "the stream's end is noticed")
    assert meter.litres == pytest.approx(1 / 450)


def test_a_closed_meter_is_not_heard(field: FakeField, pins: Pins, clock: FakeClock) -> None:
    meter = opened(pins, clock)
    meter.close()
    assert meter.heard_age_s is None


def test_a_meter_cannot_be_opened_on_a_dead_field(field: FakeField, pins: Pins, clock: FakeClock) -> None:
    field.die()
    with pytest.raises(DeviceError, match="meter"):
        opened(pins, clock)
