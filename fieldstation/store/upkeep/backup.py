"""The nightly copy beside the record. A child makes it, and rewrites only the pages that changed.

Copying a year's record whole every night would wear a card more than all the measuring.
So the older of two copies is brought up to date in place: it loses its name first, and
gets the newer one's after it was synced and checked. The source stands still meanwhile,
because only the writer moves pages into it, and the writer pauses its checkpoints.

The child is needed for another reason too: a process that opens and closes the file of
an SQLite connection of its own drops that connection's locks.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from fieldstation.store import connect
from fieldstation.store.errors import RecordError, Trouble, record_errors, trouble
from fieldstation.store.upkeep import check
from fieldstation.wire.durable import sync_folder

CHUNK_BYTES = 1 << 16
CHECK_S = 60.0
KEPT = 2


def named(path: Path, number: int) -> Path:
    """The place of backup `number` (1 is the newest) of the record at `path`."""
    return path.with_name(f"{path.name}.backup-{number}")


def newest_first(path: Path) -> list[Path]:
    """The backups that exist."""
    return [place for place in (named(path, number) for number in range(1, KEPT + 1)) if place.exists()]


def every(path: Path) -> list[Path]:
    """The backups and what an interrupted one left."""
    return sorted(path.parent.glob(f"{path.name}.backup-*"))


def remove(places: Iterable[Path]) -> None:
    """Delete files, and those that SQLite may have left beside them."""
    for place in places:
        for suffix in ("", "-wal", "-shm"):
            place.with_name(place.name + suffix).unlink(missing_ok=True)


class Backup:
    """A backup at work. Poll it until it gives the new copy's path."""

    def __init__(self, path: Path, connection: sqlite3.Connection, ended: Callable[[], None]) -> None:
        self._path = path
        self._connection = connection
        self._ended = ended
        with record_errors(path):
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                ended()
                raise trouble(path, Trouble.LOCKED, "a reader holds the record, no backup can begin")
            connection.execute("PRAGMA wal_autocheckpoint = 0")
        self._child: subprocess.Popen[bytes] | None = subprocess.Popen(
            [sys.executable, "-m", "fieldstation.store.upkeep.backup", str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def poll(self) -> Path | None:
        """The new backup, or None while it is at work. Raises RecordError when it failed."""
        if self._child is None:
            raise RecordError(Trouble.FAILED, f"{self._path}: this backup has ended")
        code = self._child.poll()
        if code is None:
            return None
        why = _last_words(self._child) or f"exit code {code}"
        self._end()
        if code != 0:
            raise RecordError(Trouble.FAILED, f"{self._path}: the backup failed ({why}); the older one stays")
        return named(self._path, 1)

    def wait(self, timeout_s: float) -> Path:
        """The new backup. Raises RecordError when it failed or is late."""
        assert self._child is not None
        try:
            self._child.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.cancel()
            raise RecordError(Trouble.FAILED, f"{self._path}: no backup within {timeout_s:g} s") from None
        place = self.poll()
        assert place is not None
        return place

    def cancel(self) -> None:
        """End it; what it had begun to write is no backup."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            _last_words(self._child)
            self._end()

    def _end(self) -> None:
        self._child = None
        self._ended()
        with record_errors(self._path):
            self._connection.execute(f"PRAGMA wal_autocheckpoint = {connect.CHECKPOINT_PAGES}")


def make(path: Path) -> None:
    """Bring the older copy up to date with the file at `path` and make it the newest. Run as a child."""
    before = _state(path)
    part = path.with_name(f"{path.name}.backup-part")
    oldest = named(path, KEPT)
    if oldest.exists():
        oldest.replace(part)
    try:
        copy_changed(path, part)
        _prove(part, same=_state(path) == before)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    for number in range(KEPT - 1, 0, -1):
        if named(path, number).exists():
            named(path, number).replace(named(path, number + 1))
    part.replace(named(path, 1))
    sync_folder(path.parent)


def _prove(part: Path, *, same: bool) -> None:
    """Raise RecordError unless the source stayed as it was and the copy is a sound record."""
    if not same:
        raise trouble(part, Trouble.LOCKED, "the record was written to during its backup")
    with record_errors(part):
        connection = sqlite3.connect(f"{part.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            connect.identify(connection, part)
            wrong = check.problem(connection, CHECK_S, full=False)
        finally:
            connection.close()
    if wrong is not None:
        raise trouble(part, Trouble.CORRUPT, wrong)


def copy_changed(source: Path, target: Path) -> int:
    """Make `target` equal to `source`, writing only the chunks that differ; the bytes written. Synced."""
    written = 0
    descriptor = os.open(target, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    with source.open("rb") as old, os.fdopen(descriptor, "r+b", buffering=0) as new:
        at = 0
        while chunk := old.read(CHUNK_BYTES):
            there = os.pread(new.fileno(), len(chunk), at)
            for start in range(0, len(chunk), 4096):
                page = chunk[start : start + 4096]
                if page != there[start : start + 4096]:
                    os.pwrite(new.fileno(), page, at + start)
                    written += len(page)
            at += len(chunk)
        new.truncate(at)
        os.fsync(new.fileno())
    return written


def _last_words(ended: subprocess.Popen[bytes]) -> str:
    """The last line that a child left on its stderr, which is closed."""
    assert ended.stderr is not None
    with ended.stderr as pipe:
        lines = pipe.read().decode(errors="replace").strip().splitlines()
    return lines[-1][-300:] if lines else ""


def _state(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


def main() -> int:
    """Copy the record named on the command line; 0 when that worked."""
    os.nice(10)
    try:
        make(Path(sys.argv[1]))
    except (RecordError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
