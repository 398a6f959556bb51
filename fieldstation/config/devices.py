"""Devices in station.toml: the driver's own settings, and pins and channels that only one may have."""

from __future__ import annotations

import dataclasses
import difflib
from typing import Any

from fieldstation.config.binding import Reader, Table
from fieldstation.config.tables import board
from fieldstation.domain.setting import Bounds
from fieldstation.domain.station import Device
from fieldstation.drivers.load import known, measures, settings_type


class Devices:
    """Reads devices and remembers who has which pin."""

    def __init__(self, reader: Reader, profile: str) -> None:
        self._reader = reader
        self._board = board(profile)
        self._pins: dict[int, str] = {}
        self._channels: dict[tuple[int, int], str] = {}

    def read(
        self, where: str, id: str, value: object, *, roles: tuple[str, ...], also: tuple[str, ...] = ()
    ) -> Device | None:
        """One device whose driver is among `roles` (driver names), or None and problems."""
        example = f'{where.rpartition(" ")[2]} = {{ driver = "{roles[0]}", pin = 17 }}'
        table = self._reader.table(where, value, f"add {example}")
        if table is None:
            return None
        driver = table.get("driver")
        if not isinstance(driver, str) or driver not in roles:
            near = difflib.get_close_matches(str(driver), roles, 1, 0.4)
            do = f"did you mean {near[0]!r}?" if near else f"choose one of: {', '.join(roles)}"
            self._reader.problem(f"{where}] driver", f"is {driver!r}", do)
            return None
        own: Table = {key: item for key, item in table.items() if key != "driver" and key not in also}
        settings = self._reader.bind(where, own, settings_type(driver), also=also)
        if settings is None:
            return None
        self._claim(where, settings, relay=driver == "relay")
        return Device(id, driver, settings)

    def _claim(self, where: str, settings: Any, *, relay: bool) -> None:
        for field in dataclasses.fields(settings):
            bounds: Bounds = field.metadata["bounds"]
            if bounds.pin:
                self._claim_pin(where, getattr(settings, field.name), settings, relay=relay)
        channel = getattr(settings, "channel", None)
        if channel is not None:
            key = (settings.device, channel)
            if key in self._channels:
                self._reader.problem(
                    f"{where}] channel",
                    f"{channel} is taken by {self._channels[key]}",
                    "give each its own channel",
                )
            self._channels.setdefault(key, where)

    def _claim_pin(self, where: str, pin: int, settings: Any, *, relay: bool) -> None:
        tell = self._reader.problem
        if pin not in self._board["pins"]:
            tell(f"{where}] pin", f"{pin} is not on the header of {self._board['name']}", "choose another")
        elif pin in self._board["spi_pins"]:
            tell(f"{where}] pin", f"{pin} belongs to SPI, where the soil probes are", "choose another")
        elif pin in self._pins:
            tell(f"{where}] pin", f"{pin} is taken by {self._pins[pin]}", "give each device its own pin")
        elif relay and settings.active_high and not 9 <= pin <= 27:
            tell(
                f"{where}] pin",
                f"{pin} is pulled up at power-on: an active-high relay would close",
                "choose 9 to 27",
            )
        self._pins.setdefault(pin, where)


def sensors() -> tuple[str, ...]:
    """Drivers that measure something."""
    return tuple(name for name in known() if measures(name))
