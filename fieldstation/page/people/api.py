"""People in the API: the own access, accounts, tokens. No token may change any of it, whatever its scope: it could make itself more.

Deeds are those of the page's forms (`page/people/actions.py`); what is dangerous asks for a password given lately, as there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marshmallow import fields, validate

from fieldstation.binding import like
from fieldstation.domain.people import NAME_MAX, PASSWORD_MAX, PASSWORD_MIN, Role, Scope
from fieldstation.page.access import csrf
from fieldstation.page.api.openapi import DONE, Room
from fieldstation.page.api.requests import Body, body, one_of, text
from fieldstation.page.api.responses import answered, second, shown
from fieldstation.page.context import PageContext
from fieldstation.page.people import actions as people_actions

SECRET = {"format": "password", "writeOnly": True}


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """Who asks; `csrf` is null to a token."""

    name: str
    role: Role
    token: bool
    fresh: bool
    csrf: str | None


@dataclass(frozen=True, slots=True)
class AccountNow:
    """One account; `me` is the own."""

    name: str
    role: Role
    since: datetime
    me: bool


@dataclass(frozen=True, slots=True)
class AccountList:
    """The accounts that the reader may see."""

    people: list[AccountNow]


@dataclass(frozen=True, slots=True)
class TokenNow:
    """A token that stands; `role` is the most it may."""

    id: int
    name: str
    scopes: list[Scope]
    role: Role
    by: str
    since: datetime


@dataclass(frozen=True, slots=True)
class TokenList:
    """The tokens that the reader may see."""

    tokens: list[TokenNow]


@dataclass(frozen=True, slots=True)
class TokenMade:
    """A new token: `added` is its name, `token` is told this once."""

    added: str
    token: str


def _name() -> fields.String:
    return text(1, NAME_MAX, required=True)


def _password() -> fields.String:
    return text(PASSWORD_MIN, PASSWORD_MAX, required=True, metadata=SECRET)


def attach(page: PageContext) -> Room:
    """The own account, everybody's, and tokens."""
    api = Room("people", "Who may what: accounts, roles, passwords, tokens for machines.")
    _own(api, page)
    _accounts(api, page)
    _tokens(api, page)
    return api


def _own(api: Room, page: PageContext) -> None:
    @api.route("/account")
    @page.needs("viewer")
    @api.answers(OwnAccount)
    def api_account() -> Any:
        """Who asks.

        `fresh`: the password was given within the last 15 minutes. `csrf`: what a session sends as X-CSRF-Token with
        each change; null to a token, which needs none.
        """
        person = people_actions.asking(page)
        mark = None if person.token else csrf.csrf_token()
        return shown(like(OwnAccount, person, csrf=mark))

    @api.route("/account/password", "POST")
    @page.needs("viewer", personal=True)
    @api.takes(body(password=text(0, PASSWORD_MAX, required=True, metadata=SECRET), new=_password()))
    @api.answers(DONE, 409, 415, 422, 503)
    def api_own_password(sent: dict[str, Any]) -> Any:
        """Change the own password, with the old one; wrong ones make the next wait. Every other session ends."""
        answer = people_actions.change_own(page, sent["password"], sent["new"])
        return answered(page, answer, {"password_weak": "new"})

    @api.route("/account/sign-out-everywhere", "POST")
    @page.needs("viewer", personal=True)
    @api.takes(Body)
    @api.answers(DONE, 404, 409, 415, 422, 503)
    def api_sign_out_everywhere(_: dict[str, Any]) -> Any:
        """Every session of the own account ends, this one too."""
        return answered(page, people_actions.sign_out_everywhere(page))


def _accounts(api: Room, page: PageContext) -> None:
    @api.route("/people")
    @page.needs("viewer", personal=True)
    @api.answers(AccountList)
    def api_people() -> Any:
        """The accounts; a viewer sees the own alone. Passwords are never told."""
        person, known = people_actions.asking(page), page.register.known()
        seen = people_actions.accounts_seen(known, person)
        return shown(
            AccountList(
                [AccountNow(one.name, one.role, second(one.since), one.name == person.name) for one in seen]
            )
        )

    @api.route("/people", "POST")
    @page.needs("technician", fresh=True)
    @api.takes(body(name=_name(), role=one_of(Role, required=True), password=_password()))
    @api.answers(DONE, 409, 415, 422, 503)
    def api_add_person(sent: dict[str, Any]) -> Any:
        """Open an account with a first password, which the person can change."""
        return answered(page, people_actions.add(page, sent["name"], sent["role"], sent["password"]))

    @api.route("/people/role", "POST")
    @page.needs("technician", fresh=True)
    @api.takes(body(name=_name(), role=one_of(Role, required=True)))
    @api.answers(DONE, 404, 409, 415, 422, 503)
    def api_role(sent: dict[str, Any]) -> Any:
        """Give another role; the last technician keeps it."""
        return answered(page, people_actions.give_role(page, sent["name"], sent["role"]))

    @api.route("/people/password", "POST")
    @page.needs("technician", fresh=True)
    @api.takes(body(name=_name(), password=_password()))
    @api.answers(DONE, 404, 409, 415, 422, 503)
    def api_password(sent: dict[str, Any]) -> Any:
        """Give somebody who lost it a new password; every session of the account ends."""
        return answered(page, people_actions.give_password(page, sent["name"], sent["password"]))

    @api.route("/people/sign-out", "POST")
    @page.needs("technician", personal=True)
    @api.takes(body(name=_name()))
    @api.answers(DONE, 404, 409, 415, 422, 503)
    def api_sign_out(sent: dict[str, Any]) -> Any:
        """Every session of the account ends."""
        return answered(page, people_actions.sign_out(page, sent["name"]))

    @api.route("/people/remove", "POST")
    @page.needs("technician", fresh=True)
    @api.takes(body(name=_name()))
    @api.answers(DONE, 404, 409, 415, 422, 503)
    def api_remove(sent: dict[str, Any]) -> Any:
        """End an account, its sessions and the tokens it made; not that of the last technician."""
        return answered(page, people_actions.remove(page, sent["name"]))


def _tokens(api: Room, page: PageContext) -> None:
    @api.route("/tokens")
    @page.needs("technician", personal=True)
    @api.answers(TokenList)
    def api_tokens() -> Any:
        """The tokens that stand. `role`: the most each may now, by its scopes and by who made it."""
        known = page.register.known()
        return shown(
            TokenList(
                [
                    TokenNow(one.id, one.name, list(one.scopes), one.role, one.by, second(one.since))
                    for one in people_actions.tokens_seen(known, people_actions.asking(page))
                ]
            )
        )

    @api.route("/tokens", "POST")
    @page.needs("technician", fresh=True)
    @api.takes(
        body(
            name=_name(),
            scopes=fields.List(one_of(Scope), required=True, validate=validate.Length(1, len(Scope))),
        )
    )
    @api.answers(TokenMade, 409, 415, 422, 503)
    def api_add_token(sent: dict[str, Any]) -> Any:
        """Make a token: `token` is told this once.

        `read` may look like a viewer; `operate` may do what a farmer may. It ends with the account that made it.
        """
        answer = people_actions.add_token(page, sent["name"], sent["scopes"])
        return answered(page, answer)

    @api.route("/tokens/<int:id>/end", "POST")
    @page.needs("technician", personal=True)
    @api.takes(Body)
    @api.answers(DONE, 404, 409, 415, 422, 503)
    def api_end_token(_: dict[str, Any], id: int) -> Any:
        """Take a token back; it opens nothing from now on."""
        return answered(page, people_actions.end_token(page, id))
