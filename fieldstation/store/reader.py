"""Read the record: open, copy, close. The standard library alone; it cannot write.

Readers never wait for the writer and never keep it waiting, if the visit is short.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self
from zoneinfo import ZoneInfo

from fieldstation.domain.alert import Alert
from fieldstation.domain.calibration import Calibration
from fieldstation.domain.commissioning import StepDone, Visit
from fieldstation.domain.day import Day
from fieldstation.domain.decision import Decision, Event
from fieldstation.domain.learned import Harvest, LearnReport, OwnModel, Planting, Prediction
from fieldstation.domain.notification import Notification
from fieldstation.domain.people import Account, AuditEntry, Token
from fieldstation.domain.reading import Quantity
from fieldstation.domain.run import Run
from fieldstation.domain.settings import Settings
from fieldstation.domain.station import Zone
from fieldstation.store import connect
from fieldstation.store.codec import decode, decode_values
from fieldstation.store.errors import RecordError, Trouble, record_errors, trouble
from fieldstation.store.instant import from_ms, to_ms
from fieldstation.store.tables import alerts as alert_rows
from fieldstation.store.tables import calibrations, commissioning, learned, outbox, people, settings
from fieldstation.store.tables.days import DayTotal, build_days
from fieldstation.store.tables.rounds import Round, Series, unpack
from fieldstation.store.tables.water import run_of
from fieldstation.store.upkeep.wipe import RECORD_ID, RUNS_BEFORE_WIPE, WIPED

__all__ = ["DayTotal", "Hour", "Reader", "RecordError", "Trouble"]

_RUN = "SELECT run_id, seq, zone, origin, started_at, ended_at, on_s, litres, measured, stop_reason FROM run "
_RUNS = _RUN + "WHERE zone = ? AND ended_at >= ? ORDER BY ended_at, id"
_RUNS_ALL = _RUN + "WHERE ended_at >= ? ORDER BY ended_at, id"
_LAST_RUN = _RUN + "WHERE zone = ? ORDER BY id DESC LIMIT 1"
_DECISIONS = "SELECT body FROM decision WHERE zone = ? AND at >= ? ORDER BY id"
_DECISIONS_ALL = (  # by zone, because that is how the index goes
    "SELECT body FROM decision WHERE zone IN (SELECT DISTINCT zone FROM decision) AND at >= ? ORDER BY id"
)
_ROUND = "SELECT round.at, mono_s, boot_id, trusted, readings FROM round JOIN boot ON boot.id = round.boot "
# rounds stand in the order they came: all before a trusted older one are older still
_OLDER = "(SELECT id FROM round WHERE trusted AND at < ? ORDER BY id DESC LIMIT 1)"
_ROUNDS = _ROUND + f"WHERE round.at >= ? AND round.id > coalesce({_OLDER}, 0) ORDER BY round.id"


class Hour(NamedTuple):
    """One hour (UTC) of one sensor's quantity, in the quantity's unit. `trusted`: dated by a trusted clock."""

    at: datetime
    n: int
    min: float
    max: float
    sum: float
    last: float
    trusted: bool

    @property
    def mean(self) -> float:
        """The mean of the good readings."""
        return self.sum / self.n


class Reader:
    """One visit to the record, as a context manager. Raises RecordError, also for damaged rows."""

    def __init__(self, path: Path, busy_s: float = connect.BUSY_S) -> None:
        self._path = path
        self._busy_s = busy_s
        self._connection: sqlite3.Connection | None = None
        self._still: tuple[int, int, bool] | None = None  # of a file read as immutable

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the visit; twice is harmless."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def rounds(self, since: datetime) -> list[Round]:
        """The raw rounds since an instant, oldest first, as far back as raw rows are kept."""
        since_ms = to_ms(since)
        return list(self._rounds(self._rows(_ROUNDS, since_ms, since_ms)))

    def hourly(self, sensor: str, quantity: Quantity, since: datetime, until: datetime) -> list[Hour]:
        """The hours that begin in [since, until), oldest first; hours without a good reading are absent."""
        hours = {}
        for at, n, low, high, total, last, trusted in self._rows(
            "SELECT hour_at, n, min, max, sum, last, trusted FROM hourly WHERE hour_at >= ? AND hour_at < ?"
            " AND series = (SELECT id FROM series WHERE sensor = ? AND quantity = ?)"
            " ORDER BY hour_at, trusted",
            to_ms(since),
            to_ms(until),
            sensor,
            quantity.value,
        ):
            # a trusted row comes after an untrusted one of the same hour, and takes its place
            hours[at] = Hour(from_ms(at), n, low, high, total, last, bool(trusted))
        return list(hours.values())

    def daily(self, sensor: str, quantity: Quantity, since_on: date, until_on: date) -> list[DayTotal]:
        """The station's local days in [since_on, until_on], oldest first; days without a reading are absent."""
        days = {}
        for on, n, low, high, total, last, heard, trusted in self._rows(
            "SELECT on_date, n, min, max, sum, last, hours, trusted FROM daily"
            " WHERE series = (SELECT id FROM series WHERE sensor = ? AND quantity = ?)"
            " AND on_date >= ? AND on_date <= ? ORDER BY on_date, trusted",
            sensor,
            quantity.value,
            since_on.isoformat(),
            until_on.isoformat(),
        ):
            days[on] = DayTotal(date.fromisoformat(on), n, low, high, total, last, heard, bool(trusted))
        return list(days.values())

    def series(self) -> list[Series]:
        """Every sensor and quantity that was ever recorded."""
        return list(self._names().values())

    def runs(self, zone: str | None, since: datetime) -> list[Run]:
        """The runs that ended since an instant, oldest first; of every zone when `zone` is None."""
        query, values = (_RUNS_ALL, (to_ms(since),)) if zone is None else (_RUNS, (zone, to_ms(since)))
        return [self._run(row) for row in self._rows(query, *values)]

    def last_run(self, zone: str) -> Run | None:
        """The run that was recorded last, whatever the wall clock said."""
        rows = self._rows(_LAST_RUN, zone)
        return self._run(rows[0]) if rows else None

    def decisions(self, zone: str | None, since: datetime) -> list[Decision]:
        """The decisions made since an instant, oldest first; of every zone when `zone` is None."""
        query, values = (
            (_DECISIONS_ALL, (to_ms(since),)) if zone is None else (_DECISIONS, (zone, to_ms(since)))
        )
        return [self._decision(text) for (text,) in self._rows(query, *values)]

    def latest_decision(self, zone: str) -> Decision | None:
        """The decision that was recorded last, whatever the wall clock said."""
        rows = self._rows(
            "SELECT body FROM decision WHERE id = (SELECT max(id) FROM decision WHERE zone = ?)", zone
        )
        return self._decision(rows[0][0]) if rows else None

    def events(self, since: datetime, limit: int = 1000) -> list[Event]:
        """The newest `limit` events since an instant, oldest first."""
        rows = self._rows(
            "SELECT code, at, trusted, zone, body FROM event WHERE id IN"
            " (SELECT id FROM event WHERE at >= ? ORDER BY at DESC, id DESC LIMIT ?) ORDER BY id",
            to_ms(since),
            limit,
        )
        with self._reading():
            return [
                Event(code, from_ms(at), bool(trusted), zone, decode_values(text))
                for code, at, trusted, zone, text in rows
            ]

    def days(
        self, zone: Zone, timezone: str, since_on: date, until_on: date, open_on: date | None = None
    ) -> list[Day]:
        """One Day for each local day in [since_on, until_on], oldest first; what is unknown is None.

        Water is the gross depth of the runs that ended on the day. Temperature extremes of a day count when
        most of its hours were measured. `open_on` (default: `until_on`) is the day that is not over; its
        extremes so far are given as they are.
        """
        tz = ZoneInfo(timezone)
        soil = {
            probe.device.id: self.daily(probe.device.id, Quantity.SOIL_WATER, since_on, until_on)
            for probe in zone.probes
        }
        air = {
            quantity: [
                self.daily(sensor, quantity, since_on, until_on)
                for sensor, measured in self._names().values()
                if measured is quantity
            ]
            for quantity in (Quantity.AIR_T, Quantity.AIR_RH, Quantity.RAIN)
        }
        begin = datetime.combine(since_on, time(), tz)
        water_mm: dict[date, float] = {}
        for run in self.runs(zone.id, begin):
            on = run.ended_at.astimezone(tz).date()
            water_mm[on] = water_mm.get(on, 0.0) + run.litres / zone.area_m2
        wanted = [since_on + timedelta(days=n) for n in range((until_on - since_on).days + 1)]
        return build_days(zone, wanted, open_on or until_on, soil, air, water_mm)

    def models(self) -> list[OwnModel]:
        """The station's own models as they stand, the one touched last first."""
        rows = self._rows(learned.NEWEST_MODELS, learned.MODELS_KEPT)
        with self._reading():
            return [learned.model_of(row) for row in rows]

    def learning(self, *, whole: bool = False) -> LearnReport | None:
        """The newest learning run; with `whole` the newest one that did not fail."""
        rows = self._rows(learned.NEWEST_FOUND if whole else learned.NEWEST_LEARNING)
        with self._reading():
            return learned.report_of(rows[0]) if rows else None

    def plantings(self) -> list[Planting]:
        """Every season that was told, by zone and date; of one told twice the last words."""
        rows = self._rows(learned.PLANTINGS)
        with self._reading():
            return [learned.planting_of(row) for row in rows]

    def harvests(self) -> list[Harvest]:
        """Every harvest ever entered, in that order; which one counts is the season's question."""
        rows = self._rows(learned.HARVESTS)
        with self._reading():
            return [learned.harvest_of(row) for row in rows]

    def calibrations(self) -> list[Calibration]:
        """Every calibration ever made, in that order."""
        rows = self._rows(calibrations.CALIBRATIONS)
        with self._reading():
            return [calibrations.calibration_of(row) for row in rows]

    def commissioning(self, visit: str) -> list[StepDone]:
        """The steps of a technician's visit in the order they were tried."""
        rows = self._rows(commissioning.STEPS, visit)
        with self._reading():
            return [commissioning.step_of(row) for row in rows]

    def visits(self) -> list[Visit]:
        """The newest fifty, newest first."""
        rows = self._rows(commissioning.VISITS)
        with self._reading():
            return [commissioning.visit_of(row) for row in rows]

    def alerts(self, since: datetime, limit: int = 200) -> list[Alert]:
        """The open alerts and those that ended since an instant, the newest first."""
        rows = self._rows(alert_rows.ALERTS, to_ms(since), limit)
        with self._reading():
            return [alert_rows.alert_of(row) for row in rows]

    def notifications(self, *, waiting: bool = False, limit: int = 1000) -> list[Notification]:
        """The newest messages out, oldest first; with `waiting` all that are not yet sent."""
        rows = self._rows(outbox.WAITING) if waiting else self._rows(outbox.NOTIFICATIONS, limit)[::-1]
        with self._reading():
            return [outbox.notification_of(row) for row in rows]

    def predictions(self, since: datetime) -> list[Prediction]:
        """The forecasts kept to be judged since an instant, oldest first."""
        rows = self._rows(learned.PREDICTIONS, to_ms(since))
        with self._reading():
            return [learned.prediction_of(row) for row in rows]

    def settings(self) -> Settings:
        """All that people have set, as it stands."""
        rows = self._rows(settings.CURRENT)
        with self._reading():
            return settings.settings_of(rows)

    def accounts(self) -> list[Account]:
        """The accounts that stand, oldest first."""
        rows = self._rows(people.ACCOUNTS)
        with self._reading():
            return [people.account_of(row) for row in rows]

    def tokens(self) -> list[Token]:
        """The tokens that stand, oldest first."""
        rows = self._rows(people.TOKENS)
        with self._reading():
            return [people.token_of(row) for row in rows]

    def audit(self, limit: int = 100, before: int | None = None) -> list[AuditEntry]:
        """Who did what, newest first; `before` an id, to turn the page."""
        rows = self._rows(people.AUDIT, before or 1 << 62, limit)
        with self._reading():
            return [people.audit_entry_of(row) for row in rows]

    def record_id(self) -> str:
        """Another one once the record was wiped: what was read before is of another record then."""
        rows = self._rows(RECORD_ID)
        return str(rows[0][0]) if rows else ""

    def runs_before_wipe(self) -> list[str]:
        """Runs that this record had before it was wiped: told again by the guard, they are no news."""
        rows = self._rows("SELECT code, body FROM event ORDER BY id LIMIT 1")
        with self._reading():
            return (
                str(decode_values(rows[0][1])[RUNS_BEFORE_WIPE]).split()
                if rows and rows[0][0] == WIPED
                else []
            )

    def _names(self) -> dict[int, Series]:
        with self._reading():
            return {
                number: (sensor, Quantity(quantity))
                for number, sensor, quantity in self._rows(
                    "SELECT id, sensor, quantity FROM series ORDER BY id"
                )
            }

    def _rounds(self, rows: Any) -> Iterator[Round]:
        names = self._names()
        with self._reading():
            for at_ms, mono_s, boot_id, trusted, text in rows:
                at = from_ms(at_ms)
                yield Round(at, mono_s, boot_id, bool(trusted), unpack(text, at, mono_s, names))

    def _run(self, row: tuple[Any, ...]) -> Run:
        with self._reading():
            return run_of(row)

    def _decision(self, text: str) -> Decision:
        with self._reading():
            return decode(Decision, text)

    def _open(self) -> None:
        with record_errors(self._path):
            still = connect.state(self._path)
        self._connection, immutable = connect.reader(self._path, self._busy_s)
        self._still = still if immutable else None

    def _rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        if self._connection is None:
            raise RecordError(Trouble.FAILED, f"{self._path}: this visit is over")
        with record_errors(self._path):
            if self._still is not None and self._still != connect.state(self._path):
                self.close()  # a writer came back: what the pages say now may fit no moment
                self._open()
            rows = self._connection.execute(query, values).fetchall()
        if self._still is not None and self._still != connect.state(self._path):
            return self._rows(query, *values)
        return rows

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """A row that cannot be what its column says is damage, like a torn page."""
        try:
            yield
        except (ValueError, KeyError, IndexError, TypeError, OverflowError) as error:
            raise trouble(self._path, Trouble.CORRUPT, f"damaged row: {error}") from error
