"""adafruit_dht over the simulated field: its own decoder, fed with the pulse train of a model sensor.

The library asks a `PulseIn` for pulse widths. Off a Pi there is none, so stand-ins for the
three Blinka modules it imports are put in place first; Blinka itself is never loaded.
"""

from __future__ import annotations

import sys
import types
from typing import Any

from fieldstation.wire.pins import PinLink


def load(link: PinLink, pin: int) -> tuple[Any, Any]:
    """The adafruit_dht module and the pin to give it."""

    class PulseIn:
        """The part of pulseio.PulseIn that the library uses."""

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
            answer = link.ask({"do": "dht", "pin": self._pin, "trigger_us": trigger_duration})
            self._widths = [int(width) for width in answer.get("widths", ())][-self._maxlen :]

        def popleft(self) -> int:
            """The oldest width."""
            return self._widths.pop(0)

        def deinit(self) -> None:
            """Nothing to let go."""

    stubs: dict[str, dict[str, Any]] = {
        "digitalio": {"DigitalInOut": object, "Direction": object, "Pull": object},
        "microcontroller": {"Pin": object},
        "pulseio": {"PulseIn": PulseIn},
    }
    for name, members in stubs.items():
        module = types.ModuleType(name)
        module.__dict__.update(members)
        sys.modules[name] = module
    import adafruit_dht

    return adafruit_dht, pin
