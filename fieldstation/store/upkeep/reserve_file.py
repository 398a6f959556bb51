"""A file that is only there to be deleted: on a full disk it makes room for the record to go on."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

RESERVE_BYTES = 16 << 20


def reserve_file(path: Path) -> Path:
    """The reserve file of the record at `path`."""
    return path.with_name("ballast")


def reserve(path: Path, size_bytes: int = RESERVE_BYTES) -> bool:
    """Put the reserve file there if it is missing and the disk has three times its size to spare.

    True when it is there now. Space is reserved, not written: the card is not worn.
    """
    place = reserve_file(path)
    try:
        if place.exists():
            return True
        if shutil.disk_usage(path.parent).free < 3 * size_bytes:
            return False
        part = place.with_suffix(".part")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o640)
        try:
            os.posix_fallocate(descriptor, 0, size_bytes)
        finally:
            os.close(descriptor)
        part.rename(place)
    except OSError:
        return False
    return True


def free_mb(path: Path) -> float | None:
    """Room on the disk of the record at `path`, in MB of a million bytes; None when nobody tells."""
    try:
        return round(shutil.disk_usage(path.parent).free / 1e6, 1)
    except OSError:
        return None


def release(path: Path) -> int:
    """Delete the reserve file; the bytes that this freed, 0 when it was gone already."""
    place = reserve_file(path)
    try:
        size = place.stat().st_size
        place.unlink()
    except OSError:
        return 0
    return size
