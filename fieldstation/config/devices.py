"""Devices in station.toml: the driver's own settings, and pins and channels that only one may have."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from fieldstation.binding import read_fields
from fieldstation.binding.problems import choose, nearest, short
from fieldstation.binding.reading import fields_of
from fieldstation.config.draft import Draft, Table, device_words
from fieldstation.config.tables import board
from fieldstation.domain.station import Device
from fieldstation.drivers.load import SENSOR, BrokenDriver, bus, driver, known, of_role, role_of

PLACE = ("bus", "device", "port", "address")  # the settings that say where on its bus a chip sits


class Devices:
    """Reads devices and remembers who has which name, pin, chip and channel."""

    def __init__(self, draft: Draft, profile: str, tables: Table) -> None:
        self._draft = draft
        self._board = board(profile)
        self._names: dict[str, str] = {}
        self._pins: dict[int, str] = {}
        self._chips: dict[tuple[object, ...], tuple[str, str]] = {}
        buses = (self._board[f"{bus}_pins"] for bus in ("spi", "i2c", "serial"))
        named = {*_pins(tables), *chain.from_iterable(buses)}
        self._free = [pin for pin in self._board["pins"] if pin not in named]

    def read(
        self, section: str, key: str, id: str, value: object, *, role: str, also: tuple[str, ...] = ()
    ) -> Device | None:
        """One device whose driver has this role, or None and problems.

        Where the driver's name is wrong but its meaning clear, its settings are checked all the same.
        Raises BrokenDriver when a sensor's driver cannot be used. Every other device is needed: a problem.
        """
        if not isinstance(value, dict):
            what = "is missing" if value is None else f"is not a table: {short(value)}"
            self._draft.problem(section, key, what, f"add {key} = {self.example(role)}")
            return None
        name = self._driver(section, key, value.get("driver"), role)
        if name is None:
            return None
        place = f"{self._draft.name} [{section}] "
        settings, before = driver(name).Settings, len(self._draft.problems)
        found = read_fields(
            settings, value, (place, key) if key else place, self._draft.problems, also=("driver", *also)
        )
        owner = f"[{section}] {key}".rstrip()
        if self._names.setdefault(id, owner) != owner:
            self._draft.problem(
                section, key, f"the name {id!r} is taken by {self._names[id]}", "choose another"
            )
        have = {slot.name: slot.default for slot in fields_of(settings) if not slot.required} | found
        for slot in fields_of(settings):
            if slot.bounds.pin and slot.name in have:
                self._claim_pin(section, _join(key, slot.key), owner, have[slot.name], have)
        if (kind := bus(name)) is not None:
            self._claim_place(section, key, owner, name, kind, have)
        return Device(id, name, settings(**found) if len(self._draft.problems) == before else None)

    def _driver(self, section: str, key: str, name: object, role: str) -> str | None:
        """The driver's name, or the one that was surely meant."""
        try:
            if isinstance(name, str) and name in known() and role_of(name) == role:
                return name
        except BrokenDriver as error:
            if role == SENSOR:
                raise
            self._draft.problem(
                section, _join(key, "driver"), str(error), "mend that file: nothing runs without it"
            )
            return None
        names = of_role(role)
        what = "is missing" if name is None else f"is {short(name)}"
        self._draft.problem(section, _join(key, "driver"), what, choose(name, names))
        meant = [one for one in names if repr(one) in nearest(name, names)]
        return (meant or names)[0] if meant or len(names) == 1 else None

    def _claim_place(
        self, section: str, key: str, owner: str, name: str, kind: str, have: dict[str, Any]
    ) -> None:
        """A chip's place on its bus, for one driver only; its channels, each for one device."""
        for pin in self._board.get(f"{kind}_pins", ()):
            if self._pins.setdefault(pin, kind.upper()) != kind.upper():
                what = f"needs {kind.upper()}, but {pin} is taken by {self._pins[pin]}"
                self._draft.problem(section, _join(key, "driver"), what, "move that device")
        place = [(part, have[part]) for part in PLACE if part in have]
        chip = (kind, *place)
        channel = ("channel", have.get("channel"))
        holder, driver_there = self._chips.setdefault(chip, (owner, name))
        if driver_there == name and channel[1] is not None:
            holder, _ = self._chips.setdefault((*chip, channel), (owner, name))
            place = [channel]
        if holder != owner:
            part, value = place[-1]
            text = f"{value:#x}" if part == "address" and isinstance(value, int) else str(value)
            self._draft.problem(
                section, _join(key, part), f"{text} is taken by {holder}", f"give each its own {part}"
            )

    def _claim_pin(self, section: str, key: str, owner: str, pin: int, have: dict[str, Any]) -> None:
        first, last = self._board["active_high_relays"] if have.get("active_high") else (0, 27)
        what = ""
        if pin not in self._board["pins"]:
            what = f"{pin} is not on the header of {self._board['name']}"
        elif pin in self._board["spi_pins"]:
            what = f"{pin} belongs to SPI, where the soil probes are"
        elif pin in self._pins:
            what = f"{pin} is taken by {self._pins[pin]}"
        elif not first <= pin <= last:
            what = f"{pin} is pulled up at power-on: an active-high relay would close"
        if what:
            self._draft.problem(section, key, what, self._other(first, last))
        else:
            self._pins[pin] = owner

    def _other(self, first: int = 0, last: int = 27) -> str:
        """Advice to take a pin that nothing in the file has, each time another."""
        free = [pin for pin in self._free if first <= pin <= last]
        if not free:
            return "no pin is free: remove a device"
        self._free.remove(free[0])
        return f"choose a free pin, such as {free[0]}"

    def example(self, role: str) -> str:
        """A device of a role as it is written, with every setting that it needs."""
        first, last = self._board["active_high_relays"] if role == "relay" else (0, 27)
        return device_words(role, lambda: self._other(first, last).rpartition(" ")[2])


def _join(key: str, more: str) -> str:
    return f"{key}.{more}" if key else more


def _pins(table: Table) -> Iterator[int]:
    """Every pin that a file names."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _pins(value)
        elif key.endswith("pin") and type(value) is int:
            yield value
