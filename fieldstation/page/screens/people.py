"""People and access: accounts, roles, sign-out, tokens for machines, and who did what."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Flask, request

from fieldstation.domain.errors import StationError
from fieldstation.domain.people import Person, Role, Scope
from fieldstation.page import sessions
from fieldstation.page.passwords import hashed, proves, weak
from fieldstation.page.people import token_hash
from fieldstation.page.people_view import DEEDS_SHOWN, people_view
from fieldstation.page.site import Site
from fieldstation.store.reader import Reader
from fieldstation.wire.line import Message


def attach(app: Flask, site: Site) -> None:
    """A viewer finds the own password here, a farmer also who there is and who did what; a technician changes it."""

    @app.get("/people")
    @site.needs("viewer", personal=True)
    def people() -> Any:
        return _screen(site)

    @app.post("/people/password")
    @site.needs("viewer", personal=True)
    def own_password() -> Any:
        person = _asking(site)
        account = site.register.known().account(person.name)
        new = request.form.get("new", "")
        if account is None or not proves(account.password, request.form.get("password", "")):
            return _screen(site, site.words().say("entry", "wrong_own"), 403)
        if weak(new, person.name):
            return _screen(site, site.words().say("entry", "password_weak"), 400)
        answer = _wish(site, "set_password", name=person.name, password=hashed(new))
        if "refused" in answer:
            return _screen(site, site.refusal(answer), 409)
        if (changed := site.register.known().account(person.name)) is not None:
            sessions.begin(changed)  # this phone stays; every other one is signed out
        return site.done("people", "password_set")

    _accounts(app, site)
    _tokens(app, site)


def _accounts(app: Flask, site: Site) -> None:
    @app.post("/people/add")
    @site.needs("technician", fresh=True)
    def add_person() -> Any:
        name, password = request.form.get("name", ""), request.form.get("password", "")
        if weak(password, name):
            return _screen(site, site.words().say("entry", "password_weak"), 400)
        return _told(
            site, "account_added", "add_account",
            name=name, role=request.form.get("role"), password=hashed(password),
        )  # fmt: skip

    @app.post("/people/role")
    @site.needs("technician", fresh=True)
    def give_role() -> Any:
        return _told(
            site, "role_given", "set_role", name=request.form.get("name"), role=request.form.get("role")
        )

    @app.post("/people/reset")
    @site.needs("technician", fresh=True)
    def give_password() -> Any:
        name, password = request.form.get("name", ""), request.form.get("password", "")
        if weak(password, name):
            return _screen(site, site.words().say("entry", "password_weak"), 400)
        return _told(site, "password_set", "set_password", name=name, password=hashed(password))

    @app.post("/people/sign-out")
    @site.needs("technician", personal=True)
    def sign_person_out() -> Any:
        return _told(site, "signed_out", "sign_out", name=request.form.get("name"))

    @app.post("/people/remove")
    @site.needs("technician", fresh=True)
    def remove_person() -> Any:
        return _told(site, "account_removed", "remove_account", name=request.form.get("name"))


def _tokens(app: Flask, site: Site) -> None:
    @app.post("/people/token")
    @site.needs("technician", fresh=True)
    def add_token() -> Any:
        token = f"fs_{secrets.token_urlsafe(32)}"
        scopes = [scope.value for scope in Scope if scope.value in request.form.getlist("scope")]
        name = request.form.get("name")
        answer = _wish(site, "add_token", name=name, scopes=scopes, hash=token_hash(token))
        if "refused" in answer:
            return _screen(site, site.refusal(answer), 409)
        return _screen(site, made=token)  # shown this once

    @app.post("/people/token/end")
    @site.needs("technician", personal=True)
    def end_token() -> Any:
        number = request.form.get("id", "")
        return _told(site, "token_ended", "end_token", id=int(number) if number.isdecimal() else None)


def _asking(site: Site) -> Person:
    person = site.person()
    assert person is not None, "the gate let nobody in without a name"
    return person


def _wish(site: Site, verb: str, **values: Any) -> Message:
    """Asked in the name of whoever is signed in."""
    return site.wish(verb, by=_asking(site).name, **values)


def _told(site: Site, done: str, verb: str, **values: Any) -> Any:
    answer = _wish(site, verb, **values)
    return _screen(site, site.refusal(answer), 409) if "refused" in answer else site.done("people", done)


def _screen(site: Site, said: str | None = None, code: int = 200, made: str | None = None) -> Any:
    """Everything on it is asked anew: of access nothing old is shown."""
    words, person = site.words(), _asking(site)
    before = request.args.get("before", "")
    try:
        with Reader(site.places.record) as reader:
            deeds = reader.audit(
                DEEDS_SHOWN + 1, int(before) if before.isdecimal() and len(before) < 16 else None
            )
    except (StationError, OverflowError):
        deeds, said = [], said or words.say("people", "trail_gone")
    known = site.register.known()
    zones = {zone.id: zone.name for zone in site.station.zones}
    shown = people_view(known, deeds, person, words, zones) | {
        "made": made,
        "roles": [role.value for role in Role],
    }
    return site.screen("people.html", lambda *_: shown, said=said, code=code, kept=False)
