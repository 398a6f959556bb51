"""A deadline for what may hang anywhere: in a name server, a handshake, an answer that drips."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def within(seconds: float, do: Callable[[], T]) -> T:
    """What `do` gives. Raises TimeoutError when it takes longer, and leaves it to itself; else what it raises."""
    found: list[T] = []
    trouble: list[BaseException] = []

    def run() -> None:
        try:
            found.append(do())
        except BaseException as error:  # noqa: BLE001 -- handed on below
            trouble.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if trouble:
        raise trouble[0]
    if not found:
        raise TimeoutError
    return found[0]
