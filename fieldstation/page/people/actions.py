"""Accounts and tokens, asked for by form or by API: passwords become hashes here, and a token is made here.

Each audit entry is asked of the controller in the name of whoever is signed in. A refusal is an answer with
`refused`, whether the page says it (`password_weak`, `wrong_own`, `wait`) or the controller.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Sequence
from typing import Any

from fieldstation.domain.people import Account, Person, Role, Scope, Token
from fieldstation.page.access import identity
from fieldstation.page.access.identity import Known, token_hash
from fieldstation.page.access.passwords import hashed, proves, weak
from fieldstation.page.context import Answer, PageContext


def asking(page: PageContext) -> Person:
    """Who asks, behind a gate that lets nobody in without a name."""
    person = page.person()
    assert person is not None, "the gate let nobody in without a name"
    return person


def accounts_seen(known: Known, person: Person) -> list[Account]:
    """A viewer sees the own account alone."""
    reads = person.role.may(Role.FARMER)
    return [one for one in known.accounts if reads or one.name == person.name]


def tokens_seen(known: Known, person: Person) -> list[Token]:
    """Tokens are the technician's."""
    return list(known.tokens) if person.role.may(Role.TECHNICIAN) else []


def change_own(page: PageContext, password: str, new: str) -> Answer:
    """The own password takes the old one; wrong ones make the next wait. Signs every other phone out, not this one."""
    name = asking(page).name
    account = page.register.known().account(name)
    if (wait_s := page.login_backoff.wait_s(name)) > 0:
        return _refused("wait", n=math.ceil(wait_s))
    if account is None or not proves(account.password, password):
        page.login_backoff.wrong(name)
        return _refused("wrong_own")
    page.login_backoff.right(name)
    answer = give_password(page, name, new)
    if not answer.refused and (changed := page.register.known().account(name)) is not None:
        identity.begin(changed)
    return answer


def sign_out_everywhere(page: PageContext) -> Answer:
    """Every phone of whoever asks, this one too."""
    answer = sign_out(page, asking(page).name)
    if not answer.refused:
        identity.end()
    return answer


def add(page: PageContext, name: str, role: str, password: str) -> Answer:
    """A new account."""
    if weak(password, name):
        return _refused("password_weak")
    return _send(page, "add_account", name=name, role=role, password=hashed(password))


def give_role(page: PageContext, name: str, role: str) -> Answer:
    """Another role."""
    return _send(page, "set_role", name=name, role=role)


def give_password(page: PageContext, name: str, password: str) -> Answer:
    """Another password; the account's sessions end."""
    if weak(password, name):
        return _refused("password_weak")
    return _send(page, "set_password", name=name, password=hashed(password))


def sign_out(page: PageContext, name: str) -> Answer:
    """The account's sessions end."""
    return _send(page, "sign_out", name=name)


def remove(page: PageContext, name: str) -> Answer:
    """The account ends, with its sessions and tokens."""
    return _send(page, "remove_account", name=name)


def add_token(page: PageContext, name: str, scopes: Sequence[str]) -> Answer:
    """A new token: `token` in the answer is told this once, and kept by nobody here."""
    token = f"fs_{secrets.token_urlsafe(32)}"
    wanted = [scope.value for scope in Scope if scope.value in scopes]
    answer = _send(page, "add_token", name=name, scopes=wanted, hash=token_hash(token))
    return answer if answer.refused else Answer(body={**answer.body, "token": token})


def end_token(page: PageContext, number: int | None) -> Answer:
    """Take a token back."""
    return _send(page, "end_token", id=number)


def _send(page: PageContext, command: str, **values: Any) -> Answer:
    return page.send_command(command, by=asking(page).name, **values)


def _refused(code: str, **values: float) -> Answer:
    return Answer(code, values)
