"""Commands on the device about who may come in: account, setup-code."""

from __future__ import annotations

import argparse
import getpass
from typing import Any

from fieldstation.cli.options import add_places, places_of
from fieldstation.domain.errors import PeerSilent, StationError
from fieldstation.domain.people import Role
from fieldstation.store.reader import Reader
from fieldstation.wire.client import call
from fieldstation.wire.line import Message
from fieldstation.wire.places import Places

DEVICE = "(on the device)"
"""How the audit log names whoever has a shell here."""
SAID = {
    "name_bad": "a name has 1 to 40 letters",
    "name_taken": "there is an account of that name already",
    "account_unknown": "there is no account of that name; see: fieldstation account list",
    "last_technician": "this is the last technician; make another one first",
    "too_many": "there are as many accounts as a station may have",
}


def add(commands: Any) -> None:
    """Add this room's commands."""
    account = commands.add_parser(
        "account",
        help="who may sign in: list, add, role, password, remove, sign-out",
        description="Accounts of the page, changed on the device. Passwords are asked for on the terminal.",
        epilog="Example: fieldstation account add Ana --role farmer",
    )
    account.add_argument("order", choices=("list", "add", "role", "password", "remove", "sign-out"))
    account.add_argument("name", nargs="?", help="the account's name; not for list")
    account.add_argument("--role", choices=[role.value for role in Role], help="for add and role")
    add_places(account, config=False)
    account.set_defaults(run=run_account)
    code = commands.add_parser(
        "setup-code",
        help="the code that makes the first account, or a new one when every password is lost",
        description="Print the one-time set-up code. It is there until somebody used it on the page.",
        epilog="Example: fieldstation setup-code --new",
    )
    code.add_argument(
        "--new", action="store_true", help="make a new code; it makes a technician of whoever uses it"
    )
    add_places(code, config=False)
    code.set_defaults(run=run_code)


def run_account(args: argparse.Namespace) -> int:
    """List accounts, or change one."""
    places = places_of(args)
    if args.order == "list":
        return _list(places)
    if not args.name:
        raise StationError(f"{args.order} needs a name: fieldstation account {args.order} NAME")
    if args.order in ("add", "role") and not args.role:
        raise StationError(f"{args.order} needs --role viewer, farmer or technician")
    command, values = {
        "add": ("add_account", {"role": args.role}),
        "role": ("set_role", {"role": args.role}),
        "password": ("set_password", {}),
        "remove": ("remove_account", {}),
        "sign-out": ("sign_out", {}),
    }[args.order]
    if args.order in ("add", "password"):
        values = {**values, "password": _password(args.name)}
    _send_command(places, {"verb": command, "name": args.name, **values})
    print(f"Done: {args.order} {args.name}")
    return 0


def run_code(args: argparse.Namespace) -> int:
    """Print the code."""
    from fieldstation.controller.setup_code import current

    places = places_of(args)
    if args.new:
        _send_command(places, {"verb": "new_setup_code"})
    try:
        code = current(places.setup_code)
    except OSError as error:
        raise StationError(
            f"{places.setup_code}: cannot be read ({error.strerror}); be its owner: sudo -u fieldstation fieldstation setup-code"
        ) from error
    if code is None:
        print("No code is in use. If a password is lost: fieldstation setup-code --new")
        return 1
    print(code)
    return 0


def _list(places: Places) -> int:
    with Reader(places.record) as reader:
        accounts, tokens = reader.accounts(), reader.tokens()
    for one in accounts:
        print(f"{one.name}: {one.role.value}, since {one.since:%Y-%m-%d}")
    for token in tokens:
        print(f"token {token.name}: {', '.join(token.scopes)}, made by {token.by} {token.since:%Y-%m-%d}")
    if not accounts:
        print("Nobody has an account yet: open the page and use the code of fieldstation setup-code")
    return 0


def _password(name: str) -> str:
    from fieldstation.page.access.passwords import hashed, weak

    try:
        password, again = getpass.getpass(f"Password for {name}: "), getpass.getpass("Once more: ")
    except EOFError:
        raise StationError("no password was given; nothing was changed") from None
    if password != again:
        raise StationError("the two are not the same; nothing was changed")
    if weak(password, name):
        raise StationError("a password has 8 to 200 letters and is not the name; nothing was changed")
    return hashed(password)


def _send_command(places: Places, message: Message) -> Message:
    try:
        answer = call(places.controller_socket, {**message, "by": DEVICE})
    except PeerSilent as error:
        raise StationError(
            f"the controller is silent, and it alone writes the record: nothing was changed ({error})"
        ) from error
    if "refused" in answer:
        code, values = str(answer["refused"]), answer.get("values") or {}
        raise StationError(
            f"nothing was changed: {SAID.get(code) or values.get('detail') or code.replace('_', ' ')}"
        )
    if "error" in answer:
        raise StationError(f"nothing was changed: {answer['error']}")
    return answer
