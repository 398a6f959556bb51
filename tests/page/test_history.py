"""The History screen: sentences, line, gaps, what happened and why, empty states, questions without an answer."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from markupsafe import escape

from fieldstation.domain.decision import Event, Reason
from fieldstation.domain.learned import Harvest, planting_of
from fieldstation.domain.run import Code
from fieldstation.language.sentences import LANGUAGES, catalogue
from fieldstation.page.app import create_app
from fieldstation.page.history.data import SPANS, BadSpan, read_past, seasons, span_of
from fieldstation.page.history.events import AUDIT_SHOWN_IN_HISTORY, EVENTS
from fieldstation.page.history.table import _body
from fieldstation.store.history.reader import PastReader
from fieldstation.store.instant import to_ms
from tests.kit.page_bench import STATION
from tests.kit.past_station import NOW, Field, decided, field

NORTH = STATION.zone("north")
MADRID = ZoneInfo("Europe/Madrid")


@pytest.fixture
def past() -> Iterator[Field]:
    yield from field()


def test_without_script_the_screen_is_whole(past: Field) -> None:
    past.hours(range(30), sensors=("north_soil", "north_deep"))
    past.run(5.0)
    html = past.text("/history?span=24h&zone=north")
    assert "At 15 cm: lowest 20%, highest 20%." in html
    assert "Coldest 20.0°C, warmest 24.0°C." in html
    assert "Rain 0.5 mm." in html
    assert "Watered with 12 mm, 1,240 L in all." in html
    assert "Watered once." in html
    assert html.count('class="soil') == 2, "each probe has its line"
    assert html.count('<svg class="drop"') == 1
    assert "<table" not in html
    assert '<th scope="row">' in past.text("/history?span=24h&zone=north&view=table")
    assert "North &lt;field&gt;" in html
    assert not re.search(r"<[^>]+\sstyle=|<[^>]+\son[a-z]+=|<script>", html)


def test_a_table_is_escaped_and_each_text_is_in_its_cell() -> None:
    body = _body([["May", "<b>", "-"], ["June & July", "", '"3"']])
    assert str(body) == (
        '<tr><th scope="row">May</th><td>&lt;b&gt;</td><td>-</td></tr>'
        '<tr><th scope="row">June &amp; July</th><td></td><td>&quot;3&quot;</td></tr>'
    )


def test_a_gap_is_a_gap_in_the_line_and_is_said(past: Field) -> None:
    past.hours([*range(20), *range(120, 140)])
    html = past.text("/history?span=7d")
    (soil,) = re.findall(r'<path class="soil" d="([^"]+)"', html)
    assert soil.count("M") == 2, "two stretches, nothing between them"
    assert re.search(r"No readings from \w+ \d\d:\d\d to ", html)
    assert ">no data</text>" in html
    html = past.text("/history?span=7d&view=table")
    row = re.search(
        r"<tr><th scope=\"row\">[^<]*</th><td>-</td><td>-</td><td>-</td><td>-</td><td>-</td><td></td></tr>",
        html,
    )
    assert row, "a day without readings is dashes, never zeros"


def test_what_happened_tells_why(past: Field) -> None:
    past.hours(range(30))
    with past.written() as record:
        record.add_decision(decided(NOW - timedelta(hours=20), 0.0, Reason.RAIN_DELAY, rain_mm=8.0))
        record.add_decision(
            decided(
                NOW - timedelta(hours=10), 6.0, Reason.REFILL_LINE_REACHED, depletion_mm=41.0, line_mm=40.0
            )
        )
        record.add_decision(decided(NOW - timedelta(hours=3), 0.0, Reason.ENOUGH_WATER, days_left=2.2))
        record.add_decision(decided(NOW - timedelta(hours=2), 0.0, Reason.ENOUGH_WATER, days_left=2.0))
        record.add_event(
            Event("water_refused", NOW - timedelta(hours=12), True, "north", {"code": "tank_low"})
        )
        record.add_event(Event("clock_step", NOW - timedelta(hours=13), True, None, {"step_s": -7200.0}))
        record.add_event(Event("water_refused", NOW - timedelta(hours=12), True, "south", {"code": "frost"}))
    past.run(9.0, reason=Code.STOPPED)
    past.run(30.0, "hand", origin="manual")
    html = past.text("/history?span=7d")
    items = re.findall(r'<li class="(\w+)"><time[^>]*><svg.*?</svg>([^<]*)</time> <span>([^<]*)</span>', html)
    assert [kind for kind, _, _ in items] == ["waited", "watered", "trouble", "trouble", "waited", "watered"]
    assert " to " in items[0][1], "the same reason twice is one entry"
    assert "There is enough water for about 2 days." in items[0][2]
    assert items[1][2].startswith("Watered 25 min, 1,240 L (12 mm). The soil has reached the dry line: 41 mm")
    assert items[1][2].endswith("Cut short: STOP was pressed.")
    assert "the tank is low" in items[2][2]
    assert "off" in items[3][2]
    assert "8.0 mm of rain fell" in items[4][2]
    assert items[5][2].startswith("Watered by hand 25 min")
    assert "too cold" not in html


def paged(past: Field, address: str, kind: str, most: int) -> list[str]:
    """When each entry of a kind was, page by page back."""
    seen: list[str] = []
    for _ in range(most):
        html = past.text(address)
        seen += re.findall(rf'<li class="{kind}"><time datetime="([^"]+)"', html)
        older = re.search(r'href="([^"]+)">Older', html)
        if older is None:
            break
        address = older[1].replace("&amp;", "&")
    return seen


def test_many_entries_go_on_on_a_next_page(past: Field) -> None:
    with past.written() as record:
        for number in range(60):
            reason = Reason.ENOUGH_WATER if number % 2 else Reason.RAIN_DELAY
            record.add_decision(
                decided(NOW - timedelta(hours=2 * number + 1), 0.0, reason, days_left=2.0, rain_mm=3.0)
            )
    seen = paged(past, "/history?span=30d", "waited", 5)
    assert len(seen) == len(set(seen)) == 60
    assert seen == sorted(seen, reverse=True)


def test_empty_states_are_said(past: Field) -> None:
    html = past.text("/history")
    assert "Nothing is on record yet." in html
    assert "<canvas" not in html
    assert 'class="charts"' not in html, "first.js brings history.js in where this is"
    past.hours(range(500, 510))
    assert "Nothing was recorded in this time. The record begins on" in past.text("/history?span=24h")
    assert "At 15 cm: no reading in this time." not in past.text("/history?span=30d")


def test_a_probe_that_is_silent_beside_one_that_is_not(past: Field) -> None:
    past.hours(range(30))
    html = past.text("/history?span=24h")
    assert "At 45 cm: no reading in this time." in html


def test_dates_of_an_unset_clock_are_doubted(past: Field) -> None:
    past.hours(range(10), trusted=False)
    assert "while the clock was not set" in past.text("/history?span=24h")


def test_without_a_record_it_says_so() -> None:
    for bare in field(record=False):
        assert "The record cannot be read now" in bare.text("/history")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("zone=nowhere", "There is no zone called nowhere."),
        ("span=century", "century is no time this page can show"),
        ("from=2026-13-01", "2026-13-01 is no date"),
        ("from=2999-01-01", "has not come yet"),
        ("from=2026-05-02&until=2026-05-01", "The end lies before the beginning."),
        ("from=1970-01-01", "cannot reach back so far"),
        ("span=season&planted_on=2020-01-01", "No season was planted on"),
        ("span=season&planted_on=x", "x is no date"),
        ("before=yesterday", "Open the history again"),
        ("zone=<script>", "There is no zone called &lt;script&gt;."),
    ],
)
def test_a_question_without_an_answer_is_told_what_is_wrong(past: Field, asked: str, said: str) -> None:
    html = past.text(f"/history?{asked}", 400)
    assert said in html
    assert 'href="/history?span=7d"' in html, "and where to go on"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("span", SPANS)
def test_every_span_in_every_language(past: Field, span: str, language: str) -> None:
    past.hours(range(0, 60, 7))
    past.run(5.0)
    html = past.text(f"/history?span={span}&lang={language}")
    assert not re.search(r">\?<|\{\w+\}[^|\"]*</|None", re.sub(r'data-\w+="[^"]*"', "", html))
    assert str(escape(str(catalogue(language)["history"]["happened"]))) in html


def test_a_season_ends_with_its_harvest_and_another_begins() -> None:
    first = planting_of(NORTH)
    later = first.__class__(
        **{**{name: getattr(first, name) for name in first.__slots__}, "planted_on": date(2027, 3, 1)}
    )
    brought = [
        Harvest("north", date(2026, 12, 1), 3.0),
        Harvest("north", date(2026, 12, 24), 8.0),
        Harvest("south", date(2026, 12, 3), 1.0),
    ]
    found = seasons(NORTH, [first, later], brought)
    assert [one.planting.planted_on for one in found] == [date(2027, 3, 1), date(2026, 9, 1)]
    assert (found[1].ends_on, found[1].harvest) == (date(2026, 12, 24), brought[1]), "the last word counts"
    assert found[0].harvest is None
    assert found[0].ends_on == date(2027, 3, 1) + timedelta(days=later.season_days)


def test_a_season_that_has_not_begun_is_told_when_it_will() -> None:
    known = seasons(NORTH, [], [])
    with pytest.raises(BadSpan) as bad:
        span_of({"span": "season"}, NORTH, known, None, datetime(2026, 8, 1, tzinfo=UTC), MADRID)
    assert (bad.value.code, bad.value.values) == ("season_ahead", {"date": "2026-09-01"})


@pytest.mark.parametrize(("on", "length"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_a_day_when_clocks_change_has_all_its_hours(on: str, length: int) -> None:
    now = datetime(2026, 11, 2, 9, tzinfo=UTC)
    span = span_of({"from": on, "until": on}, NORTH, [], None, now, MADRID)
    assert span.grid.count == length
    assert (span.until - span.since) == timedelta(hours=length)


def test_where_a_day_begins_within_an_hour_its_steps_hold_its_end_too() -> None:
    on, kolkata = date(2026, 5, 2), ZoneInfo("Asia/Kolkata")
    now = datetime(2026, 11, 2, 9, tzinfo=UTC)
    span = span_of({"from": on.isoformat(), "until": on.isoformat()}, NORTH, [], None, now, kolkata)
    ended = [span.since, span.until - timedelta(minutes=5)]
    assert span.grid.indexes([to_ms(at) for at in ended], kolkata) == [0, 24]
    assert span.grid.count == 25


def test_spans_choose_their_steps() -> None:
    now = datetime(2026, 11, 24, 19, 40, tzinfo=UTC)
    known = seasons(NORTH, [], [])

    def steps(heard_from: date, **asked: str) -> tuple[str, int, int]:
        grid = span_of(asked, NORTH, known, heard_from, now, MADRID).grid
        return grid.unit, grid.every, grid.count

    heard = date(2025, 1, 10)
    assert steps(heard, span="24h") == ("hour", 1, 24)
    assert steps(heard, span="7d") == ("hour", 1, 168)
    assert steps(heard, span="30d") == ("hour", 3, 240)
    assert steps(heard, span="season") == ("day", 1, 85)
    assert steps(heard, span="year") == ("day", 1, 365)
    assert steps(heard, span="all") == ("day", 1, 684)
    assert steps(date(2016, 11, 24), span="all") == ("month", 1, 121)
    last = span_of({"span": "24h"}, NORTH, known, heard, now, MADRID)
    assert last.since == datetime(2026, 11, 23, 20, tzinfo=UTC), "the hour that is not over is in it"
    assert last.until == datetime(2026, 11, 24, 20, tzinfo=UTC)


def test_water_of_a_step_is_what_ended_in_it(past: Field) -> None:
    past.hours(range(30))
    past.run(5.5)
    with PastReader(past.places.record) as reader:
        found = read_past(reader, STATION, NORTH, {"span": "24h"}, NOW, MADRID)
    assert sum(found.laid.water.mm) == pytest.approx(12.4)
    assert found.laid.water.mm[-7] == pytest.approx(12.4)
    assert found.laid.water.litres[-7] == pytest.approx(1240.0)


@pytest.mark.usefixtures("one_hour")
def test_the_chart_has_its_numbers_at_hand_and_nothing_else_is_drawn_again(past: Field) -> None:
    past.hours([0, 1, 3])
    html = past.text("/history?span=24h")
    (text,) = re.findall(r"data-past='([^']*)'", html)
    data = json.loads(text)
    assert data["steps"]["count"] == 24
    assert data["soil"][0]["mean"][-4:] == [200, None, 200, 200], "thousandths; a gap is null"
    assert data["air"]["mean"][-4:] == [230, None, 210, 200], "tenths"
    assert data["air"]["below"][-4:] == [0, None, 0, 0]
    assert data["rain"][-4:] == [0.5, None, 0.0, 0.0]
    assert len(data["soil"]) == 2
    again = past.client.get("/history?span=24h", headers={"HX-Request": "true"}).text
    assert 'id="dock"' in again
    assert "data-past" not in again, "the dock is renewed alone"


def test_history_with_its_chart_is_small(past: Field) -> None:
    past.hours(range(24 * 31), sensors=("north_soil", "north_deep"))
    for number in range(8):
        past.run(20.0 * number + 3, f"r{number}")
    squeezed = {"Accept-Encoding": "gzip"}
    page = past.client.get("/history", headers=squeezed)
    names = re.findall(r'(?:src|href)="(/static/[^"]+)"', gzip.decompress(page.data).decode())
    if not any(name.endswith(".js") for name in names):
        pytest.skip("nothing is built: make page")
    first = past.client.get(next(name for name in names if name.endswith(".js")))
    names += [f"/static/{name}" for name in re.findall(r'import\("\./(.+?)"\)', first.text)]
    assert any("history" in name and name.endswith(".js") for name in names)
    total = len(page.data) + sum(len(past.client.get(name, headers=squeezed).data) for name in names)
    assert total <= 38_000


def test_who_overrode_what_stands_among_what_happened(past: Field) -> None:
    past.hours([1])
    with past.written() as record:
        record.add_audit("Ana", "pause", "north", {"until": "2031-05-04"})
        record.add_audit("Ben", "stop", None, {})
        record.add_audit("Ben", "skip", "south", {})
        record.add_audit("Eva", "signed_in", None, {})
    html = past.text("/history?span=24h&zone=north")
    said = re.findall(r'<li class="deed">.*?<span>([^<]*)</span>', html)
    assert sorted(said) == ["Ana paused watering until 4 May 2031.", "Ben pressed STOP."]


def test_every_deed_and_event_has_its_sentence() -> None:
    for language in LANGUAGES:
        words = catalogue(language)
        assert [code for code in EVENTS if code not in words["history"]] == []
        assert [code for code in AUDIT_SHOWN_IN_HISTORY if code not in words["audit"]] == []


def test_nothing_is_lost_between_two_pages(past: Field) -> None:
    with past.written() as record:
        for number in range(120):
            record.add_decision(
                decided(NOW - timedelta(hours=number + 1), 0.0, Reason.ENOUGH_WATER, days_left=2.0)
            )
            if number % 4 == 0:
                at = NOW - timedelta(hours=number + 1, minutes=20)
                record.add_event(Event("water_refused", at, True, "north", {"code": "tank_low"}))
    troubles = paged(past, "/history?span=30d&zone=north", "trouble", 9)
    assert len(troubles) == len(set(troubles)) == 30


def test_a_zone_without_probe_and_a_station_without_gauge_say_so(past: Field) -> None:
    past.hours(range(30))
    bare = replace(STATION, zones=(replace(NORTH, probes=()), *STATION.zones[1:]), rain=None)
    client = create_app(bare, past.places).test_client()
    for address in (
        "/history?zone=north&span=24h&view=table",
        "/history/season?zone=north",
        "/history.csv?zone=north",
    ):
        assert client.get(address).status_code == 200, address
    html = client.get("/history?zone=north&span=24h").text
    assert "This zone has no soil probe." in html
    assert "This station has no rain gauge." in html
    assert "Coldest 20.0°C" in html
