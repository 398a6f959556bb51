"""adafruit_dht on a Pi: Blinka's PulseIn, and the helpers that it may leave behind.

Blinka measures pulses in a helper program (`libgpiod_pulsein64`). When its owner dies uncleanly
the helper keeps the pin, and the next owner is told "Unable to set line to input". No board has
run this yet.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
from pathlib import Path
from typing import Any

from fieldstation.domain.errors import StationError
from fieldstation.drivers.pins.backend import Pins

HELPER = b"libgpiod_pulsein"
INSTALL = "install with: pip install 'fieldstation[pi]'"


def open_pulses() -> Pins:
    """Pulse trains without gpiozero: Blinka claims the pin itself."""
    kill_leftovers()
    return Pins(None, load, lambda: True, lambda: None)


def load(pin: int) -> tuple[Any, Any]:
    """The adafruit_dht module and the board's pin. Raises StationError with what to install."""
    os.environ["BLINKA_SKIP_DEPENDENCY_CHECK"] = "1"  # on a terminal Blinka offers to run pip itself
    try:
        import adafruit_dht
        import board

        pulse_in = importlib.import_module("pulseio").PulseIn
    except (ImportError, AttributeError, RuntimeError, NotImplementedError, OSError) as error:
        raise StationError(f"Blinka cannot measure pulses here ({error}); {INSTALL}") from error
    # without PulseIn the library bit-bangs in silence, at full CPU and with half the answers
    if getattr(adafruit_dht, "PulseIn", None) is not pulse_in:
        raise StationError(f"adafruit_dht has not found pulseio's PulseIn; {INSTALL}")
    try:
        return adafruit_dht, getattr(board, f"D{pin}")
    except AttributeError as error:
        raise StationError(f"this board has no pin D{pin}; is it a Raspberry Pi?") from error


def kill_leftovers(processes: Path = Path("/proc")) -> list[int]:
    """End pulse helpers of this user whose session has lost its leader: their owner is dead.

    Every child that reads a DHT leads a session of its own, so a helper whose leader lives is
    in use. Returns the process ids that were killed.
    """
    killed = []
    for folder in processes.glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            if folder.stat().st_uid != os.getuid():
                continue
            program = (folder / "cmdline").read_bytes().split(b"\0", 1)[0].rpartition(b"/")[2]
            if not program.startswith(HELPER):
                continue
            # "pid (name) state parent group session ...": the name may hold blanks
            session = int((folder / "stat").read_text().rpartition(")")[2].split()[3])
            if not (processes / str(session)).exists():
                os.kill(int(folder.name), signal.SIGKILL)
                killed.append(int(folder.name))
    return killed
