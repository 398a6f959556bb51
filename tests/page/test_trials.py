"""What the station itself knows of a commissioning step, and which "passed" it does not believe."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest

from fieldstation.binding import read
from fieldstation.domain.commissioning import Outcome, Step, StepDone
from fieldstation.domain.status.guard import GuardStatus
from fieldstation.page.commissioning.actions import proved
from fieldstation.page.commissioning.screen import _csv
from fieldstation.page.history.csv_stream import line
from fieldstation.page.sources import StationSnapshot
from tests.kit.page_bench import Bench, guard_status, snapshot
from tests.kit.status import closed, latch


def moment(guard: dict[str, Any] | None) -> StationSnapshot:
    status = None if guard is None else read(GuardStatus, guard_status(**guard))
    return StationSnapshot(datetime(2026, 6, 1, tzinfo=UTC), status, None, {}, None)


def run(reason: str = "lease_expired", on_s: float = 14.2) -> dict[str, Any]:
    return {"closed": [closed("r1", stop_reason=reason, on_s=on_s)]}


@pytest.mark.parametrize(
    ("guard", "said"),
    [
        (None, "guard_is_silent"),
        ({"closed": []}, "fail_safe_not_seen"),
        (run("ended"), "fail_safe_failed"),  # the controller ended it itself: nothing was proved
        (run("lease_expired", 25.0), "fail_safe_failed"),
        (run(), None),
    ],
)
def test_the_fail_safe_test_has_passed_only_by_the_guards_own_words(guard: Any, said: str | None) -> None:
    assert proved("fail_safe", "passed", moment(guard), "r1") == said


def test_a_step_that_failed_or_was_left_out_needs_no_proof() -> None:
    assert proved("fail_safe", "failed", moment(None), "") is None
    assert proved("stop", "skipped", moment(None), "") is None


def test_stop_and_leak_are_what_the_guard_says() -> None:
    assert proved("stop", "passed", moment(run()), "") == "stop_not_pressed"
    assert proved("stop", "passed", moment({**run(), "stop_latched": True}), "") is None
    leaking = {**run(), "latches": [latch("leak")]}
    assert proved("leak", "passed", moment(leaking), "") == "leak_seen"
    assert proved("leak", "passed", moment(run()), "") is None
    assert proved("clock", "passed", moment(None), "") is None


def test_the_reports_file_holds_no_formula_and_no_mark_in_an_empty_cell() -> None:
    told = StepDone(
        "v", Step.RELAY, Outcome.PASSED, datetime(2026, 7, 1, tzinfo=UTC), "=cmd()", "", "", {"x": "\r=1"}
    )
    head, row = list(csv.reader(io.StringIO(_csv([told]))))
    assert dict(zip(head, row, strict=True)) == {
        "at": "2026-07-01T00:00:00+00:00",
        "step": "relay",
        "of": "",
        "outcome": "passed",
        "by": "'=cmd()",
        "note": "",
        "values": "x=\r=1",
    }
    ((cell,),) = csv.reader(io.StringIO(line(["\r=1"]), newline=""))
    assert cell == "'\r=1"


@pytest.mark.parametrize("number", ["nan", "inf"])
def test_a_number_that_is_none_is_not_understood_and_no_failure(bench: Bench, number: str) -> None:
    bench.up(guard_status(), snapshot())
    with bench.app.test_request_context():
        found = bench.app.extensions["site"].send_command("calibrate", t_c=float(number))
    assert found.refused == "not_understood"
