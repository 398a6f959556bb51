"""Alerts: what is wrong, since when, what it means for watering, what to do; and what was solved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, request

from fieldstation.domain.alert import Alert, Severity
from fieldstation.domain.status.station import AlertStatus
from fieldstation.language.alerts import detail, effect, steps, what
from fieldstation.language.sentences import Words
from fieldstation.page.alerts import channels
from fieldstation.page.alerts.channels import Channels, channels_view
from fieldstation.page.alerts.listing import find
from fieldstation.page.context import Answer, PageContext
from fieldstation.page.sources import StationSnapshot

SNOOZES_H = (1, 24, 168)
ICONS = {Severity.URGENT: "stop", Severity.WARNING: "alert", Severity.NOTE: "ask"}
"""A shape beside the word beside the colour."""


def attach(app: Flask, page: PageContext) -> None:
    """The screen, and what a person does with an alert."""

    def shown(snapshot: StationSnapshot, words: Words) -> Alerts:
        return alerts_view(page, snapshot, words)

    def refused(answer: Answer) -> Any:
        return page.screen("alerts.html", shown, said=page.refusal(answer), code=409)

    def asked(command: str, granted: str, **values: Any) -> Any:
        answer = page.send_command(command, id=request.form.get("id", type=int), by=page.who(), **values)
        return refused(answer) if answer.refused else page.done("alerts", granted)

    channels.attach(app, page, refused)

    @app.get("/alerts")
    def alerts() -> Any:
        return page.screen("alerts.html", shown)

    @app.post("/alerts/seen")
    @page.needs("farmer")
    def alert_seen() -> Any:
        return asked("alert_seen", "alert_seen")

    @app.post("/alerts/snooze")
    @page.needs("farmer")
    def alert_snooze() -> Any:
        hours = request.form.get("hours", type=float)
        return asked("alert_snooze", "alert_quiet" if hours else "alert_woken", hours=hours)


@dataclass(frozen=True, slots=True)
class Card:
    """One open alert; without an id nothing can be done with it here."""

    id: int | None
    severity: str
    icon: str
    what: str
    since: str | None
    effect: str
    steps: list[str]
    detail: str
    seen: str | None
    quiet: str | None


@dataclass(frozen=True, slots=True)
class Solved:
    """One that is over."""

    what: str
    when: str


@dataclass(frozen=True, slots=True)
class Alerts:
    """What `alerts.html` shows. `stale`: only the record says so. Not `live`: a person may be choosing how long to be quiet."""

    cards: list[Card]
    snoozes: tuple[int, ...]
    stale: bool
    solved: list[Solved]
    channels: Channels | None
    live: bool = False


def alerts_view(page: PageContext, snapshot: StationSnapshot, words: Words) -> Alerts:
    """The open ones as cards, the solved ones as lines."""
    found = find(page, snapshot)
    return Alerts(
        cards=[_card(alert, words, page.names) for alert in found.open],
        snoozes=SNOOZES_H,
        stale=not found.fresh,
        solved=[_solved(alert, words, page.names, snapshot.now) for alert in found.solved],
        channels=channels_view(page, snapshot, words),
    )


def _card(alert: AlertStatus, words: Words, names: dict[str, str]) -> Card:
    return Card(
        id=alert.id,
        severity=alert.severity.value,
        icon=ICONS[alert.severity],
        what=what(alert, words, names),
        since=_sentence("since_unsure" if alert.since_sure is False else "since", words, when=alert.since),
        effect=effect(alert, words),
        steps=steps(alert, words),
        detail=detail(alert),
        seen=_sentence("seen_by", words, name=alert.seen_by, when=alert.seen_at),
        quiet=_sentence("quiet_until", words, when=alert.quiet_until),
    )


def _sentence(code: str, words: Words, *, when: datetime | None, **values: Any) -> str | None:
    return None if when is None else words.say("alerts", code, when=words.when(when), **values)


def _solved(alert: Alert, words: Words, names: dict[str, str], now: datetime) -> Solved:
    ended = alert.ended_at or now  # gone a moment ago, and not yet written as ended
    span = words.say("alerts", "solved_when", since=words.when(alert.since), until=words.when(ended))
    return Solved(what(alert, words, names), span)
