"""One declared device on the simulated board, in a world whose truth the test sets."""

from __future__ import annotations

import random
import re
import threading
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from textwrap import dedent
from typing import Any

from fieldstation.config.demo import demo_toml
from fieldstation.config.load import resolve
from fieldstation.domain.reading import Quantity
from fieldstation.domain.station import Device, Station
from fieldstation.drivers.load import driver
from fieldstation.drivers.pins.backend import Pins
from fieldstation.drivers.pins.by_name import open_pins
from fieldstation.simulation.weather import Weather, WeatherDay
from fieldstation.simulation.world import World
from fieldstation.simulator.board import Board
from fieldstation.simulator.server import FieldServer
from fieldstation.simulator.wiring import Wiring
from fieldstation.wire.unix import listen

PAGES = Path(__file__).parents[2] / "hardware" / "devices"
START_AT = datetime(2026, 9, 1, 12, tzinfo=UTC)


def page_of(name: str) -> str:
    """A driver's page of the manual."""
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


def declaration_on(page: str) -> str:
    """The first indented block of a page: how the device is declared in station.toml."""
    found = re.search(r"(?:^    .*\n|^\n(?=    ))+", page, re.MULTILINE)
    assert found, "the page shows no declaration"
    return dedent(found[0])


def station_with(declaration: str) -> Station:
    """The demo, with no sensor but the declared one, or with the declared device in place of its own."""
    demo = demo_toml(planted_on=date(2026, 8, 1), seed=1)
    if "sensor" in tomllib.loads(declaration):
        begin, end = demo.index("[sensor."), demo.index("[sampling]")
        return resolve(demo[:begin] + declaration + "\n" + demo[end:])
    (key,) = tomllib.loads(declaration)
    changed = re.sub(rf"^{key} = .*$", declaration.strip(), demo, flags=re.MULTILINE)
    assert key in demo
    return resolve(changed)


def device_of(station: Station, name: str) -> Device:
    """The station's first device of a driver."""
    found = [*station.sensors, *([station.guard.stop_button] if station.guard.stop_button else [])]
    for pump in station.pumps:
        meter = pump.flow.meter if pump.flow else None
        found += [d for d in (pump.relay, pump.tank_float, meter) if d is not None]
    return next(device for device in found if device.driver == name)


class ToldWorld(World):
    """A world in which every sensor stands in the truth that the test tells, or has its wire off."""

    told: dict[Quantity, float] | None = None

    def shows(self, sensor: str) -> dict[Quantity, float] | None:
        if self.told is None:
            return None
        told = {Quantity.RAIN: 0.0, **self.told}
        self.told.pop(Quantity.RAIN, None)  # rain is told once
        device = self.sensors.devices[sensor]
        shown: dict[Quantity, float] = driver(device.driver).shows(told, device.settings, random.Random(5))
        return shown


class OneDevice:
    """The device's station, its world, and pins to it."""

    def __init__(self, station: Station, path: Path) -> None:
        weather = Weather("one day", {START_AT.date(): WeatherDay(START_AT.date(), 15, 30, 0, 0.5, 2)})
        self.world = ToldWorld(station, weather.repeated(), 1, START_AT, 0.6)
        self.wiring = Wiring(station, self.world, 1, time.monotonic)
        board = Board("release", self.wiring.outside, self.wiring.resting, self.wiring.drove)
        self._server = FieldServer(listen(path), self.world, self.wiring, board)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        self.pins: Pins = open_pins("simulated", path, "test")

    def _serve(self) -> None:
        while not self._stop.is_set():
            self._server.turn()

    def edges_are_heard(self) -> bool:
        """Whether somebody watches a line: edges before that are lost, as on a Pi."""
        return any(peer.watches for peer in self._server._peers)

    def hang_up(self) -> None:
        """The field is gone, as a bus is when its power fails."""
        self._stop.set()
        self._thread.join(5)
        self._server.close()

    def close(self) -> None:
        """Let the pins go, stop serving."""
        self.pins.close()
        if not self._stop.is_set():
            self.hang_up()


@contextmanager
def on_the_board(name: str, path: Path) -> Iterator[tuple[OneDevice, Device, Any]]:
    """The board, the device that a driver's page declares, and the driver's module."""
    station = station_with(declaration_on(page_of(name)))
    board = OneDevice(station, path)
    try:
        yield board, device_of(station, name), driver(name)
    finally:
        board.close()
