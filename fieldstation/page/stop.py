"""STOP and resume: from the thumb straight to the guard, told only on its answer."""

from __future__ import annotations

from typing import Any, TypeVar

from flask import Flask, redirect, request, url_for

from fieldstation import log
from fieldstation.domain.errors import PeerSilent, PeerUnreadable
from fieldstation.domain.status.guard import ResumeAnswer, StopAnswer
from fieldstation.page.audit import note
from fieldstation.page.context import PageContext
from fieldstation.page.today.screen import today_view
from fieldstation.wire.client import call, understood

T = TypeVar("T")
STOP_DEADLINE_S = 2.0


def attach(app: Flask, page: PageContext) -> None:
    """The two routes of the forms; the API's two are in `api/station.py`."""

    def back() -> Any:
        return redirect(url_for("today", lang=request.args.get("lang")), 303)

    def say(text: str, code: int) -> Any:
        return page.screen(
            "today.html", lambda snapshot, words: today_view(page, snapshot, words), said=text, code=code
        )

    @app.post("/stop")
    @page.stops()
    def stop() -> Any:
        answer = stop_water(page)
        note(page, "stop")
        return back() if answer and answer.stopped else say(page.words()("stop_failed"), 503)

    @app.post("/resume")
    @page.needs("farmer")
    def resume() -> Any:
        answer = lift_stop(page)
        note(page, "resume")
        if answer and answer.resumed:
            return back()
        words = page.words()
        why = words.say("code", str(answer.reason)) if answer else words.say("alert", "guard_silent")
        return say(words("resume_failed", why=why), 503 if answer is None else 409)


def stop_water(page: PageContext) -> StopAnswer | None:
    """The guard's answer to STOP, or None while it is silent."""
    return _ask_guard(page, "stop", StopAnswer)


def lift_stop(page: PageContext) -> ResumeAnswer | None:
    """The guard's answer to a resume, or None while it is silent."""
    return _ask_guard(page, "resume", ResumeAnswer)


def _ask_guard(page: PageContext, command: str, kind: type[T]) -> T | None:
    """The next snapshot is a new one."""
    try:
        return understood(
            kind, call(page.places.guard_socket, {"verb": command, "by": "page"}, STOP_DEADLINE_S)
        )
    except PeerUnreadable as error:
        log.warning("peer_unreadable", process="guard", detail=str(error))
    except PeerSilent:
        pass
    finally:
        page.source.forget()
    return None
