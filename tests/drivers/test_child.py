from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldstation.domain.reading import Quality, Quantity, Sample
from fieldstation.domain.station import Device
from fieldstation.drivers import child, dht22
from fieldstation.drivers.child import ChildDriver
from tests.drivers.fake_field import FakeClock, FakeField, dht_train
from tests.drivers.waiting import until

GOOD = [2, 140, 1, 95, 238]  # 65.2 %, 35.1 C
AIR = Device("air", "dht22", dht22.Settings(4))


@pytest.fixture
def air(field: FakeField, clock: FakeClock) -> Iterator[ChildDriver]:
    field.train = lambda pin, trigger_us: dht_train(GOOD)
    driver = ChildDriver(AIR, "simulated", field.path, clock)
    yield driver
    driver.close()


def pid_of(driver: ChildDriver) -> int:
    assert driver._child is not None
    return driver._child.pid


def running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def silent(samples: list[Sample]) -> bool:
    return [(s.quantity, s.value, s.fault) for s in samples] == [
        (Quantity.AIR_T, None, Quality.NO_ANSWER),
        (Quantity.AIR_RH, None, Quality.NO_ANSWER),
    ]


def test_a_reading_comes_through_the_pipe_dated_by_the_parent(air: ChildDriver, clock: FakeClock) -> None:
    air.open()
    t, rh = air.read()
    assert (t.value, t.fault, t.at, t.mono_s) == (35.1, None, clock.now(), clock.s)
    assert rh.value == pytest.approx(0.652)
    assert t.sensor == rh.sensor == "air"


def test_two_failures_are_tried_again_with_rest_between(
    air: ChildDriver, field: FakeField, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [[], dht_train([*GOOD[:4], 0]), dht_train(GOOD)]
    field.train = lambda pin, trigger_us: answers.pop(0)
    assert air.read()[0].value == 35.1
    assert answers == []


def test_an_unplugged_sensor_is_a_fault_after_three_tries_and_never_the_old_value(
    air: ChildDriver, field: FakeField
) -> None:
    assert air.read()[0].value == 35.1
    pid = pid_of(air)
    asked = []

    def train(pin: int, trigger_us: int) -> list[int]:
        asked.append(pin)
        return []

    field.train = train
    assert silent(air.read())
    assert asked == [4, 4, 4]
    assert pid_of(air) == pid  # it answered: nobody was killed


def test_a_child_that_hangs_is_killed_and_replaced(air: ChildDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    assert air.read()[0].value == 35.1
    first = pid_of(air)
    os.kill(first, signal.SIGSTOP)
    monkeypatch.setattr(child, "SILENT_S", 0.1)
    monkeypatch.setattr(child, "LEAVE_S", 0.1)
    assert silent(air.read())
    assert not running(first)
    monkeypatch.undo()
    assert air.read()[0].value == 35.1
    assert pid_of(air) != first


def test_a_child_that_died_is_replaced_at_once(air: ChildDriver) -> None:
    assert air.read()[0].value == 35.1
    first = pid_of(air)
    os.kill(first, signal.SIGKILL)
    until(lambda: not running(first), "it is dead")
    assert air.read()[0].value == 35.1


def test_without_a_field_there_is_no_answer_and_no_exception(
    tmp_path: Path, clock: FakeClock, capfd: pytest.CaptureFixture[str]
) -> None:
    driver = ChildDriver(AIR, "simulated", tmp_path / "field.sock", clock)
    assert silent(driver.read())
    driver.close()
    assert "nobody answers" in capfd.readouterr().err


def test_closing_twice_ends_it_politely(air: ChildDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    air.read()
    pid = pid_of(air)
    monkeypatch.setattr(subprocess.Popen, "terminate", lambda self: pytest.fail("it had to be told"))
    air.close()
    air.close()
    assert not running(pid)


FAKE_CHILD = """#!/bin/sh
sleep 600 >/dev/null 2>&1 &
echo $! > {folder}/helper
{talk}
exec sleep 600
"""


@pytest.mark.parametrize(
    "talk",
    [
        "",
        "echo nonsense",
        'echo \'{"values": {}}\'',
        'echo \'{"values": {"air_t": NaN, "air_rh": 0.5}}\'',
        'echo \'{"values": {"air_t": "odd", "air_rh": 0.5}}\'',
        'echo \'{"values": {"air_t": null, "air_rh": 0.5}}\'',
        "yes '{\"try\": 1}' | head -20",
    ],
)
def test_whatever_a_child_says_its_helpers_die_with_it(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, talk: str
) -> None:
    program = tmp_path / "child"
    program.write_text(FAKE_CHILD.format(folder=tmp_path, talk=talk))
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setattr(child, "START_S", 0.5)
    monkeypatch.setattr(child, "LEAVE_S", 0.05)
    driver = ChildDriver(AIR, "pi", None, clock)
    assert silent(driver.read())
    helper = int((tmp_path / "helper").read_text())
    until(lambda: not running(helper), "the helper is gone")


PARENT = """
import sys, time
from pathlib import Path
from fieldstation.domain.station import Device
from fieldstation.drivers.child import ChildDriver
from fieldstation.drivers.dht22 import Settings
from fieldstation.wire.clock import SystemClock
driver = ChildDriver(Device("air", "dht22", Settings(4)), "simulated", Path(sys.argv[1]), SystemClock())
print(driver.read()[0].value, driver._child.pid, flush=True)
driver._ask()
"""


def test_a_child_does_not_outlive_its_parent_even_while_it_measures(field: FakeField) -> None:
    field.train = lambda pin, trigger_us: dht_train(GOOD)
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(field.path)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    value, pid = parent.stdout.readline().split()
    assert value == "35.1"
    field.answering.clear()  # the second reading hangs
    parent.kill()
    parent.communicate()
    until(lambda: not running(int(pid)), "the child is gone too")


def test_what_a_library_prints_is_no_answer() -> None:
    script = "from fieldstation.drivers.child import _answers; p = _answers(); print('noise'); p.write('answer')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("answer", "noise\n")


def test_the_child_is_small(field: FakeField) -> None:
    field.train = lambda pin, trigger_us: dht_train(GOOD)
    plan = {
        "id": "air",
        "driver": "dht22",
        "settings": {"pin": 4},
        "pins": "simulated",
        "field_socket": str(field.path),
    }
    script = (
        "import json, sys; from fieldstation.drivers import child\n"
        "child.serve(json.loads(sys.argv[1]), sys.stdout)\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, json.dumps(plan)],
        input="read\n",
        capture_output=True,
        text=True,
        check=True,
    )
    *_, values, modules = map(json.loads, done.stdout.splitlines())
    assert values["values"]["air_t"] == 35.1
    assert not {"gpiozero", "subprocess", "numpy", "adafruit_blinka"} & set(modules)
