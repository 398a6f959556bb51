from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from fieldstation.domain.crop import Crop
from fieldstation.domain.day import Day, ProbeDay
from fieldstation.domain.decision import Event
from fieldstation.domain.reading import Quantity
from fieldstation.domain.soil import Soil
from fieldstation.domain.station import Device, Limits, Probe, Zone
from fieldstation.store import connect
from fieldstation.store.reader import Reader, RecordError, Trouble
from fieldstation.store.record import Record
from tests.kit.records import newest_round
from tests.kit.rows import at, decision, reading, run

ROME = ZoneInfo("Europe/Rome")
STAGE_DAYS, KY = (20, 35, 40, 30), (0.4, 0.4, 1.3, 0.5)


@pytest.fixture
def zone() -> Zone:
    probes = tuple(
        Probe(
            device=Device(f"north_{cm}", "capacitive_soil_mcp3008", None),
            zone="north",
            depth_m=cm / 100,
            calibration=((1.0, 0.4), (3.0, 0.05)),
        )
        for cm in (20, 40)
    )
    return Zone(
        id="north",
        name="North",
        pump="main",
        valve=Device("valve", "relay", None),
        limits=Limits(1800, 300, 6, 5000, 7200),
        area_m2=100.0,
        soil=Soil("loam", 0.3, 0.12, 0.45),
        crop=Crop("maize", STAGE_DAYS, 0.3, 1.2, 0.5, 0.3, 1.0, 0.55, 1.25, KY, 12, 8, 0.87, ""),
        planted_on=date(2026, 4, 1),
        application_efficiency_frac=0.8,
        max_depth_mm_per_day=20,
        min_event_mm=3,
        water_from=time(0),
        water_until=time(0),
        probes=probes,
    )


def local(on: date, hour: float) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=ROME).astimezone(UTC) + timedelta(hours=hour)


def test_days_hold_what_is_known_and_none_for_the_rest(path: Path, record: Record, zone: Zone) -> None:
    first = date(2026, 5, 1)
    for hour in range(24):
        when = local(first, hour)
        record.add_round(
            when,
            0.0,
            True,
            [
                reading(when, 10.0 + hour, "air", Quantity.AIR_T),
                reading(when, 0.5, "air", Quantity.AIR_RH),
                reading(when, 0.2 if hour == 3 else 0.0, "gauge", Quantity.RAIN),
                reading(when, 0.30 - hour / 1000, "north_20"),
            ],
        )
    half = date(2026, 5, 3)
    for hour in range(5):
        when = local(half, hour)
        record.add_round(when, 0.0, True, [reading(when, 12.0 + hour, "air", Quantity.AIR_T)])
    record.flush()
    record.roll_up(ROME)
    record.add_run(run(local(half, 1), "r1", 1, litres=600.0), 6.0)
    record.add_run(run(local(half, 2), "r2", 2, litres=300.0), 3.0)
    record.add_run(run(local(half, 2), "r3", 3, zone="south"), 6.0)
    with Reader(path) as reader:
        days = reader.days(zone, "Europe/Rome", first, date(2026, 5, 4))
        open_days = reader.days(zone, "Europe/Rome", half, half)
    nothing = (None, None, None, None)
    assert days == [
        Day(first, 10.0, 33.0, 0.5, 0.2, 0.0, (ProbeDay("north_20", 0.2, 0.277, 0.277, 0.3),)),
        Day(date(2026, 5, 2), *nothing, 0.0),
        Day(half, *nothing, 9.0),  # five hours are no day
        Day(date(2026, 5, 4), *nothing, 0.0),
    ]
    assert (open_days[0].air_t_min_c, open_days[0].air_t_max_c) == (12.0, 16.0)


def test_of_two_air_sensors_the_one_heard_more_often_counts(path: Path, record: Record, zone: Zone) -> None:
    on = date(2026, 5, 1)
    for hour in range(24):
        when = local(on, hour)
        heard = [reading(when, 20.0, "new_air", Quantity.AIR_T)]
        record.add_round(
            when, 0.0, True, heard + [reading(when, -5.0, "old_air", Quantity.AIR_T)] * (hour < 3)
        )
    record.flush()
    record.roll_up(ROME)
    with Reader(path) as reader:
        assert reader.days(zone, "Europe/Rome", on, on)[0].air_t_min_c == 20.0


def test_newest_means_recorded_last_whatever_the_clock_said(path: Path, record: Record) -> None:
    for order, days in enumerate((4000, 0)):
        record.add_run(run(at(days=days), f"r{order}", order), 6.0)
        record.add_decision(decision(at(days=days), f"d{order}"))
    with Reader(path) as reader:
        last, newest = reader.last_run("north"), reader.latest_decision("north")
        assert last is not None
        assert newest is not None
        assert (last.id, newest.id) == ("r1", "d1")
        assert reader.last_run("south") is None
        assert reader.latest_decision("south") is None


def test_all_zones_and_since(path: Path, record: Record) -> None:
    for n, zone in enumerate(("north", "south", "north")):
        record.add_run(run(at(n), f"r{n}", n, zone), 6.0)
        record.add_decision(decision(at(n), f"d{n}", zone))
        record.add_event(Event(f"e{n}", at(n), True, zone, {"n": float(n)}))
    with Reader(path) as reader:
        assert [found.id for found in reader.runs(None, at(1))] == ["r1", "r2"]
        assert [found.id for found in reader.runs("north", at(1))] == ["r2"]
        assert [found.id for found in reader.decisions(None, at(1))] == ["d1", "d2"]
        assert [found.code for found in reader.events(at(1))] == ["e1", "e2"]
        assert [found.code for found in reader.events(at(), limit=1)] == ["e2"]


def test_an_empty_record_has_nothing(path: Path, zone: Zone) -> None:
    with Reader(path) as reader:
        assert newest_round(reader) is None
        assert reader.rounds(at()) == []
        assert reader.hourly("probe", Quantity.SOIL_WATER, at(), at(60)) == []
        assert reader.series() == []
        assert reader.days(zone, "UTC", at().date(), at().date())[0].irrigation_mm == 0.0


def test_a_naive_instant_is_refused(path: Path) -> None:
    with Reader(path) as reader, pytest.raises(ValueError, match="no time zone"):
        reader.events(datetime(2026, 5, 2))  # noqa: DTZ001 -- the mistake under test


def test_a_visit_sees_the_record_while_another_holds_the_write_lock(path: Path, record: Record) -> None:
    record.add_round(at(), 0.0, True, [reading(at())])
    record.flush()
    record._connection.execute("BEGIN IMMEDIATE")
    record._connection.execute("DELETE FROM round")
    with Reader(path, busy_s=0.0) as reader:
        assert newest_round(reader) is not None
    record._connection.execute("ROLLBACK")


def test_a_visit_cannot_write(path: Path) -> None:
    with Reader(path) as reader:
        assert reader._connection is not None
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reader._connection.execute("DELETE FROM event")


def test_after_its_end_a_visit_is_over(path: Path) -> None:
    with Reader(path) as reader:
        pass
    with pytest.raises(RecordError, match="visit is over"):
        reader.events(at())


def test_no_record_is_said_plainly(tmp_path: Path) -> None:
    with (
        pytest.raises(RecordError, match="start the controller once") as caught,
        Reader(tmp_path / "record.db"),
    ):
        pass
    assert caught.value.code is Trouble.ABSENT


def test_a_damaged_row_is_told_and_not_guessed(path: Path, record: Record) -> None:
    record.add_decision(decision(at()))
    record._connection.execute("UPDATE decision SET body = replace(body, 'learned', 'guessed')")
    with Reader(path) as reader, pytest.raises(RecordError, match="damaged row") as caught:
        reader.latest_decision("north")
    assert caught.value.code is Trouble.CORRUPT


def _as_nobody(check: Callable[[], None]) -> int:
    """Run `check` in a child without the right to write anything; its exit code, 0 when it held."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if os.getuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            check()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.slow
def test_without_the_right_to_write_a_closed_record_is_still_read(path: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        place = Path(shutil.copy(path, name))
        with closing(Record.open(place, "boot")) as record:
            record.add_round(at(), 0.0, True, [reading(at())])
            record.flush()
        place.chmod(0o444)
        place.parent.chmod(0o555)

        def read() -> None:
            with Reader(place) as reader:
                assert newest_round(reader) is not None
                assert reader._still is not None

        assert _as_nobody(read) == 0
        place.parent.chmod(0o755)


def test_a_reader_of_a_closed_record_notices_that_a_writer_came_back(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = connect._opened

    def without_side_files(place: Path, mode: str, *rest: object, **more: object) -> sqlite3.Connection:
        if mode == "ro" and connect.closed(place):
            raise RecordError(Trouble.READ_ONLY, "as for a user without the right to write the folder")
        return whole(place, mode, *rest, **more)  # type: ignore[arg-type]  # passed through as they came

    monkeypatch.setattr(connect, "_opened", without_side_files)
    with Reader(path) as reader:
        assert newest_round(reader) is None
        with closing(Record.open(path, "boot")) as record:
            record.add_round(at(), 0.0, True, [reading(at())])
            record.flush()
            assert newest_round(reader) is not None


def test_charts_search_and_never_scan(path: Path, record: Record) -> None:
    plans: list[str] = []
    with Reader(path) as reader:
        connection = reader._connection
        assert connection is not None
        asked: list[str] = []
        connection.set_trace_callback(asked.append)
        now = datetime(2026, 5, 2, tzinfo=UTC)
        reader.hourly("probe", Quantity.SOIL_WATER, now, now)
        reader.daily("probe", Quantity.SOIL_WATER, now.date(), now.date())
        reader.runs("north", now)
        reader.last_run("north")
        reader.decisions("north", now)
        reader.decisions(None, now)
        reader.latest_decision("north")
        reader.events(now)
        connection.set_trace_callback(None)
        for query in asked:
            plans += [f"{row[3]} :: {query}" for row in connection.execute(f"EXPLAIN QUERY PLAN {query}")]
    scans = [plan for plan in plans if plan.startswith("SCAN") and "COVERING INDEX" not in plan]
    assert scans == []
