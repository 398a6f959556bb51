"""Messages out: which ones, when again, and what came of them. A child sends; the loop alone writes.

Nothing is configured at first, and then nothing here starts a process or opens a connection.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from fieldstation import log
from fieldstation.controller.alerts.lifecycle import REOPEN_S
from fieldstation.controller.jobs.child import Child, Outcome
from fieldstation.domain.alert import Alert, Severity
from fieldstation.domain.clock import Clock
from fieldstation.domain.notification import (
    LASTS,
    About,
    Channel,
    Failure,
    Notification,
    NotificationContent,
    NotificationState,
    about,
    retry_s,
)
from fieldstation.domain.settings import Settings
from fieldstation.domain.status.station import ChannelStatus, ChannelTest, LastNotification
from fieldstation.store.errors import RecordError
from fieldstation.store.record import Record

SETTLE_S = 60.0
"""A cause must last so long before it is told."""
SOLVED_S = REOPEN_S - 60.0
"""An end must last so long before it is told: nearly as long as the alert could come back as itself."""
MOST_WAITING = 200
TURN_S = 5.0
AGAIN_S = 30.0
TEST_LASTS = timedelta(minutes=15)
TEST_GUESSES = 5

Lately = Iterable[tuple[Alert, float]]


class Sender(Protocol):
    """The child that sends what is due by the record."""

    @property
    def running(self) -> bool:
        """Whether it is at work."""

    def start(self) -> None:
        """Begin."""

    def poll(self) -> Outcome | None:
        """What it said, once it ended."""

    def close(self) -> None:
        """End it."""


@dataclass(slots=True)
class Trial:
    """A test under way: what must be typed back."""

    proof: str
    notification: int
    guesses: int = 0
    arrived_at: datetime | None = None


class Notifier:
    """The letters of a station. What could not be written is tried again before anything is sent."""

    def __init__(
        self, record: Record, clock: Clock, child: Child | Sender, settings: Callable[[], Settings]
    ) -> None:
        self._record, self._clock, self._child, self._settings = record, clock, child, settings
        self._waiting: dict[int, Notification] = {}
        self._newest: dict[tuple[int, Channel], Notification] = {}  # by alert
        self._last: dict[Channel, Notification] = {}  # the newest that was tried
        self._unwritten: dict[int, Notification] = {}
        self.trials: dict[Channel, Trial] = {}
        self._next_s = float("-inf")

    def restore(self, notifications: Iterable[Notification]) -> None:
        """Go on with what is on record, oldest first."""
        for notification in notifications:
            self._remember(notification)

    def channels(self) -> list[Channel]:
        """Where a technician wants messages to go; none at first."""
        settings = self._settings()
        wanted = {Channel.WEBHOOK: settings.get("webhook_url"), Channel.APPRISE: settings.get("apprise_urls")}
        return [channel for channel, address in wanted.items() if address]

    def turn(self, lately: Lately) -> None:
        """One look at the alerts, the notifications and the child; nothing in it waits."""
        outcome = self._child.poll()
        if outcome is not None:
            self._came_back(outcome)
        mono_s = self._clock.mono_s()
        if mono_s < self._next_s:
            return
        self._next_s = mono_s + TURN_S
        try:
            self._settle()
            if not self._child.running:
                self._write_due(lately)
                self._expire()
                if self._due():
                    self._child.start()
        except RecordError:  # the recording's own writes tell of it
            self._next_s = mono_s + AGAIN_S

    def stepped(self, step_s: float) -> None:
        """The wall clock was set: notifications do not grow old by that."""
        by = timedelta(seconds=step_s)
        for notification in list(self._waiting.values()):
            moved = replace(
                notification,
                at=notification.at + by,
                next_at=notification.next_at + by,
                expires_at=notification.expires_at + by,
            )
            self._remember(moved)
            assert moved.id is not None
            self._unwritten[moved.id] = moved

    def test(self, channel: Channel) -> None:
        """Send four digits that only whoever gets the message can know. Raises RecordError."""
        proof = f"{secrets.randbelow(10_000):04d}"
        notification = self._save(
            [self._new(channel, NotificationContent(About.TEST, proof=proof), None, TEST_LASTS)]
        )[0]
        assert notification.id is not None
        self.trials[channel] = Trial(proof, notification.id)
        self._next_s = float("-inf")

    def arrived(self, channel: Channel, digits: str) -> bool | None:
        """Whether these are the digits of the test; None when there is none to be answered."""
        trial = self.trials.get(channel)
        if trial is None or trial.guesses >= TEST_GUESSES:
            return None
        trial.guesses += 1
        if not secrets.compare_digest(trial.proof.encode(), digits.strip().encode()):
            return False
        trial.arrived_at = self._clock.now()
        return True

    def view(self) -> dict[Channel, ChannelStatus]:
        """How the channels do, without a word of where they lead."""
        wanted = self.channels()
        return {channel: self._channel(channel, wanted) for channel in Channel}

    def close(self) -> None:
        """End a child at work. What it had sent and could not say is sent again."""
        self._child.close()

    def _channel(self, channel: Channel, wanted: list[Channel]) -> ChannelStatus:
        last, trial = self._last.get(channel), self.trials.get(channel)
        notification = self._waiting.get(trial.notification) if trial else None
        test = (
            None
            if trial is None
            else ChannelTest(
                state="arrived" if trial.arrived_at else "waiting" if notification else "sent",
                detail=notification.detail if notification else "",
                open=trial.arrived_at is None and trial.guesses < TEST_GUESSES,
            )
        )
        return ChannelStatus(
            on=channel in wanted,
            waiting=sum(one.channel is channel for one in self._waiting.values()),
            last=None
            if last is None
            else LastNotification(last.state, last.detail, last.at.replace(microsecond=0)),
            test=test,
        )

    def _due(self) -> bool:
        now, wanted = self._clock.now(), self.channels()
        return any(one.next_at <= now and one.channel in wanted for one in self._waiting.values())

    def _write_due(self, lately: Lately) -> None:
        wanted, least = self.channels(), Severity(str(self._settings().get("alerts_min"))).rank
        if not wanted:
            return
        for alert, for_s in lately:
            if alert.id is not None and alert.code.severity.rank >= least:
                for channel in wanted:
                    self._of_alert(alert, for_s, channel)

    def _of_alert(self, alert: Alert, for_s: float, channel: Channel) -> None:
        assert alert.id is not None
        before = self._newest.get((alert.id, channel))
        quiet = alert.quiet(self._clock.now())
        if alert.ended_at is None:
            announced = before is not None and before.content.about is About.OPENED
            if not announced and not quiet and alert.seen_at is None and for_s >= SETTLE_S:
                self._save([self._new(channel, about(alert, About.OPENED), alert.id, LASTS)])
        elif before is not None and before.content.about is About.OPENED and for_s >= SOLVED_S:
            if before.state is NotificationState.WAITING:  # one message for both, instead of two
                self._save([replace(before, content=about(alert, About.OVER))])
            elif before.state is NotificationState.SENT and not quiet:
                self._save([self._new(channel, about(alert, About.SOLVED), alert.id, LASTS)])

    def _new(
        self, channel: Channel, content: NotificationContent, alert: int | None, lasts: timedelta
    ) -> Notification:
        now = self._clock.now()
        return Notification(now, channel, content, now + lasts, now, alert)

    def _save(self, notifications: list[Notification]) -> list[Notification]:
        """Durable when this returns; the oldest give way when too many wait."""
        news = sum(notification.id is None for notification in notifications)
        crowd = sorted(self._waiting.values(), key=lambda notification: notification.id or 0)
        over = max(0, len(crowd) + news - MOST_WAITING)
        gone = [
            replace(notification, state=NotificationState.GIVEN_UP, detail="crowd")
            for notification in crowd[:over]
        ]
        with self._record.outbox() as outbox:
            numbers = outbox.save([*notifications, *gone])
        saved = [
            replace(notification, id=number)
            for notification, number in zip([*notifications, *gone], numbers, strict=True)
        ]
        for notification in saved:
            self._remember(notification)
        return saved

    def _expire(self) -> None:
        now = self._clock.now()
        old = [
            replace(notification, state=NotificationState.EXPIRED)
            for notification in self._waiting.values()
            if notification.expires_at <= now
        ]
        if old:
            self._save(old)

    def _came_back(self, outcome: Outcome) -> None:
        """What came of each notification. In memory first: a notification that was sent is not sent again for want of room."""
        now, results = self._clock.now(), _results(outcome)
        for notification in list(self._waiting.values()):
            assert notification.id is not None
            if notification.id not in results and (results or notification.next_at > now):
                continue  # it was not its turn
            failure = results.get(notification.id, Failure.CUT_SHORT.value)
            tries = notification.tries + 1
            if failure is None:
                after = replace(notification, state=NotificationState.SENT, tries=tries, detail="")
            else:
                again = now + timedelta(seconds=retry_s(tries))
                after = replace(notification, tries=tries, detail=failure, next_at=again)
            write, what = (log.warning, "message_failed") if failure else (log.info, "message_sent")
            write(
                what,
                channel=notification.channel.value,
                code=notification.content.code,
                about=notification.content.about.value,
                why=failure,
            )
            self._remember(after)
            self._last[notification.channel] = after
            self._unwritten[notification.id] = after

    def _settle(self) -> None:
        if self._unwritten:
            with self._record.outbox() as outbox:
                outbox.save(self._unwritten.values())
            self._unwritten.clear()

    def _remember(self, notification: Notification) -> None:
        assert notification.id is not None
        if notification.state is NotificationState.WAITING:
            self._waiting[notification.id] = notification
        else:
            self._waiting.pop(notification.id, None)
        if notification.tries:
            self._last[notification.channel] = notification
        if notification.alert is not None:
            self._newest[notification.alert, notification.channel] = notification
            while len(self._newest) > 4 * MOST_WAITING:
                del self._newest[next(iter(self._newest))]


def _results(outcome: Outcome) -> dict[int, str | None]:
    """The failure of each notification that was tried, None where it was taken; {} from garbage."""
    try:
        found = json.loads(outcome.text or b"{}").get("results")
        return {
            int(one["id"]): None if one["failure"] is None else Failure(one["failure"]).value for one in found
        }
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}
