"""One child at a time with a deadline; whatever it does, an Outcome comes back. Planner and learner run this way."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import IO

from fieldstation import log
from fieldstation.domain.clock import Clock
from fieldstation.domain.errors import CAUSE_MAX, cause

ANSWER_LIMIT = 1 << 20
WORDS_LIMIT = 4000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a child said, or the word for what went wrong (`died`, `late`) and its cause in a line."""

    text: bytes
    trouble: str | None = None
    detail: str = ""


class Child:
    """Polled from the controller's loop, never waited for."""

    def __init__(self, command: list[str], deadline_s: float, clock: Clock) -> None:
        self._command = command
        self.name = next((word for word in command[3:4]), command[0])
        self._for_s = deadline_s
        self._clock = clock
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
        self._deadline_s = self._clock.mono_s() + self._for_s
        with contextlib.ExitStack() as opened:
            try:
                self._answer = opened.enter_context(tempfile.TemporaryFile())
                self._words = opened.enter_context(tempfile.TemporaryFile())
                self._child = subprocess.Popen(
                    self._command,
                    stdin=subprocess.DEVNULL,
                    stdout=self._answer,
                    stderr=self._words,
                    start_new_session=True,
                )
            except OSError as error:  # no program, no memory, no room for the files
                self._unborn = error
                return
            opened.pop_all()

    def poll(self) -> Outcome | None:
        """The outcome once the child is done, failed or late; None while it works."""
        if self._unborn is not None:
            error, self._unborn = self._unborn, None
            return self._failed("died", cause(error))
        child = self._child
        if child is None:
            return None
        if child.poll() is None:
            if self._clock.mono_s() < self._deadline_s:
                return None
            self.close()
            return self._failed("late", f"no answer in {self._for_s:g} s")
        self._child = None
        with self._answer, self._words:
            self._answer.seek(0)
            text = self._answer.read(ANSWER_LIMIT)
            self._words.seek(max(0, self._words.seek(0, io.SEEK_END) - WORDS_LIMIT))
            words = self._words.read(WORDS_LIMIT).decode(errors="replace").strip()
        if child.returncode != 0:
            last = words.splitlines()[-1:] or [f"exit code {child.returncode}"]
            return self._failed("died", cause(last[0][-CAUSE_MAX:]), words)
        if words:
            log.warning("child_said", child=self.name, below=words)
        return Outcome(text)

    def _failed(self, trouble: str, detail: str, words: str = "") -> Outcome:
        log.warning("child_failed", child=self.name, code=trouble, detail=detail, below=words)
        return Outcome(b"", trouble, detail)

    def close(self) -> None:
        """End a child that is still at work, and whatever it started."""
        if self._child is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait()
            self._child = None
            self._answer.close()
            self._words.close()


def command(program: str, config: object, data: object, sockets: object) -> list[str]:
    """The command line of a child that answers one JSON line."""
    return [
        sys.executable,
        "-m",
        "fieldstation",
        program,
        "--json",
        "--config",
        str(config),
        "--data",
        str(data),
        "--sockets",
        str(sockets),
    ]
