"""By which name people, and this machine itself, reach a page that listens on an address."""

from __future__ import annotations

import ipaddress
import socket


def display_name(host: str) -> str:
    """The name for people when the page listens on `host`: of all addresses, the host's `.local` one."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.is_unspecified:
        return f"{socket.gethostname().removesuffix('.local')}.local"
    return f"[{host}]" if address.version == 6 else host


def reached(host: str) -> str:
    """The name by which this machine itself reaches a page that listens on `host`."""
    try:
        unspecified = ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return host
    return "localhost" if unspecified else display_name(host)
