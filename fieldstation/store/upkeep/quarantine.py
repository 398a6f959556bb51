"""A damaged record is set aside, never deleted, and the newest sound backup takes its place.

Runs in the child that migrates, before anything else touches the file. Files of other
programs and of newer releases are not ours to move: they are refused and left alone.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fieldstation.store import connect
from fieldstation.store.errors import RecordError, Trouble, record_errors
from fieldstation.store.schema import APPLICATION_ID, VERSION
from fieldstation.store.upkeep import check, reserve_file
from fieldstation.store.upkeep.backup import copy_changed, newest_first, remove
from fieldstation.wire.durable import sync_folder

KEPT = 2
HEADER_BYTES = 100
MAGIC = b"SQLite format 3\x00"
_MARK = ".corrupt-"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a look inside may take: after an orderly stop, and after any other."""

    quick_s: float = 5.0
    full_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Notice:
    """What a person should hear. `restored` is the backup that took the place, None for an empty record."""

    wrong: str
    kept_as: str | None
    restored: str | None

    def __str__(self) -> str:
        instead = f"{self.restored} was restored" if self.restored else "a new record was begun"
        kept = f"it is kept as {self.kept_as}" if self.kept_as else "nothing of it is left"
        return f"the record was damaged ({self.wrong}); {kept}, and {instead}"


def mend(path: Path, now: datetime, limits: Limits = Limits()) -> Notice | None:
    """Set a damaged record aside and restore a backup; None when nothing is wrong or nothing was ever there.

    A record that is gone while backups of it are here counts as damaged. `now` (UTC) only names the file. Raises RecordError for a foreign or newer file and for
    a disk that cannot be read: neither is damage.
    """
    if not path.exists():
        restored = _restore(path, limits)
        return Notice("missing", None, restored) if restored else None
    wrong = damage(path, limits)
    if wrong is None:
        return None
    kept_as = _set_aside(path, now)
    return Notice(wrong, kept_as.name, _restore(path, limits))


def damage(path: Path, limits: Limits) -> str | None:
    """What is wrong with the file, or None. Raises RecordError as `mend`."""
    with record_errors(path):
        with path.open("rb") as file:
            head = file.read(HEADER_BYTES)
        unclean = not connect.closed(path)
    if len(head) < HEADER_BYTES:
        return "empty file" if not head else "cut short"
    if not head.startswith(MAGIC):
        return "not a database"
    # A foreign or newer file must be told from ours before SQLite may touch it.
    found, version = int.from_bytes(head[68:72], "big"), int.from_bytes(head[60:64], "big")
    if found != APPLICATION_ID:
        connect.refuse_foreign(path, found)
    if version > VERSION:
        connect.refuse_newer(path, version)
    try:
        connection = connect.writer(path, version=None)
        try:
            with record_errors(path):
                return check.problem(connection, limits.full_s if unclean else limits.quick_s, full=unclean)
        finally:
            connection.close()
    except RecordError as error:
        if error.code is not Trouble.CORRUPT:
            raise
        return str(error.__cause__ or error)


def damaged_files(path: Path) -> list[Path]:
    """The records set aside, oldest first."""
    found = path.parent.glob(f"{path.name}{_MARK}*")
    return sorted((place for place in found if not place.name.endswith(("-wal", "-shm"))), key=_order)


def _order(place: Path) -> tuple[int, str]:
    return place.stat().st_mtime_ns, place.name


def _set_aside(path: Path, now: datetime) -> Path:
    stem = f"{path.name}{_MARK}{now:%Y%m%dT%H%M%SZ}"
    place = path.with_name(stem)
    again = 1
    while place.exists():
        again += 1
        place = path.with_name(f"{stem}.{again}")
    with record_errors(path):
        for suffix in ("", "-wal", "-shm"):  # a record that is gone is restored too, should this be cut here
            part = path.with_name(path.name + suffix)
            if part.exists():
                part.replace(place.with_name(place.name + suffix))
        older = [file for file in damaged_files(path) if file != place]
        remove(older[: max(0, len(older) - (KEPT - 1))])
        sync_folder(path.parent)
    return place


def _restore(path: Path, limits: Limits) -> str | None:
    """Copy the newest sound backup into the record's place; its name, or None."""
    part = path.with_name(f"{path.name}.restoring")
    for backup in newest_first(path):
        try:
            with record_errors(path):
                _copy(backup, part, path)
            if damage(part, limits) is None:
                with record_errors(path):
                    put(part, path)
                return backup.name
        except RecordError:
            continue
        finally:
            remove([part])
    return None


def put(part: Path, path: Path) -> None:
    """Give a closed database its place, durably. A log left by an earlier record must not be replayed into it."""
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    part.replace(path)
    sync_folder(path.parent)


def _copy(backup: Path, part: Path, path: Path) -> None:
    try:
        copy_changed(backup, part)
    except OSError as error:
        if error.errno != errno.ENOSPC or not reserve_file.release(path):
            raise
        copy_changed(backup, part)
