"""The page before peers that answer what a test says, and what they say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask.testing import FlaskClient

from fieldstation.config.demo import demo_toml
from fieldstation.config.load import resolve
from fieldstation.domain.people import Scope
from fieldstation.page.access.identity import token_hash
from fieldstation.page.app import create_app
from fieldstation.store.record import Record
from fieldstation.wire.places import Places
from tests.kit.peers import Peer
from tests.kit.status import NOW, guard_status, snapshot, z, zone

__all__ = [
    "NOW",
    "STATION",
    "Bench",
    "guard_status",
    "opened",
    "send",
    "snapshot",
    "token",
    "told",
    "z",
    "zone",
]

STATION = resolve(demo_toml(planted_on=date(2026, 9, 1), seed=1).replace('"North field"', '"North <field>"'))


class Bench:
    guard: Peer
    controller: Peer

    def __init__(self, folder: Path) -> None:
        self.places = Places.under(folder)
        self.app = create_app(STATION, self.places)
        self.client: FlaskClient = self.app.test_client()

    def up(self, guard: dict[str, Any] | None = None, controller: dict[str, Any] | None = None) -> None:
        stopped = {"stopped": True, "lines": guard_status()["lines"]}
        if guard is not None:
            self.guard = Peer(
                self.places.guard_socket, {"status": guard, "stop": stopped, "resume": {"resumed": True}}
            )
        if controller is not None:
            self.controller = Peer(self.places.controller_socket, {"snapshot": controller})

    def close(self) -> None:
        for name in {"guard", "controller"} & vars(self).keys():
            getattr(self, name).close()


@contextmanager
def opened() -> Iterator[Bench]:
    """In a folder with a short path: sockets lie in it."""
    with TemporaryDirectory(prefix="page-", ignore_cleanup_errors=True) as folder:
        made = Bench(Path(folder))
        try:
            yield made
        finally:
            made.close()


def send(client: FlaskClient, method: str, address: str, **more: Any) -> Any:
    return client.open(address, method=method, **more)


def token(bench: Bench, *scopes: Scope) -> dict[str, str]:
    record = Record.open(bench.places.record, "test")
    text = f"fs_{'_'.join(scopes)}"
    with record.people() as found:
        found.add_token("machine", scopes, token_hash(text), "Tess")
    record.close()
    bench.app.extensions["site"].register.forget()
    return {"Authorization": f"Bearer {text}"}


VISIT = "2026-07-01-abcd"


def told(bench: Bench, command: str) -> list[dict[str, Any]]:
    assert bench.controller is not None
    return [one for one in bench.controller.asked if one["verb"] == command]
