"""The simulated field's process: a world, a board and a socket."""

from __future__ import annotations

import json
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from fieldstation.domain.errors import PlaceError
from fieldstation.domain.station import Station
from fieldstation.field.board import Board
from fieldstation.field.server import FieldServer
from fieldstation.field.wiring import Wiring
from fieldstation.simulation.weather import Weather
from fieldstation.simulation.world import World
from fieldstation.wire.lock import Lock
from fieldstation.wire.places import Places
from fieldstation.wire.unix import listen


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
    """Be the world until SIGTERM or SIGINT; its state is taken from `state` and left there."""
    lock = Lock(places.sockets / "field.lock")
    stopping: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        del frame
        stopping.append(number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    available = station.field.start_available_frac if station.field else 0.8
    world = World(station, weather, seed, datetime.now(UTC), available)
    if state is not None and state.exists():
        try:
            world.load(json.loads(state.read_text()))
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise PlaceError(
                f"{state}: is no state of this field ({error!r}); remove it to begin anew"
            ) from error
    wiring = Wiring(station, world, seed)
    board = Board(kernel, wiring.outside, wiring.resting, wiring.drove)
    server = FieldServer(listen(places.field_socket), world, wiring, board, manual=manual)
    print("field: ready", file=sys.stderr, flush=True)  # noqa: T201 -- the one line a supervisor's log shows
    try:
        while not stopping:
            server.turn()
    finally:
        server.close()
        if state is not None:
            aside = state.with_suffix(".new")
            aside.write_text(json.dumps(world.dump()))
            aside.rename(state)
        lock.close()
    return 0
