from __future__ import annotations

from pathlib import Path

import pytest

from fieldstation.domain.station import Device
from fieldstation.drivers import load, relay
from fieldstation.drivers.pins.backend import Pins
from tests.drivers.fake_field import FakeClock

EXPECTED = {
    "capacitive_soil_mcp3008",
    "dht11",
    "dht22",
    "float_switch",
    "pulse_flow_meter",
    "relay",
    "stop_button",
    "tipping_bucket_rain_gauge",
}


def test_every_driver_is_known_by_its_file() -> None:
    folder = Path(load.__file__).parent
    assert set(load.known()) == {file.stem for file in folder.glob("*.py")} - load.NOT_DRIVERS - {"__init__"}
    assert set(load.known()) >= EXPECTED


@pytest.mark.parametrize("name", ["dht23", "load", "child", "pins", "../relay", ""])
def test_a_name_that_is_no_driver_is_a_key_error(name: str) -> None:
    with pytest.raises(KeyError):
        load.settings_type(name)


def test_a_device_is_built_and_not_opened() -> None:
    pins = Pins(None, lambda pin: (None, pin), lambda: True, lambda: None)
    built = load.build(Device("pump", "relay", relay.Settings(17)), pins, FakeClock())
    assert isinstance(built, relay.Driver)


def test_only_what_may_hang_lives_in_a_child() -> None:
    assert {name for name in load.known() if load.is_blocking(name)} == {"dht11", "dht22"}
    assert load.tries("dht11") == load.tries("dht22") == (3, 2.1)
    assert load.tries("relay") == (1, 0.0)
