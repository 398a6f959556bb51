"""The chip at byte level, and at bit level under gpiozero's own software SPI."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial

import gpiozero
import pytest
from gpiozero.pins.mock import MockFactory, MockSPIDevice

from fieldstation.domain.reading import Quantity
from fieldstation.drivers.capacitive_soil_mcp3008 import Settings, shows
from fieldstation.drivers.parts.mcp3008 import MCP3008

COUNTS = {0: 0, 1: 1, 2: 341, 3: 512, 4: 682, 5: 767, 6: 1022, 7: 1023}
CHANNELS: dict[int, Callable[[], int]] = {channel: partial(int, counts) for channel, counts in COUNTS.items()}


class OnPins(MockSPIDevice):  # type: ignore[misc] # gpiozero has no types
    """Our chip between gpiozero's clock and data pins."""

    chip = MCP3008(CHANNELS)

    def on_start(self) -> None:
        super().on_start()
        self.chip.select()

    def on_bit(self) -> None:
        self.chip.clock(self.rx_buf[-1])
        self.tx_buf = [self.chip.waiting]


@pytest.fixture
def mock_pins(monkeypatch: pytest.MonkeyPatch) -> Iterator[MockFactory]:
    factory = MockFactory()
    monkeypatch.setattr(gpiozero.Device, "pin_factory", factory)
    yield factory
    factory.close()


@pytest.mark.parametrize("channel", range(8))
def test_gpiozero_reads_each_channel_bit_by_bit(mock_pins: MockFactory, channel: int) -> None:
    with OnPins(11, 10, 9, 8), gpiozero.MCP3008(channel) as adc:
        assert adc.raw_value == COUNTS[channel]
        assert adc.raw_value == COUNTS[channel]  # a second conversion starts clean


def test_differential_reads_never_fall_below_zero(mock_pins: MockFactory) -> None:
    with OnPins(11, 10, 9, 8):
        with gpiozero.MCP3008(3, differential=True) as adc:
            assert adc.raw_value == 512 - 341
        with gpiozero.MCP3008(2, differential=True) as adc:
            assert adc.raw_value == 0


@pytest.mark.parametrize("channel", range(8))
def test_three_bytes_carry_ten_bits(channel: int) -> None:
    chip = MCP3008(CHANNELS)
    _, high, low = chip.transfer([1, 0x80 | channel << 4, 0])
    assert (high & 3) << 8 | low == COUNTS[channel]
    assert high & 4 == 0  # the null bit


@pytest.mark.parametrize("early", range(8))
def test_the_start_bit_may_come_at_any_clock(early: int) -> None:
    question = ((0b11000 | 6) << 12 + early).to_bytes(4, "big")
    answer = MCP3008(CHANNELS).transfer(list(question))
    assert int.from_bytes(bytes(answer), "big") >> early & 1023 == COUNTS[6]


def test_clocked_on_it_repeats_from_the_lowest_bit() -> None:
    chip = MCP3008(CHANNELS)
    answer = chip.transfer([1, 0x80 | 5 << 4, 0, 0, 0])
    bits = "".join(f"{word:08b}" for word in answer)[14:]
    assert bits[:10] == f"{COUNTS[5]:010b}"
    assert bits[10:19] == f"{COUNTS[5]:010b}"[::-1][1:]


def test_without_a_start_bit_there_is_no_answer() -> None:
    assert MCP3008(CHANNELS).transfer([0, 0, 0]) == [0, 0, 0]


def test_a_probe_is_shown_in_ten_bits_and_not_at_all_when_pulled_down() -> None:
    def shown(volts: float) -> float | None:
        found = shows({Quantity.SOIL_WATER: volts}, Settings(channel=0), random.Random(1))
        return found.get(Quantity.SOIL_WATER)

    assert shown(0.01) is None
    assert shown(3.3) == shown(99.0) == 1023 * 3.3 / 1024
    assert 1.0 - 3.3 / 1024 < (shown(1.0) or 0) <= 1.0
    assert len({shown(v / 1000) for v in range(3300)}) == 1024 - 5 + 1
