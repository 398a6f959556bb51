"""The one factory of connections: whoever opens the record, opens it here."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote

from fieldstation.store.errors import RecordError, Trouble, record_errors, trouble
from fieldstation.store.schema import APPLICATION_ID, VERSION

BUSY_S = 2.0
CHECKPOINT_PAGES = 200
WAL_LIMIT_BYTES = 1 << 20


def writer(path: Path, busy_s: float = BUSY_S, *, version: int | None = VERSION) -> sqlite3.Connection:
    """The writing connection: WAL, every commit on the disk before it returns, no implicit transactions.

    `version` None skips the check of what the file is (migrations). Raises RecordError.
    """
    if not path.exists():
        raise trouble(path, Trouble.ABSENT, "no record here")
    return _opened(path, "rw", busy_s, version, writing=True)


def reader(path: Path, busy_s: float = BUSY_S) -> tuple[sqlite3.Connection, bool]:
    """A connection that cannot write, and whether it reads the file as immutable. Raises RecordError.

    A user without the right to write the folder, and anybody on a full disk, cannot open a WAL record that nobody
    has open: its side files are gone. Then, and only then, the file is read as immutable.
    """
    try:
        return _opened(path, "ro", busy_s, VERSION, writing=False), False
    except RecordError as error:
        if error.code not in {Trouble.READ_ONLY, Trouble.IO, Trouble.DISK_FULL} or not closed(path):
            raise
        return _opened(path, "ro&immutable=1", busy_s, VERSION, writing=False), True


def state(path: Path) -> tuple[int, int, bool]:
    """Changes whenever somebody writes: a reader of an immutable file compares before and after."""
    found = path.stat()
    return found.st_mtime_ns, found.st_size, closed(path)


def closed(path: Path) -> bool:
    """Whether the last writer closed the record in order: nothing waits in a write-ahead log."""
    try:
        return path.stat().st_size > 0 and path.with_name(path.name + "-wal").stat().st_size == 0
    except FileNotFoundError:
        return path.exists()


def identify(connection: sqlite3.Connection, path: Path) -> int:
    """The schema version of our record. Raises RecordError for a file of another program."""
    (found,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if found != APPLICATION_ID:
        refuse_foreign(path, found)
    return int(version)


def refuse_foreign(path: Path, found: int) -> NoReturn:
    """Raise the RecordError for a file of another program."""
    raise RecordError(
        Trouble.FOREIGN,
        f"{path}: this is a database of another program (application_id {found}); choose another folder",
    )


def refuse_newer(path: Path, found: int) -> NoReturn:
    """Raise the RecordError for a file of a newer release."""
    raise RecordError(
        Trouble.NEWER,
        f"{path}: written by a newer release (schema {found}, this one knows {VERSION}); "
        "install that release again, nothing was changed",
    )


def _opened(
    path: Path, mode: str, busy_s: float, version: int | None, *, writing: bool
) -> sqlite3.Connection:
    with record_errors(path):
        connection = sqlite3.connect(
            f"file:{quote(str(path.absolute()))}?mode={mode}", uri=True, timeout=busy_s, isolation_level=None
        )
    try:
        with record_errors(path):
            if version is not None:
                _check(identify(connection, path), version, path)
            connection.execute("PRAGMA temp_store = MEMORY")
            if writing:
                _settle(connection, path)
            else:
                connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _check(found: int, version: int, path: Path) -> None:
    if found > version:
        refuse_newer(path, found)
    if found < version:
        raise RecordError(
            Trouble.OLDER,
            f"{path}: written by an older release (schema {found}, now {version}); "
            "start the controller: it migrates the record",
        )


def _settle(connection: sqlite3.Connection, path: Path) -> None:
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise RecordError(
            Trouble.IO, f"{path}: this file system cannot hold a write-ahead log; use a local disk"
        )
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    connection.execute(f"PRAGMA journal_size_limit = {WAL_LIMIT_BYTES}")
