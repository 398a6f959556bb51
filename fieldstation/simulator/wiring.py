"""The simulated board: each device's own model, connected to its line or bus and to its place in the world."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from fieldstation.domain.station import Device, Station
from fieldstation.drivers.load import driver
from fieldstation.drivers.parts.board import C, Edge, EdgeSource, NoAnswer, SimulatedChip
from fieldstation.drivers.pins.backend import Place
from fieldstation.simulation.world import World
from fieldstation.simulator.board import PinError


class Wiring:
    """Relays move contacts, tips and pulses make edges, chips answer: as each driver's `simulate` says."""

    def __init__(self, station: Station, world: World, seed: int, clock: Callable[[], float]) -> None:
        self._world = world
        self._clock = clock
        self.chance = random.Random(f"pins/{seed}")
        self.pressed = False  # the stop button, by hand
        self.resting: dict[int, int] = {}  # the level each relay input falls to by its own resistor
        self._drove: dict[int, Callable[[int], None]] = {}
        self._levels: dict[int, Callable[[], int | None]] = {}
        self._sources: list[EdgeSource] = []
        self._trains: dict[int, Callable[[int], list[int]]] = {}
        self._chips: dict[Place, SimulatedChip] = {}
        for device, place in self._places(station):
            simulate = getattr(driver(device.driver), "simulate", None)
            if simulate is not None:  # without one the device is not there: its driver hears nothing
                simulate(device.settings, self, place)

    def _places(self, station: Station) -> Iterator[tuple[Device, Callable[..., Any]]]:
        """Every device, with what the world does to it there, or it to the world."""
        world = self._world
        for pump in station.pumps:
            yield pump.relay, partial(world.set_line, f"pump:{pump.id}")
            if pump.tank_float is not None:
                yield pump.tank_float, partial(world.tank_ok, pump.id)
            if pump.flow is not None:
                yield pump.flow.meter, partial(world.litres, pump.id)
        for zone in station.zones:
            yield zone.valve, partial(world.set_line, f"valve:{zone.id}")
        if station.guard.stop_button is not None:
            yield station.guard.stop_button, lambda: self.pressed or world.stop_pressed
        for device in world.sensors.devices.values():
            yield device, partial(world.shows, device.id)

    # -- what a driver's `simulate` connects to --------------------------------------------

    def now_s(self) -> float:
        """Seconds on the monotonic clock."""
        return self._clock()

    def chip(self, place: Place, make: Callable[[], C]) -> C:
        """The chip at a place, made when its first device asks."""
        return self._chips.setdefault(place, make())  # type: ignore[return-value] # config lets one kind of chip have a place

    def output(self, pin: int, resting: int, drove: Callable[[int], None]) -> None:
        """A line that the Pi drives."""
        self.resting[pin], self._drove[pin] = resting, drove

    def input(self, pin: int, level: Callable[[], int | None]) -> None:
        """A line that the Pi reads."""
        self._levels[pin] = level

    def edges(self, source: EdgeSource) -> None:
        """Something that makes edges as time passes."""
        self._sources.append(source)

    def pulses(self, pin: int, answer: Callable[[int], list[int]]) -> None:
        """A line that answers a pull with a train of widths."""
        self._trains[pin] = answer

    # -- what the field's server asks --------------------------------------------------------

    @property
    def waiting(self) -> int:
        """Edges that have yet to be sent: a gauge cannot tip faster than it swings."""
        return sum(source.waiting for source in self._sources)

    def drove(self, pin: int, level: int) -> None:
        """A relay input sees a level."""
        if pin in self._drove:
            self._drove[pin](level)

    def outside(self, pin: int) -> int | None:
        """What a switch puts on an input: 0 for a closed contact to ground, None for an open one."""
        return self._levels[pin]() if pin in self._levels else None

    def edges_until_now(self) -> list[Edge]:
        """Edges that have come since the last call, bounces included, by time."""
        now_s = self._clock()
        found = [edge for source in self._sources for edge in source.until(now_s)]
        return sorted(found, key=lambda edge: edge[2])

    def exchange(self, place: Place, sent: bytes, count: int) -> bytes:
        """What the chip at a place answers. Raises PinError when none does; an empty SPI line is all zeros."""
        chip = self._chips.get(place)
        if chip is None and place[0] == "spi":
            return bytes(len(sent))
        try:
            if chip is not None:
                return chip.exchange(sent, count)
        except NoAnswer:
            pass
        where = f"{place[-1]:#x} on I2C bus {place[1]}" if place[0] == "i2c" else " ".join(map(str, place))
        raise PinError(f"no device answers at {where}")

    def pulse_train(self, pin: int, trigger_us: int) -> list[int]:
        """The widths that a device answers to a pull; empty when it is unplugged or was not woken."""
        return self._trains[pin](trigger_us) if pin in self._trains else []
