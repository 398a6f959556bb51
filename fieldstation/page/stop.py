"""STOP and resume: from the thumb straight to the guard, told only on its answer."""

from __future__ import annotations

from typing import Any, TypeVar

from flask import Flask, redirect, request, url_for

from fieldstation import log
from fieldstation.domain.errors import PeerSilent, PeerUnreadable
from fieldstation.domain.status.guard import ResumeAnswer, StopAnswer
from fieldstation.page.audit import note
from fieldstation.page.site import Site
from fieldstation.page.today.screen import today_view
from fieldstation.wire.ask import ask, understood

T = TypeVar("T")
STOP_DEADLINE_S = 2.0


def attach(app: Flask, site: Site) -> None:
    """The two routes of the forms; the API's two are in `api/station.py`."""

    def back() -> Any:
        return redirect(url_for("today", lang=request.args.get("lang")), 303)

    def say(text: str, code: int) -> Any:
        return site.screen(
            "today.html", lambda snapshot, words: today_view(site, snapshot, words), said=text, code=code
        )

    @app.post("/stop")
    @site.stops()
    def stop() -> Any:
        answer = stop_water(site)
        note(site, "stop")
        return back() if answer and answer.stopped else say(site.words()("stop_failed"), 503)

    @app.post("/resume")
    @site.needs("farmer")
    def resume() -> Any:
        answer = lift_stop(site)
        note(site, "resume")
        if answer and answer.resumed:
            return back()
        words = site.words()
        why = words.say("code", str(answer.reason)) if answer else words.say("alert", "guard_silent")
        return say(words("resume_failed", why=why), 503 if answer is None else 409)


def stop_water(site: Site) -> StopAnswer | None:
    """The guard's answer to STOP, or None while it is silent."""
    return _ask_guard(site, "stop", StopAnswer)


def lift_stop(site: Site) -> ResumeAnswer | None:
    """The guard's answer to a resume, or None while it is silent."""
    return _ask_guard(site, "resume", ResumeAnswer)


def _ask_guard(site: Site, command: str, kind: type[T]) -> T | None:
    """The next snapshot is a new one."""
    try:
        return understood(
            kind, ask(site.places.guard_socket, {"verb": command, "by": "page"}, STOP_DEADLINE_S)
        )
    except PeerUnreadable as error:
        log.warning("peer_unreadable", process="guard", detail=str(error))
    except PeerSilent:
        pass
    finally:
        site.source.forget()
    return None
