"""The API against its own description: whatever is sent, no server error, no violation taken, no answer undescribed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any
from unittest import SkipTest

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig

from tests.kit.granting_bench import GrantingBench, granting

pytestmark = pytest.mark.slow

CASES = int(os.environ.get("FIELDSTATION_API_CASES", "25"))
"""Of each operation. There are 60 and more, so that all of them together are over two thousand."""
load_all_checks()
HERE = {"zone": "north", "sensor": "north_soil", "visit": "2026-07-01-abcd", "name": "units"}
"""What names something that is there."""
NEVER = {"POST /api/v1/account/password", "POST /api/v1/zones/{zone}/bucket"}
"""Nobody guesses the own password, nor the run of a test."""
NOT_OURS = {
    "use_after_free",
    "ensure_resource_availability",  # no route makes a thing that another would show
    "ignored_auth",  # every case is signed in; `test_entry` enumerates who may what
    "unsupported_method",  # `test_api` asks every route with every method
    "missing_required_header",
    "positive_data_acceptance",  # whether a zone or a day exists is no matter of form: 400 and 404 say so
}


@pytest.fixture(scope="module")
def bench() -> Iterator[GrantingBench]:
    with granting() as made:
        yield made


def refuse(case: Any, bench: GrantingBench) -> int:
    """Send it and hold the answer against the description; its status."""
    answer = case.call_and_validate(
        headers=bench.headers,
        cookies=bench.cookies,
        excluded_checks=[CHECKS.get_one(name) for name in NOT_OURS],
    )
    assert answer.status_code != 401, "whoever asks is signed in: a case that stays at the door tries nothing"
    return int(answer.status_code)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_case_breaks_the_description(bench: GrantingBench, mode: GenerationMode) -> None:
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

            @settings(
                max_examples=CASES,
                deadline=None,
                derandomize=True,
                database=None,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.explicit, Phase.generate],
            )
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
