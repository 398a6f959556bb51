"""What can be wrong with the record, as codes; every door of this room raises only these."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from fieldstation.domain.errors import StationError

NEARLY_FULL_BYTES = 1 << 20


class Trouble(StrEnum):
    """Codes of a RecordError."""

    ABSENT = "absent"  # no file there yet
    FOREIGN = "foreign"  # a database of another program
    NEWER = "newer"  # written by a newer release
    OLDER = "older"  # waits for its migrations
    CORRUPT = "corrupt"
    DISK_FULL = "disk_full"
    LOCKED = "locked"  # another program holds the write lock, or a reader a backup
    READ_ONLY = "read_only"
    IO = "io"  # the card or disk gave an error
    FAILED = "failed"  # a child of this room ended without an answer


class RecordError(StationError):
    """The record cannot be read or written; `code` says why, the text what to do."""

    def __init__(self, code: Trouble, text: str) -> None:
        super().__init__(text)
        self.code = code


_DO = {
    Trouble.CORRUPT: "restart the controller: it sets a damaged record aside and restores a backup",
    Trouble.DISK_FULL: "free some space on this disk",
    Trouble.LOCKED: "another program is writing to it; close that program",
    Trouble.READ_ONLY: "give this user the right to write the file and its folder",
    Trouble.IO: "check the card or disk",
    Trouble.ABSENT: "start the controller once: it makes the record",
}
_CODES = {
    sqlite3.SQLITE_FULL: Trouble.DISK_FULL,
    sqlite3.SQLITE_BUSY: Trouble.LOCKED,
    sqlite3.SQLITE_LOCKED: Trouble.LOCKED,
    sqlite3.SQLITE_CORRUPT: Trouble.CORRUPT,
    sqlite3.SQLITE_NOTADB: Trouble.CORRUPT,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
    sqlite3.SQLITE_PERM: Trouble.READ_ONLY,
}
_ERRNO = {
    errno.ENOSPC: Trouble.DISK_FULL,
    errno.EDQUOT: Trouble.DISK_FULL,
    errno.EACCES: Trouble.READ_ONLY,
    errno.EPERM: Trouble.READ_ONLY,
    errno.EROFS: Trouble.READ_ONLY,
    errno.ENOENT: Trouble.ABSENT,
}


def trouble(path: Path, code: Trouble, what: str) -> RecordError:
    """A RecordError whose text names the file, what is wrong and what to do."""
    do = _DO.get(code)
    return RecordError(code, f"{path}: {what}" + (f"; {do}" if do else ""))


@contextmanager
def record_errors(path: Path) -> Iterator[None]:
    """Turn whatever SQLite or the file system says about `path` into a RecordError."""
    try:
        yield
    except sqlite3.Error as error:
        raise trouble(path, _code(path, error), str(error)) from error
    except OSError as error:
        raise trouble(path, _ERRNO.get(error.errno or 0, Trouble.IO), str(error)) from error


def _code(path: Path, error: sqlite3.Error) -> Trouble:
    primary = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if primary in _CODES:
        return _CODES[primary]
    if primary == sqlite3.SQLITE_CANTOPEN and not path.exists():
        return Trouble.ABSENT
    # a full disk met while the shared-memory file grows is reported as an I/O error
    if primary in {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN} and _nearly_full(path):
        return Trouble.DISK_FULL
    return Trouble.IO if isinstance(error, sqlite3.OperationalError) else Trouble.CORRUPT


def _nearly_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < NEARLY_FULL_BYTES
    except OSError:
        return False
