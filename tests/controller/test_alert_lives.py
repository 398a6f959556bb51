"""An alert's life on record: one row a cause, through flapping, restarts, a full disk and a wrong clock."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from fieldstation.controller.alerts.lifecycle import AGAIN_S, REOPEN_S, SURE_S, VALUES_EVERY_S, Alerts
from fieldstation.controller.alerts.notifier import Notifier
from fieldstation.controller.commands.alerts import alert_seen, alert_snooze
from fieldstation.controller.commands.context import CommandContext, Refused
from fieldstation.controller.core import Core
from fieldstation.controller.restore import restore_alerts
from fieldstation.domain.alert import Alert, AlertCode
from fieldstation.domain.decision import Event
from fieldstation.domain.reading import Quality
from fieldstation.domain.settings import Settings
from fieldstation.store.errors import RecordError, Trouble
from fieldstation.store.reader import Reader
from fieldstation.store.record import Record
from tests.kit.controller_bench import START, STATION, HandClock, Memory, ScriptedGuard, sample
from tests.kit.status import latch


class Life:
    """A core and its alerts over a real record; `again` is a restart."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.clock = HandClock()
        self.guard = ScriptedGuard()
        self.writes = 0
        self.begin()

    def begin(self) -> None:
        self.record = Record.open(self.path, "boot", self.clock)
        self.core = Core(STATION, self.clock, self.guard, Memory(), UTC)
        self.alerts = Alerts(self.core, cast("Any", self))
        self.full = False
        self.notifier = Notifier(self.record, self.clock, cast("Any", None), Settings)
        restore_alerts(self.alerts, self.notifier, self.path, self.clock.now())
        self.core.watering.poll()

    def keep_alerts(self, alerts: Sequence[Alert], audit: tuple[str, str] | None = None) -> list[int]:
        if self.full:
            raise RecordError(Trouble.DISK_FULL, "no room")
        self.writes += 1
        return self.record.keep_alerts(alerts, audit)

    def again(self) -> None:
        self.alerts.close()
        self.record.close()
        self.begin()

    def air(self, *, good: bool) -> None:
        self.core.take_round(
            [sample(20.0 if good else None, self.clock.mono, fault=None if good else Quality.STUCK)]
        )
        self.alerts.update()

    def rows(self) -> list[Alert]:
        with Reader(self.path) as reader:
            return reader.alerts(START - timedelta(days=1))


@pytest.fixture
def life(blank: bytes, tmp_path: Path) -> Iterator[Life]:
    path = tmp_path / "record.db"
    path.write_bytes(blank)
    made = Life(path)
    made.air(good=True)
    yield made
    made.record.close()


def test_a_cause_is_one_row_from_first_sight_until_its_end_is_sure(life: Life) -> None:
    life.air(good=False)
    [row] = life.rows()
    assert (row.code, row.values, row.since, row.ended_at) == (
        AlertCode.SENSOR_BAD,
        {"sensor": "air", "quality": "stuck"},
        START,
        None,
    )
    life.clock.advance(60)
    life.air(good=True)
    assert life.alerts.open() == [], "shown as it is"
    assert life.rows()[0].ended_at is None, "written when it is sure"
    life.clock.advance(SURE_S)
    life.alerts.update()
    [row] = life.rows()
    assert row.ended_at == START + timedelta(seconds=60)


def test_what_comes_and_goes_is_one_alert_and_two_writes(life: Life) -> None:
    for _ in range(60):
        life.air(good=False)
        life.clock.advance(60)
        life.air(good=True)
        life.clock.advance(60)
    assert life.writes == 1
    life.clock.advance(SURE_S)
    life.alerts.update()
    [row] = life.rows()
    assert row.ended_at is not None
    assert life.writes == 2


def test_a_cause_that_returns_after_ten_minutes_is_a_new_alert(life: Life) -> None:
    life.air(good=False)
    life.air(good=True)
    life.clock.advance(SURE_S)
    life.alerts.update()
    life.clock.advance(REOPEN_S)
    life.air(good=False)
    assert [row.ended_at is None for row in life.rows()] == [True, False]


def test_a_restart_goes_on_with_what_was_open(life: Life) -> None:
    life.air(good=False)
    [before] = life.alerts.open()
    life.clock.advance(60)
    life.again()
    assert life.alerts.open() == [before], "nobody has spoken yet, so it is not gone"
    life.air(good=False)
    [after] = [alert for alert in life.alerts.open() if alert.code is AlertCode.SENSOR_BAD]
    assert (after.id, after.since) == (before.id, START)
    life.clock.advance(60)
    life.air(good=True)
    life.again()
    assert life.rows()[-1].ended_at == START + timedelta(seconds=120), "an end is not lost by ending"
    life.air(good=False)
    assert [row.id for row in life.rows() if row.code is AlertCode.SENSOR_BAD] == [before.id], (
        "back within ten minutes, over a restart too"
    )


def test_a_silent_guard_ends_no_alert_that_only_it_can_end(life: Life) -> None:
    life.guard.status["latches"] = [latch("leak", "main")]
    life.core.watering.poll()
    life.alerts.update()
    life.guard.silent = {"status"}
    life.core.watering.poll()
    assert {alert.code for alert in life.alerts.open()} == {AlertCode.LATCHED, AlertCode.GUARD_SILENT}


def test_a_low_tank_is_an_alert_without_a_refusal(life: Life) -> None:
    life.guard.status["inputs"] = {
        "main": {"flow_lpm": 0.0, "tank_ok": False},
        "other": {"flow_lpm": None, "tank_ok": None},
    }
    life.core.watering.poll()
    assert life.alerts.open() == [Alert(AlertCode.TANK_LOW, START, None, {"pump": "main"})]


def test_on_a_full_disk_alerts_are_shown_and_written_later(life: Life) -> None:
    life.full = True
    life.air(good=False)
    assert [alert.id for alert in life.alerts.open()] == [None]
    life.full = False
    life.alerts.update()
    assert life.rows() == [], "not tried at every turn"
    life.clock.advance(AGAIN_S)
    life.alerts.update()
    assert len(life.rows()) == 1


def test_values_that_change_are_written_seldom(life: Life) -> None:
    for free_mb in range(100):
        life.alerts.set(AlertCode.DISK_NEARLY_FULL, {"free_mb": float(free_mb)})
        life.alerts.update()
        life.clock.advance(30)
    assert life.alerts.open()[0].values == {"free_mb": 99.0}
    assert life.writes == 1 + round(100 * 30 // VALUES_EVERY_S)


def test_a_clock_that_is_set_dates_an_alert_anew(life: Life) -> None:
    life.clock.sure = False
    life.alerts.update()
    life.clock.set(86400)
    life.clock.sure = True
    life.alerts.stepped(86400)
    life.alerts.update()
    [row] = life.rows()
    assert (row.code, row.since) == (AlertCode.CLOCK_UNTRUSTED, START + timedelta(days=1))


def test_many_starts_in_an_hour_are_an_alert_for_an_hour(life: Life) -> None:
    for minute in range(3):
        life.record.add_event(Event("controller_started", START + timedelta(minutes=minute), True))
    life.clock.advance(300)
    life.again()
    life.core.take_round([sample(20.0, life.clock.mono)])
    assert life.alerts.open()[0].values == {"times": 4.0}
    life.clock.advance(3601)
    life.core.take_round([sample(20.0, life.clock.mono)])
    assert life.alerts.open() == []


def desk(life: Life) -> CommandContext:
    parts: dict[str, Any] = {"core": life.core, "alerts": life.alerts, "record": life.record}
    return cast("CommandContext", SimpleNamespace(**parts))


def test_what_a_person_did_is_kept_with_its_line_in_the_trail(life: Life) -> None:
    life.air(good=False)
    [alert] = life.alerts.open()
    assert alert_seen(desk(life), {"id": alert.id, "by": "Ana"}) == {"seen": alert.id}
    alert_snooze(desk(life), {"id": alert.id, "hours": 24, "by": "Ana"})
    life.again()
    [kept] = life.alerts.open()
    assert (kept.seen_by, kept.seen_at, kept.quiet_until) == ("Ana", START, START + timedelta(hours=24))
    alert_snooze(desk(life), {"id": alert.id, "hours": 0, "by": "Ana"})
    assert life.alerts.open()[0].quiet_until is None
    with sqlite3.connect(life.path) as look:
        audit_log = look.execute("SELECT who, what FROM audit ORDER BY id").fetchall()
    assert audit_log == [("Ana", "alert_seen"), ("Ana", "alert_snoozed"), ("Ana", "alert_woken")]


@pytest.mark.parametrize(
    ("verb", "message", "code"),
    [
        (alert_seen, {"id": 99, "by": "Ana"}, "alert_gone"),
        (alert_seen, {"id": "1", "by": "Ana"}, "alert_gone"),
        (alert_seen, {"id": 1}, "nobody_asks"),
        (alert_snooze, {"id": 1, "by": "Ana"}, "hours_impossible"),
        (alert_snooze, {"id": 1, "by": "Ana", "hours": True}, "hours_impossible"),
        (alert_snooze, {"id": 1, "by": "Ana", "hours": 721}, "hours_impossible"),
        (alert_snooze, {"id": 1, "by": "Ana", "hours": float("nan")}, "hours_impossible"),
    ],
)
def test_what_cannot_be_is_refused(
    life: Life, verb: Callable[[CommandContext, dict[str, Any]], Any], message: dict[str, Any], code: str
) -> None:
    life.air(good=False)
    with pytest.raises(Refused) as no:
        verb(desk(life), message)
    assert no.value.code == code
