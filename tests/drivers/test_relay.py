from __future__ import annotations

from typing import Any

import pytest
from gpiozero import GPIOZeroError
from gpiozero.pins.mock import MockFactory

from fieldstation.domain.errors import DeviceError
from fieldstation.drivers.pins.backend import Pins
from fieldstation.drivers.relay import Driver, Settings
from tests.drivers.fake_field import FakeClock, FakeField

PIN = 17


def levels_driven(pin: Any) -> list[bool]:
    return [bool(seen.state) for seen in pin.states]


@pytest.fixture
def mock() -> Pins:
    factory = MockFactory()
    return Pins(factory, lambda pin: (None, pin), lambda: True, factory.close, (OSError, GPIOZeroError))


@pytest.mark.parametrize("active_high", [True, False])
def test_no_other_level_than_off_from_opening_to_closing(mock: Pins, active_high: bool) -> None:
    pin = mock.factory.pin(PIN)
    (pin.drive_low if active_high else pin.drive_high)()  # the external resistor holds the input at OFF
    pin.clear_states()
    relay = Driver("pump", Settings(PIN, active_high), mock, FakeClock())
    relay.open()
    assert pin.function == "output"
    assert not relay.is_on
    relay.close()
    assert pin.function == "input"
    assert set(levels_driven(pin)) == {not active_high}


@pytest.mark.parametrize("active_high", [True, False])
def test_closing_while_on_drives_off_before_the_line_goes(field: FakeField, pins: Pins, active_high: bool) -> None:
    relay = Driver("pump", Settings(PIN, active_high), pins, FakeClock())
    relay.open()
    relay.on()
    assert relay.is_on
    relay.close()
    on, off = int(active_high), int(not active_high)
    outputs = [("output", off), ("output", on), ("output", off)]
    assert field.driven[PIN] == [("input", "floating"), *outputs, ("input", "floating")]


def test_is_on_is_the_line_and_not_what_was_asked(field: FakeField, pins: Pins) -> None:
    relay = Driver("pump", Settings(PIN), pins, FakeClock())
    relay.open()
    field.held[PIN] = 1
    relay.off()
    assert relay.is_on


def test_a_line_that_still_reads_on_is_told_at_closing_and_let_go(field: FakeField, pins: Pins) -> None:
    relay = Driver("pump", Settings(PIN), pins, FakeClock())
    relay.open()
    field.held[PIN] = 1
    with pytest.raises(DeviceError, match="still reads ON"):
        relay.close()
    assert field.driven[PIN][-1] == ("input", "floating")
    relay.close()


def test_a_dead_field_raises_in_every_direction_and_closing_ends(field: FakeField, pins: Pins) -> None:
    relay = Driver("pump", Settings(PIN), pins, FakeClock())
    relay.open()
    relay.on()
    field.die()
    for act in (relay.on, relay.off, lambda: relay.is_on, relay.close):
        with pytest.raises(DeviceError, match="pump"):
            act()
    relay.close()


def test_a_line_that_someone_else_holds_is_a_device_error(field: FakeField, pins: Pins) -> None:
    first, second = (Driver(name, Settings(PIN), pins, FakeClock()) for name in ("pump", "valve"))
    first.open()
    with pytest.raises(DeviceError, match="valve"):
        second.open()
    with pytest.raises(DeviceError, match="not open"):
        second.on()
    assert field.driven[PIN].count(("output", 0)) == 1


def test_it_opens_again_after_closing(pins: Pins) -> None:
    relay = Driver("pump", Settings(PIN), pins, FakeClock())
    for _ in range(2):
        relay.open()
        relay.on()
        assert relay.is_on
        relay.close()
