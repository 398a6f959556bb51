"""The API against its own description: whatever is sent, no server error, no violation taken, no answer undescribed."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import SkipTest

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig

from fieldstation.controller.verbs.order import VERBS
from fieldstation.page import forms
from fieldstation.page.app import create_app
from fieldstation.page.record_file import RecordFile
from fieldstation.page.season.advisor import Advisor
from fieldstation.wire.places import Places
from tests.page.office import people, signed_in
from tests.page.peers import Peer
from tests.page.test_page import STATION, guard_status, snapshot
from tests.page.test_planting_screen import FOUND
from tests.scenarios.station import wait_for

CASES = int(os.environ.get("FIELDSTATION_API_CASES", "25"))
"""Of each operation. There are 60 and more, so that all of them together are over two thousand."""
load_all_checks()
HERE = {"zone": "north", "sensor": "north_soil", "visit": "2026-07-01-abcd", "name": "units"}
"""What names something that is there."""
NEVER = {"POST /api/v1/account/password", "POST /api/v1/zones/{zone}/bucket"}
"""Nobody guesses the own password, nor the run of a test."""
NOT_OURS = {
    "use_after_free", "ensure_resource_availability",  # no route makes a thing that another would show
    "ignored_auth",  # every case is signed in; `test_entry` enumerates who may what
    "unsupported_method",  # `test_api` asks every route with every method
    "missing_required_header",
    "positive_data_acceptance",  # whether a zone or a day exists is no matter of form: 400 and 404 say so
}  # fmt: skip


class Bench:
    """A station whose peers grant everything, and somebody who may ask everything."""

    def __init__(self, folder: Path) -> None:
        self.places = Places.under(folder)
        people(self.places, Ana="technician")
        self.app = create_app(STATION, self.places)
        self.guard = Peer(
            self.places.guard_socket,
            {"status": guard_status(), "stop": {"stopped": True, "lines": {}}, "resume": {"resumed": True}},
        )
        granted: dict[str, Any] = {verb: {"granted": True} for verb in (*VERBS, "harvest")}
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
        self.headers = {"Accept-Encoding": "identity", "X-CSRF-Token": marks[forms.FIELD]}

    def written(self) -> None:
        """Wait for the whole record as a file: there is nothing to be got while a child is at it."""
        file: RecordFile = self.app.extensions["record_file"]
        file.make()
        wait_for(lambda: file.made().state == "ready", 30, "the file is written")

    def close(self) -> None:
        self.guard.close()
        self.controller.close()


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with tempfile.TemporaryDirectory(prefix="api-") as folder:
        made = Bench(Path(folder))
        yield made
        made.close()


def refuse(case: Any, bench: Bench) -> int:
    """Send it and hold the answer against the description; its status."""
    answer = case.call_and_validate(
        headers=bench.headers,
        cookies=bench.cookies,
        excluded_checks=[CHECKS.get_one(name) for name in NOT_OURS],
    )
    assert answer.status_code != 401, "whoever asks is signed in: a case that stays at the door tries nothing"
    return int(answer.status_code)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_case_breaks_the_description(bench: Bench, mode: GenerationMode) -> None:
    """Right and wrong requests to every operation; over a thousand of both together."""
    config = SchemathesisConfig.from_dict({"generation": {"with-security-parameters": False}})
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", bench.app, config=config)
    tried, granted = 0, set()
    for found in described.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr] # every operation of ours is well described
        if operation.label == "GET /api/v1/record/file":
            bench.written()
        try:
            strategy = operation.as_strategy(generation_mode=mode)

            @settings(max_examples=CASES, deadline=None, derandomize=True, database=None,
                      suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate])  # fmt: skip
            @given(case=strategy)
            def hold(case: Any) -> None:
                nonlocal tried
                tried += 1
                if mode is GenerationMode.POSITIVE:
                    case.path_parameters |= {
                        name: HERE[name] for name in case.path_parameters if name in HERE
                    }
                if refuse(case, bench) == 200:
                    granted.add(case.operation.label)

            hold()
        except (Unsatisfiable, SkipTest):
            continue  # nothing can be wrong about a request that takes nothing
    assert tried >= CASES * 25
    if mode is GenerationMode.POSITIVE:
        everything = {one.ok().label for one in described.get_all_operations()}  # type: ignore[union-attr]
        assert everything - granted == NEVER, "these were asked and never granted: nothing of them was tried"
