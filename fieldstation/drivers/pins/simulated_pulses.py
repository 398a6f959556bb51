"""adafruit_dht over the simulated field: its own decoder, fed with the pulse train of a model sensor.

The library asks a `PulseIn` for pulse widths. Off a Pi there is none, so stand-ins for the
three Blinka modules it imports are put in place first; Blinka itself is never loaded. They
stay in the process for good, which is one more reason why a DHT has a process of its own.
"""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any

from fieldstation.domain.errors import DeviceError
from fieldstation.domain.reading import Quality
from fieldstation.drivers.pins.backend import Pins
from fieldstation.wire.pins import PinLink

LONGEST_US = 65535  # the library keeps widths in 16 bits


def open_pulses(path: Path, process: str) -> Pins:
    """A link to the field for pulse trains alone. Raises PeerSilent when no field runs."""
    link = PinLink(path, process)
    return Pins(None, lambda pin: load(link, pin), lambda: not link.lost, link.close)


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
            """Trigger the sensor and capture its answer; only the newest `maxlen` widths are kept."""
            answer = link.ask({"do": "dht", "pin": self._pin, "trigger_us": trigger_duration})
            if "error" in answer:
                raise DeviceError(Quality.NO_ANSWER, str(answer["error"]))
            widths = [min(LONGEST_US, int(width)) for width in answer.get("widths", ())]
            self._widths = widths[-self._maxlen :]

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
