"""A real record with real people, the controller's real commands behind a socket, and clients that are signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from flask import Flask
from flask.testing import FlaskClient

from fieldstation.binding import read
from fieldstation.controller.commands.context import CommandContext
from fieldstation.controller.commands.registry import COMMANDS, answer
from fieldstation.controller.recording import Recording
from fieldstation.domain.people import Account, Role
from fieldstation.domain.status.guard import GuardStatus
from fieldstation.page.access import csrf, identity
from fieldstation.page.access.passwords import hashed
from fieldstation.store.reader import Reader
from fieldstation.store.record import Record, RecordError
from fieldstation.store.upkeep.migrate import prepare
from fieldstation.wire.clock import SystemClock
from fieldstation.wire.line import Message
from fieldstation.wire.places import Places
from tests.kit.page_bench import STATION, Bench, guard_status, opened, snapshot
from tests.kit.peers import Peer

PASSWORD = "eight letters and more"
NEW = "quite another sentence"
LIVE = {
    "sensor": "north_soil",
    "volts": 2.71,
    "age_s": 0.4,
    "readings": 20,
    "steady_v": 2.712,
    "recent_v": [2.71],
}
CLOSED = {"id": "r1", "zone": "north", "stop_reason": "done", "on_s": 10.0, "litres": 6.0}
TRIED = {"calibrated": False, "curve": [[1.0, 0.5], [2.9, 0.02]], "values": {}}
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

        identity.begin(account)
        if not fresh:
            session["proved_at"] -= 3600.0
        kept, mark = dict(session), csrf.csrf_token()
    client = app.test_client()
    with client.session_transaction() as opened:
        opened.update(kept)
        opened.permanent = True
    return client, {csrf.FIELD: mark}


def office(places: Places, station: Any) -> Callable[[Message], Message]:
    """The controller's commands upon a record of its own, opened by whichever thread asks first."""
    context: list[CommandContext] = []

    def ask(message: Message) -> Message:
        if not context:
            dry = SimpleNamespace(
                poll=lambda: None,
                forget=lambda: None,
                watering=False,
                status=read(GuardStatus, guard_status()),
            )
            core = SimpleNamespace(
                station=station, apply_settings=lambda settings: None, clock=SystemClock(), watering=dry
            )
            try:
                record = Record.open(places.record, "office")
            except RecordError as error:
                return {"refused": "record_failed", "values": {"detail": str(error)}}
            none = cast("Any", None)
            context.append(
                CommandContext(
                    cast("Any", core), record, Recording(record), none, none, none, places.setup_code
                )
            )
        return answer(context[0], message) or {"error": "unknown"}

    return ask


def commands(ask: Callable[[Message], Message]) -> dict[str, Any]:
    """Every command of a person's requests, for a `Peer`."""
    return dict.fromkeys(COMMANDS, ask)


@contextmanager
def staffed(guard: dict[str, Any], answers: dict[str, Any] | None = None, **roles: str) -> Iterator[Bench]:
    """A page with people on its record, and the controller's real commands behind it; `answers` go before them."""
    with opened() as made:
        made.up(guard)
        people(made.places, **roles)
        made.app.extensions["site"].register.forget()
        asked = {"snapshot": snapshot(), **commands(office(made.places, STATION)), **(answers or {})}
        made.controller = Peer(made.places.controller_socket, asked)
        yield made


@contextmanager
def visiting() -> Iterator[Bench]:
    """A technician's visit: a probe that settled, a test run that closed."""
    answers = {"watch_probe": LIVE, "calibrate": TRIED}
    with staffed(guard_status(closed=[CLOSED]), answers, Tess="technician", Ben="farmer") as made:
        yield made


def account(bench: Bench, name: str) -> Account | None:
    with Reader(bench.places.record) as reader:
        return next((one for one in reader.accounts() if one.name == name), None)


class Caller:
    """Somebody with a session, who sends what /account gives."""

    def __init__(self, bench: Bench, name: str, *, fresh: bool = True) -> None:
        self.client, _ = signed_in(bench.app, bench.places, name, fresh=fresh)
        self.account = self.client.get("/api/v1/account").get_json()
        self.headers = {"X-CSRF-Token": self.account["csrf"]}

    def get(self, path: str, status: int = 200) -> Any:
        answer = self.client.get(f"/api/v1{path}")
        assert answer.status_code == status, answer.text
        return answer.get_json()

    def post(self, path: str, status: int = 200, **body: Any) -> Any:
        answer = self.client.post(f"/api/v1{path}", json=body, headers=self.headers)
        assert answer.status_code == status, answer.text
        assert answer.mimetype == ("application/json" if status == 200 else "application/problem+json")
        return answer.get_json()
