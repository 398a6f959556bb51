"""Run the planner as a child with a deadline; whatever it does, a PlannerReport comes back."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

from fieldstation.domain.clock import Clock
from fieldstation.domain.forecast import PlannerReport
from fieldstation.domain.station import Station
from fieldstation.wire.places import Places
from fieldstation.wire.report import decode_report

ANSWER_LIMIT = 1 << 20
WORDS_LIMIT = 500


class Planning:
    """At most one planner child at a time, polled from the controller's loop."""

    def __init__(self, station: Station, places: Places, config: Path, clock: Clock) -> None:
        self._station = station
        self._clock = clock
        self._command = [
            sys.executable, "-m", "fieldstation", "plan", "--json",
            "--config", str(config), "--data", str(places.data), "--sockets", str(places.sockets),
        ]  # fmt: skip
        self._child: subprocess.Popen[bytes] | None = None
        self._answer: IO[bytes]
        self._words: IO[bytes]
        self._deadline_s = 0.0
        self._unborn: OSError | None = None

    @property
    def running(self) -> bool:
        """Whether a child is at work or its failure has yet to be told."""
        return self._child is not None or self._unborn is not None

    def start(self) -> None:
        """Start a child unless one is at work. Its answer goes to a file: a full pipe cannot stall it."""
        if self.running:
            return
        self._deadline_s = self._clock.mono_s() + self._station.cadence.planner_deadline_s
        with contextlib.ExitStack() as opened:
            try:
                self._answer = opened.enter_context(tempfile.TemporaryFile())
                self._words = opened.enter_context(tempfile.TemporaryFile())
                self._child = subprocess.Popen(
                    self._command, stdin=subprocess.DEVNULL, stdout=self._answer, stderr=self._words,
                    start_new_session=True,
                )  # fmt: skip
            except OSError as error:  # no program, no memory, no room for the files
                self._unborn = error
                return
            opened.pop_all()

    def poll(self) -> PlannerReport | None:
        """The report once the child is done, failed or late; None while it works."""
        if self._unborn is not None:
            error, self._unborn = self._unborn, None
            return self._failed("planner_died", str(error))
        child = self._child
        if child is None:
            return None
        if child.poll() is None:
            if self._clock.mono_s() < self._deadline_s:
                return None
            self.close()
            return self._failed(
                "planner_late", f"no answer in {self._station.cadence.planner_deadline_s:g} s"
            )
        self._child = None
        with self._answer, self._words:
            self._answer.seek(0)
            text = self._answer.read(ANSWER_LIMIT)
            self._words.seek(max(0, self._words.seek(0, io.SEEK_END) - WORDS_LIMIT))
            words = self._words.read(WORDS_LIMIT).decode(errors="replace").strip()
        if child.returncode != 0:
            return self._failed("planner_died", words or f"exit code {child.returncode}")
        try:
            return decode_report(text, self._station)
        except (ValueError, ArithmeticError) as error:  # a date or number beyond all bounds overflows
            return self._failed("planner_garbage", str(error))

    def close(self) -> None:
        """End a child that is still at work, and whatever it started."""
        if self._child is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait()
            self._child = None
            self._answer.close()
            self._words.close()

    def _failed(self, code: str, detail: str) -> PlannerReport:
        return PlannerReport(self._clock.now(), (), code, detail[:WORDS_LIMIT])
