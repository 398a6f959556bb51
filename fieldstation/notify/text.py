"""A letter in the station's language, and as data beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fieldstation.domain.alert import AlertCode
from fieldstation.domain.letter import About, Letter, Told
from fieldstation.domain.station import Station
from fieldstation.language.alerts import effect, steps, what
from fieldstation.language.sentences import Words


def body(letter: Letter, station: Station, words: Words) -> dict[str, Any]:
    """What a webhook gets; Apprise gets `title` and `text` of it. `id` is the same at every try of one message."""
    told = letter.told
    names = {zone.id: zone.name for zone in station.zones}
    if told.about is About.TEST:
        title = words.say("letter", "test")
        lines = [words.say("letter", "test_text", digits=told.proof)]
    else:
        title = what(told, words, names)
        if told.about is not About.OPENED:
            title = words.say("letter", "solved_title", what=title)
        lines = _lines(told, words)
    return {
        "id": letter.id,
        "event": told.about.value,
        "station": station.name,
        "code": told.code,
        "severity": AlertCode(told.code).severity.value if told.code in set(AlertCode) else None,
        "zone": told.zone,
        "zone_name": names.get(told.zone or ""),
        "values": told.values,
        "since": _stamp(told.since),
        "ended_at": _stamp(told.ended_at),
        "title": f"{station.name}: {title}",
        "text": "\n".join(lines),
    }


def _lines(told: Told, words: Words) -> list[str]:
    if told.about is About.OPENED:
        do = [f"{number}. {step}" for number, step in enumerate(steps(told, words), 1)]
        return [effect(told, words), *do]
    if told.since is None or told.ended_at is None:
        return []
    if told.about is About.SOLVED:
        return [words.say("letter", "solved_at", when=words.when(told.ended_at))]
    return [words.say("letter", "over", since=words.when(told.since), until=words.when(told.ended_at))]


def _stamp(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z") if at else None
