from __future__ import annotations

import pytest

from fieldstation.domain.errors import DeviceError
from fieldstation.drivers.float_switch import Driver, Settings
from fieldstation.drivers.pins.backend import Pins
from tests.drivers.fake_field import FakeClock, FakeField

PIN = 24


def opened(pins: Pins, clock: FakeClock) -> Driver:
    made = Driver("tank", Settings(PIN), pins, clock)
    made.open()
    return made


def test_a_cut_wire_is_an_empty_tank(field: FakeField, pins: Pins, clock: FakeClock) -> None:
    tank = opened(pins, clock)
    assert field.driven[PIN][-1] == ("input", "up")
    assert not tank.has_water


def test_a_closed_contact_at_opening_is_water_at_once(field: FakeField, pins: Pins, clock: FakeClock) -> None:
    field.world[PIN] = 0
    assert opened(pins, clock).has_water


@pytest.mark.parametrize("first", [0, 1])
def test_a_change_is_believed_after_two_steady_seconds(
    field: FakeField, pins: Pins, clock: FakeClock, first: int
) -> None:
    field.world[PIN] = first
    tank = opened(pins, clock)
    before = tank.has_water
    field.world[PIN] = 1 - first
    seen = []
    for _ in range(22):
        seen.append(tank.has_water)
        clock.s += 0.1
    assert seen[:20] == [before] * 20
    assert seen[-1] is not before


def test_waves_do_not_change_the_mind(field: FakeField, pins: Pins, clock: FakeClock) -> None:
    field.world[PIN] = 0
    tank = opened(pins, clock)
    for step in range(100):
        field.world[PIN] = int(step % 15 < 10)  # a second open, half a second closed
        assert tank.has_water
        clock.s += 0.1


def test_a_dead_field_is_an_error_and_not_a_level(field: FakeField, pins: Pins, clock: FakeClock) -> None:
    field.world[PIN] = 0
    tank = opened(pins, clock)
    field.die()
    with pytest.raises(DeviceError, match="tank"):
        _ = tank.has_water
