"""Signing in and out. It works with the controller dead: the record is read, and the session is a cookie."""

from __future__ import annotations

import math
from typing import Any

from flask import Flask, redirect, request, session

from fieldstation.page.access import identity
from fieldstation.page.access.authorize import local
from fieldstation.page.access.backoff import LoginBackoff, guesser_of, remember_phone
from fieldstation.page.access.limits import guesses
from fieldstation.page.access.passwords import proves
from fieldstation.page.audit import note
from fieldstation.page.people import actions as people_actions
from fieldstation.page.site import Site


def attach(app: Flask, site: Site) -> None:
    """The screen, the way in, the way out, and out everywhere."""
    login_backoff = LoginBackoff()

    @app.get("/sign-in")
    @site.anybody()
    def sign_in() -> Any:
        if site.no_owner():
            return redirect("/set-up", 303)
        why = session.pop("why", None)
        return _screen(site, site.words().say("entry", str(why)) if why else None, 200)

    @app.post("/sign-in")
    @site.anybody()
    @guesses(app)
    def let_in() -> Any:
        name, password = request.form.get("name", "").strip(), request.form.get("password", "")
        words, guesser = site.words(), guesser_of(name)
        if (wait_s := login_backoff.wait_s(guesser)) > 0:
            return _screen(site, words.say("entry", "wait", n=math.ceil(wait_s)), 429)
        known = site.register.known()
        account = known.account(name)
        if not proves(account.password if account else None, password) or account is None:
            if not known.read:
                return _screen(site, words.say("entry", "record_gone"), 503)
            login_backoff.wrong(guesser)
            note(site, "sign_in_failed", who=f"({request.remote_addr})")
            return _screen(site, words.say("entry", "wrong"), 401)
        login_backoff.right(guesser)
        identity.begin(account)
        note(site, "signed_in", who=account.name)
        response = redirect(local(request.form.get("to")), 303)
        remember_phone(response, account.name)
        return response

    @app.post("/sign-out")
    @site.needs("viewer", personal=True)
    def leave() -> Any:
        identity.end()
        return redirect("/", 303)

    @app.post("/sign-out/everywhere")
    @site.needs("viewer", personal=True)
    def leave_everywhere() -> Any:
        answer = people_actions.sign_out_everywhere(site)
        if answer.refused:
            return site.refused(site.refusal(answer), 409)
        return redirect("/", 303)


def _screen(site: Site, said: str | None, code: int) -> Any:
    person, to = site.person(), local(request.values.get("to"))
    known_as = person.name if person else request.form.get("name", "")
    return site.screen("sign.html", said=said, code=code, kept=False, to=to, known_as=known_as)
