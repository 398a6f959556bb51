"""The Flask application: one screen, one API, and STOP."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from fieldstation.domain.errors import PeerSilent
from fieldstation.domain.station import Station
from fieldstation.page.gather import Gather, Picture
from fieldstation.page.presenters import today_screen
from fieldstation.page.protect import protect
from fieldstation.page.sentences import LANGUAGES, Words, chosen
from fieldstation.page.status import missing, short_lines, status
from fieldstation.wire.ask import ask
from fieldstation.wire.line import Message
from fieldstation.wire.places import Places

STOP_DEADLINE_S = 2.0
YEAR_S = 31536000
INSTALLED = Path(__file__).parent / "web"
CHECKOUT = Path(__file__).parents[2] / "web"


def web_folder() -> Path:
    """Templates and static files: in the wheel beside this file, in a checkout at its top."""
    return INSTALLED if INSTALLED.is_dir() else CHECKOUT


def create_app(station: Station, places: Places) -> Flask:  # noqa: C901 -- a list of routes, not a maze
    """The application of one station. It owns no pin and no writing connection."""
    web = web_folder()
    app = Flask(
        "fieldstation.page", template_folder=str(web / "templates"), static_folder=str(web / "static")
    )
    app.json.sort_keys = False  # type: ignore[attr-defined] # the default provider has it
    gather = Gather(station, places)
    tz = ZoneInfo(station.timezone)
    marks = {path.name: _mark(path) for path in (web / "static").iterdir() if path.is_file()}
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = YEAR_S
    protect(app)

    def words() -> Words:
        accepted = request.headers.get("Accept-Language", "")
        language = chosen(request.args.get("lang"), accepted, station.language)
        return Words(language, tz, datetime.now(UTC))

    def static_url(name: str) -> str:
        return url_for("static", filename=name, v=marks[name])

    drawn: dict[str, tuple[Picture, str]] = {}

    def screen(said: str | None = None, code: int = 200) -> Response:
        told, picture = words(), gather.picture()
        kept = drawn.get(told.language)
        if said is None and kept is not None and kept[0] is picture:  # many phones, one picture a second
            return Response(kept[1], code, mimetype="text/html")
        shown = today_screen(station, picture, told, tz)
        html = render_template(
            "today.html", w=told, static=static_url, said=said, languages=LANGUAGES, **shown
        )
        if said is None:
            drawn[told.language] = (picture, html)
        return Response(html, code, mimetype="text/html")

    def ask_guard(verb: str) -> Message | None:
        try:
            return ask(places.guard_socket, {"verb": verb, "by": "page"}, STOP_DEADLINE_S)
        except PeerSilent:
            return None
        finally:
            gather.forget()

    @app.get("/")
    def today() -> Any:
        response = screen()
        response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:16])
        return response.make_conditional(request)

    @app.post("/stop")
    def stop() -> Any:
        answer = ask_guard("stop")
        if answer is None or not answer.get("stopped"):
            return screen(words()("stop_failed"), 503)
        return redirect(url_for("today", lang=request.args.get("lang")), 303)

    @app.post("/resume")
    def resume() -> Any:
        answer = ask_guard("resume")
        if answer is None or not answer.get("resumed"):
            told = words()
            why = told.say("code", str(answer.get("reason"))) if answer else told.say("alert", "guard_silent")
            return screen(told("resume_failed", why=why), 503 if answer is None else 409)
        return redirect(url_for("today", lang=request.args.get("lang")), 303)

    @app.get("/healthz")
    def healthz() -> Any:
        gone = missing(gather.picture())
        return jsonify({"ok": not gone, "missing": gone}), 503 if gone else 200

    @app.get("/api/v1/status")
    def api_status() -> Any:
        return jsonify(status(station, gather.picture()))

    @app.post("/api/v1/stop")
    def api_stop() -> Any:
        answer = ask_guard("stop")
        if answer is None:
            return jsonify({"stopped": False, "reason": "guard_silent"}), 503
        if "lines" in answer:
            answer["lines"] = short_lines(answer["lines"])
        return jsonify(answer), 200 if answer.get("stopped") else 503

    @app.post("/api/v1/resume")
    def api_resume() -> Any:
        answer = ask_guard("resume")
        if answer is None:
            return jsonify({"resumed": False, "reason": "guard_silent"}), 503
        return jsonify(answer), 200 if answer.get("resumed") else 409

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Any:
        told = words()
        key = {403: "forbidden", 404: "not_found"}.get(error.code or 500, "problem")
        if request.path.startswith("/api/") or request.path == "/healthz":
            return jsonify({"error": told(key)}), error.code
        return render_template("message.html", w=told, text=told(key), static=static_url), error.code

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Any:
        app.logger.error("request failed: %r", error)
        told = words()
        return render_template("message.html", w=told, text=told("problem"), static=static_url), 500

    return app


def _mark(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]
