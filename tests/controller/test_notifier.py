"""Messages out: one for a cause and one when it is solved, through days without internet, restarts and full disks."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from fieldstation.controller.alerts.notifier import (
    MOST_WAITING,
    SETTLE_S,
    SOLVED_S,
    TEST_GUESSES,
    TURN_S,
    Notifier,
)
from fieldstation.controller.commands.channels import channel_arrived, test_channel
from fieldstation.controller.commands.context import CommandContext, Refused
from fieldstation.controller.jobs.child import Outcome
from fieldstation.domain.alert import Alert, AlertCode
from fieldstation.domain.notification import About, Channel, Notification, NotificationState
from fieldstation.domain.settings import Settings, StoredSetting
from fieldstation.domain.status.station import ChannelStatus, ChannelTest
from fieldstation.store.errors import RecordError, Trouble
from fieldstation.store.reader import Reader
from fieldstation.store.record import Record
from tests.kit.controller_bench import START, HandClock

test_channel.__test__ = False  # type: ignore[attr-defined] # a command, whatever pytest takes it for
HOUR_S = 3600.0


class ScriptedChild:
    """Sends what is due by the record, unless there is no internet."""

    def __init__(self, path: Path, clock: HandClock) -> None:
        self.path, self.clock = path, clock
        self.starts = 0
        self.offline = False
        self.says: Outcome | None = None  # in place of what really came of it
        self.sent: list[Notification] = []
        self.running = False
        self._due: list[Notification] = []

    def start(self) -> None:
        self.starts += 1
        self.running = True
        with Reader(self.path) as reader:
            now = self.clock.now()
            self._due = [
                one for one in reader.notifications(waiting=True) if one.next_at <= now < one.expires_at
            ]

    def poll(self) -> Outcome | None:
        if not self.running:
            return None
        self.running = False
        if self.says is not None:
            return self.says
        if not self.offline:
            self.sent += self._due
        failure = "name_unknown" if self.offline else None
        return Outcome(
            json.dumps({"results": [{"id": one.id, "failure": failure} for one in self._due]}).encode()
        )

    def close(self) -> None:
        self.running = False


class Farm:
    """A post over a real record, and alerts by hand."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.clock = HandClock()
        self.child = ScriptedChild(path, self.clock)
        self.set: dict[str, Any] = {"webhook_url": "https://example.org/x"}
        self.record = Record.open(path, "boot", self.clock)
        self.again()

    def again(self) -> None:
        self.notifier = Notifier(self.record, self.clock, self.child, self.settings)
        with Reader(self.path) as reader:
            self.notifier.restore(reader.notifications())

    def settings(self) -> Settings:
        return Settings(
            {(name, None): StoredSetting(value, "Ana", START) for name, value in self.set.items()}
        )

    def alert(self, code: AlertCode = AlertCode.TANK_LOW, **more: Any) -> Alert:
        alert = Alert(code, self.clock.now(), None, {"pump": "main"}, **more)
        return replace(alert, id=self.record.keep_alerts([alert])[0])

    def turn(self, *lately: tuple[Alert, float], after_s: float = TURN_S) -> None:
        self.clock.advance(after_s)
        self.notifier.turn(lately)
        self.notifier.turn(lately)

    def rows(self) -> list[Notification]:
        with Reader(self.path) as reader:
            return reader.notifications()

    def abouts(self) -> list[About]:
        return [notification.content.about for notification in self.child.sent]


@pytest.fixture
def farm(blank: bytes, tmp_path: Path) -> Iterator[Farm]:
    path = tmp_path / "record.db"
    path.write_bytes(blank)
    made = Farm(path)
    yield made
    made.record.close()


def ended(alert: Alert, farm: Farm) -> Alert:
    return replace(alert, ended_at=farm.clock.now())


def test_nothing_is_started_or_written_until_an_address_is_set(farm: Farm) -> None:
    farm.set = {}
    for _ in range(10):
        farm.turn((farm.alert(), HOUR_S))
    assert (farm.child.starts, farm.rows()) == (0, [])


def test_one_message_a_cause_and_one_when_it_is_solved(farm: Farm) -> None:
    alert = farm.alert()
    farm.turn((alert, SETTLE_S - 1))
    assert farm.child.starts == 0, "what goes by itself in a minute is no news"
    for minute in range(5):
        farm.turn((alert, SETTLE_S + 60 * minute))
    assert farm.abouts() == [About.OPENED]
    over = ended(alert, farm)
    farm.turn((over, SOLVED_S - 1))
    assert farm.abouts() == [About.OPENED]
    for _ in range(5):
        farm.turn((over, SOLVED_S))
    assert farm.abouts() == [About.OPENED, About.SOLVED]
    assert [notification.state for notification in farm.rows()] == [NotificationState.SENT] * 2


def test_an_alert_that_comes_back_after_its_solved_was_told_is_told_again(farm: Farm) -> None:
    alert = farm.alert()
    farm.turn((alert, SETTLE_S))
    farm.turn((ended(alert, farm), SOLVED_S))
    farm.turn((alert, SETTLE_S))
    assert farm.abouts() == [About.OPENED, About.SOLVED, About.OPENED]


@pytest.mark.parametrize("how", ["quiet", "seen", "minor"])
def test_who_knows_or_wants_to_hear_nothing_hears_nothing(farm: Farm, how: str) -> None:
    alert = {
        "quiet": farm.alert(quiet_until=START + timedelta(days=1)),
        "seen": farm.alert(seen_at=START, seen_by="Ana"),
        "minor": farm.alert(AlertCode.PLANNER_FAILED),
    }[how]
    farm.turn((alert, HOUR_S))
    assert farm.rows() == []
    if how == "quiet":
        farm.turn((alert, HOUR_S), after_s=25 * HOUR_S)
        assert farm.abouts() == [About.OPENED], "quiet for a while only"
    farm.set["alerts_min"] = "note"
    if how == "minor":
        farm.turn((alert, HOUR_S))
        assert farm.abouts() == [About.OPENED]


def test_without_internet_tries_grow_rare_and_a_day_later_it_is_no_news(farm: Farm) -> None:
    farm.child.offline = True
    alert = farm.alert()
    starts: list[int] = []
    for _ in range(24 * 60 + 10):
        farm.turn((alert, SETTLE_S), after_s=60)
        if len(starts) < farm.child.starts:
            starts.append(round((farm.clock.now() - START).total_seconds() / 60))
    gaps = [after - before for before, after in pairwise(starts)]
    assert gaps[:5] == [1, 2, 5, 15, 30]
    assert set(gaps[5:]) == {60}
    [row] = farm.rows()
    assert (row.state, row.detail) == (NotificationState.EXPIRED, "name_unknown")
    farm.child.offline = False
    farm.turn((alert, SETTLE_S), after_s=HOUR_S)
    assert farm.child.sent == [], "no flood on return, and no old news"


def test_what_came_and_went_meanwhile_is_one_message(farm: Farm) -> None:
    farm.child.offline = True
    alert = farm.alert()
    farm.turn((alert, SETTLE_S))
    over = ended(alert, farm)
    for _ in range(3):
        farm.turn((over, SOLVED_S), after_s=60)
    farm.child.offline = False
    farm.turn((over, SOLVED_S), after_s=HOUR_S)
    farm.turn((over, SOLVED_S), after_s=HOUR_S)
    assert farm.abouts() == [About.OVER]
    assert farm.child.sent[0].content.ended_at == over.ended_at


def test_a_restart_sends_nothing_twice_and_forgets_nothing(farm: Farm) -> None:
    alert, other = farm.alert(), farm.alert(AlertCode.AIR_UNKNOWN)
    farm.turn((alert, SETTLE_S))
    farm.child.offline = True
    farm.turn((alert, SETTLE_S), (other, SETTLE_S))
    farm.again()
    farm.child.offline = False
    for _ in range(3):
        farm.turn((alert, SETTLE_S), (other, SETTLE_S), after_s=HOUR_S)
    assert [notification.alert for notification in farm.child.sent] == [alert.id, other.id]


def test_the_queue_is_bounded_and_the_newest_stay(farm: Farm) -> None:
    farm.child.offline = True
    alerts = [farm.alert() for _ in range(MOST_WAITING + 30)]
    farm.turn(*[(alert, SETTLE_S) for alert in alerts])
    rows = farm.rows()
    assert [row.state for row in rows].count(NotificationState.GIVEN_UP) == 30
    assert {row.alert for row in rows if row.state is NotificationState.WAITING} == {
        alert.id for alert in alerts[30:]
    }


def test_on_a_full_disk_nothing_is_sent_twice(farm: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    alert = farm.alert()
    farm.clock.advance(TURN_S)
    farm.notifier.turn([(alert, SETTLE_S)])
    assert farm.child.running

    def full(*_: Any) -> None:
        raise RecordError(Trouble.DISK_FULL, "no room")

    with monkeypatch.context() as disk:
        disk.setattr(farm.record, "outbox", full)
        for _ in range(20):
            farm.turn((alert, SETTLE_S), after_s=60)
        assert farm.child.starts == 1, "what was sent is not on record yet, so nothing is sent"
    farm.turn((alert, SETTLE_S), after_s=60)
    assert farm.abouts() == [About.OPENED]
    assert farm.rows()[0].state is NotificationState.SENT


@pytest.mark.parametrize(
    "says",
    [
        Outcome(b"", "died", "x"),
        Outcome(b"", "late", "x"),
        Outcome(b"\xff"),
        Outcome(b"[]"),
        Outcome(b'{"results": [{"id": 1}]}'),
    ],
)
def test_a_child_that_dies_or_talks_nonsense_is_a_failed_try(farm: Farm, says: Outcome) -> None:
    farm.child.says = says
    farm.turn((farm.alert(), SETTLE_S))
    for _ in range(10):
        farm.turn()
    assert farm.child.starts == 1, "the next try waits its time"
    farm.turn()
    assert (farm.rows()[0].tries, farm.rows()[0].detail) == (1, "cut_short")


def test_a_clock_that_is_set_makes_no_letter_old(farm: Farm) -> None:
    farm.child.offline = True
    farm.turn((farm.alert(), SETTLE_S))
    farm.clock.set(400 * 86400)
    farm.notifier.stepped(400 * 86400)
    farm.child.offline = False
    farm.turn(after_s=120)
    assert farm.abouts() == [About.OPENED]


def desk(farm: Farm) -> CommandContext:
    return cast("CommandContext", SimpleNamespace(record=farm.record, notifier=farm.notifier))


def test_a_test_is_answered_by_its_digits_alone(farm: Farm) -> None:
    asked = {"channel": "webhook", "by": "Ana"}
    with pytest.raises(Refused) as no:
        channel_arrived(desk(farm), {**asked, "digits": "0000"})
    assert no.value.code == "test_over"
    assert test_channel(desk(farm), asked) == {"tested": "webhook"}
    farm.turn()
    digits = farm.child.sent[0].content.proof
    assert digits is not None
    assert digits not in str(farm.notifier.view())
    assert farm.notifier.view()[Channel.WEBHOOK].test == ChannelTest(state="sent", detail="", open=True)
    wrong = "0001" if digits != "0001" else "0002"
    with pytest.raises(Refused) as no:
        channel_arrived(desk(farm), {**asked, "digits": wrong})
    assert no.value.code == "digits_wrong"
    assert channel_arrived(desk(farm), {**asked, "digits": f" {digits} "}) == {"arrived": "webhook"}
    assert farm.notifier.view()[Channel.WEBHOOK].test == ChannelTest(state="arrived", detail="", open=False)
    with sqlite3.connect(farm.path) as look:
        assert look.execute("SELECT what FROM audit ORDER BY id").fetchall() == [
            ("channel_tested",),
            ("channel_arrived",),
        ]


def test_digits_cannot_be_guessed(farm: Farm) -> None:
    farm.notifier.test(Channel.WEBHOOK)
    for _ in range(TEST_GUESSES):
        assert farm.notifier.arrived(Channel.WEBHOOK, "none") is False
    assert farm.notifier.arrived(Channel.WEBHOOK, farm.notifier.trials[Channel.WEBHOOK].proof) is None


def test_a_channel_without_address_cannot_be_tested(farm: Farm) -> None:
    for channel in ("apprise", "pigeon", None):
        with pytest.raises(Refused) as no:
            test_channel(desk(farm), {"channel": channel, "by": "Ana"})
        assert no.value.code == "channel_off"


def test_how_it_stands_is_told_without_addresses(farm: Farm) -> None:
    farm.child.offline = True
    farm.turn((farm.alert(), SETTLE_S))
    found = farm.notifier.view()
    webhook = found[Channel.WEBHOOK]
    assert (webhook.on, webhook.waiting) == (True, 1)
    assert webhook.last is not None
    assert webhook.last.detail == "name_unknown"
    assert found[Channel.APPRISE] == ChannelStatus(on=False, waiting=0, last=None, test=None)
    assert "example.org" not in str(found)
    assert "webhook_url" not in farm.settings().station()
