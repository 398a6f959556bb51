"""One POST with a JSON body to an address of the technician's. Nothing is followed, nothing much is read."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import socket
import ssl
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from fieldstation import __version__
from fieldstation.domain.notification import Failure

SOCKET_S = 8.0
READ_MOST = 1024


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Another address was never agreed to, and the message names the farm."""
        return


def by_webhook(url: str, secret: str | None, message: dict[str, Any]) -> Failure | None:
    """Send; None when the other side answered 2xx.

    With a secret, `X-Fieldstation-Signature: sha256=...` is the HMAC-SHA256 of the body. A name and password
    in the address go as Basic authentication.
    """
    body = json.dumps(message, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": f"fieldstation/{__version__}"}
    if secret:
        headers["X-Fieldstation-Signature"] = (
            "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        )
    try:
        address, login = _address(url)
        if login:
            headers["Authorization"] = login
        request = Request(address, body, headers, method="POST")  # noqa: S310 -- http or https, see _address
        with _opener().open(request, timeout=SOCKET_S) as answer:
            answer.read(READ_MOST)
        return None
    except HTTPError as error:
        error.close()
        return Failure.REDIRECTED if 300 <= error.code < 400 else Failure.REFUSED
    except URLError as error:
        return _failure_of(error.reason)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return _failure_of(error)


def _opener() -> OpenerDirector:
    """No proxies of the environment, no other schemes; certificates are checked."""
    opener = OpenerDirector()
    for handler in (
        ProxyHandler({}),
        HTTPHandler(),
        HTTPSHandler(context=ssl.create_default_context()),
        _NoRedirect(),
        HTTPDefaultErrorHandler(),
        HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _address(url: str) -> tuple[str, str | None]:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("no address")
    _ = parts.port  # raises ValueError beyond 65535
    if parts.username is None:
        return url, None
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=host)), "Basic " + base64.b64encode(pair.encode()).decode()


def _failure_of(error: object) -> Failure:
    if isinstance(error, ssl.SSLError):
        return Failure.CERTIFICATE
    if isinstance(error, TimeoutError):
        return Failure.TOO_SLOW
    if isinstance(error, socket.gaierror):
        return Failure.NAME_UNKNOWN
    if isinstance(error, http.client.InvalidURL | UnicodeError):
        return Failure.ADDRESS
    if isinstance(error, http.client.HTTPException) and not isinstance(error, ConnectionError):
        return Failure.GARBLED
    return Failure.UNREACHABLE if isinstance(error, OSError) else Failure.ADDRESS
