"""The Flask application: what every request must be, STOP, the screens, the API."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from flask import Flask, request
from werkzeug.exceptions import HTTPException

from fieldstation import log
from fieldstation.domain.station import Station
from fieldstation.page import authorize
from fieldstation.page.access import csrf, identity, limits
from fieldstation.page.access.request_guard import Hosts, guard_requests
from fieldstation.page.access.secret_key import secret
from fieldstation.page.api import app as api_app
from fieldstation.page.api.problem import problem
from fieldstation.page.assets import web_folder
from fieldstation.page.context import PageContext
from fieldstation.page.features import SCREENS, rooms
from fieldstation.wire.places import Places


def create_app(station: Station, places: Places) -> Flask:
    """The application of one station. It owns no pin and no writing connection."""
    web = web_folder()
    app = Flask("fieldstation.page", template_folder=str(web / "templates"), static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined] # the default provider has it
    drawn: Any = app.jinja_env.get_template("icons.html").module
    app.jinja_env.globals |= {"icon": drawn.icon, "verdict_icon": drawn.verdict_icon}
    app.secret_key = secret(places.page_secret)
    guard_requests(app, Hosts(station.page_names))
    page = PageContext(station, places)
    app.extensions["site"] = page
    page.register.known()  # so that the very first STOP knows whether it takes a login
    identity.attach(app)
    csrf.attach(app)
    authorize.attach(app, page)
    limits.attach(app)
    page.assets.attach(app)
    for screen in SCREENS:
        screen.attach(app, page)
    api_app.attach(app, rooms(app, page))

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Any:
        if api_app.asked_here():
            return api_app.refused(page, error)
        words = page.words()
        key = {403: "forbidden", 404: "not_found"}.get(error.code or 500, "problem")
        if error.code == 429:
            return page.refused(words.say("entry", "too_often"), 429)
        return page.message(words(key), error.code or 500)

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Any:
        del error
        log.exception("screen_bug", method=request.method, path=request.path, hide=_sent())  # noqa: LOG004 -- Flask handles it now
        if api_app.asked_here():
            return problem(500, "problem", page.words()("problem"))
        return page.message(page.words()("problem"), 500)

    return app


def _sent() -> dict[str, object]:
    """What whoever asks has sent: passwords, tokens and addresses may be in it."""
    with suppress(HTTPException):  # a body too large, or none at all
        body = request.get_json(silent=True)
        sent = {**request.values.to_dict(flat=False), "cookie": list(request.cookies.values())}
        return {**sent, "body": body, "authorization": request.headers.get("Authorization", "").split()}
    return {}
