"""What the station asks of a clock; the real one is in `wire`, the virtual one in `season`."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Two clocks that must never be mixed: durations on `mono_s`, dates on `now`."""

    def mono_s(self) -> float:
        """Seconds on a clock that no one can set. Only differences mean anything."""

    def now(self) -> datetime:
        """The wall clock as an aware UTC instant. It may jump."""

    def trusted(self) -> bool:
        """Whether the wall clock has been set by something that knows the time."""
