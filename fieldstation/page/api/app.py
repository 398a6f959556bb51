"""The API as a whole: its rooms, its description in OpenAPI 3.1, served by the station itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import flask_smorest
from flask import Flask, request
from werkzeug.exceptions import HTTPException

import fieldstation
from fieldstation.page.api.openapi import COMPONENTS, Room
from fieldstation.page.api.problem import SHAPE, problem
from fieldstation.page.api.requests import KINDS
from fieldstation.page.context import PageContext

CONFIG = {
    "API_TITLE": "Field station",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/api/v1",
    "OPENAPI_JSON_PATH": "openapi.json",
}
INFO = {
    "description": "Everything the page shows and asks. Instants are UTC, dates the station's, units SI; what is unknown "
    "is null. Errors are problem+json: `code` for machines, `detail` a sentence, `values.wrong` the fields to mend.\n\n"
    "People come with the session of the sign-in screen and send what /account calls `csrf` as X-CSRF-Token with each "
    "change. Machines send `Authorization: Bearer TOKEN`; the scope `read` may look like a viewer, `operate` may do what a "
    "farmer may, neither more than whoever made the token. What a technician does, accounts and tokens among it, takes a "
    "session, for what is dangerous with a password given within 15 minutes: no token can make another, or an account. "
    "Secrets go in and are not told again: a new token once, passwords and addresses of messages never.",
    "license": {"name": "MIT", "identifier": "MIT"},
    "x-release": fieldstation.__version__,
}


class Api(flask_smorest.Api):  # type: ignore[misc] # the library has no types
    """Errors are the application's own: problems."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        return None


def attach(app: Flask, rooms: Sequence[Room]) -> None:
    """Every feature's part of it, and the description at /api/v1/openapi.json."""
    app.config.update(CONFIG)
    api = Api(app, spec_kwargs={"info": INFO, "security": []})
    api.spec.components.schema("Problem", SHAPE)
    for kind, name in KINDS.items():
        api.ma_plugin.map_to_openapi_type(kind, name, None)
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    api.spec.components.security_scheme("session", {"type": "apiKey", "in": "cookie", "name": "fieldstation"})
    for room in rooms:
        api.register_blueprint(room.blueprint)
    for part, shape in COMPONENTS.items():
        api.spec.components.schema(part, shape)


def asked_here() -> bool:
    """Whether this request is the API's, so that its errors are problems."""
    return request.path.startswith("/api/") or request.path == "/healthz"


def refused(page: PageContext, error: HTTPException) -> Any:
    """Any error of Flask's or of a wrong body, as a problem; wrong fields by name."""
    status = error.code or 500
    code = {
        400: "bad_request",
        403: "forbidden",
        404: "not_found",
        405: "method_not_allowed",
        413: "too_large",
        415: "not_json",
        422: "wrong_values",
        429: "too_many",
    }.get(status, "problem")
    words = page.words()
    data = cast("dict[str, Any]", getattr(error, "data", None) or {})
    wrong = {"wrong": data["messages"]} if "messages" in data else {}
    detail = words.say("api", code) if words.knows("api", code) else words("problem")
    response = problem(status, code, detail, **wrong)
    if error.get_response().headers.get("Allow"):
        response.headers["Allow"] = error.get_response().headers["Allow"]
    return response
