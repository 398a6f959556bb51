"""The guard's memory on disk: two slots overwritten in place, so that it works on a full disk.

Each slot holds a sequence number, a length, a CRC32 and the memory as JSON. A save goes to
the older slot and is synced before it counts; a torn write leaves the other slot whole.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

from fieldstation.domain.errors import PlaceError, StationError
from fieldstation.wire.durable import sync_folder

SLOT = 64 * 1024
PAGE = 4096
"""Saves are whole pages: nothing has to be read back to write them."""
HEADER = struct.Struct("<8sQII")
MAGIC = b"FSLEDGR1"


class LedgerError(StationError):
    """The ledger cannot be read or written: no water until a person starts a new one."""


class FileLedger:
    """Two slots in one preallocated file.

    A missing, foreign, unreadable or twice torn file raises LedgerError from `load`. It is never replaced
    by itself: an empty ledger has forgotten what was given today.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._sequence = 0
        self._file: int | None = None

    def load(self) -> dict[str, Any]:
        """The newest whole slot."""
        newest: tuple[int, dict[str, Any]] | None = None
        for slot in (0, 1):
            found = self._slot(slot)
            if found is not None and (newest is None or found[0] > newest[0]):
                newest = found
        if newest is None:
            raise LedgerError(f"{self._path}: no slot of this ledger is whole")
        self._sequence = newest[0]
        return newest[1]

    def save(self, memory: dict[str, Any]) -> None:
        """Overwrite the older slot in place and sync it."""
        body = json.dumps(memory, separators=(",", ":"), allow_nan=False).encode()
        if len(body) + HEADER.size > SLOT:
            raise LedgerError(f"{self._path}: {len(body)} bytes do not fit a slot")
        sequence = self._sequence + 1
        data = HEADER.pack(MAGIC, sequence, len(body), _crc(sequence, body)) + body
        data += bytes(-len(data) % PAGE)
        try:
            file = self._open()
            written = os.pwrite(file, data, (sequence % 2) * SLOT)
            if written != len(data):
                raise LedgerError(f"{self._path}: only {written} bytes were written")
            os.fdatasync(file)
            _forget_pages(file)
        except OSError as error:
            raise LedgerError(f"{self._path}: cannot be written ({error.strerror})") from error
        self._sequence = sequence

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _open(self) -> int:
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        return self._file

    def _slot(self, slot: int) -> tuple[int, dict[str, Any]] | None:
        try:
            data = os.pread(self._open(), SLOT, slot * SLOT)
        except OSError as error:
            raise LedgerError(f"{self._path}: cannot be read ({error.strerror})") from error
        if len(data) < HEADER.size:
            return None
        magic, sequence, length, crc = HEADER.unpack_from(data)
        body = data[HEADER.size : HEADER.size + length]
        if magic != MAGIC or len(body) != length or crc != _crc(sequence, body):
            return None
        try:
            memory = json.loads(body)
        except ValueError:
            return None
        return (sequence, memory) if isinstance(memory, dict) else None


def new_ledger(path: Path, memory: dict[str, Any]) -> Path | None:
    """Start a new ledger with this memory, setting an old file aside; returns where that went.

    Only a person does this (`fieldstation guard --new-ledger`). The file gets its full
    size now, so that later saves need no room on the disk. Raises PlaceError.
    """
    aside: Path | None = None
    fresh = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(bytes(2 * SLOT))
        ledger = FileLedger(fresh)
        ledger.save(memory)
        ledger.close()
        if path.exists():
            number = 1
            while path.with_name(f"{path.name}.set-aside-{number}").exists():
                number += 1
            aside = path.rename(path.with_name(f"{path.name}.set-aside-{number}"))
        fresh.rename(path)
        sync_folder(path.parent)
    except (OSError, LedgerError) as error:
        raise PlaceError(f"{path}: a new ledger cannot be written here ({error})") from error
    return aside


def _forget_pages(file: int) -> None:
    """Newer kernels cache and write a file in stretches: 128 KB went to the card for a save of 4."""
    with suppress(OSError):
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)


def _crc(sequence: int, body: bytes) -> int:
    return zlib.crc32(body, zlib.crc32(struct.pack("<QI", sequence, len(body))))
