"""A clock for records, moved by hand."""

from __future__ import annotations

from datetime import UTC, datetime

START = datetime(2026, 5, 2, 4, 0, tzinfo=UTC)


class HandClock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.at = START
        self.mono = 100.0
        self.believed = True

    def mono_s(self) -> float:
        return self.mono

    def now(self) -> datetime:
        return self.at

    def trusted(self) -> bool:
        return self.believed
