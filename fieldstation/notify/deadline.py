"""A deadline for what may hang anywhere: in a name server, a handshake, an answer that drips."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def within(seconds: float, do: Callable[[], T]) -> T:
    """What `do` gives. Raises TimeoutError when it takes longer, and leaves it to itself; else what it raises."""
    found: Future[T] = Future()

    def run() -> None:
        try:
            found.set_result(do())
        except BaseException as error:  # noqa: BLE001 -- whoever waits gets it
            found.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return found.result(seconds)
