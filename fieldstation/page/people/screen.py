"""People and access: accounts, roles, sign-out, tokens for machines, and who did what."""

from __future__ import annotations

from typing import Any

from flask import Flask, request

from fieldstation.domain.errors import StationError
from fieldstation.page.people import actions as people_actions
from fieldstation.page.people import audit_csv
from fieldstation.page.people.actions import asking
from fieldstation.page.people.view import AUDIT_SHOWN, people_view
from fieldstation.page.site import Answer, Site
from fieldstation.store.reader import Reader

STATUS = {"wrong_own": 403, "password_weak": 400, "wait": 429}


def attach(app: Flask, site: Site) -> None:
    """A viewer finds the own password here, a farmer also who there is and who did what; a technician changes it."""

    @app.get("/people")
    @site.needs("viewer", personal=True)
    def people() -> Any:
        return _screen(site)

    @app.post("/people/password")
    @site.needs("viewer", personal=True)
    def own_password() -> Any:
        old, new = request.form.get("password", ""), request.form.get("new", "")
        return _respond(site, "password_set", people_actions.change_own(site, old, new))

    _accounts(app, site)
    _tokens(app, site)
    audit_csv.attach(app, site)


def _accounts(app: Flask, site: Site) -> None:
    def given(name: str) -> str:
        return request.form.get(name, "")

    @app.post("/people/add")
    @site.needs("technician", fresh=True)
    def add_person() -> Any:
        answer = people_actions.add(site, given("name"), given("role"), given("password"))
        return _respond(site, "account_added", answer)

    @app.post("/people/role")
    @site.needs("technician", fresh=True)
    def give_role() -> Any:
        return _respond(site, "role_given", people_actions.give_role(site, given("name"), given("role")))

    @app.post("/people/reset")
    @site.needs("technician", fresh=True)
    def give_password() -> Any:
        return _respond(
            site, "password_set", people_actions.give_password(site, given("name"), given("password"))
        )

    @app.post("/people/sign-out")
    @site.needs("technician", personal=True)
    def sign_person_out() -> Any:
        return _respond(site, "signed_out", people_actions.sign_out(site, given("name")))

    @app.post("/people/remove")
    @site.needs("technician", fresh=True)
    def remove_person() -> Any:
        return _respond(site, "account_removed", people_actions.remove(site, given("name")))


def _tokens(app: Flask, site: Site) -> None:
    @app.post("/people/token")
    @site.needs("technician", fresh=True)
    def add_token() -> Any:
        answer = people_actions.add_token(site, request.form.get("name", ""), request.form.getlist("scope"))
        if answer.refused:
            return _screen(site, site.refusal(answer), 409)
        return _screen(site, made=answer.body["token"])  # shown this once

    @app.post("/people/token/end")
    @site.needs("technician", personal=True)
    def end_token() -> Any:
        number = request.form.get("id", "")
        return _respond(
            site, "token_ended", people_actions.end_token(site, int(number) if number.isdecimal() else None)
        )


def _respond(site: Site, done: str, answer: Answer) -> Any:
    if answer.refused:
        return _screen(site, site.refusal(answer), STATUS.get(answer.refused, 409))
    return site.done("people", done)


def _screen(site: Site, said: str | None = None, code: int = 200, made: str | None = None) -> Any:
    """Everything on it is asked anew: of access nothing old is shown."""
    words, person = site.words(), asking(site)
    before = request.args.get("before", "")
    try:
        with Reader(site.record) as reader:
            audit_entries = reader.audit(
                AUDIT_SHOWN + 1, int(before) if before.isdecimal() and len(before) < 16 else None
            )
    except (StationError, OverflowError):
        audit_entries, said = [], said or words.say("people", "audit_gone")
    known = site.register.known()
    shown = people_view(known, audit_entries, person, words, site.names, made)
    return site.screen("people.html", lambda *_: shown, said=said, code=code, kept=False)
