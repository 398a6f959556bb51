"""Where alerts go beyond the station: a technician's part of the Alerts screen. At first, nowhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, request

from fieldstation.domain.alert import Severity
from fieldstation.domain.notification import Channel, NotificationState
from fieldstation.domain.status.station import ChannelStatus, LastNotification
from fieldstation.language.sentences import Words
from fieldstation.page.alerts import channel_actions
from fieldstation.page.context import Answer, PageContext
from fieldstation.page.sources import StationSnapshot


def attach(app: Flask, page: PageContext, refused: Callable[[Answer], Any]) -> None:
    """Set, turn off, try. `refused` shows the screen with why not."""

    def answered(granted: str, answer: Answer) -> Any:
        return refused(answer) if answer.refused else page.done("alerts", granted)

    @app.post("/alerts/channels")
    @page.needs("technician")
    def channels_set() -> Any:
        form, off = request.form, request.form.get("off")
        if off in list(Channel):
            return answered("saved", channel_actions.save(page, channel_actions.off(Channel(off))))
        url, secret = form.get("webhook_url", "").strip(), form.get("webhook_secret", "").strip()
        urls = [line.strip() for line in form.get("apprise_urls", "").splitlines() if line.strip()]
        requests: channel_actions.SettingValues = [
            ("alerts_min", form.get("alerts_min", Severity.WARNING.value))
        ]
        if url:
            requests += channel_actions.webhook(url, secret)
        if urls:
            requests += channel_actions.apprise(urls)
        return answered("saved", channel_actions.save(page, requests))

    @app.post("/alerts/test")
    @page.needs("technician")
    def channel_test() -> Any:
        return answered("channel_tested", channel_actions.test(page, request.form.get("channel", "")))

    @app.post("/alerts/arrived")
    @page.needs("technician")
    def channel_arrived() -> Any:
        channel, digits = (request.form.get(name, "") for name in ("channel", "digits"))
        return answered("channel_arrived", channel_actions.arrived(page, channel, digits))


@dataclass(frozen=True, slots=True)
class Row:
    """One channel: what came of it, and whether the digits of a test are asked for."""

    name: str
    on: bool
    lines: list[str]
    asks: bool


@dataclass(frozen=True, slots=True)
class Channels:
    """What `channels.html` shows. `least` is the lowest grade that is sent."""

    rows: list[Row]
    on: bool
    least: str
    grades: list[str]


def channels_view(page: PageContext, snapshot: StationSnapshot, words: Words) -> Channels | None:
    """What the technician's part shows; None for everybody else. No address is ever shown."""
    if not page.may("technician"):
        return None
    channels = snapshot.controller.channels if snapshot.controller else {}
    rows = [_row(channel, channels.get(channel), words) for channel in Channel]
    least, grades = str(page.settings().get("alerts_min")), [severity.value for severity in Severity]
    return Channels(rows, any(row.on for row in rows), least, grades)


def _row(channel: Channel, now: ChannelStatus | None, words: Words) -> Row:
    lines = []
    last, test = (now.last, now.test) if now else (None, None)
    if last is not None:
        lines.append(_last(last, words))
    if now is not None and now.waiting:
        lines.append(words.say("channels", "waiting", n=now.waiting))
    if test is not None:
        lines.append(words.say("channels", f"test_{test.state}"))
    return Row(channel.value, now is not None and now.on, lines, test is not None and test.open)


def _last(last: LastNotification, words: Words) -> str:
    if last.state is NotificationState.SENT:
        return words.say("channels", "last_sent")
    if last.state in (NotificationState.EXPIRED, NotificationState.GIVEN_UP):
        return words.say("channels", "last_expired")
    return words.say("channels", "last_failed", why=words.say("notification_failed", last.detail))
