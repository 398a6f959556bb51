"""How the API says no: `application/problem+json` (RFC 9457), with the code that the page turns into a sentence."""

from __future__ import annotations

import json
from typing import Any

from flask import Response

MIMETYPE = "application/problem+json"
TITLES = {
    400: "Bad request",
    401: "Sign in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Refused",
    413: "Too large",
    415: "Wrong kind of body",
    422: "Wrong values",
    429: "Too many requests",
    500: "Failed",
    503: "Not available",
}


SHAPE: dict[str, Any] = {
    "type": "object",
    "properties": {
        **{name: {"type": "string"} for name in ("type", "title", "code", "detail")},
        "status": {"type": "integer"},
        "values": {"type": "object"},
    },
    "required": ["type", "title", "status", "code", "detail", "values"],
    "additionalProperties": False,
}
"""What RFC 9457 says of it, with two members of our own: `code` and `values`."""


def problem(status: int, code: str, detail: str, /, **values: Any) -> Response:
    """One answer: `code` for machines, `detail` a whole sentence in the reader's language, `values` what it is made of."""
    body = {
        "type": f"urn:fieldstation:problem:{code}",
        "title": TITLES.get(status, "Problem"),
        "status": status,
        "code": code,
        "detail": detail,
        "values": values,
    }
    return Response(json.dumps(body, default=str), status, mimetype=MIMETYPE)
