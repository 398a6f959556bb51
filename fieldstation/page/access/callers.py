"""How many connections one address may hold: fewer than there are threads, so that STOP from another finds one free.

A phone opens six. Who opens more loses the oldest that asks nothing; with all of them at work the new one is
hung up on.
"""

from __future__ import annotations

from typing import Any

from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer

MOST = 10
EXEMPT = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})
"""This machine itself, and a proxy on it that speaks for many."""


class Caller(HTTPChannel):  # type: ignore[misc] # waitress has no types
    """One connection, counted with the others of its address."""

    def __init__(self, server: Any, sock: Any, addr: Any, adj: Any, map: Any = None) -> None:
        mine = [
            one for one in server.active_channels.values() if one.addr[0] == addr[0] and not one.will_close
        ]
        super().__init__(server, sock, addr, adj, map=map)
        if len(mine) < MOST or addr[0] in EXEMPT:
            return
        idle = [one for one in mine if not one.requests]
        (min(idle, key=lambda one: one.last_activity) if idle else self).will_close = True


def attach(sockets: dict[int, Any]) -> None:
    """Count the callers of every server among waitress's sockets."""
    for one in sockets.values():
        if isinstance(one, TcpWSGIServer):
            one.channel_class = Caller
