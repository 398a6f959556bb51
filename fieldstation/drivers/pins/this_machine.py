"""What this machine lacks to be a station with real pins. Nothing is driven, and no line is claimed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path

from fieldstation.domain.clock import Clock
from fieldstation.domain.errors import StationError, cause
from fieldstation.domain.station import Device
from fieldstation.drivers.load import build, bus
from fieldstation.drivers.pins.backend import Pins
from fieldstation.drivers.pins.buses import Buses

INSTALL = "is missing; install with: pip install 'fieldstation[pi]'"


def _installed(name: str) -> bool:
    return find_spec(name) is not None


def lacking(
    sensors: Iterable[Device], clock: Clock, dev: Path = Path("/dev"), has: Callable[[str], bool] = _installed
) -> list[str]:
    """Each cause once. Sensors on a bus are opened and closed; those on pins are not touched."""
    found = [f"{name} {INSTALL}" for name in ("lgpio", "gpiod") if not has(name)]
    if not list(dev.glob("gpiochip*")):
        found.append(f"there is no GPIO chip in {dev}: this is no Raspberry Pi")
    pins = Pins(None, lambda pin: pin, Buses(dev).chip, lambda: True, lambda: None)
    for device in sensors:
        try:
            if bus(device.driver) is not None:
                driver = build(device, pins, clock)
                driver.open()
                driver.close()
        except (StationError, OSError) as error:
            found.append(cause(error))
    return list(dict.fromkeys(found))
