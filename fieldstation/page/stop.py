"""STOP and resume: from the thumb straight to the guard, told only on its answer."""

from __future__ import annotations

from typing import Any

from flask import Flask, jsonify, redirect, request, url_for

from fieldstation.domain.errors import PeerSilent
from fieldstation.page.deeds import note
from fieldstation.page.screens.today import shown
from fieldstation.page.site import Site
from fieldstation.page.status import short_lines
from fieldstation.wire.ask import ask
from fieldstation.wire.line import Message

STOP_DEADLINE_S = 2.0


def attach(app: Flask, site: Site) -> None:
    """The form's two routes and the API's two."""
    _forms(app, site)
    _api(app, site)


def ask_guard(site: Site, verb: str) -> Message | None:
    """The guard's answer, or None while it is silent; the next picture is a new one."""
    try:
        return ask(site.places.guard_socket, {"verb": verb, "by": "page"}, STOP_DEADLINE_S)
    except PeerSilent:
        return None
    finally:
        site.gather.forget()


def _forms(app: Flask, site: Site) -> None:
    def back() -> Any:
        return redirect(url_for("today", lang=request.args.get("lang")), 303)

    def say(text: str, code: int) -> Any:
        return site.screen(
            "today.html", lambda picture, words: shown(site, picture, words), said=text, code=code
        )

    @app.post("/stop")
    @site.stops()
    def stop() -> Any:
        answer = ask_guard(site, "stop")
        note(site, "stop")
        return back() if answer and answer.get("stopped") else say(site.words()("stop_failed"), 503)

    @app.post("/resume")
    @site.needs("farmer")
    def resume() -> Any:
        answer = ask_guard(site, "resume")
        note(site, "resume")
        if answer and answer.get("resumed"):
            return back()
        told = site.words()
        why = told.say("code", str(answer.get("reason"))) if answer else told.say("alert", "guard_silent")
        return say(told("resume_failed", why=why), 503 if answer is None else 409)


def _api(app: Flask, site: Site) -> None:
    @app.post("/api/v1/stop")
    @site.stops()
    def api_stop() -> Any:
        answer = ask_guard(site, "stop")
        note(site, "stop")
        if answer is None:
            return jsonify({"stopped": False, "reason": "guard_silent"}), 503
        if "lines" in answer:
            answer["lines"] = short_lines(answer["lines"])
        return jsonify(answer), 200 if answer.get("stopped") else 503

    @app.post("/api/v1/resume")
    @site.needs("farmer")
    def api_resume() -> Any:
        answer = ask_guard(site, "resume")
        note(site, "resume")
        if answer is None:
            return jsonify({"resumed": False, "reason": "guard_silent"}), 503
        return jsonify(answer), 200 if answer.get("resumed") else 409
