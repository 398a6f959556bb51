"""What lies behind as JSON and as CSV: shapes, gaps, units, streaming, turns."""

from __future__ import annotations

import csv
import gzip
import io
import threading
import tracemalloc
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from fieldstation.domain.decision import Event, Reason
from fieldstation.domain.reading import Quality, Quantity, Reading
from fieldstation.page.history import csv_stream
from fieldstation.page.history.data import span_of
from fieldstation.page.history.downloads import Turn
from tests.kit.page_bench import STATION
from tests.kit.past_station import NOW, TZ, Field, decided, field

NORTH = STATION.zone("north")


@pytest.fixture
def past() -> Iterator[Field]:
    yield from field()


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def told(past: Field, address: str, code: int = 200) -> Any:
    answer = past.client.get(address)
    assert answer.status_code == code
    assert answer.mimetype == ("application/json" if code == 200 else "application/problem+json")
    return answer.json


@pytest.mark.usefixtures("one_hour")
def test_series_lie_on_equal_steps_with_nulls_for_gaps(past: Field) -> None:
    past.hours([0, 1, 3, 5])
    past.run(3.5)
    found = told(past, "/api/v1/series?zone=north&span=24h")
    steps = found["steps"]
    assert (steps["step"], steps["every"], steps["count"]) == ("hour", 1, 24)
    assert datetime.fromisoformat(steps["first"]) == NOW - timedelta(hours=23)
    assert [(one["sensor"], one["quantity"], one["unit"], one["depth_cm"]) for one in found["series"]] == [
        ("north_soil", "soil_water", "m3/m3", 15),
        ("north_deep", "soil_water", "m3/m3", 45),
        ("air", "air_t", "C", None),
        ("rain", "rain", "mm", None),
    ]
    soil, deep, air, rain = found["series"]
    assert soil["mean"][-6:] == [0.2005, None, 0.2003, None, 0.2001, 0.2]
    assert soil["n"][-2:] == [1, 1]
    assert set(deep["mean"]) == {None}
    assert air["max"][-1] == 20.0
    assert rain["sum"][-6:] == [0.0, None, 0.5, None, 0.0, 0.0]
    assert found["water_mm"][-5] == 12.4
    assert sum(found["water_l"]) == 1240
    assert 0 < found["dry"] < found["full"] < 1
    (only,) = told(past, "/api/v1/series?zone=north&quantity=rain")["series"]
    assert only["sensor"] == "rain"


def test_runs_decisions_and_events_are_told(past: Field) -> None:
    past.run(5.0)
    with past.written() as record:
        record.add_decision(decided(NOW - timedelta(hours=6), 6.0, Reason.PROBE_DRY))
        record.add_event(
            Event("water_refused", NOW - timedelta(hours=7), True, "north", {"code": "tank_low"})
        )
    (run,) = told(past, "/api/v1/runs?zone=north&span=24h")["runs"]
    assert (run["litres"], run["depth_mm"], run["origin"], run["stop_reason"]) == (
        1240.0,
        12.4,
        "auto",
        "done",
    )
    (decision,) = told(past, "/api/v1/decisions?zone=north")["decisions"]
    assert (decision["depth_mm"], decision["reason"]) == (6.0, {"code": "probe_dry", "values": {}})
    answer = told(past, "/api/v1/events?zone=north")
    assert (answer["events"][0]["values"], answer["more"]) == ({"code": "tank_low"}, False)
    assert told(past, "/api/v1/events?zone=south")["events"] == []


@pytest.mark.parametrize("what", ["series", "runs", "decisions", "events"])
def test_a_question_without_an_answer_has_a_code(past: Field, what: str) -> None:
    bad = told(past, f"/api/v1/{what}?zone=nowhere", 400)
    assert (bad["detail"], bad["code"]) == ("There is no zone called nowhere.", "bad_zone")
    assert told(past, f"/api/v1/{what}?from=2026-02-31&until=2026-03-01", 400)["code"] != "problem"
    assert "span" in told(past, f"/api/v1/{what}?span=x", 422)["values"]["wrong"]["query"]


def test_an_unknown_quantity_is_named(past: Field) -> None:
    assert "quantity" in told(past, "/api/v1/series?quantity=gold", 422)["values"]["wrong"]["query"]


def test_without_a_record_the_api_says_so() -> None:
    for bare in field(record=False):
        assert told(bare, "/api/v1/series", 503)["code"] == "record_silent"


@pytest.mark.usefixtures("one_hour")
def test_csv_has_iso_times_units_and_empty_gaps(past: Field) -> None:
    past.hours([0, 1, 3])
    past.run(3.5)
    answer = past.client.get("/history.csv?zone=north&span=24h")
    assert answer.mimetype == "text/csv"
    assert 'filename="north-readings-' in answer.headers["Content-Disposition"]
    rows = table(answer.text)
    assert len(rows) == 24
    last, gap = rows[-1], rows[-3]
    assert datetime.fromisoformat(last["time"]) == NOW
    assert datetime.fromisoformat(last["time"]).tzinfo is not None
    assert last["soil water 15 cm north_soil mean (m3/m3)"] == "0.2000"
    assert last["air temperature max (C)"] == "20.00"
    assert gap["soil water 15 cm north_soil mean (m3/m3)"] == ""
    assert gap["rain (mm)"] == ""
    assert sum(float(row["water given (L)"]) for row in rows) == 1240.0
    assert sum(float(row["rain (mm)"] or 0) for row in rows) == 0.5


def test_csv_of_everything_is_by_the_hour_and_whole(past: Field) -> None:
    past.hours(range(0, 24 * 70, 5))
    rows = table(past.client.get("/history.csv?zone=north&span=everything").text)
    times = [datetime.fromisoformat(row["time"]) for row in rows]
    assert all(b - a == timedelta(hours=1) for a, b in pairwise(times)), "no hour twice, none left out"
    assert sum(1 for row in rows if row["soil water 15 cm north_soil mean (m3/m3)"]) == 24 * 70 / 5
    squeezed = past.client.get("/history.csv?zone=north&span=everything", headers={"Accept-Encoding": "gzip"})
    assert squeezed.headers["Content-Encoding"] == "gzip"
    assert table(gzip.decompress(squeezed.data).decode()) == rows


@pytest.mark.parametrize("place", ["Europe/Madrid", "Asia/Kolkata", "America/Sao_Paulo"])
def test_days_of_csv_are_each_there_once(past: Field, place: str) -> None:
    tz = ZoneInfo(place)
    span = span_of({"from": "2024-11-20", "until": "2026-11-19"}, NORTH, [], None, NOW, tz)
    lines = "".join(csv_stream.readings(STATION, past.places, span, tz, hourly=False))
    days = [date.fromisoformat(row["date"]) for row in table(lines)]
    assert days == [date(2024, 11, 20) + timedelta(days=n) for n in range(730)]


def test_waterings_as_csv_carry_their_reason(past: Field) -> None:
    with past.written() as record:
        record.add_decision(decided(NOW - timedelta(hours=6), 6.0, Reason.REFILL_LINE_REACHED))
    past.run(5.0)
    past.run(40.0, "hand", origin="manual")
    rows = table(past.client.get("/history/runs.csv?zone=north&span=30d").text)
    assert [(row["origin"], row["reason"], row["minutes"]) for row in rows] == [
        ("manual", "", "25.0"),
        ("auto", "refill_line_reached", "25.0"),
    ]


def test_a_name_is_never_a_formula() -> None:
    assert (
        csv_stream.line(["=1+1", "@x", "-5", "-0.25", "plain, with comma"])
        == "'=1+1,'@x,-5,-0.25,\"plain, with comma\"\r\n"
    )


def test_a_long_answer_needs_little_memory(past: Field) -> None:
    with past.written() as record:
        for hour in range(24 * 400, 0, -8):
            at = NOW - timedelta(hours=hour)
            record.add_round(
                at, 1.0, True, [Reading("north_soil", Quantity.SOIL_WATER, 0.2, Quality.GOOD, at, 1.0)]
            )
    span = span_of({"from": str((NOW - timedelta(days=400)).date())}, NORTH, [], None, NOW, TZ)
    pieces = csv_stream.readings(STATION, past.places, span, TZ, hourly=True)
    next(pieces)
    next(pieces)
    tracemalloc.start()
    total = sum(len(piece) for piece in pieces)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert total > 400_000
    assert peak < 2_500_000, "only a month of it at a time"


def test_downloads_leave_threads_for_stop(past: Field) -> None:
    turns = threading.BoundedSemaphore(1)
    turns.acquire()
    turn = Turn(turns, iter([b"a", b"b"]))
    assert next(turn) == b"a"
    turn.close()
    assert turns.acquire(blocking=False), "given back when nobody listens any more"
    turn.close()  # twice is harmless
    whole = Turn(turns, iter([b"a"]))
    assert list(whole) == [b"a"]
    assert turns.acquire(blocking=False), "and when it is over"


def test_a_third_download_waits_its_turn(past: Field) -> None:
    past.hours(range(30))
    address = "/history.csv?span=7d"
    open_ = [past.client.get(address, buffered=False) for _ in range(2)]
    assert past.client.get(address).status_code == 503
    for answer in open_:
        answer.close()
    assert past.client.get(address).status_code == 200


def test_a_record_that_breaks_on_the_way_is_said_in_the_file(past: Field) -> None:
    past.hours(range(30))
    span = span_of({"span": "7d"}, NORTH, [], None, NOW, TZ)
    pieces = csv_stream.readings(STATION, past.places, span, TZ, hourly=True)
    next(pieces)
    past.places.record.unlink()
    assert "could not be read further" in list(pieces)[-1]


def test_files_refuse_what_the_screen_refuses(past: Field) -> None:
    assert "There is no zone called nowhere." in past.text("/history.csv?zone=nowhere", 400)
