"""How lgpio is let in: without its litter, and at the chip that carries the header.

At import lgpio makes a FIFO `.lgd-nfyN` in the working directory, opens both ends, starts its
only notify thread, and leaves the FIFO's name behind. An unwritable directory fails the import;
its own remedy, LG_WD, moves the whole process to another directory.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from fieldstation.domain.errors import StationError

LABELS = ("pinctrl-bcm2711", "pinctrl-rp1", "pinctrl-bcm2835")  # Pi 4, Pi 5, Pi 3 and Zero 2
DEVICES = Path("/dev")
INSTALL = "install with: pip install 'fieldstation[pi]'"


def load_lgpio() -> ModuleType:
    """The lgpio module. Raises StationError with what to install."""
    try:
        with _scratch_directory():
            lgpio = importlib.import_module("lgpio")
    except ImportError as error:
        raise StationError(f"lgpio is missing ({error}); {INSTALL}") from error
    except OSError as error:
        raise StationError(f"lgpio cannot make its notification pipe ({error})") from error
    if not hasattr(lgpio, "gpiochip_open"):  # version 0.0 on PyPI is an empty placeholder
        raise StationError(f"this lgpio is an empty placeholder; {INSTALL}")
    return lgpio


def edges_heard(lgpio: ModuleType) -> bool:
    """Whether lgpio's one notify thread lives; without it no edge on any pin arrives."""
    thread = getattr(lgpio, "_notify_thread", None)
    return thread is not None and bool(thread.is_alive())


def chip_number(lgpio: ModuleType, devices: Path = DEVICES) -> int:
    """The number of the chip that carries the header; it moved between kernels. Raises StationError."""
    seen = []
    for node in sorted(devices.glob("gpiochip[0-9]*")):
        chip = int(node.name.removeprefix("gpiochip"))
        try:
            handle = lgpio.gpiochip_open(chip)
        except (lgpio.error, OSError) as error:
            seen.append(f"{node.name} cannot be opened: {error}")
            continue
        try:
            label = str(lgpio.gpio_get_chip_info(handle)[3])
        finally:
            lgpio.gpiochip_close(handle)
        if label in LABELS:
            return chip
        seen.append(f"{node.name} is {label}")
    found = "; ".join(seen) or "there is none"
    raise StationError(f"no GPIO chip of a Raspberry Pi ({found}); is this user in group gpio?")


@contextlib.contextmanager
def _scratch_directory() -> Iterator[None]:
    """Work in a directory of our own for a moment: both ends of the FIFO stay open without its name."""
    home = os.open(".", os.O_PATH | os.O_DIRECTORY)
    scratch = tempfile.mkdtemp(prefix="lgpio-")
    try:
        os.chdir(scratch)
        yield
    finally:
        os.fchdir(home)
        os.close(home)
        shutil.rmtree(scratch, ignore_errors=True)
