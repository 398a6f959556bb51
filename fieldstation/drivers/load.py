"""Drivers by the name that stands in station.toml, which is their module's name."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import Any

from fieldstation import drivers
from fieldstation.domain.clock import Clock
from fieldstation.domain.reading import Quantity
from fieldstation.domain.station import Device
from fieldstation.drivers.pins.backend import Pins

NOT_DRIVERS = frozenset({"load", "child", "edges"})


def known() -> list[str]:
    """Every driver's name."""
    return sorted(
        module.name
        for module in pkgutil.iter_modules(drivers.__path__)
        if not module.ispkg and module.name not in NOT_DRIVERS
    )


def settings_type(name: str) -> type[Any]:
    """The Settings dataclass of a driver. Raises KeyError for an unknown name."""
    settings: type[Any] = _module(name).Settings
    return settings


def measures(name: str) -> tuple[Quantity, ...]:
    """What a driver measures; empty for relays and the guard's inputs."""
    found: tuple[Quantity, ...] = _module(name).MEASURES
    return found


def is_blocking(name: str) -> bool:
    """Whether a driver must live in a child process."""
    return bool(_module(name).BLOCKING)


def build(device: Device, pins: Pins, clock: Clock) -> Any:
    """An unopened driver for a declared device."""
    return _module(device.driver).Driver(device.id, device.settings, pins, clock)


def _module(name: str) -> ModuleType:
    if name not in known():
        raise KeyError(name)
    return importlib.import_module(f"fieldstation.drivers.{name}")
