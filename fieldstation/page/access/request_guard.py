"""What every request must be: for this machine by name, and changes only from our own page.

A foreign name that resolves here is an attack (DNS rebinding).
"""

from __future__ import annotations

import gzip
import ipaddress
import socket
import threading
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
FOR_DOCUMENTS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
        " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(),"
        " magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()"
    ),
}
"""Half a kilobyte that means something for a page; style, script and the pulse go without."""
BODY_LIMIT = 16 * 1024
WORTH_SQUEEZING = 800
BARE = frozenset({"static", "pulse"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""
KNOWN_FOR_S = 30.0
KNOWN_MOST = 64


def guard_requests(app: Flask, hosts: Hosts) -> None:
    """Check every request, add the headers, squeeze what is worth it."""
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT

    @app.before_request
    def check() -> None:
        if not hosts.ours(request.host):
            abort(403)
        origin = request.headers.get("Origin")
        if (
            request.method not in SAFE
            and origin is not None
            and (urlsplit(origin).netloc != request.host or urlsplit(origin).scheme != request.scheme)
        ):
            abort(403)

    @app.after_request
    def finish(response: Response) -> Response:
        bare = request.endpoint in BARE and response.mimetype != "text/html"
        for header, value in (HEADERS if bare else HEADERS | FOR_DOCUMENTS).items():
            response.headers.setdefault(header, value)
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return _squeezed(response)


def _squeezed(response: Response) -> Response:
    accepts = "gzip" in request.headers.get("Accept-Encoding", "")
    if not accepts or response.status_code != 200 or "Content-Encoding" in response.headers:
        return response
    if response.is_streamed or response.mimetype == "application/zip":
        return response  # it squeezes itself, piece by piece, or is long for a reason
    if (response.mimetype or "").split("/")[0] not in ("text", "application", "image"):
        return response
    response.direct_passthrough = False
    data = response.get_data()
    if len(data) >= WORTH_SQUEEZING:
        response.set_data(gzip.compress(data, 6))
        response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
    return response


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
