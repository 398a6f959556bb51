"""The water line: whose water it is, where the forecast band meets the dry line, what is said where nothing is known."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fieldstation.binding import read
from fieldstation.domain.status.zone import ZoneStatus
from fieldstation.language.sentences import Words
from fieldstation.page.charts.water_line import Labels, Line, draw
from fieldstation.page.zone_card import labels
from fieldstation.page.zone_now import ZoneRecord, level_of, zone_now
from tests.kit.page_bench import STATION, zone

NOW = datetime(2026, 7, 8, 13, 0, tzinfo=UTC)
DAYS = dict(enumerate(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]))
LABELS = Labels("Soil <water>", "full", "dry", "now", "no data", "no forecast", DAYS)
HOURLY = [(NOW - timedelta(hours=h), 0.5) for h in range(90, -1, -1)]
BAND = [(24.0, 0.1, 0.3, 0.4), (48.0, -0.3, 0.1, 0.3), (72.0, -0.5, -0.1, 0.2)]
LINE = Line(NOW, HOURLY, [NOW - timedelta(hours=30)], [], BAND, NOW + timedelta(hours=60))


def path(svg: str, kind: str) -> list[tuple[float, float]]:
    found = re.search(rf'class="{kind}" d="M([^"z]+)', svg)
    assert found, kind
    return [(float(x), float(y)) for x, y in (pair.split() for pair in found[1].split("L"))]


def dry_y(svg: str) -> float:
    found = re.search(r'class="mark dry" d="M0 (\d+)H', svg)
    assert found
    return float(found[1])


def test_it_is_small_and_says_what_it_is_without_inline_style() -> None:
    svg = draw(LINE, LABELS, UTC)
    assert len(svg) < 4_600
    assert 'aria-label="Soil &lt;water&gt;"' in svg
    assert "style=" not in svg
    assert svg.count("<svg") == svg.count("</svg>")
    for day in ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri"):
        assert f">{day}</text>" in svg


def test_full_drops_where_water_was_given_a_hollow_one_where_the_plan_acts() -> None:
    svg = draw(LINE, LABELS, UTC)
    given = re.findall(r'class="drop" x="([\d.]+)%"', svg)
    planned = re.findall(r'class="drop plan" x="([\d.]+)%"', svg)
    assert [float(x) for x in given] == [pytest.approx((96 - 30) / 168 * 100, abs=0.1)]
    assert [float(x) for x in planned] == [pytest.approx((96 + 60) / 168 * 100, abs=0.1)]
    far = draw(
        replace(LINE, planned=NOW + timedelta(hours=100), watered=[NOW - timedelta(hours=200)]), LABELS, UTC
    )
    assert "drop" not in far, "what lies outside is not drawn at the edge"


def test_a_gap_in_the_data_is_a_gap_in_the_line_with_its_word() -> None:
    torn = [point for point in HOURLY if not 20 < (NOW - point[0]).total_seconds() / 3600 < 50]
    svg = draw(replace(LINE, levels=torn), LABELS, UTC)
    assert svg.count('class="soil"') == 2
    assert svg.count(">no data<") == 1
    silent = draw(replace(LINE, levels=HOURLY[:40], band=[]), LABELS, UTC)
    assert ">no data<" in silent
    assert ">no forecast<" in silent
    nothing = draw(replace(LINE, levels=[], band=[]), LABELS, UTC)
    assert ">no data<" in nothing
    assert "soil" not in nothing.replace("Soil", "")


def test_levels_beyond_the_picture_stay_inside_it() -> None:
    wild = [(NOW - timedelta(hours=2), 40.0), (NOW, -40.0)]
    ys = [y for _, y in path(draw(replace(LINE, levels=wild), LABELS, UTC), "soil")]
    assert min(ys) >= 0
    assert max(ys) <= 1000


def test_rain_falls_in_bundles_of_three_hours() -> None:
    rained = [(NOW - timedelta(hours=h), 2.0) for h in range(10, 4, -1)]
    svg = draw(replace(LINE, rained=rained), LABELS, UTC)
    assert 2 <= svg.count('class="rain"') <= 3


def test_long_names_of_days_are_written_every_second_day() -> None:
    long = replace(LABELS, days=dict.fromkeys(range(7), "Wednesday"))
    assert 3 <= draw(LINE, long, UTC).count(">Wednesday<") <= 4


def decision(depletion_mm: float | None, line_mm: float = 50.0) -> dict[str, Any]:
    values = {"line_mm": line_mm, "use_mm_day": 5.0, "days_left": 2.0}
    made: dict[str, Any] = dict(zone("north")["decision"])
    return made | {
        "at": "2026-07-08T13:00:00Z",
        "depletion_mm": depletion_mm,
        "reason": {"code": "enough_water", "values": values},
    }


def drawn(live: dict[str, Any] | None, record: ZoneRecord) -> str:
    status = None if live is None else read(ZoneStatus, live)
    now = zone_now(STATION.zones[0], status, record, [], NOW)
    return draw(now.line, labels(STATION.zones[0], Words("en", UTC, NOW), UTC), UTC)


def test_the_line_is_the_roots_water_and_the_fan_meets_the_dry_line_where_the_plan_acts() -> None:
    planned = {"at": "2026-07-10T13:00:00Z", "minutes": 25, "certain": False, "skipped": False}
    live = zone("north", decision=decision(40.0), next_run=planned)
    record = ZoneRecord(
        soil=HOURLY, roots=[(NOW - timedelta(hours=h), 0.2 + h / 100) for h in (60, 48, 36, 24, 12)]
    )
    svg = drawn(live, record)
    assert len(path(svg, "soil")) == 6, "five decisions and now; not the probe's hours"
    dry, likely = dry_y(svg), path(svg, "likely")
    meets = next(x for x, y in likely if y >= dry - 2)
    assert meets == pytest.approx((96 + 48) / 168 * 1000, abs=2)


def test_where_no_rung_knows_the_roots_the_probe_is_drawn() -> None:
    record = ZoneRecord(soil=[(at, 0.16) for at, _ in HOURLY])
    svg = drawn(zone("north", decision=decision(None)), record)
    assert len(path(svg, "soil")) == len(HOURLY) + 1
    assert drawn(None, ZoneRecord()).count(">no data<") == 1


def test_a_level_is_one_when_full_and_nought_at_the_dry_line() -> None:
    assert level_of(0.0, {"line_mm": 40.0}) == 1
    assert level_of(40.0, {"line_mm": 40.0}) == 0
    for unknown in ((None, {"line_mm": 40.0}), (3.0, {}), (3.0, {"line_mm": 0.0})):
        assert level_of(*unknown) is None
