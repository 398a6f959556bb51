"""The last days on record: decisions, water given and refused. One visit serves everybody for half a minute."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo

from fieldstation.domain.decision import Decision, Event
from fieldstation.domain.errors import StationError
from fieldstation.domain.people import AuditEntry
from fieldstation.domain.run import Run
from fieldstation.store.reader import Reader
from fieldstation.wire.places import Places

BACK_DAYS = 7
FRESH_S = 30.0
MOST_AUDIT_ENTRIES = 300


@dataclass(frozen=True, slots=True)
class Diary:
    """What was decided, given, refused and asked by people, oldest first. `error` says why the record could not be read."""

    decisions: list[Decision] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    refusals: list[Event] = field(default_factory=list)
    audit_entries: list[AuditEntry] = field(default_factory=list)  # of people, on a zone
    error: str | None = None

    def of(self, zone: str) -> Diary:
        """One zone's part of it."""
        return self._only(lambda one: one.zone == zone)

    def on(self, day: date, tz: tzinfo) -> Diary:
        """One local day's part of it; a run is of the day on which it began."""
        return self._only(lambda one: _at(one).astimezone(tz).date() == day)

    def _only(self, wanted: Callable[[Decision | Run | Event | AuditEntry], bool]) -> Diary:
        return Diary(
            list(filter(wanted, self.decisions)),
            list(filter(wanted, self.runs)),
            list(filter(wanted, self.refusals)),
            list(filter(wanted, self.audit_entries)),
        )


def _at(one: Decision | Run | Event | AuditEntry) -> datetime:
    return one.started_at if isinstance(one, Run) else one.at


class DiaryCache:
    """Keeps the diary read last; shared by all requests."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._lock = threading.Lock()
        self._diary = Diary()
        self._at_s = float("-inf")

    def diary(self) -> Diary:
        """The diary, at most `FRESH_S` old."""
        with self._lock:
            if time.monotonic() - self._at_s > FRESH_S:
                self._diary = read(self._places, datetime.now(UTC))
                self._at_s = time.monotonic()
            return self._diary

    def forget(self) -> None:
        """After a person's request the next diary is a new one."""
        self._at_s = float("-inf")


def read(places: Places, now: datetime) -> Diary:
    """The last `BACK_DAYS` days and what is left of today."""
    since = now - timedelta(days=BACK_DAYS + 1)
    try:
        with Reader(places.record) as reader:
            refusals = [event for event in reader.events(since) if event.code == "water_refused"]
            audit_entries = [
                one for one in reversed(reader.audit(MOST_AUDIT_ENTRIES)) if one.zone and one.at >= since
            ]
            return Diary(reader.decisions(None, since), reader.runs(None, since), refusals, audit_entries)
    except StationError as error:
        return Diary(error=str(error))
