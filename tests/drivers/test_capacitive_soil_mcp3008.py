from __future__ import annotations

import pytest

from fieldstation.domain.errors import DeviceError
from fieldstation.domain.reading import Quality, Quantity
from fieldstation.drivers.capacitive_soil_mcp3008 import Driver, Settings
from fieldstation.drivers.pins.backend import Pins
from tests.drivers.fake_field import FakeClock, FakeField


def probe(pins: Pins, clock: FakeClock, **settings: int) -> Driver:
    made = Driver("north_soil", Settings(**{"channel": 3, "reads": 5, **settings}), pins, clock)
    made.open()
    return made


def test_volts_are_the_median_of_several_reads(field: FakeField, pins: Pins, clock: FakeClock) -> None:
    field.counts[3] = [512, 1023, 514, 0, 513]
    (sample,) = probe(pins, clock).read()
    assert sample.value == pytest.approx(513 * 3.3 / 1024)
    assert (sample.quantity, sample.fault, sample.mono_s) == (Quantity.SOIL_WATER, None, clock.s)


def test_the_chip_is_asked_single_ended_for_its_channel(field: FakeField, pins: Pins, clock: FakeClock) -> None:
    field.counts[3] = [400]
    probe(pins, clock, device=1, reads=1).read()
    asked = [message for message in field.heard if message["do"] == "spi"]
    assert asked == [{"do": "spi", "port": 0, "device": 1, "words": [1, 0b1011_0000, 0]}]


@pytest.mark.parametrize(
    ("counts", "fault"),
    [(0, Quality.NO_ANSWER), (4, Quality.NO_ANSWER), (5, None), (1018, None), (1019, Quality.OUT_OF_RANGE)],
)
def test_a_pulled_down_or_shorted_channel_is_no_reading(
    field: FakeField, pins: Pins, clock: FakeClock, counts: int, fault: Quality | None
) -> None:
    field.counts[3] = [counts]
    (sample,) = probe(pins, clock).read()
    assert sample.fault is fault
    assert (sample.value is None) is (fault is not None)


def test_a_closed_probe_has_no_answer(field: FakeField, pins: Pins, clock: FakeClock) -> None:
    field.counts[3] = [400]
    driver = probe(pins, clock)
    assert driver.read()[0].fault is None
    driver.close()
    assert [sample.fault for sample in driver.read()] == [Quality.NO_ANSWER]


def test_without_spi_opening_says_so(field: FakeField, pins: Pins, clock: FakeClock) -> None:
    class NoSPI:
        def spi(self, **asked: object) -> None:
            raise OSError("no spidev")

    with pytest.raises(DeviceError, match="is SPI enabled"):
        probe(Pins(NoSPI(), pins.load_dht, pins.alive, pins.close), clock)
