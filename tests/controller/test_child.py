"""A driver in a process of its own: it may hang, die or babble; it is killed with its helpers and replaced."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fieldstation.domain.reading import Quality, Quantity, Sample
from fieldstation.drivers import child as child_module
from fieldstation.drivers.child import ChildDriver
from tests.kit.controller_bench import START, STATION, HandClock, gone, wait_for
from tests.kit.journal import journal

pytestmark = pytest.mark.slow

SILENT = [(Quantity.AIR_T, None, Quality.NO_ANSWER), (Quantity.AIR_RH, None, Quality.NO_ANSWER)]
FINE = 'while input(): say(\'{"air_t": 21.5, "air_rh": 0.4}\')'
HANGS = "note('children', spawn()); input(); forever()"

PRELUDE = """\
import os, subprocess, sys, time
def say(line): print(line, flush=True)
def note(name, pid):
    with open(os.path.join({folder!r}, name), "a") as file: file.write(f"{{pid}}\\n")
def spawn(): return subprocess.Popen(["sleep", "600"]).pid
def forever():
    while True: time.sleep(600)
note("parents", os.getpid())
"""

Play = Callable[[str], None]


def plain(samples: list[Sample]) -> list[tuple[Quantity, float | None, Quality | None]]:
    return [(s.quantity, s.value, s.fault) for s in samples]


def pids(folder: Path, name: str) -> list[int]:
    path = folder / name
    return [int(line) for line in path.read_text().split()] if path.exists() else []


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Play]:
    """Chooses what the next child does in the place of the real program."""
    program = tmp_path / "program"
    monkeypatch.setattr(child_module, "SILENT_AFTER_S", 5.0)
    real = sys.executable

    def choose(code: str) -> None:
        program.write_text(f"#!{real}\n{PRELUDE.format(folder=str(tmp_path))}{code}\n")
        program.chmod(0o755)

    monkeypatch.setattr(sys, "executable", str(program))
    yield choose
    assert all(gone(pid) for pid in pids(tmp_path, "parents")), "a child was left behind"
    for pid in pids(tmp_path, "children"):
        wait_for(lambda pid=pid: gone(pid), "a child's helper was left behind")  # type: ignore[misc] # bound by default


@pytest.fixture
def driver() -> Iterator[ChildDriver]:
    assert STATION.air is not None
    made = ChildDriver(STATION.air, "simulated", Path("/nowhere"), HandClock())
    yield made
    made.close()
    made.close()


def test_an_answer_becomes_samples_dated_by_the_parent(
    play: Play, driver: ChildDriver, tmp_path: Path
) -> None:
    play(FINE)
    driver.open()
    samples = driver.read()
    assert plain(samples) == [(Quantity.AIR_T, 21.5, None), (Quantity.AIR_RH, 0.4, None)]
    assert {(s.sensor, s.at, s.mono_s) for s in samples} == {("air", START, 1000.0)}
    driver.read()
    assert len(pids(tmp_path, "parents")) == 1, "one child for all its readings"


def test_a_fault_has_its_name_and_no_value(play: Play, driver: ChildDriver) -> None:
    play('while input(): say(\'{"air_t": "checksum", "air_rh": 0.4}\')')
    driver.open()
    assert plain(driver.read()) == [
        (Quantity.AIR_T, None, Quality.CHECKSUM),
        (Quantity.AIR_RH, 0.4, None),
    ]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (
            "input(); sys.exit('lgpio is missing; install it')",
            "lgpio is missing; install it; its process ended",
        ),
        ("sys.stderr.write('x' * 60000 + chr(10)); sys.exit('no chip')", "no chip; its process ended"),
        ("input(); raise AttributeError('reed')", "AttributeError: reed; its process ended"),
        (
            'input(); say(\'{"air_t": "checksum", "air_rh": 0.4, "detail": "bad  frame"}\'); forever()',
            "bad frame",
        ),
    ],
    ids=["said", "much said", "a bug", "a fault"],
)
def test_what_a_child_says_of_its_failure_comes_along(
    play: Play, driver: ChildDriver, code: str, told: str
) -> None:
    play(code)
    driver.open()
    first, second = driver.read()
    assert first.detail == told
    assert second.detail == (told if second.fault else "")


def test_a_bug_in_a_child_leaves_its_traceback_once_until_it_reads_again(
    play: Play, driver: ChildDriver, tmp_path: Path
) -> None:
    with journal(tmp_path) as lines:
        for _ in range(3):
            play("input(); raise AttributeError('reed')")
            driver.read()
        play(FINE)
        driver.read()
        driver.close()
        play("input(); raise AttributeError('reed')")
        driver.read()
    assert lines().count("WARNING test: driver_bug sensor=air") == 2
    assert lines().count("WARNING test:   | AttributeError: reed") == 2


def test_a_child_that_talks_much_goes_on(play: Play, driver: ChildDriver) -> None:
    play('while input(): sys.stderr.write("x" * 40000); say(\'{"air_t": 21.5, "air_rh": 0.4}\')')
    driver.open()
    for _ in range(4):
        assert plain(driver.read())[0] == (Quantity.AIR_T, 21.5, None), "its pipe did not fill"


def test_a_hanging_child_is_killed_with_its_helper_and_the_next_one_answers(
    play: Play, driver: ChildDriver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_module, "SILENT_AFTER_S", 0.3)
    play(HANGS)
    driver.open()
    wait_for(lambda: bool(pids(tmp_path, "children")), "the child did not start")
    assert plain(driver.read()) == SILENT
    [hung], [helper] = pids(tmp_path, "parents"), pids(tmp_path, "children")
    assert gone(hung)
    wait_for(lambda: gone(helper), "its helper outlived it")
    monkeypatch.setattr(child_module, "SILENT_AFTER_S", 5.0)
    play(FINE)
    assert plain(driver.read())[0] == (Quantity.AIR_T, 21.5, None)


def test_half_a_line_is_no_answer(
    play: Play, driver: ChildDriver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    play("input(); sys.stdout.write('{\"air_t\": 21.5'); sys.stdout.flush(); forever()")
    driver.open()
    wait_for(lambda: bool(pids(tmp_path, "parents")), "the child did not start")
    monkeypatch.setattr(child_module, "SILENT_AFTER_S", 0.3)
    assert plain(driver.read()) == SILENT


@pytest.mark.parametrize(
    "code",
    [
        "sys.exit(3)",
        "input(); sys.exit(0)",
        "input(); say('what?'); forever()",
        "input(); say('[]'); forever()",
        "input(); say('null'); forever()",
        "input(); say('{\"air_t\": 21.5}'); forever()",
        'input(); say(\'{"air_t": 21.5, "air_rh": null}\'); forever()',
        'input(); say(\'{"air_t": "hot", "air_rh": 0.4}\'); forever()',
        "input(); sys.stdout.buffer.write(b'x' * 9999); sys.stdout.flush(); forever()",
        "input(); sys.stdout.buffer.write(b'\\xff\\n'); sys.stdout.flush(); forever()",
    ],
    ids=["dies", "ends", "words", "list", "null", "half", "null value", "unknown fault", "flood", "no text"],
)
def test_a_child_that_dies_or_babbles_is_no_answer_and_is_replaced(
    play: Play, driver: ChildDriver, code: str
) -> None:
    play(code)
    driver.open()
    assert plain(driver.read()) == SILENT
    play(FINE)
    assert plain(driver.read())[0] == (Quantity.AIR_T, 21.5, None)
