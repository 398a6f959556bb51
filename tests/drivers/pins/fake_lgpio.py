"""A stand-in for lgpio that writes down every call, and makes the FIFO that the real one makes."""

from __future__ import annotations

import os
import threading
import types
from pathlib import Path
from typing import Any


class Error(Exception):
    """lgpio's own error is no OSError either."""


class Thread:
    """lgpio's only notify thread: the first exception ends it."""

    def __init__(self) -> None:
        self.callbacks: list[Any] = []
        self.dead = threading.Event()

    def is_alive(self) -> bool:
        return not self.dead.is_set()

    def edge(self, pin: int, level: int) -> None:
        for watched, call in list(self.callbacks):
            if watched == pin and self.is_alive():
                try:
                    call(0, pin, level, 1_000_000_000)
                except Exception:
                    self.dead.set()


def make(labels: dict[int, str]) -> Any:
    """The module. `labels` are the chips that can be opened; others raise."""
    lgpio: Any = types.ModuleType("lgpio")
    log: list[tuple[Any, ...]] = []
    modes: dict[int, int] = {}
    levels: dict[int, int] = {}
    thread = Thread()

    def gpiochip_open(chip: int) -> int:
        log.append(("open", chip))
        if chip not in labels:
            raise Error(f"no chip {chip}")
        return chip

    def claim_input(handle: int, pin: int, flags: int = 0) -> None:
        modes[pin] = flags
        log.append(("input", pin))

    def claim_output(handle: int, pin: int, level: int = 0, flags: int = 0) -> None:
        modes[pin], levels[pin] = 2, level
        log.append(("output", pin, level))

    def write(handle: int, pin: int, level: int) -> None:
        levels[pin] = int(level)
        log.append(("output", pin, int(level)))

    class Callback:
        def __init__(self, handle: int, pin: int, edge: int, call: Any) -> None:
            self.entry = (pin, call)
            thread.callbacks.append(self.entry)

        def cancel(self) -> None:
            thread.callbacks.remove(self.entry)

    lgpio.__dict__.update(
        log=log,
        levels=levels,
        error=Error,
        _notify_thread=thread,
        callback=Callback,
        gpiochip_open=gpiochip_open,
        gpiochip_close=lambda handle: log.append(("close", handle)),
        gpio_get_chip_info=lambda handle: [0, 58, f"gpiochip{handle}", labels[handle]],
        gpio_claim_input=claim_input,
        gpio_claim_output=claim_output,
        gpio_claim_alert=lambda handle, pin, edges, flags=0: None,
        gpio_set_debounce_micros=lambda handle, pin, micros: log.append(("debounce", pin, micros)),
        gpio_write=write,
        gpio_read=lambda handle, pin: levels.get(pin, 0),
        gpio_get_mode=lambda handle, pin: modes.get(pin, 0),
        gpio_free=lambda handle, pin: None,
        BOTH_EDGES=3,
        RISING_EDGE=1,
        FALLING_EDGE=2,
        SET_PULL_NONE=128,
        SET_PULL_UP=32,
        SET_PULL_DOWN=64,
    )
    return lgpio


FIFO = '''
import os
os.mkfifo(".lgd-nfy0")
_ends = os.open(".lgd-nfy0", os.O_RDWR), open(".lgd-nfy0", "rb")
def gpiochip_open(chip): raise NotImplementedError
'''


def write_fifo_maker(folder: Path) -> None:
    """An lgpio on disk that does at import what the real one does."""
    (folder / "lgpio.py").write_text(FIFO)
    assert os.access(folder, os.R_OK)
