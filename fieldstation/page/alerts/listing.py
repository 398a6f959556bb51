"""Which alerts there are: the controller's, what the page itself sees, and the record's while the controller is silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from fieldstation.domain.alert import Alert
from fieldstation.domain.errors import StationError
from fieldstation.domain.status.station import AlertStatus, alert_status
from fieldstation.page.context import PageContext
from fieldstation.page.sources import StationSnapshot
from fieldstation.store.reader import Reader

SOLVED_BACK = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Found:
    """The open ones the worst first; those solved lately; whether the controller says so now."""

    open: list[AlertStatus]
    solved: list[Alert]
    fresh: bool


def find(page: PageContext, snapshot: StationSnapshot) -> Found:
    """With the controller silent, the record's open alerts stand in."""
    recorded = _recorded(page, snapshot.now)
    found = list(snapshot.alerts)
    alive = snapshot.alive
    if not alive:
        found += [alert_status(alert) for alert in recorded if alert.ended_at is None]
    open_ids = {alert.id for alert in found}
    solved = [
        alert for alert in recorded if alert.id not in open_ids and (alert.ended_at is not None or alive)
    ]  # gone a moment ago, it may not yet be written as ended
    return Found(sorted(found, key=lambda alert: -alert.severity.rank), solved, alive)


def _recorded(page: PageContext, now: datetime) -> list[Alert]:
    try:
        with Reader(page.record) as reader:
            return reader.alerts(now - SOLVED_BACK)
    except StationError:
        return []
