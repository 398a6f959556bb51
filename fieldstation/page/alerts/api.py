"""Alerts in the API: what is wrong and what was solved; where messages go beyond the station.

Seen and snoozed are requests (`requests.py`). An address or secret goes in and never comes out again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marshmallow import fields, validate

from fieldstation.binding import like
from fieldstation.domain.notification import Channel
from fieldstation.domain.settings import TEXT_MAX, TEXTS_MAX
from fieldstation.domain.status.station import AlertStatus, ChannelStatus, LastNotification, alert_status
from fieldstation.language.alerts import effect, steps, what
from fieldstation.page.alerts import channel_actions
from fieldstation.page.alerts.listing import find
from fieldstation.page.api.openapi import DONE, Room
from fieldstation.page.api.requests import Body, body, text
from fieldstation.page.api.responses import answered, second, shown
from fieldstation.page.context import PageContext

CHANNEL = f"/channels/<any({', '.join(Channel)}):channel>"
SECRET = {"format": "password", "writeOnly": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAlert(AlertStatus):
    """An open alert with its sentences in the reader's language."""

    what: str
    effect: str
    steps: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SolvedAlert(AlertStatus):
    """An alert that is over."""

    what: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class AlertList:
    """`fresh`: the controller says so now."""

    fresh: bool
    open: list[OpenAlert]
    solved: list[SolvedAlert]


@dataclass(frozen=True, slots=True)
class ChannelTrial:
    """A test message; while it is open its digits may be told."""

    state: str
    open: bool


@dataclass(frozen=True, slots=True)
class ChannelNow:
    """How a channel does."""

    name: Channel
    on: bool
    waiting: int
    last: LastNotification | None
    test: ChannelTrial | None


@dataclass(frozen=True, slots=True)
class ChannelList:
    """Every channel, and what is worth a message."""

    least: str
    channels: list[ChannelNow]


def attach(page: PageContext) -> Room:
    """The list, and the channels."""
    api = Room("alerts", "What is wrong, and where it is told beyond the station.")
    _list(api, page)
    _channels(api, page)
    return api


def _list(api: Room, page: PageContext) -> None:
    @api.route("/alerts")
    @api.answers(AlertList)
    def api_alerts() -> Any:
        """Open alerts, the worst first, and those solved within 31 days.

        `what`, `effect` and `steps` are sentences in the reader's language. `fresh`: the controller says so now; false
        when only the record does.
        """
        words, names = page.words(), page.names
        found = find(page, page.source.snapshot())
        opened = [
            like(
                OpenAlert,
                one,
                what=what(one, words, names),
                effect=effect(one, words),
                steps=steps(one, words),
            )
            for one in found.open
        ]
        solved = [
            like(
                SolvedAlert,
                alert_status(one),
                what=what(one, words, names),
                ended_at=None if one.ended_at is None else second(one.ended_at),
            )
            for one in found.solved
        ]
        return shown(AlertList(found.fresh, opened, solved))


def _channels(api: Room, page: PageContext) -> None:
    @api.route("/channels")
    @page.needs("technician")
    @api.answers(ChannelList)
    def api_channels() -> Any:
        """How each channel does, without a word of where it leads.

        `on`: an address is set. `last`: what came of the newest message that was tried. `test`: waiting, sent or
        arrived; while it is `open`, its digits may be told. `least`: what is worth a message, the setting alerts_min.
        """
        controller = page.source.snapshot().controller
        channels = controller.channels if controller else {}
        rows = [_channel(one, channels.get(one)) for one in Channel]
        return shown(ChannelList(str(page.settings().get("alerts_min")), rows))

    @api.route("/channels/webhook", "PUT")
    @page.needs("technician")
    @api.takes(
        body(
            url=text(1, TEXT_MAX, required=True, metadata={"format": "uri", "writeOnly": True}),
            secret=text(1, TEXT_MAX, load_default=None, allow_none=True, metadata=SECRET),
        )
    )
    @api.answers(DONE, 409, 415, 422, 503)
    def api_webhook(state: dict[str, Any]) -> Any:
        """Send each alert there, as JSON; with a secret each is signed. A new address has no secret but the one beside it."""
        answer = channel_actions.save(page, channel_actions.webhook(state["url"], state["secret"]))
        return answered(page, answer, {"setting_bad": "url"})

    @api.route("/channels/apprise", "PUT")
    @page.needs("technician")
    @api.takes(
        body(
            urls=fields.List(
                text(1, TEXT_MAX),
                required=True,
                validate=validate.Length(1, TEXTS_MAX),
                metadata={"writeOnly": True},
            )
        )
    )
    @api.answers(DONE, 409, 415, 422, 503)
    def api_apprise(state: dict[str, Any]) -> Any:
        """Send each alert to these addresses, by Apprise; they take the place of those before."""
        answer = channel_actions.save(page, channel_actions.apprise(state["urls"]))
        return answered(page, answer, {"setting_bad": "urls"})

    @api.route(f"{CHANNEL}/off", "POST")
    @page.needs("technician")
    @api.takes(Body)
    @api.answers(DONE, 404, 409, 415, 422, 503)
    def api_channel_off(_: dict[str, Any], channel: str) -> Any:
        """Turn a channel off; its address and secret are forgotten."""
        return answered(page, channel_actions.save(page, channel_actions.off(Channel(channel))))

    @api.route(f"{CHANNEL}/test", "POST")
    @page.needs("technician")
    @api.takes(Body)
    @api.answers(DONE, 404, 409, 415, 422, 503)
    def api_channel_test(_: dict[str, Any], channel: str) -> Any:
        """Send a message with four digits, to see whether it arrives."""
        return answered(page, channel_actions.test(page, channel))

    @api.route(f"{CHANNEL}/arrived", "POST")
    @page.needs("technician")
    @api.takes(body(digits=fields.String(required=True, validate=validate.Regexp(r"^[0-9]{4}$"))))
    @api.answers(DONE, 404, 409, 415, 422, 503)
    def api_channel_arrived(state: dict[str, Any], channel: str) -> Any:
        """The digits of the test, read by a person; five guesses a test."""
        return answered(page, channel_actions.arrived(page, channel, state["digits"]))


def _channel(one: Channel, now: ChannelStatus | None) -> ChannelNow:
    if now is None:
        return ChannelNow(one, on=False, waiting=0, last=None, test=None)
    test = None if now.test is None else ChannelTrial(now.test.state, now.test.open)
    return ChannelNow(one, now.on, now.waiting, now.last, test)
