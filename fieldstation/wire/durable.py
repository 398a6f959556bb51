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


def sync_folder(folder: Path) -> None:
    """Make new names in `folder` durable. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
