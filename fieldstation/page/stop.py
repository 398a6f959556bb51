"""STOP and resume: from the thumb straight to the guard, told only on its answer."""

from __future__ import annotations

from typing import Any

from flask import Flask, redirect, request, url_for

from fieldstation.domain.errors import PeerSilent
from fieldstation.page.audit import note
from fieldstation.page.site import Site
from fieldstation.page.today.screen import shown
from fieldstation.wire.ask import ask
from fieldstation.wire.line import Message

STOP_DEADLINE_S = 2.0


def attach(app: Flask, site: Site) -> None:
    """The two routes of the forms; the API's two are in `api/station.py`."""

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


def ask_guard(site: Site, verb: str) -> Message | None:
    """The guard's answer, or None while it is silent; the next picture is a new one."""
    try:
        return ask(site.places.guard_socket, {"verb": verb, "by": "page"}, STOP_DEADLINE_S)
    except PeerSilent:
        return None
    finally:
        site.gather.forget()
