"""The writer: one connection, held by the controller, the only one that ever writes.

Nothing here loads sqlite_utils: the file is made and migrated by a child (`migrate`).
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, tzinfo
from pathlib import Path

from fieldstation.domain.adjustment import Adjustment
from fieldstation.domain.alert import Alert
from fieldstation.domain.calibration import Calibration
from fieldstation.domain.clock import Clock
from fieldstation.domain.commissioning import StepDone
from fieldstation.domain.decision import Decision, Event, Value
from fieldstation.domain.learned import Harvest, LearnReport, OwnModel, Planting, Prediction
from fieldstation.domain.reading import Quantity, Reading
from fieldstation.domain.run import Run
from fieldstation.domain.settings import Settings, SettingValue
from fieldstation.store import connect
from fieldstation.store.errors import RecordError, Trouble, record_errors, trouble
from fieldstation.store.instant import to_ms
from fieldstation.store.tables import alerts as alert_rows
from fieldstation.store.tables import calibrations, commissioning, journal, learned, people, rollup, settings
from fieldstation.store.tables.outbox import Outbox
from fieldstation.store.tables.rounds import Series, pack
from fieldstation.store.upkeep import expire, reserve_file, wipe
from fieldstation.store.upkeep.backup import Backup, every, remove
from fieldstation.store.upkeep.quarantine import damaged_files
from fieldstation.wire.clock import SystemClock

__all__ = ["Record", "RecordError", "Trouble"]

MAX_ROUNDS = 2880
"""Rounds kept in memory while the record cannot be written: two days at one a minute, about 1 MB."""


class Record:
    """The record, open for writing. Every method that touches the disk raises RecordError.

    A call that raised has changed nothing and may be repeated. One thread only.
    """

    def __init__(self, path: Path, boot_id: str, connection: sqlite3.Connection, clock: Clock) -> None:
        self.path = path
        self.dropped = 0  # rounds lost since the last flush that worked
        self._boot_id = boot_id
        self._boot: int | None = None
        self._connection = connection
        self._clock = clock
        self._rounds: deque[tuple[int, float, bool, str]] = deque()
        self._new_series: list[tuple[int, str, str]] = []
        self._bulk = False
        self._backup: Backup | None = None
        self._series: dict[Series, int] = {}
        with record_errors(path):
            rows = connection.execute("SELECT id, sensor, quantity FROM series").fetchall()
        try:
            self._series.update({(sensor, Quantity(quantity)): number for number, sensor, quantity in rows})
        except ValueError as error:
            raise trouble(path, Trouble.CORRUPT, f"damaged row: {error}") from error

    @classmethod
    def open(
        cls, path: Path, boot_id: str, clock: Clock | None = None, *, busy_s: float = connect.BUSY_S
    ) -> Record:
        """Open a record that `migrate` has made. `clock` dates runs, and gives every row its monotonic time."""
        try:
            connection = connect.writer(path, busy_s)
        except RecordError as error:
            if error.code is not Trouble.DISK_FULL or not reserve_file.release(path):
                raise
            connection = connect.writer(path, busy_s)
        try:
            return cls(path, boot_id, connection, clock or SystemClock())
        except BaseException:
            connection.close()
            raise

    def add_round(self, at: datetime, mono_s: float, trusted: bool, readings: list[Reading]) -> None:
        """Buffer one sampling round until `flush`; never touches the disk, never raises for a full buffer.

        When the buffer is full its oldest round goes, and is counted.
        """
        if not readings:
            return
        self._rounds.append((to_ms(at), mono_s, trusted, pack(readings, mono_s, self._number)))
        if self._bulk and len(self._rounds) >= MAX_ROUNDS:
            self._write_rounds()
        while len(self._rounds) > MAX_ROUNDS:
            self._rounds.popleft()
            self.dropped += 1

    def flush(self) -> bool:
        """Commit the buffered rounds, all in one transaction; without any nothing is written, and that is False."""
        if not self._rounds:
            return False
        with self._transaction():
            self._write_rounds()
        self._written()
        return True

    def add_decision(self, decision: Decision) -> None:
        """Durable when this returns. The same decision twice is kept once."""
        with self._transaction() as stamp:
            journal.add_decision(self._connection, stamp, decision)

    def add_run(self, run: Run, depth_mm: float) -> None:
        """Durable when this returns. The same run of the guard's ledger twice is kept once."""
        with self._transaction() as stamp:
            at = self._clock.now(), self._clock.trusted()
            journal.add_run(self._connection, stamp, at, run, depth_mm)

    def add_event(self, event: Event) -> None:
        """Durable when this returns."""
        with self._transaction() as stamp:
            journal.add_event(self._connection, stamp, event)

    def add_planting(self, planting: Planting) -> bool:
        """Durable when this returns; whether it was news."""
        with self._transaction():
            return learned.add_planting(self._connection, self._clock.now(), planting)

    def add_calibration(self, calibration: Calibration) -> None:
        """Durable when this returns, with its line in the audit log. Earlier ones of the sensor stay and count no more."""
        with self._transaction():
            calibrations.add_calibration(self._connection, self._clock.trusted(), calibration)
            details = {"sensor": calibration.sensor, "kind": calibration.kind.value}
            self.add_audit(calibration.by, "calibrated", None, details)

    def add_step(self, done: StepDone) -> None:
        """A commissioning step with its line in the audit log; durable when this returns."""
        with self._transaction():
            commissioning.add_step(self._connection, self._clock.trusted(), done)
            details = {"step": done.step.value, "outcome": done.outcome.value}
            self.add_audit(done.by, "commissioned", done.of or None, details)

    def add_harvest(self, harvest: Harvest) -> None:
        """Durable when this returns. An earlier entry stays and counts no more."""
        with self._transaction():
            learned.add_harvest(self._connection, self._clock.now(), self._clock.trusted(), harvest)

    def add_learning(self, report: LearnReport | None, models: list[OwnModel]) -> None:
        """A learning run and how versions stand after it, in one transaction."""
        with self._transaction():
            if report is not None:
                learned.add_learning(self._connection, report)
            learned.add_models(self._connection, self._clock.now(), models)

    def add_predictions(self, predictions: list[Prediction]) -> None:
        """Forecasts to be judged later."""
        with self._transaction():
            learned.add_predictions(self._connection, predictions)

    def keep_alerts(self, alerts: Sequence[Alert], audit: tuple[str, str] | None = None) -> list[int]:
        """Alerts as they are now, and who did what with them; the numbers of their rows."""
        with self._transaction():
            if audit is not None:
                for alert in alerts:
                    self.add_audit(*audit, alert.zone, {"alert": alert.code.value})
            return alert_rows.save(self._connection, alerts)

    @contextmanager
    def outbox(self) -> Iterator[Outbox]:
        """Messages on their way, in one transaction."""
        with self._transaction():
            yield Outbox(self._connection)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Everything added inside is one transaction: a person's request and its line in the audit log."""
        with self._transaction():
            yield

    @contextmanager
    def people(self) -> Iterator[people.People]:
        """Accounts and tokens, in one transaction with their lines in the audit log."""
        with self._transaction():
            yield people.People(self._connection, self._clock.now(), self._clock.trusted())

    def add_audit(
        self, who: str, what: str, zone: str | None = None, values: Mapping[str, Value] | None = None
    ) -> None:
        """Keep who did what: `what` is a code of `[audit]` in the page's words."""
        with self.people() as found:
            found.add_audit(who, what, zone, values)

    def set_setting(self, name: str, zone: str | None, value: SettingValue, by: str) -> None:
        """Keep a checked value and its line in the audit log; what was set before stays as history."""
        with self._transaction():
            settings.add_setting(
                self._connection, self._clock.now(), self._clock.trusted(), name, zone, value, by
            )
            self.add_audit(by, "setting", zone, {"name": name, "value": settings.audit_value(name, value)})

    def adjust(self, adjustment: Adjustment, decision: Decision | None = None) -> Settings:
        """Settings of a zone, their one line in the audit log and the decision that used them; all that is set now."""
        with self._transaction():
            if decision is not None:
                self.add_decision(decision)
            now, trusted = self._clock.now(), self._clock.trusted()
            for name, value in adjustment.values.items():
                settings.add_setting(
                    self._connection, now, trusted, name, adjustment.zone, value, adjustment.by
                )
            self.add_audit(
                adjustment.who or adjustment.by, adjustment.what, adjustment.zone, adjustment.details
            )
            return self.settings()

    def settings(self) -> Settings:
        """All that people have set, as it stands."""
        with record_errors(self.path):
            return settings.settings_of(self._connection.execute(settings.CURRENT))

    @contextmanager
    def bulk(self, zone_info: tzinfo) -> Iterator[None]:
        """Everything added inside is one transaction, rolled up at its end: a past in a second.

        If the block raises, none of it is kept.
        """
        self.flush()
        try:
            with self._transaction():
                self._bulk = True
                yield
                self._write_rounds()
                while rollup.roll_up(self._connection, zone_info):
                    pass
            self._new_series.clear()
        finally:
            self._bulk = False
            self._rounds.clear()

    def roll_up(self, zone_info: tzinfo) -> int:
        """Add the flushed rounds that are new to the roll-ups; how many. `zone_info` draws the local days."""
        done = 0
        while True:
            if self._connection.execute(rollup.IS_DUE).fetchone() is None:
                return done
            with self._transaction():
                done += rollup.roll_up(self._connection, zone_info)

    def expire(self, now: datetime, raw_days: int) -> expire.Expired:
        """Delete raw rounds older than `raw_days`, and decisions and events older than three years."""
        with self._transaction():
            return expire.expire(self._connection, now, raw_days)

    def start_backup(self) -> Backup:
        """Begin a backup in a child; poll it, the record can be written meanwhile."""
        if self._backup is None:
            self._backup = Backup(self.path, self._connection, self._ended_backup)
        return self._backup

    def backup(self, timeout_s: float = 120.0) -> Path:
        """Make a backup and wait for it; the newest two are kept."""
        return self.start_backup().wait(timeout_s)

    def keep_reserve(self) -> bool:
        """Put the reserve file there when there is room for it; False while the disk is nearly full."""
        return reserve_file.reserve(self.path)

    def free_mb(self) -> float | None:
        """Room on the record's disk in MB; None when the system does not tell."""
        return reserve_file.free_mb(self.path)

    def free_reserve(self) -> bool:
        """Make room on a full disk; False when that was done before."""
        return reserve_file.release(self.path) > 0

    def wipe(self, by: str, known_runs: Iterable[str] = ()) -> None:
        """Begin anew (`store/upkeep/wipe.py` says what stays); backups, damaged files set aside and buffered rounds go too.

        Backups go first: whoever asked for a wipe wants no copy, whatever becomes of the rest.
        """
        if self._backup is not None:
            self._backup.cancel()
        wipe.alone(self._connection, self.path)
        with record_errors(self.path):
            remove([*every(self.path), *damaged_files(self.path)])
        wipe.begin_anew(
            self._connection,
            self.path,
            self._clock.now(),
            trusted=self._clock.trusted(),
            mono_s=self._clock.mono_s(),
            by=by,
            known_runs=known_runs,
        )
        self._written()
        self._series.clear()
        self._boot = None

    def close(self) -> None:
        """Close the connection; call `flush` first. Twice is harmless."""
        if self._backup is not None:
            self._backup.cancel()
        self._connection.close()

    def _ended_backup(self) -> None:
        self._backup = None

    def _number(self, series: Series) -> int:
        number = self._series.get(series)
        if number is None:
            number = self._series[series] = len(self._series) + 1
            self._new_series.append((number, series[0], series[1].value))
        return number

    def _write_rounds(self) -> None:
        connection, boot = self._connection, self._boot
        connection.executemany("INSERT INTO series VALUES (?, ?, ?) ON CONFLICT DO NOTHING", self._new_series)
        connection.executemany(
            "INSERT INTO round (at, mono_s, boot, trusted, readings) VALUES (?, ?, ?, ?, ?)",
            [(at_ms, mono_s, boot, trusted, text) for at_ms, mono_s, trusted, text in self._rounds],
        )
        if self.dropped:
            lost = Event(
                "readings_dropped", self._clock.now(), self._clock.trusted(), None, {"rounds": self.dropped}
            )
            self.add_event(lost)
        if self._bulk:
            self._rounds.clear()

    def _written(self) -> None:
        self._rounds.clear()
        self._new_series.clear()
        self.dropped = 0

    @contextmanager
    def _transaction(self) -> Iterator[tuple[float, int]]:
        """One transaction, or a part of the one that is open; gives `mono_s` and the boot's number."""
        connection = self._connection
        if connection.in_transaction:
            assert self._boot is not None
            yield self._clock.mono_s(), self._boot
            return
        boot_before = self._boot
        try:
            with record_errors(self.path):
                connection.execute("BEGIN IMMEDIATE")
                if self._boot is None:
                    self._boot = self._boot_number()
                yield self._clock.mono_s(), self._boot
                connection.execute("COMMIT")
        except BaseException:
            self._boot = boot_before
            with suppress(
                sqlite3.Error
            ):  # SQLite may have rolled back itself; the first error is the one to tell
                connection.execute("ROLLBACK")
            raise

    def _boot_number(self) -> int:
        self._connection.execute(
            "INSERT INTO boot (boot_id) VALUES (?) ON CONFLICT DO NOTHING", (self._boot_id,)
        )
        (number,) = self._connection.execute(
            "SELECT id FROM boot WHERE boot_id = ?", (self._boot_id,)
        ).fetchone()
        return int(number)
