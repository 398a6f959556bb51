from __future__ import annotations

import pytest

from fieldstation.domain.errors import DeviceError
from fieldstation.drivers.pins.backend import Pins
from fieldstation.drivers.stop_button import Driver, Settings
from tests.drivers.fake_field import FakeClock, FakeField

PIN = 26


def opened(pins: Pins, clock: FakeClock) -> Driver:
    made = Driver("stop", Settings(PIN), pins, clock)
    made.open()
    return made


def test_a_closed_contact_is_not_pressed(field: FakeField, pins: Pins, clock: FakeClock) -> None:
    field.world[PIN] = 0
    assert not opened(pins, clock).is_pressed


def test_a_cut_wire_is_pressed_from_the_first_look(field: FakeField, pins: Pins, clock: FakeClock) -> None:
    button = opened(pins, clock)
    assert field.driven[PIN][-1] == ("input", "up")
    assert button.is_pressed


def test_a_press_counts_after_50_ms_and_a_spike_never(field: FakeField, pins: Pins, clock: FakeClock) -> None:
    field.world[PIN] = 0
    button = opened(pins, clock)
    field.world[PIN] = 1
    assert not button.is_pressed
    clock.s += 0.03
    field.world[PIN] = 0
    assert not button.is_pressed
    field.world[PIN] = 1
    assert not button.is_pressed
    clock.s += 0.06
    assert button.is_pressed
    field.world[PIN] = 0
    assert not button.is_pressed


def test_a_dead_field_is_an_error_and_not_a_level(field: FakeField, pins: Pins, clock: FakeClock) -> None:
    field.world[PIN] = 0
    button = opened(pins, clock)
    field.die()
    with pytest.raises(DeviceError, match="stop"):
        _ = button.is_pressed
