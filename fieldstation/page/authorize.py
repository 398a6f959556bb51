"""Who may come in: every request meets this before its view. What no view opens on purpose is shut.

A view says what it needs by `page.needs(...)` below its route. A view that changes something and says nothing needs
a farmer; one that shows something needs nobody, or, when the owner set `viewer_sees` to no, anybody signed in.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, g, redirect, request, session, url_for

from fieldstation.domain.people import Person, Role
from fieldstation.page.access import csrf
from fieldstation.page.access.need import STOPPING, Need
from fieldstation.page.access.request_guard import SAFE
from fieldstation.page.api.problem import problem
from fieldstation.page.context import PageContext

UNSAID = Need(Role.FARMER)
LOOKING = Need(None)
LOOPBACK = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})


def attach(app: Flask, page: PageContext) -> None:
    """Ask every request. Comes after `guard_requests`, which knows Host and Origin."""

    @app.before_request
    def ask() -> Any:
        if request.endpoint is None or request.endpoint == "static":
            return None
        need = needed(app)
        g.stopping = need is STOPPING
        if g.stopping and not page.stop_needs_login():
            return None  # whoever it is
        person = page.person()
        if person is None and request.headers.get("Authorization"):
            return _refuse(page, "token_unknown", 401)
        if request.method not in SAFE and need.form and not (person and person.token) and not csrf.genuine():
            return _old_form(page, person, need)
        role = _role(page, need)
        return None if role is None else _stopped(page, person, need, role)


def _old_form(page: PageContext, person: Person | None, need: Need) -> Any:
    """A change whose form is not of this session; a machine without any is told to sign in."""
    if person is None and need.role is not None and request.path.startswith("/api/"):
        return _refuse(page, "sign_in_first", 401)
    return _refuse(page, "form_old", 403)


def _stopped(page: PageContext, person: Person | None, need: Need, role: Role) -> Any:
    """What keeps this person from a view that takes a role; None for nothing."""
    if person is None:
        return _sign_in(page, "sign_in_first")
    if not person.role.may(role):
        return _refuse(page, "role_short", 403)
    if person.token and (need.personal or need.fresh):
        return _refuse(page, "no_token", 403)
    if need.fresh and not person.fresh:
        return _sign_in(page, "prove_again")
    return None


def needed(app: Flask) -> Need:
    """What the view of this request asks for."""
    view = app.view_functions[str(request.endpoint)]
    method = getattr(getattr(view, "view_class", None), request.method.lower(), None)
    found = getattr(method, "need", None) or getattr(view, "need", None)
    if isinstance(found, Need):
        return found
    return LOOKING if request.method in SAFE else UNSAID


def local(path: str | None) -> str:
    """A way back that stays on this page; anything else leads home."""
    if (
        not path
        or not path.startswith("/")
        or path.startswith("//")
        or "\\" in path
        or not path.isprintable()
    ):
        return "/"
    return path if not urlsplit(path).netloc else "/"


def _role(page: PageContext, need: Need) -> Role | None:
    """The least role that this request needs now; None for nobody's."""
    if need.role is not None or need.always:
        return need.role
    if need is STOPPING:
        return Role.VIEWER
    if page.sees() or (request.path == "/healthz" and request.remote_addr in LOOPBACK):
        return None
    return Role.VIEWER


def _sign_in(page: PageContext, code: str) -> Any:
    """The way in, and from there back to where one was."""
    if request.path.startswith("/api/"):
        return _refuse(page, code, 401)
    read = request.method == "GET"
    back = request.full_path.rstrip("?") if read else local(urlsplit(request.referrer or "").path)
    session["why"] = code
    way = "set_up" if page.no_owner() else "sign_in"
    return redirect(url_for(way, to=back, lang=request.args.get("lang")), 303)


def _refuse(page: PageContext, code: str, status: int) -> Any:
    text = page.words().say("entry", code)
    if request.path.startswith("/api/"):
        return problem(status, code, text)
    return page.refused(text, status)
