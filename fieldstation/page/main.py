"""The page's process: waitress in front of the application."""

from __future__ import annotations

import signal
from types import FrameType
from typing import Any

from fieldstation import log
from fieldstation.domain.errors import PlaceError
from fieldstation.domain.station import Station
from fieldstation.page.access.request_guard import BODY_LIMIT
from fieldstation.page.app import create_app
from fieldstation.wire.lock import Lock
from fieldstation.wire.places import Places

THREADS = 12
CONNECTIONS = 200


def main(station: Station, places: Places, *, host: str, port: int) -> int:
    """Serve until SIGTERM or SIGINT. Raises PlaceError for an address or port that cannot be had."""
    from waitress.server import create_server

    from fieldstation.page.access.limits import limit_connections

    log.start("page")
    lock = Lock(places.sockets / "page.lock")
    app = create_app(station, places)
    sockets: dict[int, Any] = {}
    try:
        server = create_server(
            app,
            sockets,
            host=host,
            port=port,
            threads=THREADS,
            connection_limit=CONNECTIONS,
            max_request_body_size=BODY_LIMIT,
            ident=None,
            channel_timeout=30,
        )
    except (OSError, OverflowError, ValueError) as error:
        raise PlaceError(
            f"port {port} on {host} cannot be had ({error}); choose another with --port"
        ) from error
    limit_connections(sockets)

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    log.info("ready", host=host, port=port)
    try:
        server.run()
    finally:
        server.close()
        lock.close()
        log.info("stopped")
    return 0
