"""A whole screen: the frame around it, and how it is kept, with its tag and squeezed once for all who read it."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import Response, request

from fieldstation.domain.alert import AlertCode, Severity
from fieldstation.domain.people import Person
from fieldstation.domain.station import Station
from fieldstation.domain.status.station import AlertStatus
from fieldstation.language.alerts import what
from fieldstation.language.sentences import Words
from fieldstation.page.sources import StationSnapshot

NAV = (("today", "today"), ("history", "history"), ("plan", "calendar"), ("more", "more"))
"""The bottom navigation: the endpoint of a screen, which is also its word, and its icon."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Beside STOP: how water is, and whether there is something to resume."""

    state: str
    text: str
    resume: bool


@dataclass(frozen=True, slots=True)
class Way:
    """A link of the navigation, and whether it leads here."""

    href: str
    icon: str
    word: str
    here: bool


@dataclass(frozen=True, slots=True)
class Around:
    """What `frame.html` has to know of this request. `asked` is what every address keeps, `here` this screen's own."""

    languages: Mapping[str, str]
    person: Person | None
    no_owner: bool
    may: Callable[[str], bool]
    theme: str
    here: str | None
    asked: Mapping[str, str]
    nav: list[Way]


@dataclass(frozen=True, slots=True)
class Frame:
    """What `frame.html` shows around a screen, whoever looks."""

    name: str
    as_of: str
    alerts: list[str]
    bar: Bar
    banner: str | None
    running: bool


def frame(station: Station, snapshot: StationSnapshot, words: Words, *, veiled: bool = False) -> Frame:
    """`veiled`: to those who may not look, only what STOP needs."""
    names = {zone.id: zone.name for zone in station.zones}
    return Frame(
        name=station.name,
        as_of=words("as_of", time=words.clock(snapshot.now)),
        alerts=[] if veiled else _alerts(_unsaid(snapshot), words, names),
        bar=_bar(snapshot, words, names, veiled=veiled),
        banner=_banner(snapshot, words),
        running=snapshot.guard is not None and bool(snapshot.guard.runs),
    )


def water(snapshot: StationSnapshot) -> str:
    """`running`, `quiet`, `stopped`, or `unknown` where nobody can say that no line is on."""
    guard = snapshot.guard
    if guard is None:
        return "unknown"
    if guard.runs:
        return "running"
    if any(line.on is not False for line in guard.lines.values()):
        return "unknown"
    return "stopped" if guard.stop_latched else "quiet"


def _unsaid(snapshot: StationSnapshot) -> list[AlertStatus]:
    """The alerts that the banner does not tell already."""
    unsaid = AlertCode.GUARD_SILENT if snapshot.guard is None else AlertCode.CONTROLLER_SILENT
    return [alert for alert in snapshot.alerts if alert.code is not unsaid]


def _alerts(alerts: Sequence[AlertStatus], words: Words, names: dict[str, str]) -> list[str]:
    """What stands above each screen: all but what somebody wants to hear nothing of; urgent ones always."""
    return [
        what(alert, words, names)
        for alert in alerts
        if alert.severity is Severity.URGENT or not alert.quiet_until
    ]


def _bar(snapshot: StationSnapshot, words: Words, names: dict[str, str], *, veiled: bool) -> Bar:
    guard, state = snapshot.guard, water(snapshot)
    if guard is None:
        return Bar(state, words("stop_unknown"), resume=False)
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
    return Bar(state, text, latched)


def _banner(snapshot: StationSnapshot, words: Words) -> str | None:
    if snapshot.guard is None:
        process, text = "guard", words("guard_silent_head")
    elif not snapshot.alive:
        process, text = "controller", words("controller_silent")
    else:
        return None
    return f"{text} {words('answer_unreadable')}" if process in snapshot.unreadable else text


TAG_HERE = "%etag%"
"""Where a template wants its own tag: with it a page asks from the first whether it has changed."""
SQUEEZE = 6


class Drawn:
    """One screen of one snapshot for one kind of reader."""

    def __init__(self, snapshot: StationSnapshot, html: str) -> None:
        self.snapshot = snapshot
        self.tag = hashlib.sha256(html.encode()).hexdigest()[:16]
        self._html = html

    @cached_property
    def plain(self) -> bytes:
        """The page, knowing its tag."""
        return self._html.replace(TAG_HERE, self.tag, 1).encode()

    @cached_property
    def squeezed(self) -> bytes:
        """The same for those who take gzip."""
        return gzip.compress(self.plain, SQUEEZE, mtime=0)

    def once(self, code: int) -> Response:
        """What was told once, or is no answer to keep: without a tag."""
        return Response(self._html.replace(TAG_HERE, "", 1), code, mimetype="text/html")

    def response(self) -> Response:
        """The page, or 304 for whoever has it."""
        squeeze = "gzip" in request.headers.get("Accept-Encoding", "")
        response = Response(self.squeezed if squeeze else self.plain, mimetype="text/html")
        if squeeze:
            response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
        response.set_etag(self.tag)
        response.make_conditional(request)
        return response
