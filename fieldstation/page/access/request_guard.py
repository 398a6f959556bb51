"""What every request must be: for this machine by name, and changes only from our own page."""

from __future__ import annotations

import gzip
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

from fieldstation.page.access.hosts import Hosts

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


def protect(app: Flask, hosts: Hosts) -> None:
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
