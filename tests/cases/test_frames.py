"""The library's own decoder under the station's driver, fed with frames whose checksum is right."""

from __future__ import annotations

from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pytest

from fieldstation.domain.reading import Sample
from fieldstation.drivers import dht11, dht22
from fieldstation.drivers.pins.pulse_stub import install
from fieldstation.wire.clock import SystemClock

BIT_US = (25, 71)
WRONG = pytest.mark.xfail(
    strict=True,
    raises=AssertionError,
    reason="2026-11-30: one value out of range takes both away; a later issue",
)


def read(module: ModuleType, *four: int) -> list[Sample]:
    """What the driver makes of a frame of four bytes and their sum."""
    frame = [*four, sum(four) & 255]
    bits = [byte >> place & 1 for byte in frame for place in range(7, -1, -1)]
    widths = [*(width for bit in bits for width in (52, BIT_US[bit])), 52]
    install(cast("Any", SimpleNamespace(call=lambda message: {"widths": widths})))
    pins = SimpleNamespace(blinka_pin=lambda pin: pin)
    driver = module.Driver("air", module.Settings(4), pins, SystemClock())
    driver.open()
    found: list[Sample] = driver.read()
    driver.close()
    return found


@pytest.mark.parametrize(
    ("module", "frame", "t_c"),
    [
        pytest.param(dht11, (45, 0, 18, 3), 18.3, id="DHT11 at 45 %"),
        pytest.param(dht22, (1, 194, 0, 124), 12.4, id="DHT22 at 45 %"),
        pytest.param(dht22, (1, 194, 128, 23), -2.3, id="DHT22 with a sign bit"),
        pytest.param(dht11, (95, 0, 18, 3), 18.3, id="DHT11 at 95 %", marks=WRONG),
        pytest.param(dht11, (15, 0, 38, 0), 38.0, id="DHT11 at 15 %", marks=WRONG),
        pytest.param(dht22, (3, 244, 0, 124), 12.4, id="DHT22 with a wet cap: 101.2 %", marks=WRONG),
        pytest.param(dht22, (2, 183, 0xFF, 0xE9), -2.3, id="DHT22 in two's complement", marks=WRONG),
    ],
)
def test_a_good_temperature_stands_whatever_the_humidity(
    module: ModuleType, frame: tuple[int, ...], t_c: float
) -> None:
    air = read(module, *frame)[0]
    assert air.value == pytest.approx(t_c)
    assert air.fault is None
