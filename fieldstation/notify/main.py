"""Read the notifications that are due, put them into words, send them, say what came of each. It writes nothing."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from fieldstation import log
from fieldstation.domain.alert import AlertCode, Severity
from fieldstation.domain.notification import Channel, Failure, Notification
from fieldstation.domain.settings import Settings
from fieldstation.domain.station import Station
from fieldstation.language.sentences import LANGUAGES, Words
from fieldstation.notify.apprise import by_apprise
from fieldstation.notify.deadline import within
from fieldstation.notify.text import body
from fieldstation.notify.webhook import by_webhook
from fieldstation.store.reader import Reader
from fieldstation.wire.places import Places

MOST = 20
ONE_S = 20.0
ALL_S = 60.0
NO_WAY = {Failure.NAME_UNKNOWN, Failure.UNREACHABLE, Failure.TOO_SLOW}
"""After one of these the channel's other notifications are not tried in this run: it would be the same."""

Send = Callable[[dict[str, Any]], Failure | None]


def main(station: Station, places: Places, *, as_json: bool) -> int:
    """Send what is due; prints `{"results": [{"id", "failure"}]}`. Raises StationError without a record."""
    log.start("notify", libraries=False)
    with Reader(places.record) as reader:
        notifications, settings = reader.notifications(waiting=True), reader.settings()
    results = send_due(station, settings, notifications, datetime.now(UTC))
    if as_json:
        sys.stdout.write(json.dumps({"results": [{"id": n, "failure": f} for n, f in results]}) + "\n")
    else:
        sys.stdout.write("".join(f"{n}: {f or 'sent'}\n" for n, f in results) or "nothing is due\n")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # a sender that hangs must not keep this process: its deadline is over


def send_due(
    station: Station, settings: Settings, notifications: list[Notification], now: datetime
) -> list[tuple[int, str | None]]:
    """The number of each notification that was tried, and why it failed or None. Urgent first, then the newest."""
    senders = _senders(settings)
    due = [
        notification
        for notification in notifications
        if notification.next_at <= now < notification.expires_at and notification.channel in senders
    ]
    due.sort(key=lambda notification: (-_rank(notification), -(notification.id or 0)))
    language = settings.get("language") or station.language
    words = Words(
        str(language) if language in LANGUAGES else "en",
        ZoneInfo(station.timezone),
        now,
        str(settings.get("units")),
    )
    found: list[tuple[int, str | None]] = []
    no_way: dict[Channel, Failure] = {}
    begun_s = time.monotonic()
    for notification in due[:MOST]:
        assert notification.id is not None
        if time.monotonic() - begun_s > ALL_S:
            break
        failure = no_way.get(notification.channel) or _try(
            senders[notification.channel], body(notification, station, words)
        )
        if failure in NO_WAY:
            no_way[notification.channel] = failure
        found.append((notification.id, failure.value if failure else None))
    return found


def _try(send: Send, message: dict[str, Any]) -> Failure | None:
    """Whatever a sender does, an answer in time."""
    try:
        return within(ONE_S, lambda: send(message))
    except TimeoutError:
        return Failure.TOO_SLOW
    except Exception:
        log.exception("sender_bug", type_only=True)  # its text may hold the address, which is secret
        return Failure.GARBLED


def _senders(settings: Settings) -> dict[Channel, Send]:
    senders: dict[Channel, Send] = {}
    url, secret, urls = (settings.get(name) for name in ("webhook_url", "webhook_secret", "apprise_urls"))
    if isinstance(url, str):
        senders[Channel.WEBHOOK] = lambda message: by_webhook(
            url, secret if isinstance(secret, str) else None, message
        )
    if isinstance(urls, tuple) and urls:
        senders[Channel.APPRISE] = lambda message: by_apprise(urls, message)
    return senders


def _rank(notification: Notification) -> int:
    code = notification.content.code
    return (
        AlertCode(code).severity.rank if code in set(AlertCode) else len(Severity)
    )  # a person waits for a test
