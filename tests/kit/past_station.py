"""A small station with a real record of some days, for tests of what lies behind."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from fieldstation.domain.decision import Decision, Reason, Rung
from fieldstation.domain.reading import Quality, Quantity, Reading
from fieldstation.domain.run import Code, Run
from fieldstation.page.app import create_app
from fieldstation.store.record import Record
from fieldstation.store.upkeep.migrate import prepare
from fieldstation.wire.places import Places
from tests.kit.controller_bench import WATER
from tests.kit.page_bench import STATION

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
TZ = ZoneInfo(STATION.timezone)


class AnyInstant(type):
    def __instancecheck__(cls, found: object) -> bool:
        return isinstance(found, datetime)


class Held(datetime, metaclass=AnyInstant):
    """A clock that goes no further than the hour in which the tests began: a step of the past is an hour."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override] # a plain one
        return min(datetime.now(tz), (NOW + timedelta(minutes=59)).astimezone(tz))


def hold_the_hour(patch: pytest.MonkeyPatch) -> None:
    """For the screens that look back: what a test wrote so many hours ago stays so many hours ago."""
    for module in ("screen", "downloads", "csv_stream", "api"):
        patch.setattr(f"fieldstation.page.history.{module}.datetime", Held)


class Field:
    """A record in the making, and the page that reads it."""

    def __init__(self, folder: Path, *, record: bool = True) -> None:
        self.places = Places.under(folder)
        self.places.data.mkdir(parents=True, exist_ok=True)
        if record:
            prepare(self.places.record, NOW)
        self.client: FlaskClient = create_app(STATION, self.places).test_client()

    @contextmanager
    def written(self) -> Iterator[Record]:
        record = Record.open(self.places.record, "past")
        try:
            with record.bulk(TZ):
                yield record
        finally:
            record.close()

    def hours(
        self,
        back: Sequence[int],
        *,
        soil: float = 0.2,
        trusted: bool = True,
        sensors: Sequence[str] = ("north_soil",),
    ) -> None:
        """One round so many hours ago each, oldest first: soil, air and rain."""
        with self.written() as record:
            for hour in sorted(back, reverse=True):
                at = NOW - timedelta(hours=hour)
                readings = [
                    Reading(sensor, Quantity.SOIL_WATER, soil + hour / 10_000, Quality.GOOD, at, 1.0)
                    for sensor in sensors
                ]
                readings.append(Reading("air", Quantity.AIR_T, 20.0 + hour % 5, Quality.GOOD, at, 1.0))
                readings.append(
                    Reading("rain", Quantity.RAIN, 0.5 if hour == 3 else 0.0, Quality.GOOD, at, 1.0)
                )
                record.add_round(at, 1000.0 - hour, trusted, readings)

    def run(
        self, hours_ago: float, name: str = "r", *, origin: str = "auto", reason: Code = Code.DONE
    ) -> None:
        ended = NOW - timedelta(hours=hours_ago)
        with self.written() as record:
            record.add_run(run_of(name, origin, ended, reason), 12.4)

    def text(self, address: str, code: int = 200) -> str:
        answer = self.client.get(address)
        assert answer.status_code == code, answer.text[:400]
        return answer.text


def field(*, record: bool = True) -> Iterator[Field]:
    """For a fixture: made in a folder with a short path, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="past-"))
    try:
        yield Field(folder, record=record)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_of(name: str, origin: str, ended: datetime, reason: Code = Code.DONE) -> Run:
    begun = ended - timedelta(minutes=25)
    return Run(name, 1, "north", origin, begun, ended, 1500.0, 1240.0, True, reason)


def decided(at: datetime, depth_mm: float, reason: Reason, **values: Any) -> Decision:
    made = replace(WATER, id=at.isoformat(), at=at, rung=Rung.LEARNED, reason=reason, values=values)
    return replace(made, depth_mm=depth_mm, run_s=1500.0, start_at=None, depletion_mm=41.0, taw_mm=90.0)
