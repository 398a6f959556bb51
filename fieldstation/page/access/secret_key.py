"""The key that signs cookies: made once, kept for the page alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from fieldstation import log
from fieldstation.domain.errors import cause
from fieldstation.wire.durable import write_private

BYTES = 32


def secret(path: Path) -> bytes:
    """The key in `path`, made there (mode 0600) when there is none.

    A disk that cannot keep it gives a key that lasts until the page ends: everybody signs in again then.
    """
    try:
        return _read(path) or _made(path)
    except OSError as error:
        log.warning("page_key_not_kept", detail=cause(error), so="sessions end with this process")
        return secrets.token_bytes(BYTES)


def _read(path: Path) -> bytes | None:
    """None for no file, one cut short by a power cut, or one that others may read: a key they know is none."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        if os.fstat(descriptor).st_mode & 0o077:
            return None
        key = file.read(BYTES + 1)
    return key if len(key) == BYTES else None


def _made(path: Path) -> bytes:
    key = secrets.token_bytes(BYTES)
    write_private(path, key)
    return key
