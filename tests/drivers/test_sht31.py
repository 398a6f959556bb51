"""SHT31: its data sheet's numbers, frost, and a chip that is not what it seems."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from fieldstation.domain.reading import Quality, Quantity, Sample
from fieldstation.drivers.load import build
from fieldstation.drivers.pins.backend import Pins
from fieldstation.drivers.sht31 import HEATER_OFF, SINGLE_SHOT, Driver, Settings, crc8
from fieldstation.wire.clock import SystemClock
from tests.kit.one_device import on_the_board


class Wire:
    """A bus that answers with given bytes and remembers what it was sent."""

    def __init__(self, answer: bytes) -> None:
        self.alone = threading.RLock()
        self.answer, self.sent = answer, list[bytes]()

    def exchange(self, sent: bytes, count: int = 0) -> bytes:
        self.sent += [sent] if sent else []
        return self.answer if count else b""

    def close(self) -> None:
        pass


def read(wire: Wire) -> list[Sample]:
    pins = Pins(None, int, lambda place: wire, lambda: True, lambda: None)
    driver = Driver("air", Settings(), pins, SystemClock())
    driver.open()
    samples = driver.read()
    driver.close()
    return samples


def with_crc(*words: int) -> bytes:
    pairs = [word.to_bytes(2, "big") for word in words]
    return b"".join(pair + bytes([crc8(pair)]) for pair in pairs)


@pytest.mark.parametrize(
    ("words", "t_c", "rh_frac"),
    [((0x6666, 0x8000), 25.0, 0.5), ((0x41E5, 0xFFFF), 0.05, 1.0), ((0x2F7E, 0x0000), -12.53, 0.0)],
)
def test_words_become_degrees_and_fractions(words: tuple[int, int], t_c: float, rh_frac: float) -> None:
    wire = Wire(with_crc(*words))
    air, damp = read(wire)
    assert air.value == pytest.approx(t_c, abs=0.01)
    assert damp.value == pytest.approx(rh_frac, abs=0.001)
    assert wire.sent == [HEATER_OFF, SINGLE_SHOT]


@pytest.mark.parametrize("at", range(6))
def test_a_flipped_bit_anywhere_is_a_checksum_fault_of_both(at: int) -> None:
    frame = bytearray(with_crc(0x6666, 0x8000))
    frame[at] ^= 0x10
    samples = read(Wire(bytes(frame)))
    assert [sample.fault for sample in samples] == [Quality.CHECKSUM] * 2
    assert "wrong checksum in" in samples[0].detail


@pytest.mark.parametrize("frame", [bytes(6), b"\xff" * 6, b"", bytes(5)])
def test_a_line_held_low_or_high_is_no_reading(frame: bytes) -> None:
    assert {sample.fault for sample in read(Wire(frame))} == {Quality.CHECKSUM}


def test_below_its_range_it_says_so() -> None:
    assert {sample.fault for sample in read(Wire(with_crc(0, 0x8000)))} == {Quality.OUT_OF_RANGE}


def test_it_reads_frost_over_the_simulated_bus(tmp_path: Path) -> None:
    with on_the_board("sht31", tmp_path / "s") as (board, device, _):
        board.world.told = {Quantity.AIR_T: -7.4, Quantity.AIR_RH: 0.97}
        driver = build(device, board.pins, SystemClock())
        driver.open()
        values = [sample.value for sample in driver.read()]
        driver.close()
    assert values == [pytest.approx(-7.4, abs=0.3), pytest.approx(0.97, abs=0.02)]
