"""A page whose peers grant everything: for whoever tries all of the API."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fieldstation.controller.commands.registry import COMMANDS
from fieldstation.page.access import csrf
from fieldstation.page.app import create_app
from fieldstation.page.planting.advisor import Advisor
from fieldstation.page.record.export_job import RecordFile
from fieldstation.wire.places import Places
from tests.kit.office import people, signed_in
from tests.kit.page_bench import STATION, guard_status, snapshot
from tests.kit.peers import Peer
from tests.kit.planting import FOUND
from tests.kit.station import wait_for


class GrantingBench:
    """A station whose peers grant everything, and somebody who may ask everything."""

    def __init__(self, folder: Path) -> None:
        self.places = Places.under(folder)
        people(self.places, Ana="technician")
        self.app = create_app(STATION, self.places)
        self.guard = Peer(
            self.places.guard_socket,
            {"status": guard_status(), "stop": {"stopped": True, "lines": {}}, "resume": {"resumed": True}},
        )
        granted: dict[str, Any] = {command: {"granted": True} for command in (*COMMANDS, "harvest")}
        granted |= {
            "add_token": {"added": "machine"},
            "calibrate": {"calibrated": True, "curve": [], "values": {}},
        }
        reckoned = (sys.executable, "-S", "-c", f"print({json.dumps(FOUND)!r})")
        self.app.extensions["planting"] = Advisor(self.places.data / "reckoned", reckoned)
        written = (sys.executable, "-S", "-c", "print('a zip')")
        self.app.extensions["record_file"] = RecordFile(self.places, written)
        self.controller = Peer(
            self.places.controller_socket,
            {
                "snapshot": {**snapshot(), "hand_mark": "m"},
                **granted,
            },
        )
        client, marks = signed_in(self.app, self.places, "Ana")
        (cookie,) = (client._cookies or {}).values()
        self.cookies = {cookie.key: cookie.value}  # a header `Cookie` would give way to the client's own jar
        self.headers = {"Accept-Encoding": "identity", "X-CSRF-Token": marks[csrf.FIELD]}

    def written(self) -> None:
        """Wait for the whole record as a file: there is nothing to be got while a child is at it."""
        file: RecordFile = self.app.extensions["record_file"]
        file.make()
        wait_for(lambda: file.made().state == "ready", 30, "the file is written")

    def close(self) -> None:
        self.guard.close()
        self.controller.close()


@contextmanager
def granting() -> Iterator[GrantingBench]:
    with tempfile.TemporaryDirectory(prefix="api-") as folder:
        made = GrantingBench(Path(folder))
        try:
            yield made
        finally:
            made.close()
