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
from fieldstation.domain.letter import (
    LASTS,
    About,
    Channel,
    Failure,
    Letter,
    LetterState,
    Told,
    about,
    retry_s,
)
from fieldstation.domain.settings import Settings
from fieldstation.domain.status.station import ChannelStatus, ChannelTest, LastLetter
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
    letter: int
    guesses: int = 0
    arrived_at: datetime | None = None


class Post:
    """The letters of a station. What could not be written is tried again before anything is sent."""

    def __init__(
        self, record: Record, clock: Clock, child: Child | Sender, settings: Callable[[], Settings]
    ) -> None:
        self._record, self._clock, self._child, self._settings = record, clock, child, settings
        self._waiting: dict[int, Letter] = {}
        self._newest: dict[tuple[int, Channel], Letter] = {}  # by alert
        self._last: dict[Channel, Letter] = {}  # the newest that was tried
        self._unwritten: dict[int, Letter] = {}
        self.trials: dict[Channel, Trial] = {}
        self._next_s = float("-inf")

    def take_over(self, letters: Iterable[Letter]) -> None:
        """Go on with what is on record, oldest first."""
        for letter in letters:
            self._remember(letter)

    def channels(self) -> list[Channel]:
        """Where a technician wants messages to go; none at first."""
        settings = self._settings()
        wanted = {Channel.WEBHOOK: settings.get("webhook_url"), Channel.APPRISE: settings.get("apprise_urls")}
        return [channel for channel, address in wanted.items() if address]

    def turn(self, lately: Lately) -> None:
        """One look at the alerts, the letters and the child; nothing in it waits."""
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
                self._write_letters(lately)
                self._expire()
                if self._due():
                    self._child.start()
        except RecordError:  # the recording's own writes tell of it
            self._next_s = mono_s + AGAIN_S

    def stepped(self, step_s: float) -> None:
        """The wall clock was set: letters do not grow old by that."""
        by = timedelta(seconds=step_s)
        for letter in list(self._waiting.values()):
            moved = replace(
                letter, at=letter.at + by, next_at=letter.next_at + by, expires_at=letter.expires_at + by
            )
            self._remember(moved)
            assert moved.id is not None
            self._unwritten[moved.id] = moved

    def test(self, channel: Channel) -> None:
        """Send four digits that only whoever gets the message can know. Raises RecordError."""
        proof = f"{secrets.randbelow(10_000):04d}"
        letter = self._post([self._new(channel, Told(About.TEST, proof=proof), None, TEST_LASTS)])[0]
        assert letter.id is not None
        self.trials[channel] = Trial(proof, letter.id)
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
        letter = self._waiting.get(trial.letter) if trial else None
        test = (
            None
            if trial is None
            else ChannelTest(
                state="arrived" if trial.arrived_at else "waiting" if letter else "sent",
                detail=letter.detail if letter else "",
                open=trial.arrived_at is None and trial.guesses < TEST_GUESSES,
            )
        )
        return ChannelStatus(
            on=channel in wanted,
            waiting=sum(one.channel is channel for one in self._waiting.values()),
            last=None
            if last is None
            else LastLetter(last.state, last.detail, last.at.replace(microsecond=0)),
            test=test,
        )

    def _due(self) -> bool:
        now, wanted = self._clock.now(), self.channels()
        return any(one.next_at <= now and one.channel in wanted for one in self._waiting.values())

    def _write_letters(self, lately: Lately) -> None:
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
            told = before is not None and before.told.about is About.OPENED
            if not told and not quiet and alert.seen_at is None and for_s >= SETTLE_S:
                self._post([self._new(channel, about(alert, About.OPENED), alert.id, LASTS)])
        elif before is not None and before.told.about is About.OPENED and for_s >= SOLVED_S:
            if before.state is LetterState.WAITING:  # one message for both, instead of two
                self._post([replace(before, told=about(alert, About.OVER))])
            elif before.state is LetterState.SENT and not quiet:
                self._post([self._new(channel, about(alert, About.SOLVED), alert.id, LASTS)])

    def _new(self, channel: Channel, told: Told, alert: int | None, lasts: timedelta) -> Letter:
        now = self._clock.now()
        return Letter(now, channel, told, now + lasts, now, alert)

    def _post(self, letters: list[Letter]) -> list[Letter]:
        """Durable when this returns; the oldest give way when too many wait."""
        news = sum(letter.id is None for letter in letters)
        crowd = sorted(self._waiting.values(), key=lambda letter: letter.id or 0)
        over = max(0, len(crowd) + news - MOST_WAITING)
        gone = [replace(letter, state=LetterState.GIVEN_UP, detail="crowd") for letter in crowd[:over]]
        with self._record.outbox() as outbox:
            numbers = outbox.keep([*letters, *gone])
        kept = [replace(letter, id=number) for letter, number in zip([*letters, *gone], numbers, strict=True)]
        for letter in kept:
            self._remember(letter)
        return kept

    def _expire(self) -> None:
        now = self._clock.now()
        old = [
            replace(letter, state=LetterState.EXPIRED)
            for letter in self._waiting.values()
            if letter.expires_at <= now
        ]
        if old:
            self._post(old)

    def _came_back(self, outcome: Outcome) -> None:
        """What came of each letter. In memory first: a letter that was sent is not sent again for want of room."""
        now, results = self._clock.now(), _results(outcome)
        for letter in list(self._waiting.values()):
            assert letter.id is not None
            if letter.id not in results and (results or letter.next_at > now):
                continue  # it was not its turn
            failure = results.get(letter.id, Failure.CUT_SHORT.value)
            tries = letter.tries + 1
            if failure is None:
                after = replace(letter, state=LetterState.SENT, tries=tries, detail="")
            else:
                again = now + timedelta(seconds=retry_s(tries))
                after = replace(letter, tries=tries, detail=failure, next_at=again)
            write, what = (log.warning, "message_failed") if failure else (log.info, "message_sent")
            write(
                what,
                channel=letter.channel.value,
                code=letter.told.code,
                about=letter.told.about.value,
                why=failure,
            )
            self._remember(after)
            self._last[letter.channel] = after
            self._unwritten[letter.id] = after

    def _settle(self) -> None:
        if self._unwritten:
            with self._record.outbox() as outbox:
                outbox.keep(self._unwritten.values())
            self._unwritten.clear()

    def _remember(self, letter: Letter) -> None:
        assert letter.id is not None
        if letter.state is LetterState.WAITING:
            self._waiting[letter.id] = letter
        else:
            self._waiting.pop(letter.id, None)
        if letter.tries:
            self._last[letter.channel] = letter
        if letter.alert is not None:
            self._newest[letter.alert, letter.channel] = letter
            while len(self._newest) > 4 * MOST_WAITING:
                del self._newest[next(iter(self._newest))]


def _results(outcome: Outcome) -> dict[int, str | None]:
    """The failure of each letter that was tried, None where it was taken; {} from garbage."""
    try:
        found = json.loads(outcome.text or b"{}").get("results")
        return {
            int(one["id"]): None if one["failure"] is None else Failure(one["failure"]).value for one in found
        }
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}
