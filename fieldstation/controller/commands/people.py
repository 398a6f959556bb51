"""Accounts and tokens: a person's request, kept in one transaction with its line in the audit log.

Passwords never come here, only their argon2id hashes: the page and the command line make them.
"""

from __future__ import annotations

import re

from fieldstation.controller import setup_code
from fieldstation.controller.commands.context import CommandContext, Refused
from fieldstation.controller.commands.settings import asked_by
from fieldstation.domain.people import Account, Role, Scope, named
from fieldstation.domain.settings import SETTINGS
from fieldstation.store.tables.people import People
from fieldstation.wire.line import Message

ACCOUNTS_MOST, TOKENS_MOST = 50, 50
NOTED = frozenset({"signed_in", "sign_in_failed", "stop", "resume"})
"""What the page may add to the audit log of what it did itself."""
_HASH = re.compile(r"\$argon2id\$v=19\$m=\d{1,7},t=\d{1,2},p=\d\$[A-Za-z0-9+/]{16,64}\$[A-Za-z0-9+/]{32,128}")
_SHA = re.compile(r"[0-9a-f]{64}")


def set_up(context: CommandContext, message: Message) -> Message:
    """`{code, name, password, language}` -> the account is a technician's; the code is gone.

    Also the way back in when every password is lost: the account named gets the new one. `password` is a hash.
    Refused: `setup_code_wrong`, `setup_code_gone`, `name_bad`, `password_bad`, `setting_bad`.
    """
    place = context.setup_code
    if not setup_code.matches(place, message.get("code")):
        raise Refused("setup_code_gone" if setup_code.current(place) is None else "setup_code_wrong")
    name, password = _name(message), _password(message)
    try:
        language = SETTINGS["language"].checked(message.get("language"))
    except ValueError as error:
        raise Refused("setting_bad", name="language", detail=str(error)) from error
    with setup_code.taken(place), context.record.people() as people:
        found = people.account(name)
        _room(people, found)
        people.add_account(found.name if found else name, Role.TECHNICIAN, password)
        people.add_audit(name, "set_up")
        if language is not None:
            context.record.set_setting("language", None, language, name)
    context.core.apply_settings(context.record.settings())
    return {"set_up": name}


def new_setup_code(context: CommandContext, message: Message) -> Message:
    """`{by}` -> a new code is in its file; the older one is over. For the device's own command line."""
    by = asked_by(message)
    with context.record.people() as people:
        people.add_audit(by, "setup_code_made")
        setup_code.made(context.setup_code)
    return {"made": True}


def add_account(context: CommandContext, message: Message) -> Message:
    """`{name, role, password, by}`. Refused: `name_taken`, `name_bad`, `role_bad`, `password_bad`, `too_many`."""
    by, name, role, password = asked_by(message), _name(message), _role(message), _password(message)
    with context.record.people() as people:
        if people.account(name) is not None:
            raise Refused("name_taken", name=name)
        _room(people, None)
        people.add_account(name, role, password)
        people.add_audit(by, "account_added", None, {"name": name, "role": role.value})
    return {"added": name}


def set_role(context: CommandContext, message: Message) -> Message:
    """`{name, role, by}`. Refused: `account_unknown`, `role_bad`, `last_technician`."""
    by, role = asked_by(message), _role(message)
    with context.record.people() as people:
        found = _account(people, message)
        if role is not Role.TECHNICIAN:
            _another_technician(people, found)
        people.set_role(found.name, role)
        people.add_audit(by, "role_given", None, {"name": found.name, "role": role.value})
    return {"role": role.value}


def set_password(context: CommandContext, message: Message) -> Message:
    """`{name, password, by}`: every session of the account ends. Refused: `account_unknown`, `password_bad`."""
    by, password = asked_by(message), _password(message)
    with context.record.people() as people:
        found = _account(people, message)
        people.set_password(found.name, password)
        people.add_audit(by, "password_set", None, {"name": found.name})
    return {"password_set": found.name}


def sign_out(context: CommandContext, message: Message) -> Message:
    """`{name, by}`: every session of the account ends. Refused: `account_unknown`."""
    by = asked_by(message)
    with context.record.people() as people:
        found = _account(people, message)
        people.end_sessions(found.name)
        people.add_audit(by, "signed_out_everywhere", None, {"name": found.name})
    return {"signed_out": found.name}


def remove_account(context: CommandContext, message: Message) -> Message:
    """`{name, by}`: its sessions and tokens end too. Refused: `account_unknown`, `last_technician`."""
    by = asked_by(message)
    with context.record.people() as people:
        found = _account(people, message)
        _another_technician(people, found)
        people.end_account(found.name)
        people.add_audit(by, "account_removed", None, {"name": found.name})
    return {"removed": found.name}


def add_token(context: CommandContext, message: Message) -> Message:
    """`{name, scopes, hash, by}`; `by` is an account. Refused: `name_bad`, `scope_bad`, `token_bad`, `too_many`."""
    by, name, hashed = asked_by(message), _name(message), str(message.get("hash"))
    wanted = message.get("scopes")
    if not isinstance(wanted, list) or not wanted or any(one not in list(Scope) for one in wanted):
        raise Refused("scope_bad")
    if not _SHA.fullmatch(hashed):
        raise Refused("token_bad")
    scopes = tuple(scope for scope in Scope if scope.value in wanted)
    with context.record.people() as people:
        maker = people.account(by)
        if maker is None:
            raise Refused("account_unknown", name=by)
        if len(people.tokens()) >= TOKENS_MOST:
            raise Refused("too_many", most=TOKENS_MOST)
        people.add_token(name, scopes, hashed, maker.name)
        people.add_audit(by, "token_added", None, {"name": name, "scopes": " ".join(scopes)})
    return {"added": name}


def end_token(context: CommandContext, message: Message) -> Message:
    """`{id, by}`. Refused: `token_unknown`."""
    by = asked_by(message)
    with context.record.people() as people:
        found = next((one for one in people.tokens() if one.id == message.get("id")), None)
        if found is None:
            raise Refused("token_unknown")
        people.end_token(found.id)
        people.add_audit(by, "token_ended", None, {"name": found.name})
    return {"ended": found.name}


def note_audit(context: CommandContext, message: Message) -> Message:
    """`{what, by}`: the page tells what it did itself, STOP and sign-in. Refused: `not_understood`."""
    by, what = asked_by(message), str(message.get("what"))
    if what not in NOTED:
        raise Refused("not_understood")
    context.record.add_audit(by, what)
    return {"noted": what}


def _name(message: Message) -> str:
    try:
        return named(message.get("name"))
    except ValueError:
        raise Refused("name_bad") from None


def _role(message: Message) -> Role:
    try:
        return Role(str(message.get("role")))
    except ValueError:
        raise Refused("role_bad") from None


def _password(message: Message) -> str:
    text = message.get("password")
    if not isinstance(text, str) or not _HASH.fullmatch(text):
        raise Refused("password_bad")
    return text


def _account(people: People, message: Message) -> Account:
    found = people.account(str(message.get("name")))
    if found is None:
        raise Refused("account_unknown", name=str(message.get("name")))
    return found


def _another_technician(people: People, besides: Account) -> None:
    """Somebody must be left who may mend what is wrong with accounts."""
    if besides.role is Role.TECHNICIAN and not any(
        one.role is Role.TECHNICIAN and one.name != besides.name for one in people.accounts()
    ):
        raise Refused("last_technician")


def _room(people: People, found: Account | None) -> None:
    if found is None and len(people.accounts()) >= ACCOUNTS_MOST:
        raise Refused("too_many", most=ACCOUNTS_MOST)
