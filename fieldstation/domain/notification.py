"""A message to people away from the station: what it says as codes, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from fieldstation.domain.alert import Alert
from fieldstation.domain.decision import Value

LASTS = timedelta(hours=24)
"""Older news is no news: what could not be sent in a day is not sent."""
RETRY_S = (60.0, 120.0, 300.0, 900.0, 1800.0, 3600.0)
"""Seconds to the next try, by tries made; the last one repeats."""


class Channel(StrEnum):
    """By which way."""

    WEBHOOK = "webhook"
    APPRISE = "apprise"


class About(StrEnum):
    """What it tells of an alert."""

    OPENED = "opened"
    SOLVED = "solved"  # of one that was told
    OVER = "over"  # came and went while nothing could be sent
    TEST = "test"


class NotificationState(StrEnum):
    """How far it has come."""

    WAITING = "waiting"
    SENT = "sent"  # the other side took it; whether a person saw it only a person knows
    EXPIRED = "expired"
    GIVEN_UP = "given_up"  # too many waited


class Failure(StrEnum):
    """Why a try came to nothing."""

    NAME_UNKNOWN = "name_unknown"  # DNS: mostly, no internet
    UNREACHABLE = "unreachable"
    TOO_SLOW = "too_slow"
    CERTIFICATE = "certificate"
    REDIRECTED = "redirected"
    REFUSED = "refused"  # an HTTP status that is no success
    GARBLED = "garbled"  # no HTTP
    ADDRESS = "address"  # nobody can send to this
    NOT_INSTALLED = "not_installed"  # the extra `apprise`
    CUT_SHORT = "cut_short"  # the sending process ended or was ended


@dataclass(frozen=True, slots=True)
class NotificationContent:
    """What a notification says. `proof`: four digits that a person types back after a test."""

    about: About
    code: str | None = None
    zone: str | None = None
    values: dict[str, Value] = field(default_factory=dict)
    since: datetime | None = None
    ended_at: datetime | None = None
    proof: str | None = None


@dataclass(frozen=True, slots=True)
class Notification:
    """One message by one channel. `detail` is a Failure, or what else came of it."""

    at: datetime
    channel: Channel
    content: NotificationContent
    expires_at: datetime
    next_at: datetime
    alert: int | None = None
    id: int | None = None
    tries: int = 0
    state: NotificationState = NotificationState.WAITING
    detail: str = ""


def about(alert: Alert, what: About) -> NotificationContent:
    """What is told of an alert."""
    return NotificationContent(what, alert.code.value, alert.zone, alert.values, alert.since, alert.ended_at)


def retry_s(tries: int) -> float:
    """Seconds to wait after so many tries that failed.

    >>> [retry_s(n) for n in (1, 2, 6, 30)]
    [60.0, 120.0, 3600.0, 3600.0]
    """
    return RETRY_S[min(max(tries, 1), len(RETRY_S)) - 1]
