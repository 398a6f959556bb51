"""Where alerts go, set by form or by API. What cannot be is refused before any of it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fieldstation.domain.notification import Channel
from fieldstation.domain.settings import SETTINGS
from fieldstation.page.context import Answer, PageContext

SettingValues = list[tuple[str, Any]]


def webhook(url: str, secret: str | None) -> SettingValues:
    """A new address has the secret beside it, or none."""
    return [("webhook_secret", secret or None), ("webhook_url", url)]


def apprise(urls: Sequence[str]) -> SettingValues:
    """Addresses of Apprise."""
    return [("apprise_urls", list(urls))]


def off(channel: Channel) -> SettingValues:
    """Nothing goes there any more."""
    if channel is Channel.WEBHOOK:
        return [("webhook_url", None), ("webhook_secret", None)]
    return apprise([])


def save(page: PageContext, values: SettingValues) -> Answer:
    """Set them all; the first no, or the last answer."""
    for name, value in values:
        try:
            SETTINGS[name].checked(value)
        except ValueError as error:
            return Answer("setting_bad", {"name": name, "detail": str(error)})
    answer = Answer()
    for name, value in values:
        answer = page.send_command("set_setting", name=name, zone=None, value=value, by=page.who())
        if answer.refused:
            break
    return answer


def test(page: PageContext, channel: str) -> Answer:
    """Send four digits."""
    return page.send_command("test_channel", channel=channel, by=page.who())


def arrived(page: PageContext, channel: str, digits: str) -> Answer:
    """A person has read them."""
    return page.send_command("channel_arrived", channel=channel, digits=digits, by=page.who())
