"""The log: one fact a line whatever is in it, bounded, and nobody ever waits for whoever reads it."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldstation import log
from fieldstation.log import ALL_MOST, LINE_MAX, SAME_MOST, SAME_S, VALUE_MAX, Bounds, Stderr, fact
from tests.kit.journal import journal


class Pipe:
    """A pipe in the place of stderr, and the handler that writes to it."""

    def __init__(self) -> None:
        self.out, self.into = os.pipe()
        self.handler = Stderr("guard", self.into)

    def write(self, event: str, level: int = logging.INFO, **facts: object) -> None:
        record = logging.LogRecord("fieldstation", level, "", 0, event, (), None)
        record.facts = facts
        self.handler.emit(record)

    def fill(self) -> None:
        os.set_blocking(self.into, False)
        try:
            while True:
                os.write(self.into, b"x" * 4096)
        except BlockingIOError:
            os.set_blocking(self.into, True)

    def drain(self) -> None:
        os.set_blocking(self.out, False)
        try:
            while os.read(self.out, 1 << 20):
                continue
        except BlockingIOError:
            os.set_blocking(self.out, True)

    def read(self) -> list[str]:
        return os.read(self.out, 1 << 20).decode().splitlines()


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    made = Pipe()
    yield made
    os.close(made.into)
    os.close(made.out)


@given(st.text())
def test_a_value_never_breaks_its_line_and_never_speaks_to_the_terminal(text: str) -> None:
    told = fact(text)
    assert told.isprintable()
    assert len(told.splitlines()) == 1
    assert told.startswith('"') or not set(told) & set(' ="')
    assert len(told) <= 6 * VALUE_MAX + 2


def test_an_instant_is_told_in_whole_seconds_of_utc() -> None:
    at = datetime(2026, 9, 1, 8, 30, 7, 654321, tzinfo=timezone(timedelta(hours=2)))
    assert fact(at) == "2026-09-01T06:30:07Z"


def test_a_line_holds_level_process_event_and_facts(pipe: Pipe) -> None:
    pipe.write("ready", zones=2, name="North field", nobody=None, litres=12.3456789)
    pipe.write("sensor_bad", logging.WARNING, sensor="air", detail="no such\nfile")
    first, second = pipe.read()
    assert first[10] == "T"
    assert first[20:] == ' guard: ready zones=2 name="North field" litres=12.3457'
    assert second[20:] == r' WARNING guard: sensor_bad sensor=air detail="no such\nfile"'


def test_a_line_fits_a_pipe_whole(pipe: Pipe) -> None:
    facts: dict[str, Any] = {f"fact{number}": "\u0928" * 400 for number in range(9)}
    pipe.write("long", **facts)
    (line,) = pipe.read()
    assert len(line.encode()) <= LINE_MAX


def test_journald_is_told_levels_and_no_times(pipe: Pipe, monkeypatch: pytest.MonkeyPatch) -> None:
    at = os.fstat(pipe.into)
    monkeypatch.setenv("JOURNAL_STREAM", f"{at.st_dev}:{at.st_ino}")
    pipe.handler = Stderr("guard", pipe.into)
    for level in (logging.INFO, logging.WARNING, logging.ERROR):
        pipe.write("fact", level)
    assert pipe.read() == ["<6>guard: fact", "<4>guard: fact", "<3>guard: fact"]
    monkeypatch.setenv("JOURNAL_STREAM", f"{at.st_dev}:{at.st_ino + 1}")
    pipe.handler = Stderr("guard", pipe.into)
    pipe.write("fact")
    assert pipe.read()[0][10] == "T", "the variable is of another descriptor: this one has been led elsewhere"


def test_a_full_pipe_is_not_waited_for_and_what_is_lost_is_counted(pipe: Pipe) -> None:
    pipe.fill()
    done = threading.Event()

    def write() -> None:
        for number in range(7):
            pipe.write("lost", number=number, zone=str(number))
        done.set()

    threading.Thread(target=write, daemon=True).start()
    assert done.wait(10), "the writer hangs"
    pipe.drain()
    pipe.write("after")
    assert [line[21:] for line in pipe.read()[-2:]] == [
        "WARNING guard: log_lines_lost lines=7",
        "guard: after",
    ]


def test_nobody_reads_any_more(pipe: Pipe) -> None:
    read_end, pipe.out = pipe.out, os.open(os.devnull, os.O_RDONLY)
    os.close(read_end)
    pipe.write("into nothing")


def test_the_same_is_written_some_times_then_counted() -> None:
    now = [0.0]
    bounds = Bounds(lambda: now[0])
    key = (logging.WARNING, "lost sensor=air")
    assert [bounds.lets(key) for _ in range(40)].count(True) == SAME_MOST
    assert bounds.lets((logging.WARNING, "lost sensor=rain")), "another thing is news"
    now[0] = SAME_S - 1
    assert bounds.over() == []
    now[0] = SAME_S
    assert bounds.over() == [(logging.WARNING, f"lost sensor=air repeated={40 - SAME_MOST}")]
    assert bounds.lets(key)


def test_a_flood_of_different_things_is_bounded_too_and_so_is_what_is_kept_of_it() -> None:
    now = [0.0]
    bounds, written = Bounds(lambda: now[0]), 0
    for number in range(5000):
        bounds.over()
        written += bounds.lets((logging.INFO, f"event {number}"))
    assert written == ALL_MOST
    assert len(bounds._seen) <= log.KEYS_MOST


@pytest.mark.slow
def test_the_servers_queue_warnings_are_one_thing(tmp_path: Path) -> None:
    code = (
        "import logging; from fieldstation import log; log.start('page')\n"
        "for depth in range(500): logging.getLogger('waitress.queue').warning('Task queue depth is %d', depth)\n"
        "logging.getLogger('apscheduler').info('Running job')\n"
        "import warnings; warnings.warn('old\\nthing'); log.info('ready')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    lines = done.stderr.splitlines()
    assert sum("Task queue depth" in line for line in lines) == SAME_MOST
    assert "py.warnings" in lines[-2]
    assert lines[-1].endswith(" page: ready")
    assert len(lines) == SAME_MOST + 2, "what libraries do all day is no news"


def test_a_bug_leaves_its_traceback(tmp_path: Path) -> None:
    with journal(tmp_path) as lines:
        try:
            dict[str, str]()["a bug in a view"]
        except KeyError:
            log.exception("screen_bug", path="/")
    assert lines()[0] == "ERROR test: screen_bug path=/"
    assert lines()[1] == "ERROR test:   | Traceback (most recent call last):"
    assert lines()[-1] == "ERROR test:   | KeyError: 'a bug in a view'"


@pytest.mark.slow
def test_a_program_that_wants_no_log_gets_none() -> None:
    code = (
        "from fieldstation import log\nlog.error('x')\ntry: 1/0\nexcept ZeroDivisionError: log.exception('y')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""


@pytest.mark.slow
def test_a_closed_stderr_is_no_error() -> None:
    code = "from fieldstation import log\nlog.start('guard'); log.info('ready'); print('went on')"
    done = subprocess.run(
        ["sh", "-c", f'"{sys.executable}" -c "{code}" 2>&-'], capture_output=True, text=True, check=True
    )
    assert done.stdout == "went on\n"
