"""What a process would have written to its log, read back from a file."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from fieldstation.log import Stderr


@contextmanager
def journal(folder: Path, process: str = "test") -> Iterator[Callable[[], list[str]]]:
    """The lines so far, without their time; the whole program logs there meanwhile."""
    path = folder / "journal"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    handler, log = Stderr(process, descriptor), logging.getLogger("fieldstation")
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield lambda: [line.partition(" ")[2] for line in path.read_text().splitlines()]
    finally:
        log.removeHandler(handler)
        log.setLevel(logging.NOTSET)
        os.close(descriptor)
