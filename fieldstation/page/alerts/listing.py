"""Which alerts there are: the controller's, what the page itself sees, and the record's while the controller is silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fieldstation.domain.alert import Alert, AlertCode, Severity
from fieldstation.domain.errors import StationError
from fieldstation.page.site import Site
from fieldstation.page.sources import Picture
from fieldstation.page.today.status import controller_alive, status
from fieldstation.store.reader import Reader

SOLVED_BACK = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Found:
    """The open ones as plain values, the worst first; those solved lately; whether the controller says so now."""

    open: list[dict[str, Any]]
    solved: list[Alert]
    fresh: bool


def find(site: Site, picture: Picture) -> Found:
    """With the controller silent, the record's open alerts stand in."""
    recorded = _recorded(site, picture.now)
    found = list(status(site.station, picture)["alerts"])
    alive = controller_alive(picture)
    if not alive:
        found += [plain(alert) for alert in recorded if alert.ended_at is None]
    open_ids = {alert.get("id") for alert in found}
    solved = [
        alert for alert in recorded if alert.id not in open_ids and (alert.ended_at is not None or alive)
    ]  # gone a moment ago, it may not yet be written as ended
    return Found(sorted(found, key=lambda alert: -severity(alert["code"]).rank), solved, alive)


def severity(code: str) -> Severity:
    """Of what the page itself sees too: a silent controller is urgent."""
    return AlertCode(code).severity if code in set(AlertCode) else Severity.URGENT


def plain(alert: Alert) -> dict[str, Any]:
    """An alert of the record as the controller tells one."""
    return {
        "id": alert.id,
        "code": alert.code.value,
        "zone": alert.zone,
        "values": alert.values,
        "since": alert.since.isoformat(),
        "since_sure": alert.clock_trusted,
        "seen_by": alert.seen_by,
        "seen_at": alert.seen_at and alert.seen_at.isoformat(),
        "quiet_until": alert.quiet_until and alert.quiet_until.isoformat(),
    }


def _recorded(site: Site, now: datetime) -> list[Alert]:
    try:
        with Reader(site.record) as reader:
            return reader.alerts(now - SOLVED_BACK)
    except StationError:
        return []
