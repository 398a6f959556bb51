"""The record as the core sees it: nothing here raises or waits long, and failures are told."""

from __future__ import annotations

from datetime import datetime

from fieldstation.domain.decision import Decision, Event
from fieldstation.domain.learned import Foretold
from fieldstation.domain.nudge import Nudging
from fieldstation.domain.reading import Reading
from fieldstation.domain.run import Run
from fieldstation.domain.settings import Settings
from fieldstation.store.record import Record, RecordError


class Recording:
    """Writes through to the record; remembers the newest failure for the alerts.

    A decision that cannot be recorded asks for no water (`add_decision` is False).
    Runs and events wait in memory, bounded, until the record takes them again.
    """

    KEEP = 500

    def __init__(self, record: Record) -> None:
        self._record = record
        self._waiting: list[tuple[Run, float] | Event] = []
        self.failure: RecordError | None = None

    def add_round(self, readings: list[Reading], at: datetime, mono_s: float, *, trusted: bool) -> None:
        """Buffer one sampling round for the next batch."""
        self._record.add_round(at, mono_s, trusted, readings)

    def add_decision(self, decision: Decision) -> bool:
        """Whether the decision is durably on record."""
        try:
            self._record.add_decision(decision)
        except RecordError as error:
            self._failed(error)
            return False
        self.failure = None
        return True

    def nudge(self, nudging: Nudging, decision: Decision | None = None) -> Settings | None:
        """Settings that changed by themselves, durable with their decision; None when they are not kept."""
        try:
            settings = self._record.nudge(nudging, decision)
        except RecordError as error:
            self._failed(error)
            return None
        self.failure = None
        return settings

    def add_foretold(self, foretold: tuple[Foretold, ...]) -> None:
        """Keep forecasts to be judged; ones that cannot be kept are not judged, and water goes on."""
        if foretold:
            try:
                self._record.add_foretold(list(foretold))
            except RecordError as error:
                self._failed(error)

    def add_run(self, run: Run, depth_mm: float) -> None:
        """Record a run now, or as soon as the record takes it."""
        self._waiting.append((run, depth_mm))
        self.settle()

    def add_event(self, event: Event) -> None:
        """Record an event now, or as soon as the record takes it."""
        self._waiting.append(event)
        self.settle()

    def flush(self) -> bool:
        """Commit the buffered rounds; whether that worked."""
        try:
            self._record.flush()
        except RecordError as error:
            self._failed(error)
            return False
        self.failure = None
        self.settle()
        return True

    def settle(self) -> None:
        """Write what still waits."""
        while self._waiting:
            item = self._waiting[0]
            try:
                if isinstance(item, Event):
                    self._record.add_event(item)
                else:
                    self._record.add_run(*item)
            except RecordError as error:
                self._failed(error)
                del self._waiting[: -self.KEEP]
                return
            self._waiting.pop(0)

    def _failed(self, error: RecordError) -> None:
        self.failure = error
        if error.code == "disk_full":
            self._record.free_ballast()
