"""Sensors that hang, raise, come late or talk rubbish: each harms itself only, and may come back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from fieldstation.controller.sensing.poll import REOPEN_AFTER, Sensors
from fieldstation.controller.sensing.readings import Sensing
from fieldstation.domain.errors import DeviceError, cause
from fieldstation.domain.reading import Quality, Quantity, Sample
from tests.kit.controller_bench import STATION, HandClock, sample, wait_for

DEADLINE_S = 9.0
AIR = (Quantity.AIR_T, Quantity.AIR_RH)
Read = Callable[[], list[Sample]]


def fine() -> list[Sample]:
    return [sample(21.0), sample(0.5, quantity=Quantity.AIR_RH)]


class Puppet:
    """A driver whose every answer the test chooses."""

    def __init__(self, read: Read = fine) -> None:
        self.does: Read = read
        self.opened = self.closed = self.reads = 0
        self.release = threading.Event()

    def open(self) -> None:
        self.opened += 1

    def read(self) -> list[Sample]:
        self.reads += 1
        return self.does()

    def close(self) -> None:
        self.closed += 1

    def hang(self) -> list[Sample]:
        self.release.wait(30)
        return [sample(30.0), sample(0.3, quantity=Quantity.AIR_RH)]


class Bench:
    """A sensor under trial beside a sound rain gauge."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.sensors = Sensors(self.clock, DEADLINE_S)
        self.air = Puppet()
        self.rain = Puppet(lambda: [sample(0.2, quantity=Quantity.RAIN, sensor="rain")])
        self.sensors.add("air", AIR, lambda: self.air)
        self.sensors.add("rain", (Quantity.RAIN,), lambda: self.rain)

    def round(self) -> dict[Quantity, Sample]:
        """One round in which every sensor answers in time."""
        self.sensors.start_round()
        got: list[list[Sample]] = []

        def collected() -> bool:
            found = self.sensors.collect()
            got.extend([] if found is None else [found])
            return bool(got)

        wait_for(collected, "the round never became whole")
        return self.by_quantity(got[0])

    def late_round(self) -> dict[Quantity, Sample]:
        """One round in which the air sensor keeps silent until the deadline."""
        rain_reads = self.rain.reads
        self.sensors.start_round()
        wait_for(lambda: self.rain.reads > rain_reads, "the sound sensor was not asked")
        assert self.sensors.collect() is None, "before the deadline the round waits"
        self.clock.advance(DEADLINE_S - 0.1)
        wait_for(lambda: not self._rain_post_empty(), "the sound sensor did not answer")
        assert self.sensors.collect() is None
        self.clock.advance(0.1)
        found = self.sensors.collect()
        assert found is not None, "the deadline has passed"
        return self.by_quantity(found)

    def _rain_post_empty(self) -> bool:
        return self.sensors._workers[1].answers.empty() and "rain" not in self.sensors._got

    @staticmethod
    def by_quantity(samples: list[Sample]) -> dict[Quantity, Sample]:
        assert len(samples) == len({s.quantity for s in samples}), "one sample a quantity"
        return {s.quantity: s for s in samples}


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.air.release.set()
    made.sensors.close()


def test_a_round_is_whole_when_all_have_answered(bench: Bench) -> None:
    assert bench.sensors.collect() is None, "nothing was asked"
    got = bench.round()
    assert {q: s.value for q, s in got.items()} == {
        Quantity.AIR_T: 21.0,
        Quantity.AIR_RH: 0.5,
        Quantity.RAIN: 0.2,
    }
    assert bench.sensors.collect() is None, "a round is given once"
    bench.round()
    assert (bench.air.opened, bench.air.closed, bench.air.reads) == (1, 0, 2)


def test_a_hanging_sensor_costs_its_own_answer_and_only_until_the_deadline(bench: Bench) -> None:
    bench.air.does = bench.air.hang
    for _ in range(3):
        got = bench.late_round()
        assert [got[q].fault for q in AIR] == [Quality.NO_ANSWER] * 2
        assert [got[q].value for q in AIR] == [None, None]
        assert {got[q].detail for q in AIR} == {"no answer within 9 s"}
        assert got[Quantity.RAIN].value == 0.2
    assert bench.air.reads == 1, "a hung driver is not asked again"
    assert bench.rain.reads == 3


def test_a_hung_sensor_that_wakes_is_heard_again(bench: Bench) -> None:
    bench.air.does = bench.air.hang
    bench.late_round()
    bench.air.does = fine
    bench.air.release.set()
    late = bench.round()
    assert late[Quantity.AIR_T].value == 30.0, "what it said late is not lost"
    assert bench.round()[Quantity.AIR_T].value == 21.0


@pytest.mark.parametrize(
    "error",
    [
        DeviceError("no_answer", "x"),
        OSError("bus"),
        RuntimeError("x"),
        ValueError("x"),
        TypeError("x"),
        KeyError("x"),
        ZeroDivisionError("x"),
        AttributeError("x"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_driver_may_raise_anything_and_is_opened_anew(bench: Bench, error: Exception) -> None:
    def fails() -> list[Sample]:
        raise error

    bench.air.does = fails
    got = bench.round()
    assert [got[q].fault for q in AIR] == [Quality.NO_ANSWER] * 2
    assert {got[q].detail for q in AIR} == {cause(error)}, "the technician reads why"
    assert {r.detail for r in Sensing(STATION).judge(got.values())} == {cause(error), ""}
    assert got[Quantity.RAIN].value == 0.2
    assert bench.air.closed == 1
    bench.air.does = fine
    assert bench.round()[Quantity.AIR_T].value == 21.0
    assert bench.air.opened == 2


def test_a_driver_that_cannot_be_opened_or_closed_is_tried_again(bench: Bench) -> None:
    class Stubborn(Puppet):
        def open(self) -> None:
            super().open()
            if self.opened < 3:
                raise TypeError("not yet")

        def close(self) -> None:
            super().close()
            raise ValueError("never")

    bench.air = Stubborn()
    assert bench.round()[Quantity.AIR_T].fault is Quality.NO_ANSWER
    assert bench.round()[Quantity.AIR_T].fault is Quality.NO_ANSWER
    assert bench.round()[Quantity.AIR_T].value == 21.0


def test_a_device_without_answer_is_closed_and_opened_after_some_rounds(bench: Bench) -> None:
    bench.air.does = lambda: [sample(None), sample(None, quantity=Quantity.AIR_RH)]
    for _ in range(REOPEN_AFTER - 1):
        bench.round()
    assert bench.air.closed == 0
    bench.round()
    wait_for(lambda: bench.air.closed == 1, "it was not closed")
    bench.air.does = fine
    assert bench.round()[Quantity.AIR_T].value == 21.0
    assert bench.air.opened == 2


def strange(value: object, fault: object = None) -> Sample:
    return Sample("air", Quantity.AIR_T, value, fault, sample(0.0).at, 0.0)  # type: ignore[arg-type] # rubbish on purpose


@pytest.mark.parametrize(
    "answer",
    [
        [],
        None,
        ["21.0", 0.5],
        [sample(0.3, quantity=Quantity.SOIL_WATER)],
        [sample(21.0, sensor="south_soil")],
        [strange("21.0")],
        [strange(None)],
        [strange(None, Quality.GOOD)],
    ],
    ids=["empty", "none", "no samples", "wrong quantity", "wrong sensor", "text", "nothing", "good nothing"],
)
def test_rubbish_is_no_answer_of_what_should_have_been_measured(bench: Bench, answer: list[Sample]) -> None:
    bench.air.does = lambda: answer
    got = bench.round()
    assert set(got) == {*AIR, Quantity.RAIN}
    assert [(got[q].sensor, got[q].value, got[q].fault) for q in AIR] == [
        ("air", None, Quality.NO_ANSWER)
    ] * 2
    assert got[Quantity.RAIN].value == 0.2
    bench.air.does = fine
    assert bench.round()[Quantity.AIR_T].value == 21.0


def test_half_an_answer_is_half_used(bench: Bench) -> None:
    bench.air.does = lambda: [sample(21.0)]
    got = bench.round()
    assert got[Quantity.AIR_T].value == 21.0
    assert got[Quantity.AIR_RH].fault is Quality.NO_ANSWER


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), 1e300])
def test_a_number_that_is_none_never_becomes_a_reading(bench: Bench, value: float) -> None:
    sensing = Sensing(STATION)
    bench.air.does = lambda: [sample(value), sample(value, quantity=Quantity.AIR_RH)]
    readings = sensing.judge(bench.round().values())
    assert {r.quantity for r in readings if r.good} == {Quantity.RAIN}
    assert [r.value for r in readings if r.sensor == "air"] == [None, None]
    bench.air.does = fine
    assert all(r.good for r in sensing.judge(bench.round().values()))


def test_closing_does_not_wait_for_a_hung_driver_but_closes_the_others() -> None:
    bench = Bench()
    bench.air.does = bench.air.hang
    bench.late_round()
    bench.sensors.close(seconds=0.2)
    assert bench.rain.closed == 1
    assert bench.air.closed == 0
    bench.air.release.set()
    wait_for(lambda: bench.air.closed == 1, "once it wakes it is closed too")
