"""The API against its own description: whatever is sent, no server error, no violation taken, no answer undescribed."""

from __future__ import annotations

import os
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

from fieldstation.page import forms
from fieldstation.page.api.wishes import TABLE
from fieldstation.page.app import create_app
from fieldstation.wire.places import Places
from tests.page.office import people, signed_in
from tests.page.peers import Peer
from tests.page.test_page import STATION, guard_status, snapshot

CASES = int(os.environ.get("FIELDSTATION_API_CASES", "40"))
"""Of each operation. There are 31 and more, so that all of them together are over a thousand."""
load_all_checks()
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
        granted: dict[str, Any] = {wish.verb: {"granted": True} for wish in TABLE}
        self.controller = Peer(
            self.places.controller_socket,
            {
                "snapshot": {**snapshot(), "hand_mark": "m"},
                "set_setting": {"set": True},
                "noted": {},
                **granted,
            },
        )
        client, marks = signed_in(self.app, self.places, "Ana")
        (cookie,) = (client._cookies or {}).values()
        self.headers = {
            "Accept-Encoding": "identity",
            "Cookie": f"{cookie.key}={cookie.value}",
            "X-CSRF-Token": marks[forms.FIELD],
        }

    def close(self) -> None:
        self.guard.close()
        self.controller.close()


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with tempfile.TemporaryDirectory(prefix="api-") as folder:
        made = Bench(Path(folder))
        yield made
        made.close()


def refuse(case: Any, bench: Bench) -> None:
    """Send it and hold the answer against the description."""
    case.call_and_validate(headers=bench.headers, excluded_checks=[CHECKS.get_one(name) for name in NOT_OURS])


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_case_breaks_the_description(bench: Bench, mode: GenerationMode) -> None:
    """Right and wrong requests to every operation; over a thousand of both together."""
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", bench.app)
    tried = 0
    for found in described.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr] # every operation of ours is well described
        try:
            strategy = operation.as_strategy(generation_mode=mode)

            @settings(max_examples=CASES, deadline=None, derandomize=True, database=None,
                      suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate])  # fmt: skip
            @given(case=strategy)
            def hold(case: Any) -> None:
                nonlocal tried
                tried += 1
                refuse(case, bench)

            hold()
        except (Unsatisfiable, SkipTest):
            continue  # nothing can be wrong about a request that takes nothing
    assert tried >= CASES * 15
