"""A clock that moves only when told."""

from __future__ import annotations

from datetime import datetime, timedelta


class VirtualClock:
    """Monotonic and wall time of a simulated station; `jump` moves the wall clock alone."""

    def __init__(self, start_at: datetime) -> None:
        self._wall_at_zero = self._now = start_at
        self._mono_s = 0.0

    def mono_s(self) -> float:
        """Seconds since the start of the season."""
        return self._mono_s

    def now(self) -> datetime:
        """The wall clock, aware, UTC."""
        return self._now

    def trusted(self) -> bool:
        """Return True: a virtual wall clock is right until it is made to jump."""
        return True

    def advance(self, seconds: float) -> None:
        """Let time pass on both clocks."""
        self._mono_s += seconds
        self._now = self._wall_at_zero + timedelta(seconds=self._mono_s)

    def jump(self, seconds: float) -> None:
        """Set the wall clock forward or back; the monotonic clock does not notice."""
        self._wall_at_zero += timedelta(seconds=seconds)
        self._now += timedelta(seconds=seconds)
