"""A notification in the station's language, and as data beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fieldstation.domain.alert import AlertCode
from fieldstation.domain.notification import About, Notification, NotificationContent
from fieldstation.domain.station import Station
from fieldstation.language.alerts import effect, steps, what
from fieldstation.language.sentences import Words


def body(notification: Notification, station: Station, words: Words) -> dict[str, Any]:
    """What a webhook gets; Apprise gets `title` and `text` of it. `id` is the same at every try of one message."""
    content = notification.content
    names = {zone.id: zone.name for zone in station.zones}
    if content.about is About.TEST:
        title = words.say("notification", "test")
        lines = [words.say("notification", "test_text", digits=content.proof)]
    else:
        title = what(content, words, names)
        if content.about is not About.OPENED:
            title = words.say("notification", "solved_title", what=title)
        lines = _lines(content, words)
    return {
        "id": notification.id,
        "event": content.about.value,
        "station": station.name,
        "code": content.code,
        "severity": AlertCode(content.code).severity.value if content.code in set(AlertCode) else None,
        "zone": content.zone,
        "zone_name": names.get(content.zone or ""),
        "values": content.values,
        "since": _stamp(content.since),
        "ended_at": _stamp(content.ended_at),
        "title": f"{station.name}: {title}",
        "text": "\n".join(lines),
    }


def _lines(content: NotificationContent, words: Words) -> list[str]:
    if content.about is About.OPENED:
        do = [f"{number}. {step}" for number, step in enumerate(steps(content, words), 1)]
        return [effect(content, words), *do]
    if content.since is None or content.ended_at is None:
        return []
    if content.about is About.SOLVED:
        return [words.say("notification", "solved_at", when=words.when(content.ended_at))]
    return [
        words.say("notification", "over", since=words.when(content.since), until=words.when(content.ended_at))
    ]


def _stamp(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z") if at else None
