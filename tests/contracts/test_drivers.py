"""What single drivers keep beyond the contract of all, on real gpiozero over a real socket."""

from __future__ import annotations

import ast
import subprocess
import sys
import types
from pathlib import Path

import pytest

from fieldstation.domain.errors import DeviceError
from fieldstation.domain.reading import Quality, Quantity
from fieldstation.drivers.child import ChildDriver
from fieldstation.drivers.load import build, is_blocking, known, measures
from fieldstation.drivers.pins.by_name import open_pins
from fieldstation.wire.clock import SystemClock
from tests.kit.one_device import on_the_board
from tests.kit.station import wait_for


def test_a_relay_opens_off_obeys_and_closes_off(tmp_path: Path) -> None:
    with on_the_board("relay", tmp_path / "s") as (board, device, _):
        relay = build(device, board.pins, SystemClock())
        relay.open()
        assert not relay.is_on
        relay.on()
        assert relay.is_on
        assert board.world.line("pump:main")
        other = open_pins("simulated", tmp_path / "s", "other")
        with pytest.raises(DeviceError, match="is held by"):
            build(device, other, SystemClock()).open()
        other.close()
        relay.close()
        assert board.world.line("pump:main") is False
        with pytest.raises(DeviceError):
            relay.on()


def test_a_bouncing_tip_is_one_tip(tmp_path: Path) -> None:
    now = [0.0]
    clock = types.SimpleNamespace(mono_s=lambda: now[0], now=lambda: None, trusted=lambda: True)
    with on_the_board("tipping_bucket_rain_gauge", tmp_path / "s") as (board, device, _):
        gauge = build(device, board.pins, clock)
        for at in (1.0, 1.01, 1.05, 5.0, 5.2, 9.0):
            now[0] = at
            gauge._tip()
        gauge._held = object()
        assert gauge.read()[0].value == pytest.approx(3 * 0.2794)


@pytest.mark.slow
@pytest.mark.parametrize("name", [n for n in known() if is_blocking(n)])
def test_a_blocking_driver_lives_in_a_child_that_can_be_killed(name: str, tmp_path: Path) -> None:
    with on_the_board(name, tmp_path / "s") as (board, device, _):
        board.world.told = {Quantity.AIR_T: 21.0, Quantity.AIR_RH: 0.5}
        driver = ChildDriver(device, "simulated", tmp_path / "s", SystemClock())
        driver.open()
        samples = wait_for(lambda: (s := driver.read()) and s[0].fault is None and s, 40, "a good reading")
        assert [s.quantity for s in samples] == list(measures(name)) == [Quantity.AIR_T, Quantity.AIR_RH]
        assert samples[0].value == pytest.approx(21.0, abs=2)
        board.world.told = None
        assert {s.fault for s in driver.read()} <= {Quality.NO_ANSWER, Quality.CHECKSUM}
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


@pytest.mark.slow
def test_on_a_pi_a_relay_is_claimed_at_its_off_level_and_never_pulsed() -> None:
    done = subprocess.run([sys.executable, "-c", RECORDER], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    calls = ast.literal_eval(done.stdout)
    assert calls[0] == ("claim", 17, 0)
    assert {level for _, pin, level in calls if pin == 17} == {0}
    assert {level for _, pin, level in calls if pin == 5} == {1}, "an active-low relay never sees LOW"
