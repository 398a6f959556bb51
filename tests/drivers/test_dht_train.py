"""Our pulse trains, read by adafruit_dht's own decoder."""

from __future__ import annotations

import importlib
import random
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from fieldstation.domain.reading import Quantity
from fieldstation.drivers import dht11, dht22
from fieldstation.drivers.parts import dht_train
from fieldstation.drivers.parts.dht_train import frame, widths


class PulseIn:
    """The part of pulseio.PulseIn that the library uses."""

    train: list[int] = []  # noqa: RUF012 -- each test lays its own train here

    def __init__(self, pin: object, maxlen: int = 2, idle_state: bool = False) -> None:
        self._maxlen, self._buffer = maxlen, list[int]()

    def __len__(self) -> int:
        return len(self._buffer)

    def pause(self) -> None:
        pass

    def clear(self) -> None:
        self._buffer.clear()

    def resume(self, trigger_duration: int = 0) -> None:
        self._buffer = list(PulseIn.train)[-self._maxlen :]

    def popleft(self) -> int:
        return self._buffer.pop(0)


Decode = Callable[[str, list[int]], tuple[float, float]]


@pytest.fixture
def decode(monkeypatch: pytest.MonkeyPatch) -> Iterator[Decode]:
    """The library's reading of a train: (C, %), or its RuntimeError."""
    stubs: dict[str, dict[str, Any]] = {
        "digitalio": {"DigitalInOut": object, "Direction": object, "Pull": object},
        "microcontroller": {"Pin": object},
        "pulseio": {"PulseIn": PulseIn},
    }
    for name, members in stubs.items():
        module = types.ModuleType(name)
        module.__dict__.update(members)
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.delitem(sys.modules, "adafruit_dht", raising=False)
    library = importlib.import_module("adafruit_dht")
    monkeypatch.setattr(library, "time", types.SimpleNamespace(sleep=lambda s: None, monotonic=lambda: 1.0))

    def read(kind: str, train: list[int]) -> tuple[float, float]:
        PulseIn.train = train
        sensor = getattr(library, kind)("D4", use_pulseio=True)
        sensor.measure()
        return sensor.temperature, sensor.humidity

    yield read
    sys.modules.pop("adafruit_dht", None)  # the next importer brings its own stubs


@pytest.fixture
def undisturbed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dht_train, "FLIPPED", 0.0)
    monkeypatch.setattr(dht_train, "LOST", 0.0)


@pytest.mark.parametrize(
    ("t_c", "rh_frac"), [(21.5, 0.571), (-12.3, 0.999), (0.1, 0.0), (80.0, 0.2), (-40.0, 0.05), (25.6, 0.256)]
)
def test_a_dht22_train_decodes_to_what_was_sent(
    decode: Decode, undisturbed: None, t_c: float, rh_frac: float
) -> None:
    train = widths(t_c, rh_frac, "DHT22", random.Random(1))
    assert len(train) == 81
    assert list(decode("DHT22", train)) == pytest.approx([t_c, rh_frac * 100])


@pytest.mark.parametrize(("t_c", "rh_frac"), [(24.0, 0.45), (0.0, 0.20), (50.0, 0.90)])
def test_a_dht11_train_decodes_to_what_was_sent(
    decode: Decode, undisturbed: None, t_c: float, rh_frac: float
) -> None:
    train = widths(t_c, rh_frac, "DHT11", random.Random(1))
    assert list(decode("DHT11", train)) == pytest.approx([t_c, rh_frac * 100])


def test_a_dht11_knows_no_frost(decode: Decode, undisturbed: None) -> None:
    assert decode("DHT11", widths(-8.0, 0.5, "DHT11", random.Random(1)))[0] == 0


def test_a_flipped_bit_fails_the_checksum(decode: Decode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dht_train, "FLIPPED", 1.0)
    monkeypatch.setattr(dht_train, "LOST", 0.0)
    for seed in range(40):
        with pytest.raises(RuntimeError, match="Checksum"):
            decode("DHT22", widths(21.5, 0.571, "DHT22", random.Random(seed)))


def test_a_lost_edge_leaves_a_short_buffer(decode: Decode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dht_train, "FLIPPED", 0.0)
    monkeypatch.setattr(dht_train, "LOST", 1.0)
    for seed in range(40):
        with pytest.raises(RuntimeError, match=r"full buffer|not found"):
            decode("DHT22", widths(21.5, 0.571, "DHT22", random.Random(seed)))


def test_most_readings_arrive_and_a_few_fail(decode: Decode) -> None:
    chance, failed = random.Random(7), 0
    for _ in range(500):
        try:
            assert decode("DHT22", widths(18.4, 0.61, "DHT22", chance)) == (18.4, 61.0)
        except RuntimeError:
            failed += 1
    assert 5 < failed < 75


def test_the_checksum_is_the_low_byte_of_the_sum() -> None:
    data = frame(79.9, 0.999, "DHT22")
    assert data[4] == sum(data[:4]) % 256


def shown(module: types.ModuleType, t_c: float, rh_frac: float) -> tuple[float, float]:
    truth = {Quantity.AIR_T: t_c, Quantity.AIR_RH: rh_frac}
    found = module.shows(truth, module.Settings(pin=4), random.Random(3))
    return found[Quantity.AIR_T], found[Quantity.AIR_RH]


def test_a_dht11_is_coarse_and_bounded() -> None:
    for t_c, rh in ((-8.0, 0.05), (23.4, 0.5), (60.0, 1.0)):
        shown_c, shown_rh = shown(dht11, t_c, rh)
        assert shown_c == int(shown_c)
        assert 0 <= shown_c <= 50
        assert 0.2 <= shown_rh <= 0.9


def test_a_dht22_shows_tenths() -> None:
    shown_c, shown_rh = shown(dht22, -3.21, 0.4321)
    assert shown_c == pytest.approx(-3.21, abs=0.8)
    assert round(shown_c, 1) == shown_c
    assert shown_rh == pytest.approx(0.43, abs=0.04)
