"""What every file in `drivers/` keeps, found by the folder and declared as its own page declares it."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import math
import sys
import time
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from gpiozero.pins.mock import MockFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldstation.binding import Bounds
from fieldstation.domain.errors import DeviceError
from fieldstation.domain.reading import Quality, Quantity, Sample
from fieldstation.drivers.load import SENSOR, build, driver, is_blocking, known, measures, role_of
from fieldstation.drivers.pins import pulse_stub
from fieldstation.drivers.pins.backend import Pins
from fieldstation.wire.clock import SystemClock
from tests.kit.one_device import declaration_on, device_of, on_the_board, page_of, station_with
from tests.kit.station import wait_for

SENSORS = [name for name in known() if role_of(name) == SENSOR]
WITHIN_S = 10.0
TRUTHS: list[dict[Quantity, float]] = [
    {Quantity.AIR_T: 5.2, Quantity.AIR_RH: 0.88, Quantity.SOIL_WATER: 1.02, Quantity.RAIN: 0.0},
    {Quantity.AIR_T: 21.37, Quantity.AIR_RH: 0.571, Quantity.SOIL_WATER: 1.9, Quantity.RAIN: 1.2},
    {Quantity.AIR_T: 44.0, Quantity.AIR_RH: 0.25, Quantity.SOIL_WATER: 2.95, Quantity.RAIN: 2.0},
]


@pytest.fixture(autouse=True)
def stubs_end_with_the_test() -> Iterator[None]:
    yield
    for name in ("adafruit_dht", *pulse_stub.STUBS):
        sys.modules.pop(name, None)


def sound(samples: list[Sample]) -> bool:
    """Whether each sample is a number or a fault that says why, and never both."""
    return all(
        (sample.fault is None and sample.value is not None and math.isfinite(sample.value))
        or (sample.value is None and sample.fault not in (None, Quality.GOOD) and sample.detail != "")
        for sample in samples
    )


@pytest.mark.parametrize("name", known())
def test_it_says_what_it_is_in_values_that_others_understand(name: str) -> None:
    module = driver(name)
    assert module.__doc__
    assert isinstance(module.BLOCKING, bool)
    assert isinstance(module.MEASURES, dict)
    assert all(isinstance(quantity, Quantity) and within > 0 for quantity, within in module.MEASURES.items())
    assert bool(module.MEASURES) == (role_of(name) == SENSOR), "a sensor measures, and only a sensor"
    assert getattr(module, "BUS", None) in (None, "spi", "i2c", "1-wire", "serial")
    assert callable(module.simulate)
    assert callable(getattr(module, "shows", None)) or not module.MEASURES


@pytest.mark.parametrize("name", known())
def test_its_settings_say_what_they_mean_and_within_which_limits(name: str) -> None:
    kind = driver(name).Settings
    assert kind.__doc__
    for setting in dataclasses.fields(kind):
        bounds = setting.metadata["bounds"]
        assert isinstance(bounds, Bounds)
        assert bounds.doc
        if setting.type in ("int", "float"):
            low = bounds.ge if bounds.ge is not None else bounds.gt
            high = bounds.le if bounds.le is not None else bounds.lt
            assert low is not None, f"{setting.name} has no least value"
            assert high is not None, f"{setting.name} has no greatest value"


@pytest.mark.parametrize("name", known())
def test_its_page_declares_it_as_the_configuration_takes_it(name: str) -> None:
    page = page_of(name)
    assert page.splitlines()[0].endswith(f"(`{name}`)")
    assert device_of(station_with(declaration_on(page)), name).driver == name


def test_no_code_but_the_demo_names_a_sensors_driver(pytestconfig: pytest.Config) -> None:
    root = pytestconfig.rootpath / "fieldstation"
    quoted = [quote + name + quote for name in SENSORS for quote in "\"'"]
    named = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if path.parent.name != "drivers" and any(word in path.read_text(encoding="utf-8") for word in quoted)
    }
    assert named == {"config/demo.py"}


@pytest.mark.parametrize("name", known())
def test_it_opens_and_closes_twice_and_says_when_it_is_shut(name: str, tmp_path: Path) -> None:
    with on_the_board(name, tmp_path / "s") as (board, device, module):
        board.world.told = dict(TRUTHS[0])
        made = build(device, board.pins, SystemClock())
        if module.MEASURES:
            assert sound(made.read())
            assert {sample.fault for sample in made.read()} == {Quality.NO_ANSWER}
        made.close()
        made.open()
        made.close()
        made.close()


def readings(made: Any, until: Callable[[dict[Quantity, float]], bool]) -> dict[Quantity, float]:
    """What it reads in the end; rain adds up. Faults are passed over: a lost bit is one."""
    heard: dict[Quantity, float] = {}
    end_s = time.monotonic() + WITHIN_S
    while not until(heard) and time.monotonic() < end_s:
        for sample in made.read():
            if sample.fault is None:
                before = heard.get(sample.quantity, 0.0) if sample.quantity is Quantity.RAIN else 0.0
                heard[sample.quantity] = before + sample.value
    return heard


@pytest.mark.parametrize("truth", TRUTHS, ids=["cold", "mild", "hot"])
@pytest.mark.parametrize("name", SENSORS)
def test_the_truth_comes_through_its_model_and_itself_within_its_accuracy(
    name: str, truth: dict[Quantity, float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with on_the_board(name, tmp_path / "s") as (board, device, module):
        board.world.told = {**truth, Quantity.RAIN: 0.0}
        made = build(device, board.pins, SystemClock())
        made.open()
        if Quantity.RAIN in module.MEASURES and not hasattr(module, "BUS"):
            wait_for(board.edges_are_heard, 5, "its line is watched")
        board.world.told = dict(truth)
        if "adafruit_dht" in sys.modules:  # its pause between two readings is not waited for here
            ticks = itertools.count(10.0, 5.0)
            clock = types.SimpleNamespace(sleep=lambda s: None, monotonic=lambda: next(ticks))
            monkeypatch.setattr(sys.modules["adafruit_dht"], "time", clock)

        def near(heard: dict[Quantity, float]) -> bool:
            return all(
                abs(heard.get(quantity, math.inf) - truth[quantity]) <= within
                for quantity, within in module.MEASURES.items()
            )

        heard = readings(made, near)
        made.close()
    assert near(heard), f"{heard} for {truth}"


@pytest.mark.parametrize("name", SENSORS)
def test_with_its_wire_off_it_says_so_or_is_declared_deaf_to_it(name: str, tmp_path: Path) -> None:
    with on_the_board(name, tmp_path / "s") as (board, device, module):
        made = build(device, board.pins, SystemClock())
        with contextlib.suppress(DeviceError):  # which the controller takes for the same fault
            made.open()
        samples = made.read()
        made.close()
    assert sound(samples)
    assert [sample.quantity for sample in samples] == list(measures(name))
    deaf = getattr(module, "CUT", {})
    for sample in samples:
        assert sample.value == deaf.get(sample.quantity)


@pytest.mark.parametrize("name", SENSORS)
def test_with_its_bus_gone_it_does_not_answer_and_says_why(name: str, tmp_path: Path) -> None:
    with on_the_board(name, tmp_path / "s") as (board, device, _):
        board.world.told = dict(TRUTHS[1])
        made = build(device, board.pins, SystemClock())
        made.open()
        counts_edges = not is_blocking(name) and not hasattr(driver(name), "BUS")
        if counts_edges:
            wait_for(board.edges_are_heard, 5, "its line is watched")
        board.hang_up()
        if counts_edges:
            wait_for(lambda: not board.pins.alive(), 5, "the end of the line is noticed")
        samples = made.read()
    assert sound(samples)
    assert {sample.fault for sample in samples} == {Quality.NO_ANSWER}


class Garbage:
    """Every bus at once, full of noise."""

    def __init__(self, draw: st.DataObject) -> None:
        self._draw = draw
        self.alone = contextlib.nullcontext()

    def exchange(self, sent: bytes, count: int = 0) -> bytes:
        size = count or len(sent)
        return self._draw.draw(st.one_of(st.binary(min_size=size, max_size=size), st.binary(max_size=8)))

    def call(self, message: dict[str, Any]) -> dict[str, Any]:
        widths = st.lists(st.integers(0, 300), max_size=90)
        whole = st.lists(st.sampled_from([25, 52, 71]), min_size=81, max_size=81)
        return {"widths": self._draw.draw(st.one_of(whole, widths))}

    def close(self) -> None:
        pass


@pytest.mark.parametrize("name", SENSORS)
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_noise_on_its_bus_is_a_fault_or_a_number_and_never_an_exception(
    name: str, data: st.DataObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = Garbage(data)

    def blinka_pin(pin: int) -> int:
        pulse_stub.install(noise)  # type: ignore[arg-type] # asked as a PinLink is
        return pin

    pins = Pins(MockFactory(), blinka_pin, lambda place: noise, lambda: True, lambda: None)
    device = device_of(station_with(declaration_on(page_of(name))), name)
    made = build(device, pins, SystemClock())
    made.open()
    if "adafruit_dht" in sys.modules:
        clock = types.SimpleNamespace(sleep=lambda s: None, monotonic=lambda: 10.0)
        monkeypatch.setattr(sys.modules["adafruit_dht"], "time", clock)
    samples = made.read()
    made.close()
    assert sound(samples)
    assert [sample.quantity for sample in samples] == list(measures(name))
