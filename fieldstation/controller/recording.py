"""The record as the core sees it: nothing here raises or waits long, and failures are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fieldstation import log
from fieldstation.domain.adjustment import Adjustment
from fieldstation.domain.alert import AlertCode
from fieldstation.domain.decision import Decision, Event
from fieldstation.domain.learned import Prediction
from fieldstation.domain.reading import Reading
from fieldstation.domain.run import Run
from fieldstation.domain.settings import Settings
from fieldstation.store.record import Record, RecordError, Trouble

LOGGED_ELSEWHERE = frozenset({*AlertCode, "controller_started", "controller_stopped"})
"""Events whose alerts, or whose process, have their own line in the log."""


class Recording:
    """Writes through to the record; remembers the newest failure until the record has taken something again.

    A decision that cannot be recorded asks for no water (`add_decision` is False).
    Runs and events wait in memory, bounded, until the record takes them again.
    """

    KEEP = 500

    def __init__(self, record: Record) -> None:
        self._record = record
        self._waiting: list[tuple[Run, float] | Event] = []
        self.failure: RecordError | None = None

    @property
    def behind(self) -> bool:
        """Whether something failed, or waits in memory to be written."""
        return self.failure is not None or bool(self._waiting)

    def add_round(self, readings: list[Reading], at: datetime, mono_s: float, *, trusted: bool) -> None:
        """Buffer one sampling round for the next batch."""
        self._record.add_round(at, mono_s, trusted, readings)

    def add_decision(self, decision: Decision) -> bool:
        """Whether the decision is durably on record."""
        log.info(
            "decision", zone=decision.zone, reason=decision.reason.value, rung=decision.rung.value,
            depth_mm=decision.depth_mm, run_s=decision.run_s, start_at=decision.start_at,
        )  # fmt: skip
        return self._wrote(lambda: self._record.add_decision(decision))

    def adjust(self, adjustment: Adjustment, decision: Decision | None = None) -> Settings | None:
        """Settings that changed by themselves, durable with their decision; None when they are not kept."""
        kept: list[Settings] = []
        self._wrote(lambda: kept.append(self._record.adjust(adjustment, decision)))
        return kept[0] if kept else None

    def add_predictions(self, predictions: tuple[Prediction, ...]) -> None:
        """Keep forecasts to be judged; ones that cannot be kept are not judged, and water goes on."""
        if predictions:
            self._wrote(lambda: self._record.add_predictions(list(predictions)))

    def add_run(self, run: Run, depth_mm: float) -> None:
        """Record a run now, or as soon as the record takes it."""
        log.info(
            "run", zone=run.zone, origin=run.origin, on_s=run.on_s, litres=run.litres, depth_mm=depth_mm,
            stop_reason=run.stop_reason.value, run=run.id,
        )  # fmt: skip
        self._waiting.append((run, depth_mm))
        self.settle()

    def add_event(self, event: Event) -> None:
        """Record an event now, or as soon as the record takes it."""
        if event.code not in LOGGED_ELSEWHERE:
            log.info(event.code, zone=event.zone, **event.values)
        self._waiting.append(event)
        self.settle()

    def flush(self) -> bool:
        """Commit the buffered rounds and what else waits; whether that worked."""
        wrote: list[bool] = []
        try:
            self._try(lambda: wrote.append(self._record.flush()))
        except RecordError:
            return False
        if any(wrote):  # with no round to write nobody knows whether it would be taken
            self.failure = None
        return self.settle()

    def again(self) -> bool:
        """Try a record that failed; whether it has taken something now."""
        self.flush()
        return self.failure is None

    def settle(self) -> bool:
        """Write what still waits; whether nothing does."""
        while self._waiting:
            if not self._wrote(lambda: self._write(self._waiting[0])):
                del self._waiting[: -self.KEEP]
                return False
            self._waiting.pop(0)
        return True

    def failed(self, error: RecordError) -> bool:
        """Note that something could not be written; whether room was made for it, so that it may be tried again."""
        if error.code is Trouble.DISK_FULL and self._record.free_reserve():
            return True
        self.failure = error
        return False

    def _write(self, item: tuple[Run, float] | Event) -> None:
        if isinstance(item, Event):
            self._record.add_event(item)
        else:
            self._record.add_run(*item)

    def _wrote(self, write: Callable[[], object]) -> bool:
        try:
            self._try(write)
        except RecordError:
            return False
        self.failure = None
        return True

    def _try(self, write: Callable[[], object]) -> None:
        """Write, once more where the reserve file made room. Raises RecordError, which is noted."""
        try:
            write()
        except RecordError as error:
            if not self.failed(error):
                raise
            try:
                write()
            except RecordError as again:
                self.failed(again)
                raise
