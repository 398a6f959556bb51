"""Drivers by the name that stands in station.toml, which is their module's name.

A driver is imported when something asks for it by name: a file that is broken harms only the
device that names it.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from types import ModuleType
from typing import Any

from fieldstation import drivers
from fieldstation.domain.clock import Clock
from fieldstation.domain.errors import StationError
from fieldstation.domain.reading import Quantity
from fieldstation.domain.station import Device
from fieldstation.drivers.pins.backend import Pins

NOT_DRIVERS = frozenset({"load", "child"})
SENSOR = "sensor"
NEEDED = ("Settings", "MEASURES", "BLOCKING", "Driver")


class BrokenDriver(StationError):
    """A driver's file cannot be used; the exception behind it is the cause."""


def known() -> list[str]:
    """Every driver's name, by the files in the folder; nothing is imported."""
    return sorted(
        module.name
        for module in pkgutil.iter_modules(drivers.__path__)
        if not module.ispkg and module.name not in NOT_DRIVERS
    )


@cache
def driver(name: str) -> ModuleType:
    """A driver's module. Raises KeyError for an unknown name, BrokenDriver with the file's own error."""
    if name not in known():
        raise KeyError(name)
    try:
        module = importlib.import_module(f"fieldstation.drivers.{name}")
    except Exception as error:
        raise BrokenDriver(f"drivers/{name}.py is broken: {_cause(error)}") from error
    missing = [word for word in NEEDED if not hasattr(module, word)]
    if missing:
        raise BrokenDriver(f"drivers/{name}.py is broken: it does not define {', '.join(missing)}")
    return module


def settings_type(name: str) -> type[Any]:
    """The Settings dataclass of a driver."""
    settings: type[Any] = driver(name).Settings
    return settings


def measures(name: str) -> tuple[Quantity, ...]:
    """What a driver measures; empty for relays and the guard's inputs."""
    return tuple(driver(name).MEASURES)


def role_of(name: str) -> str:
    """What a driver is for: `sensor`, or the key of a device in station.toml that it can be."""
    return str(getattr(driver(name), "ROLE", SENSOR))


def bus(name: str) -> str | None:
    """The bus a driver's device sits on, such as `i2c`; None when it has a pin of its own."""
    found: str | None = getattr(driver(name), "BUS", None)
    return found


def of_role(wanted: str) -> list[str]:
    """Every sound driver of a role, for advice to people. Imports all of them."""
    found = []
    for name in known():
        try:
            if role_of(name) == wanted:
                found.append(name)
        except BrokenDriver:
            continue
    return found


def is_blocking(name: str) -> bool:
    """Whether a driver must live in a child process."""
    return bool(driver(name).BLOCKING)


def build(device: Device, pins: Pins, clock: Clock) -> Any:
    """An unopened driver for a declared device."""
    return driver(device.driver).Driver(device.id, device.settings, pins, clock)


def _cause(error: Exception) -> str:
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg} in line {error.lineno}"
    return f"{type(error).__name__}: {error}"
