from __future__ import annotations

import os
import statistics
from datetime import date
from pathlib import Path

import pytest

from fieldstation.domain.errors import ConfigError
from fieldstation.simulation.weather_file import parse

HEAD = "on,air_t_min_c,air_t_max_c,rain_mm\n"


def problems(text: str, columns: str = "station") -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse(text, "field.csv", columns)
    return [str(problem) for problem in caught.value.problems]


def test_a_small_file_is_read() -> None:
    weather = parse(HEAD + "2026-05-01,10,25,0\n2026-05-02,11.5,26,3.2\n", "field.csv")
    day = weather.day(date(2026, 5, 2))
    assert (day.air_t_min_c, day.air_t_max_c, day.rain_mm) == (11.5, 26, 3.2)
    assert day.rh_mean_frac is None
    assert day.wind_m_s is None


def test_optional_columns_are_read_in_any_order() -> None:
    text = "rain_mm,on,radiation_mj_m2,air_t_max_c,wind_m_s,rh_mean_pct,air_t_min_c\n0,2026-05-01,21,25,1.5,60,10\n"
    day = parse(text, "field.csv").day(date(2026, 5, 1))
    assert (day.rh_mean_frac, day.wind_m_s, day.radiation_mj_m2) == (0.6, 1.5, 21)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    text = "\ufeff" + (HEAD + "2026-05-01,10,25,0\n").replace("\n", "\r\n")
    assert parse(text, "field.csv").first == date(2026, 5, 1)


def test_days_may_come_in_any_order() -> None:
    weather = parse(HEAD + "2026-05-02,11,26,0\n2026-05-01,10,25,0\n", "field.csv")
    assert list(weather.days) == [date(2026, 5, 1), date(2026, 5, 2)]


def test_a_gap_of_three_days_is_bridged_without_rain() -> None:
    weather = parse(HEAD + "2026-05-01,10,20,5\n2026-05-05,14,28,5\n", "field.csv")
    assert len(weather.days) == 5
    middle = weather.day(date(2026, 5, 3))
    assert (middle.air_t_min_c, middle.air_t_max_c, middle.rain_mm) == (12, 24, 0)


def test_a_row_with_a_hole_is_a_gap_too() -> None:
    weather = parse(HEAD + "2026-05-01,10,20,0\n2026-05-02,NaN,22,0\n2026-05-03,12,24,0\n", "field.csv")
    assert weather.day(date(2026, 5, 2)).air_t_max_c == 22
    assert weather.day(date(2026, 5, 2)).air_t_min_c == 11


def test_a_longer_gap_is_an_error() -> None:
    assert problems(HEAD + "2026-05-01,10,20,5\n2026-05-06,14,28,5\n") == [
        "field.csv: 4 days are missing after 2026-05-01; at most 3 may be: add them, or cut the file there"
    ]


def test_every_problem_is_told_at_once_with_its_line() -> None:
    text = (
        HEAD
        + """\
2026-05-01,10,20,0
2026-05-02,25,20,0
2026-05-03,10,20,-3
yesterday,10,20,0
2026-05-04,10,999,0
2026-05-05,10,warm,0
2026-05-01,11,21,0
2026-05-06,10,20,inf
2026-05-07,10,5,20,5
2026-05-08,10,20,0
"""
    )
    found = problems(text)
    for line, words in (
        (3, "minimum 25 is above maximum 20"),
        (4, "rain_mm -3 is impossible; it must lie in 0 to 600"),
        (5, "'yesterday' is no date; write it as 2026-05-31"),
        (6, "air_t_max_c 999 is impossible"),
        (7, "air_t_max_c 'warm' is no number"),
        (8, "2026-05-01 stands there twice"),
        (9, "rain_mm inf is impossible"),
        (10, "has more values than the first line has columns; write decimals with a point"),
    ):
        assert any(each.startswith(f"field.csv line {line}: {words}") for each in found), (line, found)
    assert any("days are missing" in each for each in found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "column 'on' is missing (found: none)"),
        ("\n\n", "column 'on' is missing"),
        (HEAD, "no days in it"),
        (
            "on;air_t_min_c;air_t_max_c;rain_mm\n2026-05-01;1;2;3\n",
            "column 'on' is missing (found: on;air_t_min_c",
        ),
        ("on,air_t_min_c,air_t_max_c\n2026-05-01,1,2\n", "column 'rain_mm' is missing"),
        ("\x00\x01\x02PNG", "column 'on' is missing"),
        (HEAD + '"2026-05-01,1,2,0\n' + "x" * 200_000, "is no CSV"),
    ],
)
def test_empty_and_garbled_files_are_told_apart(text: str, words: str) -> None:
    found = problems(text)
    assert any(words in each for each in found), found


def test_a_misspelt_optional_column_is_not_passed_over() -> None:
    text = HEAD.replace("rain_mm", "rain_mm,rh_mean_frac") + "2026-05-01,10,20,0,0.5\n"
    assert problems(text) == [
        "field.csv line 1: column 'rh_mean_frac' is not known; did you mean 'rh_mean_pct'?"
    ]


def test_a_very_bad_file_ends_with_how_much_more_there_is() -> None:
    found = problems(HEAD + "bad,1,2,3\n" * 100)
    assert len(found) == 21
    assert found[-1] == "field.csv: 80 more problems; mend these first"


def test_unknown_column_names_are_refused_by_name() -> None:
    assert problems(HEAD, "mariposa") == [
        "weather columns: 'mariposa' is not known; choose one of: station, maricopa, foggia"
    ]


def test_a_file_of_another_layout_says_so() -> None:
    assert (
        "is this the file that these columns belong to?"
        in problems(HEAD + "2026-05-01,1,2,0\n", "maricopa")[0]
    )


def measured(folder: str) -> str:
    data = os.environ.get("FIELDSTATION_DATA")
    if not data or not (Path(data) / folder).is_dir():
        pytest.skip("the measured data sets are not here: set FIELDSTATION_DATA to their folder")
    return (Path(data) / folder / "weather_daily.csv").read_text(encoding="utf-8")


def test_the_maricopa_season_parses() -> None:
    weather = parse(measured("maricopa_cotton_2018"), "maricopa", "maricopa")
    assert (weather.first, weather.last) == (date(2018, 4, 18), date(2018, 10, 30))
    day = weather.day(date(2018, 4, 18))
    assert (day.air_t_min_c, day.air_t_max_c, day.radiation_mj_m2) == (5.4, 28.8, 26.96)
    assert day.rh_mean_frac == pytest.approx(0.2295)
    assert weather.day(date(2018, 9, 14)).on == date(2018, 9, 14)


def test_the_maricopa_demand_is_near_the_measured_reference() -> None:
    """The file's own reference evapotranspiration; wind there is at 3 m, a few per cent more than at 2 m."""
    import csv
    import io

    from fieldstation.simulation.weather import evaporative_demand_mm

    text = measured("maricopa_cotton_2018")
    weather = parse(text, "maricopa", "maricopa")
    theirs = [float(row["ETref"]) for row in csv.DictReader(io.StringIO(text)) if row["ETref"] != "NaN"]
    ours = [evaporative_demand_mm(day, 33.08, 361.0) for day in weather.days.values()]
    assert statistics.fmean(ours) == pytest.approx(statistics.fmean(theirs), rel=0.10)


def test_the_foggia_seasons_parse_and_their_winters_are_missing() -> None:
    weather = parse(measured("foggia_tomato"), "foggia", "foggia")
    assert weather.day(date(2017, 8, 11)).on == date(2017, 8, 11)
    assert weather.day(date(2005, 4, 28)).radiation_mj_m2 is None
    with pytest.raises(ConfigError, match="2017-05-03 to 2017-08-11"):
        weather.day(date(2016, 12, 24))
