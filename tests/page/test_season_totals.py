"""A season's sums, harvests as forms say them, and the small pictures: figures that were worked out by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from fieldstation.agronomy.balance import trace
from fieldstation.config.tables import crop
from fieldstation.domain.day import Day
from fieldstation.domain.learned import Harvest, Planting
from fieldstation.domain.run import Code, Run
from fieldstation.page.charts.season_charts import range_chart, season_chart
from fieldstation.page.season import harvest
from fieldstation.page.season.totals import added, given, season_totals
from tests.kit.page_bench import STATION

ZONE = STATION.zones[0]  # 100 m2 of maize, planted 1 September 2026
TZ = ZoneInfo(STATION.timezone)


def run_on(on: date, litres: float) -> Run:
    at = datetime(on.year, on.month, on.day, 5, tzinfo=UTC)
    return Run(f"r{on}", 1, "north", "auto", at, at + timedelta(minutes=9), 540.0, litres, True, Code.DONE)


def day(on: date, low: float | None = 18.0, high: float | None = 32.0, rain_mm: float | None = 0.0) -> Day:
    return Day(on, low, high, None, rain_mm, 0.0)


class Kept:
    """A reader that has what a test says."""

    def __init__(self, runs: list[Run], plantings: list[Planting], harvests: list[Harvest], days: list[Day]):
        self._runs, self._plantings, self._harvests, self._days = runs, plantings, harvests, days

    def runs(self, zone: str, since: datetime) -> list[Run]:
        return [run for run in self._runs if run.zone == zone and run.ended_at >= since]

    def plantings(self) -> list[Planting]:
        return self._plantings

    def harvests(self) -> list[Harvest]:
        return self._harvests

    def days(self, zone: Any, timezone: str, first: date, last: date, open_on: date) -> list[Day]:
        return [one for one in self._days if first <= one.on <= last]


def planting(on: date, area_m2: float = 100.0) -> Planting:
    return Planting("north", on, "maize", 132, area_m2, 0.85, 0.22, 0.10, 0.41)


def season_of(*, today: date, **kept: Any) -> Any:
    reader: Any = Kept(
        kept.get("runs", []),
        kept.get("plantings", [planting(ZONE.planted_on)]),
        kept.get("harvests", []),
        kept.get("days", [day(ZONE.planted_on + timedelta(days=n)) for n in range(60)]),
    )
    return season_totals(reader, STATION, ZONE, today)


def test_sums_of_days_and_water() -> None:
    days = [day(ZONE.planted_on + timedelta(days=n), rain_mm=10.0 if n == 2 else 0.0) for n in range(10)]
    days[4] = day(days[4].on, None, None, None)
    rows = trace(days, ZONE, STATION.latitude_deg)
    sums = added(ZONE, days, rows, 1500.0)
    assert (sums.days, sums.known_days, sums.water_mm, sums.litres) == (10, 9, 15.0, 1500.0)
    assert sums.rain_mm == 10.0
    assert sums.heat_c_days == 9 * (25.0 - ZONE.crop.base_t_c)
    assert sums.use_mm == pytest.approx(sum(row.etc_mm for row in rows))
    assert sums.thirsty_days == 0


def test_a_dry_month_has_thirsty_days() -> None:
    days = [day(ZONE.planted_on + timedelta(days=n)) for n in range(80)]
    sums = added(ZONE, days, trace(days, ZONE, STATION.latitude_deg), 0.0)
    assert 10 < sums.thirsty_days < 80


def test_water_counts_on_the_local_day_it_ended() -> None:
    runs = [run_on(date(2026, 9, n), 100.0) for n in (1, 5, 9)]
    assert given(runs, date(2026, 9, 1), date(2026, 9, 5), TZ) == 200.0


def test_the_season_before_is_compared_at_the_same_age_by_its_own_area() -> None:
    old = date(2025, 9, 1)
    runs = [run_on(old + timedelta(days=n), 1000.0) for n in (10, 30, 90)]
    found = season_of(
        today=ZONE.planted_on + timedelta(days=40),
        runs=[*runs, run_on(ZONE.planted_on, 500.0)],
        plantings=[planting(old, area_m2=50.0), planting(ZONE.planted_on)],
        harvests=[Harvest("north", date(2026, 1, 9), 7.0), Harvest("north", date(2026, 1, 9), 8.0)],
    )
    assert found.sums is not None
    assert found.sums.water_mm == 5.0
    assert (found.before.water_mm, found.before.whole_mm) == (40.0, 60.0)
    assert found.before.harvest == Harvest("north", date(2026, 1, 9), 8.0)
    assert found.harvests == (), "what was said of the season before is not of this one"


def test_before_planting_and_with_too_little_known_there_are_no_sums() -> None:
    early = season_of(today=ZONE.planted_on - timedelta(days=3))
    assert (early.sums, early.age_days, early.over) == (None, -3, False)
    young = season_of(today=ZONE.planted_on + timedelta(days=2))
    assert young.sums is not None, "three days have weather"
    silent = [day(ZONE.planted_on + timedelta(days=n), None, None, None) for n in range(30)]
    assert season_of(today=ZONE.planted_on + timedelta(days=20), days=silent).sums is None


def test_a_harvest_ends_the_season_and_its_sums() -> None:
    brought = ZONE.planted_on + timedelta(days=30)
    found = season_of(
        today=ZONE.planted_on + timedelta(days=50),
        harvests=[Harvest("north", brought, 6.0)],
        runs=[run_on(ZONE.planted_on + timedelta(days=n), 100.0) for n in (5, 40)],
    )
    assert found.over
    assert found.season.harvest is not None
    assert (found.sums.days, found.sums.litres) == (31, 100.0)


@pytest.mark.parametrize(
    ("amount", "unit", "dry", "t_ha"),
    [
        ("95", "kg", "87", 8.265),  # of 100 m2
        ("9,5", "t_ha", "100", 9.5),
        ("209.4", "lb", "87", 8.2636),
        ("4", "ton_ac", "100", 8.9668),
        ("٩٥", "kg", "٨٧", 8.265),
        ("1 000", "kg", "6", 6.0),
    ],
)
def test_weights_of_every_scale_are_tonnes_a_hectare(amount: str, unit: str, dry: str, t_ha: float) -> None:
    form = harvest.HarvestForm("north", "2026-12-01", amount, unit, dry)
    assert harvest.read(form, ZONE, date(2026, 12, 2)).t_ha == pytest.approx(t_ha, rel=1e-3)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"on": "1.12."}, "date"),
        ({"on": "2026-12-03"}, "ahead"),
        ({"amount": ""}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "nan"}, "amount"),
        ({"amount": "inf"}, "amount"),
        ({"dry": "0"}, "dry"),
        ({"dry": "101"}, "dry"),
        ({"dry": "x"}, "dry"),
        ({"unit": "stone"}, "unit"),
    ],
)
def test_what_cannot_be_is_named(change: dict[str, str], code: str) -> None:
    form = replace(harvest.HarvestForm("north", "2026-12-01", "95", "kg", "87"), **change)
    with pytest.raises(harvest.BadEntry, match=f"^{code}$"):
        harvest.read(form, ZONE, date(2026, 12, 2))


def test_the_form_begins_with_the_dry_part_of_the_crop() -> None:
    assert harvest.blank(replace(ZONE, crop=crop("tomato")), "metric", date(2026, 1, 1)).dry == "6"


def test_the_strip_is_to_scale_and_names_are_escaped() -> None:
    svg = season_chart((20, 30, 40, 10), 50, (90, 100, 125), 'a "title" <b>')
    assert "<b>" not in svg
    mark = re.search(r'class="today" d="M([\d.]+) ', svg)
    assert mark is not None
    assert float(mark[1]) == pytest.approx(4 + 50 / 125 * 392)
    assert svg.count('class="stage') == 5  # the picture and four stages
    assert 'class="today"' not in season_chart((20, 30, 40, 10), -4, None, "t")
    bar = range_chart([2.0, 5.0, 8.0], 0.0, 10.0, "")
    assert "aria-hidden" in bar
    assert re.findall(r'class="mark" d="M([\d.]+) ', bar) == ["200.0"]
