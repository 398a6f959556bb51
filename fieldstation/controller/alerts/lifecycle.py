"""The alerts and their lives: one for each cause, on record from its first sight until it is solved.

What is shown is always what is so now. What is written is slower: a cause that comes and goes is
one alert, and wears the card once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from fieldstation import log
from fieldstation.controller.alerts.conditions import AlertConditions
from fieldstation.controller.core import Core
from fieldstation.domain.alert import Alert, AlertCode, Severity, subject
from fieldstation.domain.decision import Value
from fieldstation.store.errors import RecordError

REOPEN_S = 600.0
"""A cause that returns this soon was never gone: the same alert goes on."""
SURE_S = 120.0
"""An end is written once it has lasted so long; sampling is once a minute."""
VALUES_EVERY_S = 900.0
AGAIN_S = 30.0
CAUSES = ("code", "quality", "detail")
"""Values that tell why: with another of these an alert is worth a line in the log again."""

Key = tuple[AlertCode, str | None, str | None]


class Keeper(Protocol):
    """What is needed of the record."""

    def keep_alerts(self, alerts: Sequence[Alert], audit: tuple[str, str] | None = None) -> list[int]:
        """Durable when this returns; the rows' numbers. `audit` is who did what. Raises RecordError."""


@dataclass(slots=True)
class _Held:
    alert: Alert
    kept: Alert | None = None  # as it stands on record
    kept_s: float = float("-inf")
    gone_s: float | None = None
    inherited: bool = False

    def over(self, mono_s: float) -> bool:
        """Whether it ended for good, and the record knows as much of it as it ever did."""
        if self.gone_s is None or mono_s - self.gone_s <= REOPEN_S:
            return False
        return self.kept is None or self.kept.ended_at is not None

    @property
    def changed(self) -> bool:
        """Whether the record knows less."""
        if self.kept is None:
            return True
        now, then = self.alert, self.kept
        return (now.since, now.ended_at, now.values) != (then.since, then.ended_at, then.values)

    def due(self, mono_s: float) -> bool:
        """Whether the record should hear of it now."""
        if self.kept is None or self.alert.since != self.kept.since:
            return True
        if (self.alert.ended_at is None) is not (self.kept.ended_at is None):
            return self.gone_s is None or mono_s - self.gone_s >= SURE_S
        return self.alert.values != self.kept.values and mono_s - self.kept_s >= VALUES_EVERY_S


class Alerts:
    """Open alerts, and those that ended just now."""

    def __init__(self, core: Core, record: Keeper | None = None) -> None:
        self._core = core
        self._record = record
        self.conditions = AlertConditions(core)
        self._held: dict[Key, _Held] = {}
        self._next_write_s = float("-inf")

    def set(self, code: AlertCode, values: dict[str, Value] | None) -> None:
        """Raise (values) or clear (None) an alert that the core cannot see itself."""
        self.conditions.set(code, values)

    def restore(self, alerts: Sequence[Alert]) -> None:
        """Go on with what was open when the controller ended, or had ended just before."""
        now, mono_s = self._core.clock.now(), self._core.clock.mono_s()
        for alert in sorted(alerts, key=lambda alert: alert.id or 0):
            gone_s = (
                None if alert.ended_at is None else mono_s - max(0.0, (now - alert.ended_at).total_seconds())
            )
            key = (alert.code, alert.zone, subject(alert.code, alert.values))
            self._held[key] = _Held(alert, alert, mono_s, gone_s, inherited=True)

    def update(self) -> None:
        """Bring the alerts up to this moment, and the record up to the alerts."""
        now, mono_s = self._core.clock.now(), self._core.clock.mono_s()
        here: set[Key] = set()
        for code, zone, values in self.conditions.found():
            key = (code, zone, subject(code, values))
            if key not in here:
                here.add(key)
                self._found(key, values, now, mono_s)
        for key, held in list(self._held.items()):
            if key not in here:
                self._missing(key, held, now, mono_s)
        self._write(mono_s)

    def open(self) -> list[Alert]:
        """The alerts of this moment, oldest first."""
        self.update()
        found = [held.alert for held in self._held.values() if held.alert.ended_at is None]
        return sorted(found, key=lambda alert: alert.since)

    def lately(self) -> list[tuple[Alert, float]]:
        """Every alert that is held, each with the seconds since it began or, once ended, since its end."""
        now, mono_s = self._core.clock.now(), self._core.clock.mono_s()
        return [
            (
                held.alert,
                mono_s - held.gone_s if held.gone_s is not None else (now - held.alert.since).total_seconds(),
            )
            for held in self._held.values()
        ]

    def answered(self, alert_id: int, who: str, what: str, **parts: object) -> Alert | None:
        """Keep what a person did with an alert; None when there is no such open one. Raises RecordError."""
        for held in self._held.values():
            if held.alert.id == alert_id and held.alert.ended_at is None and self._record is not None:
                changed = replace(held.alert, **parts)  # type: ignore[arg-type] # fields by name
                self._record.keep_alerts([changed], (who, what))
                held.alert = held.kept = changed
                held.kept_s = self._core.clock.mono_s()
                return changed
        return None

    def stepped(self, step_s: float) -> None:
        """The wall clock was set: what was first seen by the wrong one is dated anew, as far as one can."""
        for held in self._held.values():
            if not held.alert.clock_trusted and not held.inherited:
                since = held.alert.since + timedelta(seconds=step_s)
                held.alert = replace(held.alert, since=since, clock_trusted=self._core.clock.trusted())

    def close(self) -> None:
        """Write what is not yet written, ends included."""
        self._next_write_s = float("-inf")
        self._write(self._core.clock.mono_s(), whole=True)

    def _found(self, key: Key, values: dict[str, Value], now: datetime, mono_s: float) -> None:
        held = self._held.get(key)
        if held is None or held.over(mono_s):
            trusted = self._core.clock.trusted()
            self._held[key] = _Held(Alert(key[0], now, key[1], values, clock_trusted=trusted))
            _log(key, values)
            return
        back = held.inherited or held.gone_s is not None
        if back or any(held.alert.values.get(name) != values.get(name) for name in CAUSES):
            _log(key, values)
        held.inherited, held.gone_s = False, None  # back so soon, it never really went
        held.alert = replace(held.alert, values=values, ended_at=None)

    def _missing(self, key: Key, held: _Held, now: datetime, mono_s: float) -> None:
        if held.gone_s is not None:
            if held.over(mono_s):
                del self._held[key]
        elif self.conditions.surely_gone(key[0], inherited=held.inherited):
            held.alert = replace(held.alert, ended_at=max(now, held.alert.since))
            held.gone_s = mono_s
            log.info("alert_over", alert=key[0].value, zone=key[1], subject=key[2])

    def _write(self, mono_s: float, *, whole: bool = False) -> None:
        if self._record is None or mono_s < self._next_write_s:
            return
        due = [held for held in self._held.values() if (held.changed if whole else held.due(mono_s))]
        if not due:
            return
        try:
            numbers = self._record.keep_alerts([held.alert for held in due])
        except RecordError:  # the recording's own writes tell of it
            self._next_write_s = mono_s + AGAIN_S
            return
        for held, number in zip(due, numbers, strict=True):
            held.alert = held.kept = replace(held.alert, id=number)
            held.kept_s = mono_s


def _log(key: Key, values: dict[str, Value]) -> None:
    write: Callable[..., None] = log.error if key[0].severity is Severity.URGENT else log.warning
    write(key[0].value, zone=key[1], **values)
