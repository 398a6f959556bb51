"""The real clock of this machine."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

_SYNCHRONISED = Path("/run/systemd/timesync/synchronized")
_RTC = Path("/dev/rtc0")
_PI = Path("/proc/device-tree/model")


class SystemClock:
    """Monotonic and wall clock of this machine.

    The wall clock is trusted once it was synchronised, or when the machine has a battery-backed clock. A Pi
    has none; a laptop or server is taken to have one.
    """

    def mono_s(self) -> float:
        """Seconds since an arbitrary instant; never set by anyone."""
        return time.monotonic()

    def now(self) -> datetime:
        """The wall clock, aware, UTC."""
        return datetime.now(UTC)

    def trusted(self) -> bool:
        """Whether something that knows the time has set the wall clock."""
        return _SYNCHRONISED.exists() or _RTC.exists() or not _PI.exists()
