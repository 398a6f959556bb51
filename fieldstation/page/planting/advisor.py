"""When to plant, reckoned by a child process at low priority: one at a time, with a deadline, each answer kept on file.

The page asks the command line for it, as a person at a terminal would: nothing heavy is loaded here.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fieldstation import __version__

DEADLINE_S = 240.0
KEPT = 24
NICE = 15
ANSWER_LIMIT = 1 << 20
MOST_DATES = 12


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: dates from `first` to `last`, both included, `every_days` apart."""

    crop: str
    soil: str
    latitude_deg: float
    elevation_m: float
    first: date
    last: date
    climate: str

    @property
    def every_days(self) -> int:
        """At most `MOST_DATES` dates, a week apart or more."""
        return max(7, -(-(self.last - self.first).days // (MOST_DATES - 1)))

    def arguments(self) -> list[str]:
        """Of `fieldstation season`."""
        return [
            "season",
            "--json",
            "--crop",
            self.crop,
            "--soil",
            self.soil,
            f"--latitude={self.latitude_deg:.4f}",
            f"--elevation={self.elevation_m:.0f}",
            "--climate",
            self.climate,
            "--from",
            self.first.isoformat(),
            "--to",
            self.last.isoformat(),
            "--every",
            str(self.every_days),
        ]

    def name(self) -> str:
        """Of its answer's file: the same question to the same release is answered once."""
        return hashlib.sha256("\n".join([__version__, *self.arguments()]).encode()).hexdigest()[:24] + ".json"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One date of planting: low, likely and high yield (t/ha dry matter) and water (mm) over so many made-up years."""

    plant_on: date
    harvest_on: date
    yield_t_ha: tuple[float, float, float]
    water_mm: tuple[float, float, float]
    frost_days: float
    years: int


@dataclass(frozen=True, slots=True)
class Advice:
    """Every date that was asked for, and the one to prefer."""

    best: date
    dates: list[Candidate]


@dataclass(frozen=True, slots=True)
class Answer:
    """`state`: none (not asked yet), working, busy (with another question), done (`found`), late or failed (`detail`)."""

    state: str
    found: Advice | None = None
    detail: str = ""


class Advisor:
    """Shared by all requests."""

    def __init__(
        self,
        folder: Path,
        command: Sequence[str] = (sys.executable, "-m", "fieldstation"),
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._folder, self._command, self._deadline_s = folder, tuple(command), deadline_s
        self._lock = threading.Lock()
        self._asked: str | None = None  # what the child at work was asked
        self._child: subprocess.Popen[bytes] | None = None
        self._failed: dict[str, Answer] = {}
        atexit.register(self.close)

    def answer(self, question: Question) -> Answer:
        """How it stands with a question; starts nothing."""
        name = question.name()
        with self._lock:
            return self._standing(name) or self._failed.get(name, Answer("none"))

    def start(self, question: Question) -> Answer:
        """Set a child to work unless it is answered, or one is at work."""
        name = question.name()
        with self._lock:
            standing = self._standing(name)
            if standing is not None:
                return standing
            self._failed.pop(name, None)
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._child = subprocess.Popen(
                    [*self._command, *question.arguments()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    start_new_session=True,
                )
                with contextlib.suppress(OSError):
                    os.setpriority(os.PRIO_PROCESS, self._child.pid, NICE)
            except OSError as error:
                self._failed[name] = Answer("failed", detail=str(error))
                return self._failed[name]
            self._asked = name
            threading.Thread(target=self._wait, args=(name, self._child), daemon=True).start()
        return Answer("working")

    def _standing(self, name: str) -> Answer | None:
        """Answered before, or a child is at work, on this or on another."""
        found = self._load(name)
        if found is not None:
            return Answer("done", found)
        if self._asked is not None:
            return Answer("working" if self._asked == name else "busy")
        return None

    def close(self) -> None:
        """End a child that is still at work."""
        child = self._child
        if child is not None and child.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)

    def _wait(self, name: str, child: subprocess.Popen[bytes]) -> None:
        failed: Answer | None = None
        try:
            text, said = child.communicate(timeout=self._deadline_s)
            if child.returncode != 0:
                failed = Answer("failed", detail=said.decode(errors="replace").strip()[-300:])
            elif _read(text) is None:
                failed = Answer("failed", detail="the answer made no sense")
            else:
                self._save(name, text)
        except subprocess.TimeoutExpired:
            self.close()
            child.communicate()
            failed = Answer("late")
        except OSError as error:  # no room to keep it
            failed = Answer("failed", detail=str(error))
        with self._lock:
            if failed is not None:
                self._failed = {name: failed}
            self._asked = self._child = None

    def _save(self, name: str, text: bytes) -> None:
        """Aside, then renamed: a file is there whole or not at all. The oldest go."""
        handle, aside = tempfile.mkstemp(dir=self._folder, prefix=".")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text)
            Path(aside).replace(self._folder / name)
        except OSError:
            Path(aside).unlink(missing_ok=True)
            raise
        files = sorted(self._folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
        for path in files[:-KEPT]:
            path.unlink(missing_ok=True)

    def _load(self, name: str) -> Advice | None:
        try:
            with (self._folder / name).open("rb") as file:
                return _read(file.read(ANSWER_LIMIT))
        except OSError:
            return None


def _read(text: bytes) -> Advice | None:
    """An answer as `fieldstation season --json` prints it; None for anything else."""
    try:
        found = json.loads(text)
        dates = [
            Candidate(
                date.fromisoformat(one["plant_on"]),
                date.fromisoformat(one["harvest_on"]),
                _three(one["yield_t_ha"]),
                _three(one["water_mm"]),
                0.0 + one["frost_days"],
                0 + one["years"],
            )
            for one in found["dates"]
        ]
        return Advice(date.fromisoformat(found["best"]), dates) if dates else None
    except (ValueError, KeyError, TypeError):
        return None


def _three(values: Sequence[float]) -> tuple[float, float, float]:
    low, likely, high = values
    return 0.0 + low, 0.0 + likely, 0.0 + high
