"""Keeping the record in order: roll-ups each hour; expiry, reserve file and a backup each night."""

from __future__ import annotations

from datetime import datetime, tzinfo

from fieldstation.store.record import Record, RecordError
from fieldstation.store.upkeep.backup import Backup

NEARLY_FULL_MB = 200.0
"""Some months of rows, and what the system itself needs to stay on its feet."""


class Housekeeping:
    """Called from the controller's loop while no water runs; remembers its newest failure."""

    def __init__(self, record: Record, zone_info: tzinfo, raw_days: int) -> None:
        self._record = record
        self._tz = zone_info
        self._raw_days = raw_days
        self._backup: Backup | None = None
        self.failure: RecordError | None = None
        self.free_mb: float | None = None  # while the disk is nearly full
        self.check_disk()

    def roll_up(self) -> None:
        """Bring the roll-ups up to the last flush; see whether there is room for more."""
        self.check_disk()
        try:
            self._record.roll_up(self._tz)
            self.failure = None
        except RecordError as error:
            self.failure = error

    def check_disk(self) -> None:
        """Note how little room is left, or None while there is enough."""
        free_mb = self._record.free_mb()
        self.free_mb = free_mb if free_mb is not None and free_mb < NEARLY_FULL_MB else None

    def nightly(self, now: datetime) -> None:
        """Expire old rows, keep room in reserve, begin a backup."""
        self.roll_up()
        try:
            self._record.expire(now, self._raw_days)
            self._record.keep_reserve()
            self._backup = self._record.start_backup()
        except RecordError as error:
            self.failure = error

    def poll(self) -> None:
        """Look after a backup at work; its failure is remembered, the record goes on."""
        if self._backup is None:
            return
        try:
            if self._backup.poll() is not None:
                self._backup = None
        except RecordError as error:
            self._backup = None
            self.failure = error
