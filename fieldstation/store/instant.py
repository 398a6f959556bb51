"""Instants as the record keeps them: whole milliseconds of UTC since 1970."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def to_ms(at: datetime) -> int:
    """Milliseconds of an aware instant, rounded down. Raises ValueError for a naive one.

    >>> to_ms(datetime(2026, 5, 2, 4, 10, tzinfo=UTC))
    1777695000000
    """
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return (at - _EPOCH) // _MS


def from_ms(ms: int) -> datetime:
    """The aware UTC instant.

    >>> from_ms(1777695000000).isoformat()
    '2026-05-02T04:10:00+00:00'
    """
    return _EPOCH + timedelta(milliseconds=ms)
