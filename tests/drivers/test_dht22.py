from __future__ import annotations

import sys
import types
from collections.abc import Iterator

import pytest

from fieldstation.domain.errors import StationError
from fieldstation.domain.reading import Quality, Quantity
from fieldstation.drivers import dht11, dht22
from fieldstation.drivers.pins.backend import Pins, open_pulses
from tests.drivers.fake_field import FakeClock, FakeField, dht_train

PIN = 4
# the data sheet's example: 65.2 %, 35.1 C (Aosong AM2302, "single-bus communication")
DATA_SHEET = [0b0000_0010, 0b1000_1100, 0b0000_0001, 0b0101_1111, 0b1110_1110]


def frame(*data: int) -> list[int]:
    return [*data, sum(data) & 255]


@pytest.fixture
def pulses(field: FakeField, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pins]:
    """Pulses of the fake field; the library and its stand-ins leave the test's process again."""
    for name in ("adafruit_dht", "digitalio", "microcontroller", "pulseio"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    opened = open_pulses("simulated", field.path, "test")
    yield opened
    opened.close()
    for name in ("adafruit_dht", "digitalio", "microcontroller", "pulseio"):
        sys.modules.pop(name, None)


def opened(pulses: Pins, clock: FakeClock, kind: types.ModuleType = dht22) -> dht22.Driver:
    made: dht22.Driver = kind.Driver("air", kind.Settings(PIN), pulses, clock)
    made.open()
    sys.modules["adafruit_dht"].__dict__["time"] = clock  # the library waits on our clock
    return made


def read(driver: dht22.Driver) -> tuple[float | None, float | None, Quality | None]:
    t, rh = driver.read()
    assert (t.quantity, rh.quantity) == (Quantity.AIR_T, Quantity.AIR_RH)
    assert t.fault is rh.fault
    return t.value, rh.value, t.fault


def test_the_data_sheets_example(field: FakeField, pulses: Pins, clock: FakeClock) -> None:
    woken = []

    def train(pin: int, trigger_us: int) -> list[int]:
        woken.append((pin, trigger_us))
        return dht_train(DATA_SHEET)

    field.train = train
    assert read(opened(pulses, clock)) == (35.1, pytest.approx(0.652), None)
    assert woken == [(PIN, 1000)]  # one measurement for both values


@pytest.mark.parametrize(
    ("bytes_", "expected"),
    [
        (frame(1, 0xF4, 0x80, 0x65), (-10.1, 0.5)),  # the data sheet's: a sign bit and a magnitude
        (frame(0, 0, 0x00, 0x05), (0.5, 0.0)),
        (frame(3, 0xE8, 0, 0), (0.0, 1.0)),
    ],
)
def test_frost_and_the_ends_of_the_scale(
    field: FakeField, pulses: Pins, clock: FakeClock, bytes_: list[int], expected: tuple[float, float]
) -> None:
    field.train = lambda pin, trigger_us: dht_train(bytes_)
    assert read(opened(pulses, clock)) == (*expected, None)


@pytest.mark.parametrize(
    ("train", "fault"),
    [
        ([], Quality.NO_ANSWER),
        (dht_train(DATA_SHEET)[:60], Quality.NO_ANSWER),
        (dht_train([*DATA_SHEET[:4], DATA_SHEET[4] ^ 1]), Quality.CHECKSUM),
        (dht_train([0, 0, 0, 0, 0]), Quality.CHECKSUM),
        (dht_train(frame(0x27, 0x10, 0, 200)), Quality.CHECKSUM),  # 1000 %: the library's own check
        (dht_train(frame(2, 0, 0x7F, 0xFF)), Quality.OUT_OF_RANGE),  # 3276.7 C, with a right checksum
        (dht_train(frame(2, 0, 0xFF, 0x97)), Quality.OUT_OF_RANGE),  # a clone's two's complement of -10.5 C
        ([90_000] * 81, Quality.CHECKSUM),  # wider than the library can keep
    ],
)
def test_a_bad_answer_is_a_fault_without_values(
    field: FakeField, pulses: Pins, clock: FakeClock, train: list[int], fault: Quality
) -> None:
    field.train = lambda pin, trigger_us: list(train)
    assert read(opened(pulses, clock)) == (None, None, fault)


def test_after_a_failure_the_old_values_are_never_given(
    field: FakeField, pulses: Pins, clock: FakeClock
) -> None:
    field.train = lambda pin, trigger_us: dht_train(DATA_SHEET)
    driver = opened(pulses, clock)
    assert read(driver)[2] is None
    field.train = lambda pin, trigger_us: []
    for waited_s in (0.1, 1.9, 2.1, 0.1, 0.5, 60.0):
        clock.s += waited_s
        assert read(driver) == (None, None, Quality.NO_ANSWER)


def test_asked_too_soon_nothing_is_measured(field: FakeField, pulses: Pins, clock: FakeClock) -> None:
    field.train = lambda pin, trigger_us: dht_train(DATA_SHEET)
    driver = opened(pulses, clock)
    read(driver)
    field.train = lambda pin, trigger_us: dht_train(frame(1, 0xF4, 0, 0x65))
    clock.s += 1.0
    assert read(driver) == (None, None, Quality.NO_ANSWER)
    clock.s += 2.1
    assert read(driver) == (10.1, 0.5, None)


def test_a_dead_field_is_a_fault_and_closing_is_safe(
    field: FakeField, pulses: Pins, clock: FakeClock
) -> None:
    driver = opened(pulses, clock)
    field.die()
    assert read(driver) == (None, None, Quality.NO_ANSWER)
    driver.close()
    driver.close()
    assert read(driver) == (None, None, Quality.NO_ANSWER)


def test_a_library_that_cannot_be_used_is_a_station_error(clock: FakeClock) -> None:
    def load(pin: int) -> tuple[object, object]:
        return types.ModuleType("adafruit_dht"), pin

    driver = dht22.Driver("air", dht22.Settings(PIN), Pins(None, load, lambda: True, lambda: None), clock)
    with pytest.raises(StationError, match="air"):
        driver.open()


def test_a_dht11_is_woken_longer_and_believed_within_its_own_range(
    field: FakeField, pulses: Pins, clock: FakeClock
) -> None:
    woken = []
    frames = {20.0: frame(45, 0, 24, 3), 30.0: frame(95, 0, 24, 3), 40.0: frame(45, 0, 51, 0)}
    answers = iter(frames.values())

    def train(pin: int, trigger_us: int) -> list[int]:
        woken.append(trigger_us)
        return dht_train(next(answers))

    field.train = train
    driver = opened(pulses, clock, dht11)
    assert read(driver) == (24.3, 0.45, None)
    for _ in range(2):
        clock.s += 2.1
        assert read(driver) == (None, None, Quality.OUT_OF_RANGE)
    assert woken == [18000] * 3
