"""A field behind a real socket, served from a thread of the test."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from fieldstation.config.demo import demo_toml
from fieldstation.config.load import resolve
from fieldstation.domain.station import Station
from fieldstation.simulation.weather import Weather, WeatherDay
from fieldstation.simulation.world import World
from fieldstation.simulator.board import Board
from fieldstation.simulator.server import FieldServer
from fieldstation.simulator.wiring import Wiring
from fieldstation.wire.line import Message, Splitter, decode, encode
from fieldstation.wire.pins import PinLink
from fieldstation.wire.places import Places
from fieldstation.wire.unix import connect, listen

START_AT = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)


class Watcher:
    """A connection that listens for edges of some pins."""

    def __init__(self, path: Path, *pins: int) -> None:
        self._channel = connect(path, 0.02)
        self._splitter = Splitter()
        self.edges: list[tuple[int, int, float]] = []
        for pin in pins:
            self._channel.sendall(encode({"do": "watch", "pin": pin}))

    def hear(self) -> list[tuple[int, int, float]]:
        """All edges so far."""
        try:
            for line in self._splitter.feed(self._channel.recv(1 << 20)):
                self.edges += [tuple(edge) for edge in decode(line)["edges"]]
        except TimeoutError:
            pass
        return self.edges

    def close(self) -> None:
        self._channel.close()


class Field:
    """A served field and ways to speak to it."""

    def __init__(self, station: Station, places: Places, *, kernel: str, manual: bool) -> None:
        days = [
            WeatherDay(START_AT.date() + timedelta(days=n - 2), 15.0, 30.0, 0.0, 0.5, 2.0) for n in range(60)
        ]
        weather = Weather("steady weather", {day.on: day for day in days})
        self.places = places
        self.path = places.field_socket
        self.world = World(station, weather, 1, START_AT, 0.6)
        wiring = Wiring(station, self.world, 1, time.monotonic)
        board = Board(kernel, wiring.outside, wiring.resting, wiring.drove)
        self._server = FieldServer(listen(self.path), self.world, wiring, board, manual=manual)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        self._links: list[PinLink | Watcher] = []

    def _serve(self) -> None:
        while not self._stop.is_set():
            self._server.turn()

    def link(self, process: str = "test") -> PinLink:
        """A new owner of lines."""
        self._links.append(link := PinLink(self.path, process))
        return link

    def watch(self, *pins: int) -> Watcher:
        """A new listener for edges."""
        self._links.append(watcher := Watcher(self.path, *pins))
        return watcher

    def do(self, do: str, **values: object) -> Message:
        """An order on a connection of its own."""
        link = PinLink(self.path, "order")
        try:
            return link.call({"do": do, **values})
        finally:
            link.close()

    def close(self) -> None:
        self._links.append(Watcher(self.path))  # hanging up wakes the server
        self._stop.set()
        for link in self._links:
            link.close()
        self._thread.join()
        self._server.close()


MakeField = Callable[..., Field]


@pytest.fixture
def station() -> Station:
    return resolve(demo_toml(planted_on=date(2026, 2, 1), seed=1))


@pytest.fixture
def make_field(station: Station, tmp_path: Path) -> Iterator[MakeField]:
    fields = []

    def make(*, kernel: str = "release", manual: bool = False) -> Field:
        fields.append(Field(station, Places.under(tmp_path, tmp_path), kernel=kernel, manual=manual))
        return fields[-1]

    yield make
    for field in fields:
        field.close()


@pytest.fixture
def field(make_field: MakeField) -> Field:
    return make_field()
