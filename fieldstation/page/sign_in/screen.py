"""Signing in and out. It works with the controller dead: the record is read, and the session is a cookie."""

from __future__ import annotations

import math
from typing import Any

from flask import Flask, redirect, request, session

from fieldstation.page.access import identity
from fieldstation.page.access.backoff import LoginBackoff, guesser_of, remember_phone
from fieldstation.page.access.limits import guesses
from fieldstation.page.access.passwords import proves
from fieldstation.page.audit import note
from fieldstation.page.authorize import local
from fieldstation.page.context import PageContext
from fieldstation.page.people import actions as people_actions


def attach(app: Flask, page: PageContext) -> None:
    """The screen, the way in, the way out, and out everywhere."""
    login_backoff = LoginBackoff()

    @app.get("/sign-in")
    @page.anybody()
    def sign_in() -> Any:
        if page.no_owner():
            return redirect("/set-up", 303)
        why = session.pop("why", None)
        return _screen(page, page.words().say("entry", str(why)) if why else None, 200)

    @app.post("/sign-in")
    @page.anybody()
    @guesses(app)
    def let_in() -> Any:
        name, password = request.form.get("name", "").strip(), request.form.get("password", "")
        words, guesser = page.words(), guesser_of(name)
        if (wait_s := login_backoff.wait_s(guesser)) > 0:
            return _screen(page, words.say("entry", "wait", n=math.ceil(wait_s)), 429)
        known = page.register.known()
        account = known.account(name)
        if not proves(account.password if account else None, password) or account is None:
            if not known.read:
                return _screen(page, words.say("entry", "record_gone"), 503)
            login_backoff.wrong(guesser)
            note(page, "sign_in_failed", who=f"({request.remote_addr})")
            return _screen(page, words.say("entry", "wrong"), 401)
        login_backoff.right(guesser)
        identity.begin(account)
        note(page, "signed_in", who=account.name)
        response = redirect(local(request.form.get("to")), 303)
        remember_phone(response, account.name)
        return response

    @app.post("/sign-out")
    @page.needs("viewer", personal=True)
    def leave() -> Any:
        identity.end()
        return redirect("/", 303)

    @app.post("/sign-out/everywhere")
    @page.needs("viewer", personal=True)
    def leave_everywhere() -> Any:
        answer = people_actions.sign_out_everywhere(page)
        if answer.refused:
            return page.refused(page.refusal(answer), 409)
        return redirect("/", 303)


def _screen(page: PageContext, said: str | None, code: int) -> Any:
    person, to = page.person(), local(request.values.get("to"))
    known_as = person.name if person else request.form.get("name", "")
    return page.screen("sign.html", said=said, code=code, kept=False, to=to, known_as=known_as)
