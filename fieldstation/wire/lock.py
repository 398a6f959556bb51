"""One instance of each process: a lock file held for the life of the process."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from fieldstation.domain.errors import PlaceError


class Lock:
    """Holds `path` until closed or the process dies. Raises PlaceError when someone else holds it."""

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        except OSError as error:
            raise PlaceError(
                f"{path}: cannot be written ({error.strerror}); choose another folder or mend its owner"
            ) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._file)
            raise PlaceError(
                f"{path}: another {path.stem} is already running on this folder; stop it first"
            ) from error

    def close(self) -> None:
        """Let another instance start."""
        os.close(self._file)
