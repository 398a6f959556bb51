"""A person wipes the record: refused while water runs, and a controller that begins anew keeps the day's limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fieldstation.controller.restore import restore_state
from fieldstation.store.reader import Reader
from tests.controller.asked import Asked
from tests.kit.controller_bench import START

ALL = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Asked]:
    made = Asked(tmp_path)
    yield made
    made.record.close()


def wipe(asked: Asked, **more: Any) -> tuple[dict[str, Any], list[str]]:
    """The answer, and whether the process begins anew."""
    begun: list[str] = []
    asked.desk = replace(asked.desk, begin_anew=lambda: begun.append("anew"))
    return asked.say("wipe_record", **more), begun


def test_who_wiped_stands_in_the_trail_and_the_process_begins_anew_once(asked: Asked) -> None:
    asked.say("set_setting", name="automatic", value=False)
    assert wipe(asked) == ({"wiped": True}, ["anew"])
    assert asked.audit_log() == [("anna", "record_wiped")]
    assert asked.record.settings().get("automatic", "north") is False


def test_what_waited_was_decided_from_what_is_forgotten(asked: Asked) -> None:
    asked.feel()
    assert asked.decide().depth_mm > 0
    assert asked.core.watering.wants("north") is not None
    wipe(asked)
    asked.live(30)
    assert asked.guard.of("start") == []


@pytest.mark.parametrize("by_us", [True, False])
def test_not_while_water_runs(asked: Asked, *, by_us: bool) -> None:
    asked.say("set_setting", name="automatic", value=False)
    if by_us:
        asked.core.watering.start("r", "north", "manual", 60.0, 100.0)
    else:
        asked.guard.status["runs"].append({"id": "of before a restart", "zone": "north"})
    answer, begun = wipe(asked)
    assert (answer["refused"], begun) == ("water_runs", [])
    assert asked.audit_log() == [("anna", "setting")]


def test_not_while_nobody_knows_whether_water_runs(asked: Asked) -> None:
    asked.guard.silent.add("status")
    assert wipe(asked)[0]["refused"] == "guard_silent"
    assert asked.audit_log() == []


def test_not_without_a_name(asked: Asked) -> None:
    assert wipe(asked, by=" ")[0]["refused"] == "nobody_asks"


def test_not_while_somebody_reads_for_long(asked: Asked) -> None:
    with Reader(asked.path) as reader:
        assert reader._connection is not None
        reader._connection.execute("BEGIN")
        assert reader.audit() == []
        asked.say("set_setting", name="automatic", value=False)
        answer, begun = wipe(asked)
    assert (answer["refused"], begun) == ("record_read", [])
    assert asked.audit_log() == [("anna", "setting")]


def test_the_days_limit_holds_over_a_wipe_and_what_the_guard_tells_again_is_no_news(asked: Asked) -> None:
    for number, hours in enumerate((300, 30, 2)):
        asked.guard.close_run(f"r{number}", litres=500.0, at=START - timedelta(hours=hours))
    asked.core.watering.poll()
    room_mm = asked.core.room_mm("north")
    wipe(asked)
    asked.restart()
    restore_state(asked.core, asked.path, asked.clock.now())
    assert asked.core.room_mm("north") == room_mm
    asked.core.watering.poll()
    assert asked.core.room_mm("north") == room_mm
    with Reader(asked.path) as reader:
        assert [run.id for run in reader.runs("north", ALL)] == ["r2"]
    asked.guard.close_run("r3", litres=500.0, at=asked.clock.now())
    asked.core.watering.poll()
    with Reader(asked.path) as reader:
        assert sorted(run.id for run in reader.runs("north", ALL)) == ["r2", "r3"]
