from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gpiozero
import pytest

from fieldstation.domain.errors import DeviceError, StationError
from fieldstation.drivers import pulse_flow_meter, relay
from fieldstation.drivers.capacitive_soil_mcp3008 import Driver as Probe
from fieldstation.drivers.capacitive_soil_mcp3008 import Settings as ProbeSettings
from fieldstation.drivers.pins import lgpio_door, pi
from fieldstation.drivers.pins.backend import Pins
from tests.drivers.fake_field import FakeClock
from tests.drivers.pins import fake_lgpio

PIN = 16


@pytest.fixture
def lgpio(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """lgpio on a board whose header is on chip 4, and gpiozero's own door to it, loaded anew."""
    made = fake_lgpio.make({0: "raspberrypi-exp-gpio", 4: "pinctrl-rp1"})
    for chip in (0, 4):
        (tmp_path / f"gpiochip{chip}").touch()
    monkeypatch.setattr(lgpio_door, "DEVICES", tmp_path)
    monkeypatch.setattr(lgpio_door.chip_number, "__defaults__", (tmp_path,))
    monkeypatch.setitem(sys.modules, "lgpio", made)
    monkeypatch.delitem(sys.modules, "gpiozero.pins.lgpio", raising=False)
    monkeypatch.delenv("GPIOZERO_PIN_FACTORY", raising=False)
    return made


@pytest.fixture
def pins(lgpio: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pins]:
    from gpiozero.pins.local import LocalPiFactory

    monkeypatch.setattr(LocalPiFactory, "_get_revision", lambda self: 0xC04170)
    opened = pi.open_pins()
    lgpio.log.clear()
    yield opened
    opened.close()
    monkeypatch.delitem(sys.modules, "gpiozero.pins.lgpio", raising=False)


@pytest.mark.parametrize("active_high", [True, False])
def test_a_relay_is_never_driven_on_by_opening_or_closing(lgpio: Any, pins: Pins, active_high: bool) -> None:
    driver = relay.Driver("pump", relay.Settings(PIN, active_high), pins, FakeClock())
    driver.open()
    off = int(not active_high)
    assert lgpio.log == [("input", PIN), ("output", PIN, off)]
    driver.close()
    assert [call[2] for call in lgpio.log if call[0] == "output"] == [off, off]
    assert lgpio.log[-1] == ("input", PIN)


def test_gpiozeros_own_pin_would_have_driven_it_on(lgpio: Any, pins: Pins) -> None:
    pins.factory.pin_class = sys.modules["gpiozero.pins.lgpio"].LGPIOPin
    driver = relay.Driver("pump", relay.Settings(PIN, active_high=False), pins, FakeClock())
    driver.open()
    assert lgpio.log == [("input", PIN), ("output", PIN, 0), ("output", PIN, 1)]


def test_the_chip_is_found_by_its_label_and_becomes_the_default(pins: Pins) -> None:
    assert pins.factory.chip == 4
    assert gpiozero.Device.pin_factory is pins.factory


def test_an_error_of_lgpio_is_a_device_error(lgpio: Any, pins: Pins, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*asked: object) -> None:
        raise lgpio.error("GPIO busy")

    driver = relay.Driver("pump", relay.Settings(PIN), pins, FakeClock())
    driver.open()
    monkeypatch.setattr(lgpio, "gpio_write", busy)
    with pytest.raises(DeviceError, match="GPIO busy"):
        driver.on()
    monkeypatch.setattr(lgpio, "gpio_claim_output", busy)
    with pytest.raises(DeviceError, match="GPIO busy"):
        relay.Driver("valve", relay.Settings(20), pins, FakeClock()).open()


def test_pulses_are_counted_without_debounce(lgpio: Any, pins: Pins) -> None:
    meter = pulse_flow_meter.Driver("meter", pulse_flow_meter.Settings(23, 10.0), pins, FakeClock())
    lgpio.levels[23] = 1
    meter.open()
    for _ in range(10):
        lgpio._notify_thread.edge(23, 0)
        lgpio._notify_thread.edge(23, 1)
    assert meter.litres == 1.0
    meter.close()
    assert all(micros == 0 for what, *_, micros in lgpio.log if what == "debounce")


def test_an_exception_does_not_end_the_notify_thread(lgpio: Any, pins: Pins) -> None:
    device = gpiozero.DigitalInputDevice(23, pull_up=True)

    def bad() -> None:
        raise ValueError("no")

    device.when_activated = bad
    lgpio._notify_thread.edge(23, 1)
    lgpio._notify_thread.edge(23, 0)
    assert pins.alive()
    device.close()


def test_a_dead_notify_thread_is_told(lgpio: Any, pins: Pins) -> None:
    meter = pulse_flow_meter.Driver("meter", pulse_flow_meter.Settings(23, 10.0), pins, FakeClock())
    meter.open()
    assert meter.heard_age_s == 0.0
    lgpio._notify_thread.dead.set()
    assert meter.heard_age_s is None
    meter.close()


@pytest.mark.filterwarnings("ignore::gpiozero.SPISoftwareFallback")
def test_spi_is_never_bit_banged(lgpio: Any, pins: Pins) -> None:
    def closed(*asked: object) -> None:
        raise lgpio.error("can not open SPI device")

    lgpio.spi_open = closed
    with pytest.raises(DeviceError, match="dtparam=spi=on"):
        Probe("north", ProbeSettings(0), pins, FakeClock()).open()


def test_another_pin_library_is_refused(lgpio: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "mock")
    with pytest.raises(StationError, match="'mock'.*unset it"):
        pi.open_pins()


def test_a_chip_that_cannot_be_opened_asks_for_the_group(lgpio: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(chip: int) -> int:
        raise lgpio.error("can not open gpiochip")

    monkeypatch.setattr(lgpio, "gpiochip_open", refused)
    with pytest.raises(StationError, match="group gpio"):
        pi.open_pins()
