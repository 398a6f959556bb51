"""ADS1115: its registers, four probes on one chip, and a chip that never gets ready."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from fieldstation.domain.reading import Quality, Quantity, Sample
from fieldstation.drivers.capacitive_soil_ads1115 import Driver, Model, Settings, config_word, shows
from fieldstation.drivers.pins.backend import Pins
from fieldstation.wire.clock import SystemClock
from tests.kit.one_device import on_the_board


class Deaf:
    """A chip that answers every read with the same bytes."""

    def __init__(self, answer: bytes) -> None:
        self.alone = threading.RLock()
        self._answer = answer

    def exchange(self, sent: bytes, count: int = 0) -> bytes:
        return self._answer[:count]

    def close(self) -> None:
        pass


def read(settings: Settings, chip: Deaf) -> Sample:
    driver = Driver(
        "soil", settings, Pins(None, int, lambda place: chip, lambda: True, lambda: None), SystemClock()
    )
    driver.open()
    (sample,) = driver.read()
    driver.close()
    return sample


@pytest.mark.parametrize(
    ("settings", "word"),
    [(Settings(channel=0), 0x4383), (Settings(channel=3), 0x7383), (Settings(channel=1, gain=2), 0x5583)],
)
def test_the_configuration_is_the_data_sheets(settings: Settings, word: int) -> None:
    assert config_word(settings) == word


def test_a_conversion_that_never_gets_ready_ends_at_its_deadline() -> None:
    sample = read(Settings(channel=0), Deaf(bytes([0x43, 0x83])))
    assert sample.fault is Quality.NO_ANSWER
    assert sample.detail == "no conversion within 0.1 s"


@pytest.mark.parametrize("answer", [b"\x00\x00", b"\xff\xff", b"\x85\x83", b"\xc3"])
def test_a_chip_that_does_not_repeat_its_configuration_is_not_believed(answer: bytes) -> None:
    assert read(Settings(channel=0), Deaf(answer)).fault is Quality.CHECKSUM


def test_too_much_gain_shows_as_out_of_range(tmp_path: Path) -> None:
    with on_the_board("capacitive_soil_ads1115", tmp_path / "s") as (board, device, _):
        board.world.told = {Quantity.SOIL_WATER: 2.9}
        driver = Driver(device.id, Settings(channel=0, gain=2), board.pins, SystemClock())
        driver.open()
        (sample,) = driver.read()
        driver.close()
    assert sample.fault is Quality.OUT_OF_RANGE


def test_four_probes_read_at_once_never_get_each_others_volts(tmp_path: Path) -> None:
    with on_the_board("capacitive_soil_ads1115", tmp_path / "s") as (board, _, _):
        place = ("i2c", 1, 0x48)
        chip = board.wiring.chip(place, lambda: Model(board.wiring))
        chip.volts = {channel: partial(float, 0.5 + channel / 2) for channel in range(4)}
        drivers = [Driver(str(c), Settings(channel=c), board.pins, SystemClock()) for c in range(4)]
        for driver in drivers:
            driver.open()
        with ThreadPoolExecutor(4) as pool:
            rounds = [list(pool.map(lambda d: d.read()[0].value, drivers)) for _ in range(5)]
        for driver in drivers:
            driver.close()
    assert rounds == [[pytest.approx(0.5 + c / 2, abs=0.001) for c in range(4)]] * 5


def test_a_pulled_down_channel_shows_nothing() -> None:
    assert shows({Quantity.SOIL_WATER: 0.01}, Settings(channel=0), None) == {}  # type: ignore[arg-type] # no chance in it
