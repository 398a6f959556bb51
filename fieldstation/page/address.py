"""Where the page may be served: until accounts exist, on this machine alone."""

from __future__ import annotations

import ipaddress

from fieldstation.domain.errors import PlaceError


def loopback_only(host: str) -> None:
    """Refuse any address that others could reach. Raises PlaceError."""
    try:
        inside = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise PlaceError(
            f"--host {host}: without accounts the page serves this machine alone; use 127.0.0.1 "
            "(from another machine: ssh -L 8080:127.0.0.1:8080 STATION)"
        )
