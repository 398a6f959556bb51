"""`set_setting`: what a person says is checked, kept, in force at once, and on the audit log."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from fieldstation.controller.commands.context import CommandContext
from fieldstation.controller.commands.registry import answer
from fieldstation.controller.core import Core
from fieldstation.domain.settings import Settings
from fieldstation.store.record import RecordError, Trouble
from tests.kit.controller_bench import STATION, HandClock, Memory, ScriptedGuard
from tests.kit.status import seen


class Kept:
    def __init__(self) -> None:
        self.rows: list[tuple[Any, ...]] = []
        self.full = False

    def set_setting(self, *row: Any) -> None:
        if self.full:
            raise RecordError(Trouble.LOCKED, "locked")
        self.rows.append(row)

    def settings(self) -> Settings:
        return Settings()


@pytest.fixture
def desk() -> CommandContext:
    core = SimpleNamespace(station=STATION, settings=None)
    core.apply_settings = lambda found: setattr(core, "settings", found)
    return CommandContext(cast("Core", core), cast("Any", Kept()), *[cast("Any", None)] * 5)


def test_a_wish_is_kept_and_in_force_at_once(desk: CommandContext) -> None:
    asked = {"verb": "set_setting", "name": "nudge_frac", "zone": "north", "value": 0.1, "by": "Ana"}
    assert answer(desk, asked) == {"set": "nudge_frac", "zone": "north", "value": 0.1}
    assert cast("Kept", desk.record).rows == [("nudge_frac", "north", 0.1, "Ana")]
    assert desk.core.settings == Settings()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"name": "colour"}, "setting_unknown"),
        ({"zone": "west"}, "zone_unknown"),
        ({"zone": None}, "zone_unknown"),
        ({"value": 5}, "setting_bad"),
        ({"name": "units", "value": "us"}, "setting_bad"),
        ({"by": ""}, "nobody_asks"),
        ({"by": None}, "nobody_asks"),
        ({"name": None}, "setting_unknown"),
        ({"zone": ["north"]}, "zone_unknown"),
        ({"name": "language", "zone": None, "value": ["en"]}, "setting_bad"),
    ],
)
def test_what_cannot_be_is_refused_with_a_code(desk: CommandContext, more: dict[str, Any], code: str) -> None:
    asked = {"verb": "set_setting", "name": "nudge_frac", "zone": "north", "value": 0.1, "by": "Ana", **more}
    found = answer(desk, asked)
    assert found is not None
    assert found["refused"] == code
    assert cast("Kept", desk.record).rows == []


def test_a_record_that_fails_is_told(desk: CommandContext) -> None:
    cast("Kept", desk.record).full = True
    found = answer(desk, {"verb": "set_setting", "name": "units", "value": "us", "by": "Ana"})
    assert found is not None
    assert found["refused"] == "record_failed"


def test_the_snapshot_tells_what_is_set() -> None:
    core = Core(STATION, HandClock(), ScriptedGuard(), Memory(), ZoneInfo(STATION.timezone))
    found = seen(core)["settings"]
    assert found["station"]["viewer_sees"] is True
    assert found["zones"]["north"]["automatic"] is True
