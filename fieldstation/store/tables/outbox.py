"""Rows of messages on their way, inside one transaction of the record's or one visit."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from fieldstation.domain.notification import Channel, Notification, NotificationContent, NotificationState
from fieldstation.store.codec import decode, encode
from fieldstation.store.instant import from_ms, to_ms

_COLUMNS = "id, at, alert, channel, body, tries, next_at, expires_at, state, detail"
NOTIFICATIONS = f"SELECT {_COLUMNS} FROM outbox ORDER BY id DESC LIMIT ?"  # noqa: S608 -- columns of ours
WAITING = f"SELECT {_COLUMNS} FROM outbox WHERE state = 'waiting' ORDER BY id"  # noqa: S608


class Outbox:
    """Writes notifications."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def save(self, notifications: Iterable[Notification]) -> list[int]:
        """A new row for a notification without a number, its row brought up to date for the others; the numbers."""
        numbers = []
        for notification in notifications:
            row = self._connection.execute(
                f"INSERT INTO outbox ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
                " ON CONFLICT (id) DO UPDATE SET at = excluded.at, body = excluded.body, tries = excluded.tries,"
                " next_at = excluded.next_at, expires_at = excluded.expires_at, state = excluded.state,"
                " detail = excluded.detail RETURNING id",
                (
                    notification.id,
                    to_ms(notification.at),
                    notification.alert,
                    notification.channel.value,
                    encode(notification.content),
                    notification.tries,
                    to_ms(notification.next_at),
                    to_ms(notification.expires_at),
                    notification.state.value,
                    notification.detail,
                ),
            ).fetchone()
            numbers.append(int(row[0]))
        return numbers


def notification_of(row: tuple[object, ...]) -> Notification:
    """A row of LETTERS or WAITING. Raises ValueError or TypeError for a damaged one."""
    number, at, alert, channel, body, tries, next_at, expires_at, state, detail = row
    return Notification(
        from_ms(int(str(at))),
        Channel(str(channel)),
        decode(NotificationContent, str(body)),
        from_ms(int(str(expires_at))),
        from_ms(int(str(next_at))),
        None if alert is None else int(str(alert)),
        int(str(number)),
        int(str(tries)),
        NotificationState(str(state)),
        str(detail),
    )
