"""Tell systemd that the guard is ready and alive; nothing here can wait."""

from __future__ import annotations

import os
import socket


def notify(words: str) -> None:
    """Send a state such as `READY=1` to the supervisor named by NOTIFY_SOCKET, if there is one."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
            channel.sendto(words.encode(), socket.MSG_DONTWAIT, address)
    except OSError:
        return  # a supervisor that does not read must not stop the guard
