"""Relay lines by name over the relay drivers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fieldstation.domain.clock import Clock
from fieldstation.domain.errors import DeviceError, cause
from fieldstation.domain.reading import Quality
from fieldstation.domain.station import Device, Station
from fieldstation.drivers.load import build
from fieldstation.drivers.pins.backend import Pins
from fieldstation.drivers.relay import Driver


def relays_of(station: Station) -> dict[str, Device]:
    """Every relay of the station, pumps before valves."""
    pumps = {f"pump:{pump.id}": pump.relay for pump in station.pumps}
    return pumps | {f"valve:{zone.id}": zone.valve for zone in station.zones}


class RelayLines:
    """Opens every relay OFF; a relay that cannot be opened keeps failing, it is never forgotten."""

    def __init__(self, station: Station, pins: Pins, clock: Clock) -> None:
        self._relays: dict[str, Driver] = {}
        self._unopened: dict[str, str] = {}
        self._failing: dict[tuple[str, str], str] = {}
        for name, device in relays_of(station).items():
            relay: Driver = build(device, pins, clock)
            try:
                relay.open()
            except DeviceError as error:
                self._unopened[name] = cause(error)
            self._relays[name] = relay

    @property
    def faults(self) -> dict[str, str]:
        """Why a line cannot be driven or read, by its name."""
        return {**{name: why for (name, _), why in self._failing.items()}, **self._unopened}

    def drive(self, name: str, on: bool) -> None:
        """Drive one line. Raises DeviceError."""
        if name not in self._relays:
            raise DeviceError(Quality.NO_ANSWER, f"no relay {name}")
        relay = self._relays[name]
        with self._noted(name, "drive"):
            (relay.on if on else relay.off)()

    def read(self, name: str) -> bool | None:
        """The line's own level. Raises DeviceError."""
        with self._noted(name, "read"):
            return self._relays[name].is_on

    @contextmanager
    def _noted(self, name: str, what: str) -> Iterator[None]:
        """Keep why a line fails, until it does not."""
        try:
            yield
        except DeviceError as error:
            self._failing[name, what] = cause(error)
            raise
        self._failing.pop((name, what), None)

    def close(self) -> None:
        """Drive everything off and let the lines go."""
        for relay in self._relays.values():
            try:
                relay.close()
            except DeviceError:
                continue
