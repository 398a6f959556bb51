"""A disk that a test may fill, down to the last byte: a real file system, so that it says no as a card does."""

from __future__ import annotations

import contextlib
import errno
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SIZE_MB = 64


@contextmanager
def small_disk() -> Iterator[Path]:
    """A folder on a file system of its own; skips where none may be mounted.

    Who is not root mounts in a namespace: `unshare --user --map-root-user --mount python -m pytest ...`
    """
    folder = Path(tempfile.mkdtemp(prefix="disk-"))
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "station-test", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        folder.rmdir()
        pytest.skip(
            "no small disk can be mounted: be root, or run under unshare --user --map-root-user --mount"
        )
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()


def fill(folder: Path) -> Path:
    """Write until the disk says no; the file to delete so that there is room again."""
    filler = folder / "filler"
    with filler.open("ab", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * size)
    with pytest.raises(OSError) as full:
        (folder / "one-more").write_bytes(b"x" * 4096)
    assert full.value.errno == errno.ENOSPC
    (folder / "one-more").unlink(missing_ok=True)
    return filler
