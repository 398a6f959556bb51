"""Local days: where they begin and end, days with 23 and 25 hours, gaps, restarts and late news."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from fieldstation.controller.days import DailyHistory
from fieldstation.domain.day import Day, ProbeDay
from fieldstation.domain.reading import Quality, Quantity, Reading
from fieldstation.domain.station import Station
from tests.kit.controller_bench import STATION

PROBE = STATION.zones[0].probes[0].device.id


def planted(on: date) -> Station:
    return replace(STATION, zones=tuple(replace(zone, planted_on=on) for zone in STATION.zones))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def reading(
    when: datetime, value: float | None, quantity: Quantity = Quantity.AIR_T, sensor: str = "air"
) -> Reading:
    quality = Quality.NO_ANSWER if value is None else Quality.GOOD
    return Reading(sensor, quantity, value, quality, when, 0.0)


def book(zone: str = "UTC", since: date = date(2026, 7, 1)) -> DailyHistory:
    return DailyHistory(planted(since), ZoneInfo(zone))


def hourly(made: DailyHistory, first: datetime, hours: int, value: float = 20.0) -> None:
    for hour in range(hours):
        made.add([reading(first + timedelta(hours=hour), value + hour / 100)])


def known(day: Day) -> bool:
    assert (day.air_t_min_c is None) == (day.air_t_max_c is None)
    return day.air_t_min_c is not None


@pytest.mark.parametrize(
    ("zone", "last", "first"),
    [
        ("UTC", "2026-07-02T23:59:59", "2026-07-03T00:00:00"),
        ("Africa/Dakar", "2026-07-02T23:59:59", "2026-07-03T00:00:00"),
        ("Asia/Kathmandu", "2026-07-02T18:14:59", "2026-07-02T18:15:00"),
        ("America/Los_Angeles", "2026-07-03T06:59:59", "2026-07-03T07:00:00"),
        ("Pacific/Kiritimati", "2026-07-02T09:59:59", "2026-07-02T10:00:00"),
    ],
)
def test_a_day_ends_at_local_midnight(zone: str, last: str, first: str) -> None:
    made = book(zone)
    assert made.local_day(at(last)) == date(2026, 7, 2)
    assert made.local_day(at(first)) == date(2026, 7, 3)
    made.add([reading(at(last), 1.0, Quantity.RAIN, "rain")])
    made.add([reading(at(first), 4.0, Quantity.RAIN, "rain")])
    made.credit("north", at(last), 3.0)
    made.credit("north", at(first), 7.0)
    yesterday, today = made.days("north", at(first))[-1], made.today("north", at(first))
    assert (yesterday.on, yesterday.rain_mm, yesterday.irrigation_mm) == (date(2026, 7, 2), 1.0, 3.0)
    assert (today.on, today.rain_mm, today.irrigation_mm) == (date(2026, 7, 3), 4.0, 7.0)


@pytest.mark.parametrize(
    ("before", "first", "hours", "day"),
    [
        ("2026-03-28T22:30:00", "2026-03-28T23:30:00", 23, date(2026, 3, 29)),  # 23 hours, 02:00 is missing
        ("2026-10-24T21:30:00", "2026-10-24T22:30:00", 25, date(2026, 10, 25)),  # 25 hours, 02:00 twice
    ],
)
def test_days_of_the_change_of_summer_time(before: str, first: str, hours: int, day: date) -> None:
    made = book("Europe/Berlin", day - timedelta(days=1))
    made.add([reading(at(before), 99.0, Quantity.RAIN, "rain")])
    for hour in range(hours):
        made.add([reading(at(first) + timedelta(hours=hour), 1.0, Quantity.RAIN, "rain")])
    hourly(made, at(first), hours)
    made.add([reading(at(first) + timedelta(hours=hours), 99.0, Quantity.RAIN, "rain")])
    found = made.days("north", at(first) + timedelta(hours=hours))[-1]
    assert (found.on, found.rain_mm) == (day, float(hours))
    assert (found.air_t_min_c, found.air_t_max_c) == (20.0, 20.0 + (hours - 1) / 100)


def test_a_run_over_midnight_is_booked_where_it_ended() -> None:
    made = book("America/Los_Angeles")
    made.credit("north", at("2026-07-03T07:10:00"), 5.0)
    assert made.today("north", at("2026-07-03T08:00:00")).irrigation_mm == 5.0
    assert made.days("north", at("2026-07-03T08:00:00"))[-1].irrigation_mm == 0.0
    assert made.today("south", at("2026-07-03T08:00:00")).irrigation_mm == 0.0


def test_gap_days_are_rows_of_unknown_and_every_day_has_its_row() -> None:
    made = book()
    hourly(made, at("2026-07-02T00:00:00"), 24)
    hourly(made, at("2026-07-06T00:00:00"), 24)
    days = made.days("north", at("2026-07-07T12:00:00"))
    assert [day.on.day for day in days] == [1, 2, 3, 4, 5, 6]
    assert [known(day) for day in days] == [False, True, False, False, False, True]
    assert days[2] == Day(date(2026, 7, 3), None, None, None, None, 0.0), "unknown, never 0"


def test_no_days_before_planting() -> None:
    made = book(since=date(2026, 7, 10))
    assert made.days("north", at("2026-07-10T12:00:00")) == ()
    assert made.days("north", at("2026-07-01T12:00:00")) == ()
    assert len(made.days("north", at("2026-07-11T00:00:00"))) == 1


@pytest.mark.parametrize(("hours", "whole"), [(17, False), (18, True)])
def test_extremes_of_a_day_need_most_of_its_hours(hours: int, *, whole: bool) -> None:
    made = book()
    hourly(made, at("2026-07-02T00:00:00"), hours)
    hourly(made, at("2026-07-02T00:30:00"), hours)  # more readings in the same hours
    open_day = made.today("north", at("2026-07-02T23:00:00"))
    assert known(open_day), "today's extremes so far"
    assert known(made.days("north", at("2026-07-03T01:00:00"))[-1]) is whole


def test_bad_readings_count_for_nothing() -> None:
    made = book()
    for hour in range(24):
        made.add([reading(at("2026-07-02T00:00:00") + timedelta(hours=hour), None)])
    made.add([reading(at("2026-07-02T05:00:00"), None, Quantity.RAIN, "rain")])
    day = made.days("north", at("2026-07-03T01:00:00"))[-1]
    assert (known(day), day.rain_mm) == (False, None)


def test_a_probe_has_its_last_value_and_its_extremes() -> None:
    made = book()
    for hour, value in enumerate((0.2, 0.3, 0.1, 0.15)):
        made.add([reading(at(f"2026-07-02T0{hour}:00:00"), value, Quantity.SOIL_WATER, PROBE)])
    made.add(
        [
            reading(at("2026-07-02T00:00:00"), 0.4, Quantity.AIR_RH),
            reading(at("2026-07-02T00:00:00"), 0.6, Quantity.AIR_RH),
        ]
    )
    day = made.days("north", at("2026-07-03T00:00:00"))[-1]
    assert day.probes == (ProbeDay(PROBE, 0.15, 0.15, 0.1, 0.3),)
    assert day.rh_mean_frac == pytest.approx(0.5)
    assert made.days("south", at("2026-07-03T00:00:00"))[-1].probes == ()


JULY_2 = Day(date(2026, 7, 2), 15.0, 30.0, 0.5, 2.0, 6.0, (ProbeDay(PROBE, 0.15, 0.2, 0.1, 0.3),))


def test_days_from_the_record_are_taken_over_as_they_are() -> None:
    made = book()
    unknown = Day(date(2026, 7, 1), None, None, None, None, 0.0)
    made.remember("north", [unknown, JULY_2], date(2026, 7, 3))
    assert made.days("north", at("2026-07-03T12:00:00")) == (unknown, JULY_2)


def test_water_credited_late_to_a_day_from_the_record_leaves_its_weather() -> None:
    made = book()
    made.remember("north", [JULY_2], date(2026, 7, 3))
    made.credit("north", at("2026-07-02T23:58:00"), 4.0)  # the guard told of it only after the restart
    assert made.days("north", at("2026-07-03T12:00:00"))[-1] == replace(JULY_2, irrigation_mm=10.0)


@pytest.mark.parametrize(("heard", "whole"), [(range(12), True), ((), False)])
def test_a_day_with_a_restart_is_whole_when_its_hours_were_heard(heard: list[int], *, whole: bool) -> None:
    made = book()
    so_far = Day(date(2026, 7, 2), 12.0, 25.0, 0.5, 2.0, 6.0)
    made.remember("north", [so_far], date(2026, 7, 2), heard)
    hourly(made, at("2026-07-02T12:00:00"), 12)
    made.add([reading(at("2026-07-02T13:00:00"), 1.5, Quantity.RAIN, "rain")])
    day = made.days("north", at("2026-07-03T12:00:00"))[-1]
    assert (day.rain_mm, day.irrigation_mm) == (3.5, 6.0)
    assert (day.air_t_min_c, day.air_t_max_c) == ((12.0, 25.0) if whole else (None, None))


def test_rain_that_comes_late_is_booked_on_its_day() -> None:
    made = book()
    assert made.days("north", at("2026-07-03T00:00:05"))[-1].rain_mm is None
    made.add([reading(at("2026-07-02T23:59:59"), 3.0, Quantity.RAIN, "rain")])
    assert made.days("north", at("2026-07-03T00:00:10"))[-1].rain_mm == 3.0


def test_a_late_reading_does_not_make_a_day_whole() -> None:
    made = book()
    made.remember("north", [replace(JULY_2, air_t_min_c=None, air_t_max_c=None)], date(2026, 7, 3))
    made.add([reading(at("2026-07-02T23:59:59"), 20.0)])
    assert not known(made.days("north", at("2026-07-03T12:00:00"))[-1])


def test_days_seen_by_a_clock_that_was_ahead_are_filled_when_they_come() -> None:
    made = book()
    assert not known(made.days("north", at("2026-07-05T12:00:00"))[-1])
    hourly(made, at("2026-07-04T00:00:00"), 24)  # the clock was set back; now the fourth really comes
    day = made.days("north", at("2026-07-05T12:00:00"))[-1]
    assert (day.on, known(day)) == (date(2026, 7, 4), True)
