"""People and access: accounts, roles, sign-out, tokens for machines, and who did what."""

from __future__ import annotations

from typing import Any

from flask import Flask, request

from fieldstation.domain.errors import StationError
from fieldstation.page.context import Answer, PageContext
from fieldstation.page.people import actions as people_actions
from fieldstation.page.people import audit_csv
from fieldstation.page.people.actions import asking
from fieldstation.page.people.view import AUDIT_SHOWN, people_view
from fieldstation.store.reader import Reader

STATUS = {"wrong_own": 403, "password_weak": 400, "wait": 429}


def attach(app: Flask, page: PageContext) -> None:
    """A viewer finds the own password here, a farmer also who there is and who did what; a technician changes it."""

    @app.get("/people")
    @page.needs("viewer", personal=True)
    def people() -> Any:
        return _screen(page)

    @app.post("/people/password")
    @page.needs("viewer", personal=True)
    def own_password() -> Any:
        old, new = request.form.get("password", ""), request.form.get("new", "")
        return _respond(page, "password_set", people_actions.change_own(page, old, new))

    _accounts(app, page)
    _tokens(app, page)
    audit_csv.attach(app, page)


def _accounts(app: Flask, page: PageContext) -> None:
    def given(name: str) -> str:
        return request.form.get(name, "")

    @app.post("/people/add")
    @page.needs("technician", fresh=True)
    def add_person() -> Any:
        answer = people_actions.add(page, given("name"), given("role"), given("password"))
        return _respond(page, "account_added", answer)

    @app.post("/people/role")
    @page.needs("technician", fresh=True)
    def give_role() -> Any:
        return _respond(page, "role_given", people_actions.give_role(page, given("name"), given("role")))

    @app.post("/people/reset")
    @page.needs("technician", fresh=True)
    def give_password() -> Any:
        return _respond(
            page, "password_set", people_actions.give_password(page, given("name"), given("password"))
        )

    @app.post("/people/sign-out")
    @page.needs("technician", personal=True)
    def sign_person_out() -> Any:
        return _respond(page, "signed_out", people_actions.sign_out(page, given("name")))

    @app.post("/people/remove")
    @page.needs("technician", fresh=True)
    def remove_person() -> Any:
        return _respond(page, "account_removed", people_actions.remove(page, given("name")))


def _tokens(app: Flask, page: PageContext) -> None:
    @app.post("/people/token")
    @page.needs("technician", fresh=True)
    def add_token() -> Any:
        answer = people_actions.add_token(page, request.form.get("name", ""), request.form.getlist("scope"))
        if answer.refused:
            return _screen(page, page.refusal(answer), 409)
        return _screen(page, made=answer.body["token"])  # shown this once

    @app.post("/people/token/end")
    @page.needs("technician", personal=True)
    def end_token() -> Any:
        number = request.form.get("id", "")
        return _respond(
            page, "token_ended", people_actions.end_token(page, int(number) if number.isdecimal() else None)
        )


def _respond(page: PageContext, done: str, answer: Answer) -> Any:
    if answer.refused:
        return _screen(page, page.refusal(answer), STATUS.get(answer.refused, 409))
    return page.done("people", done)


def _screen(page: PageContext, said: str | None = None, code: int = 200, made: str | None = None) -> Any:
    """Everything on it is asked anew: of access nothing old is shown."""
    words, person = page.words(), asking(page)
    before = request.args.get("before", "")
    try:
        with Reader(page.record) as reader:
            audit_entries = reader.audit(
                AUDIT_SHOWN + 1, int(before) if before.isdecimal() and len(before) < 16 else None
            )
    except (StationError, OverflowError):
        audit_entries, said = [], said or words.say("people", "audit_gone")
    known = page.register.known()
    shown = people_view(known, audit_entries, person, words, page.names, made)
    return page.screen("people.html", lambda *_: shown, said=said, code=code, kept=False)
