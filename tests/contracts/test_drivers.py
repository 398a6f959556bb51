"""Every driver in the folder, on real gpiozero over a real socket to the simulated field."""

from __future__ import annotations

import ast
import dataclasses
import shutil
import subprocess
import sys
import tempfile
import types
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fieldstation.config.demo import demo_toml
from fieldstation.config.load import resolve
from fieldstation.domain.errors import DeviceError
from fieldstation.domain.reading import Quality, Quantity
from fieldstation.domain.setting import Bounds
from fieldstation.domain.station import Device
from fieldstation.drivers.child import ChildDriver
from fieldstation.drivers.load import build, is_blocking, known, measures, settings_type
from fieldstation.drivers.pins.backend import Pins
from fieldstation.drivers.pins.by_name import open_pins
from fieldstation.wire.ask import ask
from fieldstation.wire.clock import SystemClock
from fieldstation.wire.places import Places
from tests.kit.station import wait_for

STATION = resolve(demo_toml(planted_on=date(2026, 9, 1), seed=1))


class Field:
    def __init__(self, folder: Path) -> None:
        self.places = Places.under(folder)
        self.places.sockets.mkdir(parents=True)
        config = folder / "station.toml"
        config.write_text(demo_toml(planted_on=date(2026, 9, 1), seed=1))
        self.child = subprocess.Popen(
            [sys.executable, "-m", "fieldstation", "field", "--config", str(config), "--data", str(folder)],
            stderr=subprocess.DEVNULL,
        )
        wait_for(lambda: self.order("state"), 20, "field up")

    def order(self, do: str, **values: Any) -> dict[str, Any]:
        return ask(self.places.field_socket, {"do": do, **values}, 5)

    def pins(self, process: str = "test") -> Pins:
        return open_pins("simulated", self.places.field_socket, process)


@pytest.fixture(scope="module")
def field() -> Iterator[Field]:
    folder = Path(tempfile.mkdtemp(prefix="pins-"))
    made = Field(folder)
    yield made
    made.child.terminate()
    made.child.wait(10)
    shutil.rmtree(folder, ignore_errors=True)


def device(name: str) -> Device:
    """The demo's device of this driver."""
    found = [p.device for z in STATION.zones for p in z.probes]
    found += [
        d
        for d in (
            STATION.air,
            STATION.rain,
            STATION.guard.stop_button,
            STATION.pumps[0].tank_float,
            STATION.pumps[0].relay,
        )
        if d
    ]
    assert STATION.pumps[0].flow
    found.append(STATION.pumps[0].flow.meter)
    if name == "dht11":
        return Device("air", "dht11", settings_type("dht11")(pin=4))
    return next(d for d in found if d.driver == name)


@pytest.mark.parametrize("name", known())
def test_settings_are_declared_with_their_limits(name: str) -> None:
    for setting in dataclasses.fields(settings_type(name)):
        bounds = setting.metadata["bounds"]
        assert isinstance(bounds, Bounds)
        assert bounds.doc


@pytest.mark.parametrize("name", known())
def test_opening_and_closing_twice_is_safe(name: str, field: Field) -> None:
    if is_blocking(name):
        pytest.skip("runs in a child: tested below")
    pins = field.pins()
    driver = build(device(name), pins, SystemClock())
    driver.close()
    driver.open()
    driver.close()
    driver.close()
    pins.close()


def test_a_probe_reads_volts_and_a_pulled_wire_is_a_fault(field: Field) -> None:
    pins = field.pins()
    driver = build(device("capacitive_soil_mcp3008"), pins, SystemClock())
    assert driver.read()[0].fault is Quality.NO_ANSWER, "not open yet"
    driver.open()
    (sample,) = driver.read()
    assert sample.fault is None
    assert 1.0 < sample.value < 3.0
    field.order("fault", name="unplug", target=sample.sensor)
    (gone,) = driver.read()
    assert (gone.value, gone.fault) == (None, Quality.NO_ANSWER)
    field.order("clear")
    driver.close()
    pins.close()


def test_a_relay_opens_off_obeys_and_closes_off(field: Field) -> None:
    pins = field.pins()
    relay = build(STATION.zones[0].valve, pins, SystemClock())
    relay.open()
    assert not relay.is_on
    relay.on()
    assert relay.is_on
    assert field.order("state")["lines"]["valve:north"]
    other = field.pins("other")
    rival = build(STATION.zones[0].valve, other, SystemClock())
    with pytest.raises(DeviceError, match="is held by"):
        rival.open()
    other.close()
    relay.close()
    assert field.order("state")["lines"]["valve:north"] is False
    with pytest.raises(DeviceError):
        relay.on()
    pins.close()


def test_float_button_and_rain(field: Field) -> None:
    pins = field.pins()
    tank, button, rain = (
        build(device(n), pins, SystemClock())
        for n in ("float_switch", "stop_button", "tipping_bucket_rain_gauge")
    )
    for driver in (tank, button, rain):
        driver.open()
    assert tank.has_water
    field.order("fault", name="drain_tank", target="main")
    assert not tank.has_water
    field.order("clear")
    assert not tank.has_water, "full is believed only when steady"
    wait_for(lambda: tank.has_water, 5, "full again")
    assert not button.is_pressed
    field.order("press", pressed=True)
    wait_for(lambda: button.is_pressed, 2, "pressed")
    field.order("press", pressed=False)
    assert rain.read()[0].value == 0
    for driver in (tank, button, rain):
        driver.close()
    pins.close()


def test_a_bouncing_tip_is_one_tip(field: Field) -> None:
    now = [0.0]
    clock = types.SimpleNamespace(mono_s=lambda: now[0], now=lambda: None, trusted=lambda: True)
    gauge = build(device("tipping_bucket_rain_gauge"), field.pins(), clock)
    for at in (1.0, 1.01, 1.05, 5.0, 5.2, 9.0):
        now[0] = at
        gauge._tip()
    gauge._device = object()
    assert gauge.read()[0].value == pytest.approx(3 * 0.2)


def test_flow_pulses_are_counted(field: Field) -> None:
    pins = field.pins()
    meter = build(device("pulse_flow_meter"), pins, SystemClock())
    relays = [build(d, pins, SystemClock()) for d in (STATION.zones[0].valve, STATION.pumps[0].relay)]
    meter.open()
    for relay in relays:
        relay.open()
        relay.on()
    wait_for(lambda: meter.litres >= 1, 10, "a litre has passed")
    assert meter.heard_age_s == 0.0
    for relay in reversed(relays):
        relay.close()
    pins.close()


@pytest.mark.parametrize("name", [n for n in known() if is_blocking(n)])
def test_a_blocking_driver_lives_in_a_child_that_can_be_killed(name: str, field: Field) -> None:
    if name == "dht11":
        pytest.skip("the demo's field has a DHT22 on the pin; its decoder is the same library's")
    driver = ChildDriver(device(name), "simulated", field.places.field_socket, SystemClock())
    driver.open()
    samples = wait_for(lambda: (s := driver.read()) and s[0].fault is None and s, 40, "a good reading")
    assert [s.quantity for s in samples] == list(measures(name)) == [Quantity.AIR_T, Quantity.AIR_RH]
    assert -10 < samples[0].value < 50
    field.order("fault", name="unplug", target="air")
    assert {s.fault for s in driver.read()} <= {Quality.NO_ANSWER, Quality.CHECKSUM}
    field.order("clear")
    assert driver._child
    driver._child.kill()
    assert driver.read() is not None, "a killed child is replaced, never an exception"
    driver.close()
    driver.close()


RECORDER = """
import sys, types
log = []
lgpio = types.ModuleType("lgpio"); sys.modules["lgpio"] = lgpio
lgpio.error = type("error", (Exception,), {})
for name, value in dict(BOTH_EDGES=3, RISING_EDGE=1, FALLING_EDGE=2, SET_PULL_NONE=128, SET_PULL_UP=32, SET_PULL_DOWN=64).items():
    setattr(lgpio, name, value)
mode = {}
lgpio.gpiochip_open = lambda c: 1
lgpio.gpiochip_close = lambda h: None
lgpio.gpio_get_chip_info = lambda h: (0, 58, "gpiochip0", "pinctrl-bcm2711")
def claim_in(h, g, f=0): mode[g] = 0
def claim_out(h, g, level=0, f=0): mode[g] = 2; log.append(("claim", g, level))
def write(h, g, level): log.append(("write", g, int(level)))
lgpio.gpio_claim_input, lgpio.gpio_claim_output, lgpio.gpio_write = claim_in, claim_out, write
lgpio.gpio_read = lambda h, g: 0
lgpio.gpio_get_mode = lambda h, g: mode.get(g, 0)
lgpio.gpio_free = lambda h, g: None
from gpiozero.pins.lgpio import LGPIOFactory
LGPIOFactory._get_revision = lambda self: 0xC03111
from fieldstation.drivers.pins import pi
pi.chip_number = lambda: 0
from fieldstation.drivers import relay
from fieldstation.wire.clock import SystemClock
pins = pi.open_pins()
for pin, high in ((17, True), (5, False)):
    driver = relay.Driver("r", relay.Settings(pin=pin, active_high=high), pins, SystemClock())
    driver.open(); driver.close()
print(log)
"""


def test_on_a_pi_a_relay_is_claimed_at_its_off_level_and_never_pulsed() -> None:
    done = subprocess.run([sys.executable, "-c", RECORDER], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    calls = ast.literal_eval(done.stdout)
    assert calls[0] == ("claim", 17, 0)
    assert {level for _, pin, level in calls if pin == 17} == {0}
    assert {level for _, pin, level in calls if pin == 5} == {1}, "an active-low relay never sees LOW"
