"""Blinka's pulse input over the simulated field, so that a library such as adafruit_dht decodes a model's pulses.

Stand-ins for three modules of Blinka are put in place before the library is imported;
Blinka itself is never loaded.
"""

from __future__ import annotations

import sys
import types
from typing import Any

from fieldstation.wire.pins import PinLink


class PulseIn:
    """The part of pulseio.PulseIn that the library uses."""

    link: PinLink  # of this process, to the field

    def __init__(self, pin: int, maxlen: int = 2, idle_state: bool = False) -> None:
        del idle_state
        self._pin, self._maxlen, self._widths = pin, maxlen, list[int]()

    def __len__(self) -> int:
        return len(self._widths)

    def pause(self) -> None:
        """Nothing more is captured."""

    def clear(self) -> None:
        """Forget what was captured."""
        self._widths.clear()

    def resume(self, trigger_duration: int = 0) -> None:
        """Trigger the sensor and capture its answer."""
        answer = self.link.call({"do": "pulses", "pin": self._pin, "trigger_us": trigger_duration})
        self._widths = [int(width) for width in answer.get("widths", ())][-self._maxlen :]

    def popleft(self) -> int:
        """The oldest width."""
        return self._widths.pop(0)

    def deinit(self) -> None:
        """Nothing to let go."""


STUBS: dict[str, dict[str, Any]] = {
    "digitalio": {"DigitalInOut": object, "Direction": object, "Pull": object},
    "microcontroller": {"Pin": object},
    "pulseio": {"PulseIn": PulseIn},
}


def install(link: PinLink) -> None:
    """Put the stand-ins in place; a pin is then its BCM number."""
    PulseIn.link = link
    for name, members in STUBS.items():
        module = types.ModuleType(name)
        module.__dict__.update(members)
        sys.modules[name] = module
