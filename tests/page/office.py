"""A real record with real people, the controller's real verbs behind a socket, and clients that are signed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from flask import Flask
from flask.testing import FlaskClient

from fieldstation.controller.recording import Recording
from fieldstation.controller.verbs.desk import Desk
from fieldstation.controller.verbs.order import VERBS, answer
from fieldstation.domain.people import Role
from fieldstation.page import forms, sessions
from fieldstation.page.passwords import hashed
from fieldstation.store.migrate import prepare
from fieldstation.store.reader import Reader
from fieldstation.store.record import Record, RecordError
from fieldstation.wire.clock import SystemClock
from fieldstation.wire.line import Message
from fieldstation.wire.places import Places

PASSWORD = "eight letters and more"
_HASHES: dict[str, str] = {}


def hash_of(password: str = PASSWORD) -> str:
    """Hashed once for all tests."""
    if password not in _HASHES:
        _HASHES[password] = hashed(password)
    return _HASHES[password]


def people(places: Places, **roles: str) -> None:
    """Accounts on a record, which is made if need be: `people(places, Ana="technician", Ben="farmer")`."""
    if not places.record.exists():
        prepare(places.record, datetime.now(UTC))
    record = Record.open(places.record, "test")
    with record.people() as found:
        for name, role in roles.items():
            found.add_account(name, Role(role), hash_of())
    record.close()


def signed_in(
    app: Flask, places: Places, name: str, *, fresh: bool = True
) -> tuple[FlaskClient, dict[str, str]]:
    """A client with the session of an account, and what its forms carry."""
    with Reader(places.record) as reader:
        account = next(one for one in reader.accounts() if one.name == name)
    app.extensions["site"].register.forget()
    with app.test_request_context():
        from flask import session

        sessions.begin(account)
        if not fresh:
            session["proved_at"] -= 3600.0
        kept, mark = dict(session), forms.mark()
    client = app.test_client()
    with client.session_transaction() as opened:
        opened.update(kept)
        opened.permanent = True
    return client, {forms.FIELD: mark}


def office(places: Places, station: Any) -> Callable[[Message], Message]:
    """The controller's verbs upon a record of its own, opened by whichever thread asks first."""
    desk: list[Desk] = []

    def ask(message: Message) -> Message:
        if not desk:
            dry = SimpleNamespace(
                look=lambda: None, forget=lambda: None, watering=False, status={"runs": [], "closed": []}
            )
            core = SimpleNamespace(
                station=station, heed=lambda settings: None, clock=SystemClock(), watering=dry
            )
            try:
                record = Record.open(places.record, "office")
            except RecordError as error:
                return {"refused": "record_failed", "values": {"detail": str(error)}}
            none = cast("Any", None)
            desk.append(
                Desk(cast("Any", core), record, Recording(record), none, none, none, places.setup_code)
            )
        return answer(desk[0], message) or {"error": "unknown"}

    return ask


def verbs(ask: Callable[[Message], Message]) -> dict[str, Any]:
    """Every verb of a person's wishes, for a `Peer`."""
    return dict.fromkeys(VERBS, ask)
