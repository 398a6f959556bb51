"""What every screen has: the station's name, what is wrong, whether water runs, STOP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fieldstation.domain.alert import AlertCode, Severity
from fieldstation.domain.station import Station
from fieldstation.domain.status.station import AlertStatus
from fieldstation.language.alerts import what
from fieldstation.language.sentences import Words
from fieldstation.page.sources import Picture
from fieldstation.page.today.status import alerts_now, controller_alive

NAV = (("today", "today"), ("history", "history"), ("plan", "calendar"), ("more", "more"))
"""The bottom navigation: the endpoint of a screen, which is also its word, and its icon."""


def frame(station: Station, picture: Picture, words: Words, *, veiled: bool = False) -> dict[str, Any]:
    """What `frame.html` shows around a screen. `veiled`: to those who may not look, only what STOP needs."""
    names = {zone.id: zone.name for zone in station.zones}
    return {
        "name": station.name,
        "as_of": words("as_of", time=words.clock(picture.now)),
        "alerts": [] if veiled else _alerts(_unsaid(alerts_now(picture), picture), words, names),
        "bar": _bar(picture, words, names, veiled=veiled),
        "banner": _banner(picture, words),
        "running": picture.guard is not None and bool(picture.guard.runs),
    }


def water(picture: Picture) -> str:
    """`running`, `quiet`, `stopped`, or `unknown` where nobody can say that no line is on."""
    guard = picture.guard
    if guard is None:
        return "unknown"
    if guard.runs:
        return "running"
    if any(line.on is not False for line in guard.lines.values()):
        return "unknown"
    return "stopped" if guard.stop_latched else "quiet"


def _unsaid(alerts: Sequence[AlertStatus], picture: Picture) -> list[AlertStatus]:
    """The alerts that the banner does not tell already."""
    told = AlertCode.GUARD_SILENT if picture.guard is None else AlertCode.CONTROLLER_SILENT
    return [alert for alert in alerts if alert.code is not told]


def _alerts(alerts: Sequence[AlertStatus], words: Words, names: dict[str, str]) -> list[str]:
    """What stands above each screen: all but what somebody wants to hear nothing of; urgent ones always."""
    return [
        what(alert, words, names)
        for alert in alerts
        if alert.severity is Severity.URGENT or not alert.quiet_until
    ]


def _bar(picture: Picture, words: Words, names: dict[str, str], *, veiled: bool) -> dict[str, Any]:
    guard, state = picture.guard, water(picture)
    if guard is None:
        return {"state": state, "text": words("stop_unknown"), "resume": False}
    latched = bool(guard.latches) or guard.stop_latched
    if state == "running" and not veiled:
        run = guard.runs[0]
        text = words.say(
            "frame",
            "running",
            zone=names.get(run.zone, run.zone),
            minutes_on=round(run.on_s / 60),
            minutes=words.minutes(run.planned_s / 60),
        )
    else:
        text = words(
            {"unknown": "stop_running", "running": "stop_running", "stopped": "stopped"}.get(
                state, "stop_quiet"
            )
        )
    return {"state": state, "text": text, "resume": latched}


def _banner(picture: Picture, words: Words) -> str | None:
    if picture.guard is None:
        process, text = "guard", words("guard_silent_head")
    elif not controller_alive(picture):
        process, text = "controller", words("controller_silent")
    else:
        return None
    return f"{text} {words('answer_unreadable')}" if process in picture.unreadable else text
