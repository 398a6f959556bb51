"""Devices in station.toml: the driver's own settings, and pins and channels that only one may have."""

from __future__ import annotations

import dataclasses
import difflib
from typing import Any

from fieldstation.config.binding import Reader, Table
from fieldstation.config.tables import board
from fieldstation.domain.setting import Bounds
from fieldstation.domain.station import Device
from fieldstation.drivers.load import SENSOR, BrokenDriver, bus, driver, known, of_role, role_of

PLACE = ("bus", "device", "port", "address")  # the settings that say where on its bus a chip sits


class Devices:
    """Reads devices and remembers who has which pin, chip and channel."""

    def __init__(self, reader: Reader, profile: str) -> None:
        self._reader = reader
        self._board = board(profile)
        self._pins: dict[int, str] = {}
        self._chips: dict[tuple[object, ...], tuple[str, str]] = {}

    def read(
        self, where: str, id: str, value: object, *, role: str, also: tuple[str, ...] = ()
    ) -> Device | None:
        """One device whose driver has this role, or None and problems.

        Raises BrokenDriver when a sensor's driver cannot be used. Every other device is needed: a problem.
        """
        table = self._reader.table(where, value, f"add {where.rpartition(' ')[2]} = {_example(role, value)}")
        if table is None:
            return None
        name = table.get("driver")
        if not isinstance(name, str) or not self._fits(where, name, role):
            return None
        own: Table = {key: item for key, item in table.items() if key != "driver" and key not in also}
        settings = self._reader.bind(where, own, driver(name).Settings, also=also)
        if settings is None:
            return None
        self._claim(where, name, settings)
        return Device(id, name, settings)

    def _fits(self, where: str, name: str, role: str) -> bool:
        try:
            if name in known() and role_of(name) == role:
                return True
        except BrokenDriver as error:
            if role == SENSOR:
                raise
            self._reader.problem(f"{where}] driver", str(error), "mend that file: nothing runs without it")
            return False
        names = of_role(role)
        near = difflib.get_close_matches(name, names, 1, 0.4)
        do = f"did you mean {near[0]!r}?" if near else f"choose one of: {', '.join(names)}"
        self._reader.problem(f"{where}] driver", f"is {name!r}", do)
        return False

    def _claim(self, where: str, name: str, settings: Any) -> None:
        for field in dataclasses.fields(settings):
            bounds: Bounds = field.metadata["bounds"]
            if bounds.pin:
                self._claim_pin(where, getattr(settings, field.name), settings)
        if (kind := bus(name)) is not None:
            self._claim_place(where, name, kind, settings)

    def _claim_place(self, where: str, name: str, kind: str, settings: Any) -> None:
        """A chip's place on its bus, for one driver only; its channels, each for one device."""
        place = [(key, getattr(settings, key)) for key in PLACE if hasattr(settings, key)]
        for pin in self._board.get(f"{kind}_pins", ()):
            if self._pins.setdefault(pin, kind.upper()) != kind.upper():
                self._reader.problem(
                    f"{where}] driver", f"needs {kind.upper()}, but {self._taken(pin)}", "move that device"
                )
        chip = (kind, *place)
        channel = ("channel", getattr(settings, "channel", None))
        owner, driver_there = self._chips.setdefault(chip, (where, name))
        if driver_there == name and channel[1] is not None:
            owner, _ = self._chips.setdefault((*chip, channel), (where, name))
            place = [channel]
        if owner != where:
            key, value = place[-1]
            text = f"{value:#x}" if key == "address" and isinstance(value, int) else str(value)
            self._reader.problem(f"{where}] {key}", f"{text} is taken by {owner}", f"give each its own {key}")

    def _claim_pin(self, where: str, pin: int, settings: Any) -> None:
        tell = self._reader.problem
        if pin not in self._board["pins"]:
            tell(f"{where}] pin", f"{pin} is not on the header of {self._board['name']}", "choose another")
        elif pin in self._board["spi_pins"]:
            tell(f"{where}] pin", f"{pin} belongs to SPI, where the soil probes are", "choose another")
        elif pin in self._pins:
            tell(f"{where}] pin", self._taken(pin), "give each device its own pin")
        elif getattr(settings, "active_high", False) and not 9 <= pin <= 27:
            tell(
                f"{where}] pin",
                f"{pin} is pulled up at power-on: an active-high relay would close",
                "choose 9 to 27",
            )
        self._pins.setdefault(pin, where)

    def _taken(self, pin: int) -> str:
        return f"{pin} is taken by {self._pins[pin]}"


def _example(role: str, value: object) -> str:
    names = of_role(role) if value is None else []
    return f'{{ driver = "{names[0] if names else "..."}", pin = 17 }}'
