"""Relay lines by name over the relay drivers."""

from __future__ import annotations

from fieldstation.domain.clock import Clock
from fieldstation.domain.errors import DeviceError
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
        self.broken: dict[str, str] = {}
        for name, device in relays_of(station).items():
            relay: Driver = build(device, pins, clock)
            try:
                relay.open()
            except DeviceError as error:
                self.broken[name] = str(error)
            self._relays[name] = relay

    def drive(self, name: str, on: bool) -> None:
        """Drive one line. Raises DeviceError."""
        if name not in self._relays:
            raise DeviceError(Quality.NO_ANSWER, f"no relay {name}")
        relay = self._relays[name]
        if on:
            relay.on()
        else:
            relay.off()

    def read(self, name: str) -> bool | None:
        """The line's own level. Raises DeviceError."""
        return self._relays[name].is_on

    def close(self) -> None:
        """Drive everything off and let the lines go."""
        for relay in self._relays.values():
            try:
                relay.close()
            except DeviceError:
                continue
