"""How often one address may guess, and how many connections it may hold; neither ever keeps STOP out.

Five guesses a minute, counted in memory, on sign-in and set-up alone. Fewer connections than there are threads, so
that STOP from another address finds one free: a phone opens six. Who opens more loses the oldest that asks nothing;
with all of them at work the new one is hung up on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer

GUESSES = "5 per minute"


def attach(app: Flask) -> None:
    """The counter of this application."""
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://", default_limits=[])
    app.extensions["guesses"] = limiter.shared_limit(GUESSES, scope="guesses", methods=["POST"])


def guesses(app: Flask) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Count this view's calls by address; sign-in and set-up share one count."""
    found: Callable[[Callable[..., Any]], Callable[..., Any]] = app.extensions["guesses"]
    return found


CONNECTIONS_MOST = 10
EXEMPT = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})
"""This machine itself, and a proxy on it that speaks for many."""


class Caller(HTTPChannel):  # type: ignore[misc] # waitress has no types
    """One connection, counted with the others of its address."""

    def __init__(self, server: Any, sock: Any, addr: Any, adj: Any, map: Any = None) -> None:
        mine = [
            one for one in server.active_channels.values() if one.addr[0] == addr[0] and not one.will_close
        ]
        super().__init__(server, sock, addr, adj, map=map)
        if len(mine) < CONNECTIONS_MOST or addr[0] in EXEMPT:
            return
        idle = [one for one in mine if not one.requests]
        (min(idle, key=lambda one: one.last_activity) if idle else self).will_close = True


def limit_connections(sockets: dict[int, Any]) -> None:
    """Count the callers of every server among waitress's sockets."""
    for one in sockets.values():
        if isinstance(one, TcpWSGIServer):
            one.channel_class = Caller
