from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldstation.domain.reading import Quantity
from fieldstation.store.reader import DayTotal, Hour, Reader
from fieldstation.store.record import Record
from tests.kit.rows import at, reading

ROME = ZoneInfo("Europe/Rome")


def hours(path: Path, since: datetime, until: datetime) -> list[Hour]:
    with Reader(path) as reader:
        return reader.hourly("probe", Quantity.SOIL_WATER, since, until)


def days(path: Path, since_on: date, until_on: date) -> list[DayTotal]:
    with Reader(path) as reader:
        return reader.daily("probe", Quantity.SOIL_WATER, since_on, until_on)


def feed(record: Record, when: datetime, value: float | None, trusted: bool = True) -> None:
    record.add_round(when, 0.0, trusted, [reading(when, value)])


def test_an_hour_is_summed_and_bad_readings_do_not_count(path: Path, record: Record) -> None:
    for minute, value in ((0, 0.3), (20, 0.2), (40, None), (59, 0.25), (60, 0.4)):
        feed(record, at(minute), value)
    record.flush()
    assert record.roll_up(ROME) == 5
    first, second = hours(path, at(), at(120))
    assert (first.at, first.n, first.min, first.max, first.last) == (at(), 3, 0.2, 0.3, 0.25)
    assert first.sum == pytest.approx(0.75)
    assert first.mean == pytest.approx(0.25)
    assert (second.at, second.n) == (at(60), 1)


def test_rolling_up_again_or_in_pieces_changes_nothing(path: Path, record: Record) -> None:
    for minute in range(0, 180, 7):
        feed(record, at(minute), minute / 1000)
        record.flush()
        if minute % 3 == 0:
            record.roll_up(ROME)
            assert record.roll_up(ROME) == 0
    record.roll_up(ROME)
    found = hours(path, at(), at(180))
    assert [hour.n for hour in found] == [9, 9, 8]
    assert sum(hour.sum for hour in found) == pytest.approx(sum(m / 1000 for m in range(0, 180, 7)))


@pytest.mark.parametrize(
    ("on", "length_h"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)]
)
def test_local_days_are_as_long_as_the_calendar_says(
    path: Path, record: Record, on: date, length_h: int
) -> None:
    begin = datetime(on.year, on.month, on.day, tzinfo=ROME).astimezone(UTC) - timedelta(hours=5)
    for n in range(36):
        feed(record, begin + timedelta(hours=n), 0.2)
    record.flush()
    record.roll_up(ROME)
    (found,) = days(path, on, on)
    assert found.n == length_h
    assert found.hours.bit_count() == min(24, length_h)


def test_a_zone_off_by_a_quarter_hour(path: Path, record: Record) -> None:
    midnight = datetime(2026, 5, 1, 18, 15, tzinfo=UTC)  # of 2 May in Nepal
    feed(record, midnight - timedelta(seconds=1), 0.1)
    feed(record, midnight, 0.2)
    record.flush()
    record.roll_up(ZoneInfo("Asia/Kathmandu"))
    assert [(day.on.day, day.last) for day in days(path, date(2026, 5, 1), date(2026, 5, 2))] == [
        (1, 0.1),
        (2, 0.2),
    ]


def test_untrusted_rounds_never_mix_with_trusted_ones(path: Path, record: Record) -> None:
    feed(record, at(), 0.2)
    feed(record, at(-600), 0.9, trusted=False)  # dated before a trusted one: certainly wrong
    feed(record, at(10), 0.8, trusted=False)
    feed(record, at(70), 0.7, trusted=False)
    feed(record, at(20), 0.3)
    record.flush()
    record.roll_up(ROME)
    found = hours(path, at(-1200), at(600))
    assert [(hour.at, hour.trusted, hour.max, hour.n) for hour in found] == [
        (at(), True, 0.3, 2),
        (at(60), False, 0.7, 1),
    ]
    assert [(day.max, day.trusted) for day in days(path, date(2026, 5, 1), date(2026, 5, 3))] == [(0.3, True)]


def test_a_station_without_any_clock_still_has_charts(path: Path, record: Record) -> None:
    feed(record, at(), 0.2, trusted=False)
    record.flush()
    record.roll_up(ROME)
    assert [(hour.last, hour.trusted) for hour in hours(path, at(), at(60))] == [(0.2, False)]


def test_a_cut_roll_up_is_done_once(path: Path, record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    from fieldstation.store.tables import rollup

    for minute in range(30):
        feed(record, at(minute), 0.2)
    record.flush()
    whole = rollup.roll_up

    def cut(*arguments: object) -> int:
        whole(*arguments)  # type: ignore[arg-type]  # the two arguments pass through
        raise KeyboardInterrupt

    monkeypatch.setattr(rollup, "roll_up", cut)
    with pytest.raises(KeyboardInterrupt):
        record.roll_up(ROME)
    monkeypatch.undo()
    assert hours(path, at(), at(60)) == []
    record.roll_up(ROME)
    assert hours(path, at(), at(60))[0].n == 30


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(0, 3000),
            st.none() | st.floats(0, 1, allow_subnormal=False),
            st.booleans(),
            st.booleans(),
        ),
        max_size=30,
    )
)
def test_hours_and_days_hold_every_good_reading_once(
    blank: Path, tmp_path_factory: pytest.TempPathFactory, rounds: list[tuple[int, float | None, bool, bool]]
) -> None:
    path = tmp_path_factory.mktemp("any") / "record.db"
    path.write_bytes(blank.read_bytes())
    record = Record.open(path, "boot")
    start, floor, good = datetime(2026, 10, 24, tzinfo=UTC), -1, []
    for minute, value, trusted, roll in rounds:
        feed(record, start + timedelta(minutes=minute), value, trusted)
        if trusted:
            floor = max(floor, minute)
        if value is not None and (trusted or minute >= floor):
            good.append(float(f"{value:.6g}"))
        if roll:
            record.flush()
            record.roll_up(ROME)
    record.flush()
    record.roll_up(ROME)
    for table in ("hourly", "daily"):
        n, total = record._connection.execute(f"SELECT sum(n), sum(sum) FROM {table}").fetchone()
        assert (n or 0) == len(good)
        assert (total or 0.0) == pytest.approx(sum(good))
    record.close()
