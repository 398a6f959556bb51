"""The whole record as one file: written by a child process, kept a quarter of an hour, sent as often as it is asked for.

The page asks the command line for it, as a person at a terminal would: one at a time, at low priority, with a deadline.
The file has no name on the disk, so nothing of it is left when this process ends. No slow phone keeps the record open
or a thread busy: the child reads and is gone, and waitress sends by itself.
"""

from __future__ import annotations

import atexit
import contextlib
import io
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any

from fieldstation.store.upkeep.reserve_file import free_mb
from fieldstation.wire.places import Places

DEADLINE_S = 1800.0
KEPT_S = 900.0
NICE = 15
LEAVE_MB = 100.0
"""Room that an export leaves for the record itself to go on: some weeks of rows."""


@dataclass(frozen=True, slots=True)
class Made:
    """`state`: none, working, ready, no_room, late or failed (`detail`). `mb` is what is written so far, or needed."""

    state: str
    mb: float = 0.0
    at: datetime | None = None
    detail: str = ""


class RecordFile:
    """Shared by all requests."""

    def __init__(
        self,
        places: Places,
        command: Sequence[str] = (sys.executable, "-m", "fieldstation"),
        deadline_s: float = DEADLINE_S,
        kept_s: float = KEPT_S,
    ) -> None:
        self._places, self._command = places, tuple(command)
        self._deadline_s, self._kept_s = deadline_s, kept_s
        self._lock = threading.Lock()
        self._file: IO[bytes] | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._made = Made("none")
        atexit.register(self.forget)

    def made(self) -> Made:
        """How it stands; starts nothing."""
        with self._lock:
            if self._made.state == "working" and self._file is not None:
                return Made("working", os.fstat(self._file.fileno()).st_size / 1e6, self._made.at)
            return self._made

    def make(self) -> Made:
        """Set a child to work unless one is; a file of before is dropped, for the record has gone on."""
        with self._lock:
            if self._child is not None:
                return self._made
            self._drop()
            need_mb = self._need_mb()
            free = free_mb(self._places.record)
            if free is not None and free < need_mb:
                self._made = Made("no_room", need_mb - free)
                return self._made
            try:
                self._file = tempfile.TemporaryFile(dir=self._places.data, buffering=0)
                words = ("export", "-", "--leave-mb", f"{LEAVE_MB:g}", "--data", str(self._places.data))
                self._child = subprocess.Popen(
                    [*self._command, *words],
                    stdin=subprocess.DEVNULL,
                    stdout=self._file,
                    stderr=subprocess.PIPE,
                    start_new_session=True,
                )
                with contextlib.suppress(OSError):
                    os.setpriority(os.PRIO_PROCESS, self._child.pid, NICE)
            except OSError as error:
                self._drop()
                self._made = Made("failed", detail=str(error))
                return self._made
            self._made = Made("working", 0.0, datetime.now(UTC))
            threading.Thread(target=self._wait, args=(self._child, self._file), daemon=True).start()
            return self._made

    def open(self) -> Sending | None:
        """The file to be sent; None unless it is ready."""
        with self._lock:
            return Sending(self._file.fileno()) if self._made.state == "ready" and self._file else None

    def forget(self) -> None:
        """End a child at work and drop the file; what is being sent goes on to its end."""
        with self._lock:
            child, self._child = self._child, None
            _end(child)
            self._drop()
            self._made = Made("none")

    def _need_mb(self) -> float:
        """A zip of the rows is smaller than the record that holds them."""
        try:
            return self._places.record.stat().st_size / 1e6 + LEAVE_MB
        except OSError:
            return LEAVE_MB  # the child says what is wrong with the record

    def _drop(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _wait(self, child: subprocess.Popen[bytes], file: IO[bytes]) -> None:
        try:
            _, said = child.communicate(timeout=self._deadline_s)
            state = "ready" if child.returncode == 0 else "failed"
        except subprocess.TimeoutExpired:
            _end(child)
            _, said = child.communicate()
            state = "late"
        with self._lock:
            if self._child is not child:  # forgotten meanwhile
                return
            self._child = None
            free = free_mb(self._places.record)
            if state == "ready":
                self._made = Made("ready", os.fstat(file.fileno()).st_size / 1e6, datetime.now(UTC))
                again = threading.Timer(self._kept_s, self._over, (file,))
                again.daemon = True
                again.start()
                return
            if state == "failed" and free is not None and free < LEAVE_MB:
                state = "no_room"
            self._drop()
            self._made = Made(state, detail=said.decode(errors="replace").strip()[-300:])

    def _over(self, file: IO[bytes]) -> None:
        with self._lock:
            if self._file is file:
                self._drop()
                self._made = Made("none")


def _end(child: subprocess.Popen[bytes] | None) -> None:
    if child is not None and child.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)


class Sending(io.RawIOBase):
    """One reading of the file from its beginning, with a place of its own; the last one to close it frees the room."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = os.dup(number)
        self._at = 0
        self.size = os.fstat(self._number).st_size

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """It can be read from anywhere."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """As of any file."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        """As of any file."""
        return self._at

    def readinto(self, buffer: Any) -> int:
        """As of any file."""
        data = os.pread(self._number, len(buffer), self._at)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        """Give the file back. Twice is harmless."""
        if not self.closed:
            super().close()
            os.close(self._number)
