"""Values as each language writes them, against the strings of CLDR."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from fieldstation.language.sentences import Words

NOW = datetime(2026, 11, 24, 12, 5, 10, tzinfo=UTC)


def words(language: str, system: str = "metric") -> Words:
    return Words(language, UTC, NOW, system)


@pytest.mark.parametrize(
    ("language", "depth", "percent", "temperature", "number"),
    [
        ("en", "6.2 mm", "23%", "-3.0°C", "-1,234,567.5"),
        ("es", "6,2 mm", "23\u00a0%", "-3,0 °C", "-1.234.567,5"),
        ("fr", "6,2\u202fmm", "23\u00a0%", "-3,0\u202f°C", "-1\u202f234\u202f567,5"),
        ("hi", "6.2 मि॰मी॰", "23%", "-3.0°से॰", "-12,34,567.5"),
        ("ar", "6.2 مم", "23%", "\u200f\u200e-3.0°م", "\u200f\u200e-1,234,567.5"),
    ],
)
def test_metric_values(language: str, depth: str, percent: str, temperature: str, number: str) -> None:
    w = words(language)
    assert (w.depth(6.2), w.percent(0.234), w.temperature(-3), w.number(-1234567.5)) == (
        depth,
        percent,
        temperature,
        number,
    )


def test_us_units() -> None:
    w = words("en", "us")
    assert w.depth(25.4) == "1.00 in"
    assert w.length(0.15) == "6 in"
    assert w.litres(3785.411784) == "1,000 gal"
    assert w.litres(7.57) == "2.0 gal"
    assert w.flow(37.85411784) == "10 gal/min"
    assert w.temperature(21) == "70°F"
    assert w.temperature(21, 2) == "69.8°F"
    assert w.area(100) == "1,076 sq ft"
    assert w.area(4046.8564224) == "1 ac"
    assert w.yield_(10) == "4.5 tons/ac"


def test_metric_sizes_take_the_unit_that_fits() -> None:
    w = words("en")
    assert [w.depth(mm) for mm in (0, 0.04, 6.24, 9.96, 57.1)] == ["0 mm", "0 mm", "6.2 mm", "10 mm", "57 mm"]
    assert [w.litres(n) for n in (0, 0.5, 9.7, 1240.4, 250_000)] == [
        "0 L",
        "0.5 L",
        "9.7 L",
        "1,240 L",
        "250 m³",
    ]
    assert [w.area(m2) for m2 in (250, 10_000, 25_500)] == ["250 m²", "1 ha", "2.55 ha"]
    assert w.flow(12.5) == "12 L/min"
    assert w.length(0.15) == "15 cm"
    assert (w.yield_(9), w.yield_(9, bare=True), w.litres(620, bare=True)) == ("9.0 t/ha", "9.0", "620")
    assert (w.number(3), w.number(3.0), w.number(0.164, 2), w.number(-0.04)) == ("3", "3.0", "0.16", "0.0")


def test_what_is_not_known_is_a_question_mark() -> None:
    w = words("en")
    for way in (
        w.number,
        w.percent,
        w.depth,
        w.length,
        w.litres,
        w.flow,
        w.yield_,
        w.area,
        w.temperature,
        w.minutes,
        w.age,
    ):
        assert way(None) == "?"


@pytest.mark.parametrize(
    ("language", "system", "clock", "near", "far", "day"),
    [
        ("en", "metric", "14:05", "today 14:05", "Tue 3 Mar 2026 09:30", "24 Nov"),
        ("en", "us", "2:05\u202fPM", "today 2:05\u202fPM", "Tue, Mar 3 9:30\u202fAM", "Nov 24"),
        ("es", "metric", "14:05", "hoy 14:05", "mar, 3 mar 9:30", "24 nov"),
    ],
)
def test_times_and_days(language: str, system: str, clock: str, near: str, far: str, day: str) -> None:
    w = words(language, system)
    at = NOW + timedelta(hours=2)
    assert (w.clock(at), w.when(at), w.date(at)) == (clock, near, day)
    assert w.when(datetime(2026, 3, 3, 9, 30, tzinfo=UTC)).replace(" 2026", "") == far.replace(" 2026", "")


def test_days_are_the_stations_and_years_are_told_when_they_differ() -> None:
    w = Words("en", ZoneInfo("Pacific/Auckland"), datetime(2026, 6, 1, 0, tzinfo=UTC))
    late = datetime(2026, 6, 1, 13, tzinfo=UTC)  # the second there
    assert w.when(late) == "tomorrow 01:00"
    assert w.when(late + timedelta(days=3)) == "Fri 01:00"
    assert w.day(date(2026, 6, 1)) == "Mon"
    assert w.date(date(2025, 6, 1)) == "1 Jun 2025"
    assert w.date(late, weekday=True) == "Tue 2 Jun"


def test_what_is_remembered_of_one_reader_is_not_told_to_another() -> None:
    on, at = date(2026, 3, 1), datetime(2026, 3, 1, 15, 30, tzinfo=UTC)
    found = [
        (w.month(on), w.whole_date(on), w.clock(at), w.number(1234.5), w.percent(0.2), w.length(0.15))
        for _ in range(2)
        for w in (words("en"), words("en", "us"), words("es"), words("fr"), words("hi"), words("ar"))
    ]
    assert found[:6] == found[6:]
    assert [one[0] for one in found[:5]] == ["Mar 2026", "Mar 2026", "mar 2026", "mars 2026", "मार्च 2026"]
    assert [one[2:] for one in found[:3]] == [
        ("15:30", "1,234.5", "20%", "15 cm"),
        ("3:30\u202fPM", "1,234.5", "20%", "6 in"),
        ("15:30", "1.234,5", "20\xa0%", "15 cm"),
    ]


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(4, "4 s"), (89, "89 s"), (90, "2 min"), (5399, "90 min"), (5400, "2 hours"), (172800, "2 days")],
)
def test_ages(seconds: float, told: str) -> None:
    assert words("en").age(seconds) == told


def test_several_things_in_one_sentence() -> None:
    assert words("en").joined(["a", "b", "c"]) == "a, b and c"
    assert words("es").joined(["a", "b"]) == "a y b"
