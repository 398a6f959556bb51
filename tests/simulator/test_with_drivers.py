"""The station's real drivers, through gpiozero, on the simulated field's pins."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from fieldstation.domain.station import Device, Station
from fieldstation.drivers.load import build
from fieldstation.drivers.pins.by_name import open_pins
from fieldstation.wire.clock import SystemClock
from tests.kit.soon import wait_for

Open = Callable[[Device], Any]
Field = Any


@pytest.fixture
def open_driver(field: Field) -> Iterator[Open]:
    pins = open_pins("simulated", field.path, "test")
    opened = []

    def open_one(device: Device) -> Any:
        driver = build(device, pins, SystemClock())
        driver.open()
        opened.append(driver)
        return driver

    yield open_one
    for driver in opened:
        driver.close()
    pins.close()


def test_relays_move_water_and_the_meter_counts_it(field: Field, station: Station, open_driver: Open) -> None:
    pump = station.pumps[0]
    assert pump.flow is not None
    meter = open_driver(pump.flow.meter)
    valve, relay = open_driver(station.zones[0].valve), open_driver(pump.relay)
    assert field.do("state")["lines"] == {"pump:main": False, "valve:north": False, "valve:south": False}
    valve.on()
    relay.on()
    wait_for(lambda: meter.litres > 1.0)
    relay.off()
    valve.off()
    assert not relay.is_on
    metered_l = field.do("state")["pumps"]["main"]["metered_l"]
    wait_for(lambda: abs(meter.litres - metered_l) <= 1.01 / 12)


def test_the_float_believes_empty_at_once_and_full_only_when_steady(
    field: Field, station: Station, open_driver: Open
) -> None:
    assert station.pumps[0].tank_float is not None
    float_switch = open_driver(station.pumps[0].tank_float)
    assert float_switch.has_water
    field.do("fault", name="drain_tank")
    wait_for(lambda: not float_switch.has_water)
    field.do("clear", name="drain_tank")
    began = time.monotonic()
    wait_for(lambda: bool(float_switch.has_water))
    assert time.monotonic() - began > 1.5


def test_the_stop_button_is_pressed_by_hand_or_by_a_cut_wire(
    field: Field, station: Station, open_driver: Open
) -> None:
    assert station.guard.stop_button is not None
    button = open_driver(station.guard.stop_button)
    assert not button.is_pressed
    field.do("press")
    wait_for(lambda: bool(button.is_pressed))
    field.do("press", pressed=False)
    wait_for(lambda: not button.is_pressed)
    field.do("fault", name="unplug", target="stop_button")
    wait_for(lambda: bool(button.is_pressed))
