"""Unix sockets by path, of any length of path, with errors that name the file."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fieldstation.domain.errors import PeerSilent, PlaceError


@contextmanager
def _short(path: Path) -> Iterator[str]:
    """A name for `path` below the kernel's limit of 107 bytes, through its opened folder."""
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def connect(path: Path, timeout_s: float) -> socket.socket:
    """A connected stream socket. Raises PeerSilent when nobody listens there."""
    peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    peer.settimeout(timeout_s)
    try:
        with _short(path) as name:
            peer.connect(name)
    except OSError as error:
        peer.close()
        raise PeerSilent(f"{path}: nobody answers ({error.strerror})") from error
    return peer


def listen(path: Path, mode: int = 0o660) -> socket.socket:
    """A listening stream socket, replacing one left by a dead owner. Raises PlaceError.

    The caller holds the lock that proves the owner is dead (`wire.lock`).
    """
    peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        path.unlink(missing_ok=True)
        with _short(path) as name:
            peer.bind(name)
        path.chmod(mode)
        peer.listen(32)
    except OSError as error:
        peer.close()
        raise PlaceError(
            f"{path}: cannot listen here ({error.strerror}); check the folder's owner"
        ) from error
    return peer
