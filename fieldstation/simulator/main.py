"""The simulated field's process: a world, a board and a socket."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from fieldstation import log
from fieldstation.domain.errors import StationError, cause
from fieldstation.domain.station import Station
from fieldstation.simulation.weather import Weather
from fieldstation.simulation.world import World
from fieldstation.simulator.board import Board
from fieldstation.simulator.server import FieldServer
from fieldstation.simulator.state import restore, save
from fieldstation.simulator.wiring import Wiring
from fieldstation.wire.ending import end_signals
from fieldstation.wire.lock import Lock
from fieldstation.wire.places import Places
from fieldstation.wire.unix import listen

SAVE_EVERY_S = 1800.0


def main(
    station: Station,
    places: Places,
    weather: Weather,
    *,
    seed: int,
    kernel: str,
    state: Path | None = None,
    manual: bool = False,
) -> int:
    """Be the world until SIGTERM or SIGINT; its state is taken from `state` and left there.

    When the weather's last day is over it begins again with its first: a live field goes on.
    With `manual` time passes only by the order `advance`. Raises StationError when it cannot start.
    """
    log.start("field")
    lock = Lock(places.sockets / "field.lock")
    stopping = end_signals()
    available = station.field.start_available_frac if station.field else 0.8
    world = World(station, weather.repeated(), seed, datetime.now(UTC), available)
    if state is not None:
        restore(state, world)
    wiring = Wiring(station, world, seed, time.monotonic)
    board = Board(kernel, wiring.outside, wiring.resting, wiring.drove)
    server = FieldServer(listen(places.field_socket), world, wiring, board, manual=manual)
    log.info("ready")
    try:
        _loop(server, world, state, stopping)
    finally:
        server.close()
        if state is not None:
            _save(state, world)
        lock.close()
        log.info("stopped")
    return 0


def _loop(server: FieldServer, world: World, state: Path | None, stopping: list[int]) -> None:
    save_s = time.monotonic() + SAVE_EVERY_S
    while not stopping:
        server.turn()
        if state is not None and time.monotonic() >= save_s:
            save_s += SAVE_EVERY_S
            _save(state, world)


def _save(state: Path, world: World) -> None:
    try:
        save(state, world)
    except StationError as error:
        log.warning("state_not_kept", detail=cause(error))  # a full disk does not stop the sun
