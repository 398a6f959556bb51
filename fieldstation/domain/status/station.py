"""The station as the controller tells it: everything about now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fieldstation.binding import like, setting
from fieldstation.domain.alert import Alert, AlertCode, Severity
from fieldstation.domain.decision import Value
from fieldstation.domain.notification import Channel, NotificationState
from fieldstation.domain.reading import Quality
from fieldstation.domain.settings import SettingValue
from fieldstation.domain.status.learning import LearningStatus
from fieldstation.domain.status.zone import ZoneStatus


@dataclass(frozen=True, slots=True)
class Identity:
    """Which station this is."""

    name: str
    timezone: str
    language: str


@dataclass(frozen=True, slots=True)
class ClockStatus:
    """The wall clock, and whether something that knows the time has set it."""

    now: datetime
    trusted: bool


@dataclass(frozen=True, slots=True)
class AirStatus:
    """The air; values are None unless the reading is good."""

    t_c: float | None
    rh_frac: float | None
    age_s: float | None
    quality: Quality


@dataclass(frozen=True, slots=True)
class RainStatus:
    """Rain since local midnight, and the gauge's newest reading."""

    today_mm: float | None
    age_s: float | None
    quality: Quality


@dataclass(frozen=True, slots=True)
class SettingsStatus:
    """Every setting that is no secret, of the station and by zone."""

    station: dict[str, SettingValue]
    zones: dict[str, dict[str, SettingValue]]


@dataclass(frozen=True, slots=True)
class AlertStatus:
    """An open alert. `id` is None until it is on record, `since_sure` False when the clock was not set."""

    id: int | None
    code: AlertCode
    severity: Severity
    zone: str | None
    since: datetime | None
    since_sure: bool | None
    values: dict[str, Value]
    seen_by: str | None
    seen_at: datetime | None
    quiet_until: datetime | None


@dataclass(frozen=True, slots=True)
class PlannerStatus:
    """How forecasting goes. `failure` is a code, and `detail` its text."""

    last_ok_at: datetime | None
    failure: str | None
    detail: str
    running: bool


@dataclass(frozen=True, slots=True)
class LastNotification:
    """What came of the newest message that was tried."""

    state: NotificationState
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTest:
    """A test message: waiting, sent or arrived. While it is open its digits may be told."""

    state: str = setting("how far it has come", choices=("waiting", "sent", "arrived"))
    detail: str
    open: bool


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    """How a channel does, without a word of where it leads."""

    on: bool
    waiting: int
    last: LastNotification | None
    test: ChannelTest | None


@dataclass(frozen=True, slots=True)
class StorageStatus:
    """Whether the record takes what is given to it; else the code of why not."""

    ok: bool
    failure: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StationStatus:
    """Everything about now. `manual_key` is how the key of a form for manual watering begins."""

    station: Identity
    clock: ClockStatus
    zones: tuple[ZoneStatus, ...]
    air: AirStatus
    rain: RainStatus
    manual_key: str = setting("of this run of the controller", key="hand_mark")
    settings: SettingsStatus
    alerts: tuple[AlertStatus, ...]
    boot_id: str
    heartbeat_age_s: float
    planner: PlannerStatus
    learning: LearningStatus
    channels: dict[Channel, ChannelStatus]
    storage: StorageStatus

    def zone(self, zone: str) -> ZoneStatus | None:
        """A zone by its id; None where the controller has another configuration."""
        return next((one for one in self.zones if one.id == zone), None)


def alert_status(alert: Alert, now: datetime | None = None) -> AlertStatus:
    """An alert, open or of the record. A rest from it that is over `now` is left out. Instants are whole seconds."""
    quiet = alert.quiet_until if now is None or alert.quiet(now) else None
    return like(
        AlertStatus,
        alert,
        severity=alert.code.severity,
        since=alert.since.replace(microsecond=0),
        since_sure=alert.clock_trusted,
        seen_at=alert.seen_at and alert.seen_at.replace(microsecond=0),
        quiet_until=quiet and quiet.replace(microsecond=0),
    )
