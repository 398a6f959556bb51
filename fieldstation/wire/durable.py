"""Files that are there whole or not at all, after a power cut too."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files aside, sync them, and only when all of them are there give them their names, in this order.

    Of those without a name yet nothing is left behind. Raises OSError.
    """
    aside = {name: folder / f"{name}.new" for name in files}
    try:
        for name, data in files.items():
            with aside[name].open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        for name, place in aside.items():
            place.replace(folder / name)
    except OSError:
        for place in aside.values():
            with contextlib.suppress(OSError):  # what went wrong first is what to tell
                place.unlink(missing_ok=True)
        raise
    sync_folder(folder)


def write_private(path: Path, data: bytes) -> None:
    """Write a file that its owner alone may read, whole or not at all. Raises OSError."""
    aside = path.with_name(f"{path.name}.new")
    aside.unlink(missing_ok=True)
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        aside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):  # what went wrong first is what to tell
            aside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make new names in `folder` durable. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
