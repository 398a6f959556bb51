"""Pin back ends by the name that stands in station.toml."""

from __future__ import annotations

from pathlib import Path

from fieldstation.domain.errors import StationError
from fieldstation.drivers.pins.backend import Pins


def open_pins(name: str, field_socket: Path | None, process: str) -> Pins:
    """Open a pin back end, `pi` or `simulated`. Raises StationError with what to install or start."""
    if name == "pi":
        from fieldstation.drivers.pins import pi

        return pi.open_pins()
    if name == "simulated":
        from fieldstation.drivers.pins import simulated

        if field_socket is None:
            raise StationError("simulated pins need the field's socket")
        return simulated.open_pins(field_socket, process)
    raise StationError(f"no pin back end {name!r}; choose pi or simulated")
