"""By which names the page may be asked for: a foreign name that resolves here is an attack (DNS rebinding)."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Iterable

KNOWN_FOR_S = 30.0
KNOWN_MOST = 64


class Hosts:
    """Our own names: localhost, the host's name, that name with `.local`, those configured, every own address."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        own = socket.gethostname().lower()
        self._names = {"localhost", own, f"{own.removesuffix('.local')}.local", *map(str.lower, names)}
        self._lock = threading.Lock()
        self._looked: dict[str, tuple[bool, float]] = {}

    def ours(self, host: str) -> bool:
        """Whether a Host header, with or without a port, names this machine.

        Addresses come and go with the network, so each is looked up anew after half a minute.
        """
        name = name_of(host)
        if name in self._names:
            return True
        now_s = time.monotonic()
        with self._lock:
            known = self._looked.get(name)
            if known is None or now_s - known[1] > KNOWN_FOR_S:
                if len(self._looked) >= KNOWN_MOST:
                    self._looked.clear()
                known = self._looked[name] = (_own_address(name), now_s)
            return known[0]


def name_of(host: str) -> str:
    """The name or address of a Host header, without its port.

    >>> name_of("Station.local:8080"), name_of("[::1]:8080")
    ('station.local', '::1')
    """
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()


def shown(host: str) -> str:
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
    return "localhost" if unspecified else shown(host)


def _own_address(text: str) -> bool:
    """Whether an address is one of this machine's: the kernel lets only those be bound."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if address.is_unspecified or address.is_multicast:
        return False
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.bind((text, 0))
    except OSError:
        return False
    return True
