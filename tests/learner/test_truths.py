"""What counts as the truth of a forecast: an end that was read, of a stretch on which surely no water came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from fieldstation.domain.day import Day, ProbeDay
from fieldstation.domain.learned import Harvest, Point, Prediction
from fieldstation.domain.reading import Quantity
from fieldstation.domain.run import Code, Run
from fieldstation.learner.calibrate import matched
from fieldstation.learner.dry_spells import Season, dry_windows
from fieldstation.learner.outcomes import trials
from fieldstation.learning.challenge import Trial
from fieldstation.store.reader import Hour
from tests.kit.fields import PLANTED, STATION, ZONE, days, windows

AT = datetime(2026, 6, 1, 5, tzinfo=UTC)
SPAN = ZONE.soil.field_capacity_frac - ZONE.soil.wilting_point_frac
PROBE = ZONE.probes[0].device.id
DEPTH_CM = round(ZONE.probes[0].depth_m * 100)


@dataclass
class Told:
    """A record of hours, rain and runs."""

    moisture: dict[int, float]  # hours after AT
    rain: dict[int, float]
    runs_: list[Run] = field(default_factory=list)

    def hourly(self, sensor: str, quantity: Quantity, since: datetime, until: datetime) -> list[Hour]:
        assert STATION.rain is not None
        told = self.rain if quantity is Quantity.RAIN else self.moisture if sensor == PROBE else {}
        hours = [(AT + timedelta(hours=n), value) for n, value in sorted(told.items())]
        return [Hour(at, 1, v, v, v, v, True) for at, v in hours if since <= at < until]

    def runs(self, zone: str, since: datetime) -> list[Run]:
        return [run for run in self.runs_ if run.ended_at >= since]


def run(begins_h: float, ends_h: float) -> Run:
    begin, end = AT + timedelta(hours=begins_h), AT + timedelta(hours=ends_h)
    return Run("r", 1, ZONE.id, "auto", begin, end, 60.0, 40.0, True, Code.DONE)


def plain(**more: object) -> Told:
    return replace(Told({24: 0.18}, dict.fromkeys(range(-1, 26), 0.0)), **more)  # type: ignore[arg-type] # by name


def found(told: Told) -> list[Trial]:
    kept = [
        Prediction(ZONE.id, version, AT, (Point(DEPTH_CM, 24, 0.20, p50 - 0.01, p50, p50 + 0.02),))
        for version, p50 in (("own", 0.19), ("base", 0.20), ("other", 0.1))
    ]
    return trials(told, STATION, kept, "own", "base", AT + timedelta(days=5))  # type: ignore[arg-type] # a record


def test_a_dry_stretch_that_was_read_is_judged_as_change_in_parts_of_the_span() -> None:
    (one,) = found(plain())
    assert one.truth == pytest.approx(-0.02 / SPAN)
    assert (one.judged.p10, one.judged.p50, one.judged.p90) == pytest.approx(
        (-0.02 / SPAN, -0.01 / SPAN, 0.01 / SPAN)
    )
    assert (one.rival.p10, one.rival.p50, one.rival.p90) == pytest.approx((-0.01 / SPAN, 0.0, 0.02 / SPAN))
    assert (one.zone, one.on) == (ZONE.id, date(2026, 6, 1))


STRETCHES = {
    "a run at work as it begins": (plain(runs_=[run(-0.5, 0.5)]), False),
    "a run within": (plain(runs_=[run(5, 6)]), False),
    "a run over its end": (plain(runs_=[run(23.5, 24.5)]), False),
    "runs before and after": (plain(runs_=[run(-3, -2), run(25, 26)]), True),
    "rain": (plain(rain={**dict.fromkeys(range(-1, 26), 0.0), 7: 0.8, 9: 0.4}), False),
    "a trace of rain": (plain(rain={**dict.fromkeys(range(-1, 26), 0.0), 7: 0.9}), True),
    "rain after its end": (plain(rain={**dict.fromkeys(range(-1, 26), 0.0), 25: 9.0}), True),
    "no gauge": (plain(rain={}), False),
    "a gauge half silent": (plain(rain=dict.fromkeys(range(12), 0.0)), False),
    "nobody read its end": (plain(moisture={20: 0.18, 27: 0.18}), False),
    "read an hour before": (plain(moisture={23: 0.18}), True),
    "a small rise": (plain(moisture={24: 0.20 + 0.24 * SPAN}), True),
    "water that nobody told of": (plain(moisture={24: 0.20 + 0.26 * SPAN}), False),
}


@pytest.mark.parametrize(("told", "judged"), STRETCHES.values(), ids=STRETCHES)
def test_a_stretch_is_judged_only_when_surely_no_water_came_and_its_end_was_read(
    told: Told, judged: bool
) -> None:
    assert bool(found(told)) is judged


def test_the_reading_nearest_to_the_end_counts() -> None:
    (one,) = found(plain(moisture={23: 0.19, 24: 0.17, 25: 0.16}))
    assert one.truth == pytest.approx((0.19 - 0.20) / SPAN), (
        "half an hour before the end as after it: the earlier"
    )


def test_a_forecast_that_only_one_of_them_made_is_not_judged() -> None:
    kept = [Prediction(ZONE.id, "own", AT, (Point(DEPTH_CM, 24, 0.2, 0.1, 0.2, 0.3),))]
    assert trials(plain(), STATION, kept, "own", "base", AT + timedelta(days=5)) == []  # type: ignore[arg-type] # a record


def windows_of(made: Sequence[Day]) -> set[tuple[int, int]]:
    """(day of the season, days ahead) of every stretch without water."""
    return {
        ((window.on - PLANTED).days - 1, window.days)
        for window in dry_windows(Season(ZONE, tuple(made)), STATION.latitude_deg)
    }


def test_the_water_of_the_morning_itself_spoils_no_stretch_and_that_of_its_days_does() -> None:
    made = days(lambda day: 0.1, 40, every=10)
    found = windows_of(made)
    assert {(20, 1), (20, 3), (26, 3), (28, 1)} <= found, "from the watered day's end until the next water"
    assert not {(27, 3), (28, 3), (29, 1), (29, 3)} & found
    rained = [replace(day, rain_mm=3.0) if n == 25 else day for n, day in enumerate(made)]
    assert not {(24, 1), (22, 3), (24, 3)} & windows_of(rained)
    unknown = [replace(day, rain_mm=None) if n == 25 else day for n, day in enumerate(made)]
    assert (24, 1) not in windows_of(unknown), "unknown rain is not dry"


def test_a_probe_that_rises_far_on_a_dry_day_had_water_that_nobody_told_of() -> None:
    made = list(days(lambda day: 0.1, 40, every=10))
    for rise, seen in ((0.2, True), (0.3, False)):
        before = {probe.sensor: probe.last_frac for probe in made[24].probes}
        probes = tuple(
            ProbeDay(p.sensor, p.depth_m, *([before[p.sensor] + rise * SPAN] * 3)) for p in made[25].probes
        )
        assert ((24, 1) in windows_of([*made[:25], replace(made[25], probes=probes), *made[26:]])) is seen


def test_a_harvest_belongs_to_the_season_that_it_ends_and_the_last_word_counts() -> None:
    first, second = (replace(ZONE, planted_on=date(year, 4, 1)) for year in (2025, 2026))
    seasons = [Season(first, ()), Season(second, ())]
    told = [
        Harvest(ZONE.id, on, t_ha)
        for on, t_ha in (
            (date(2025, 4, 1), 1.0),
            (date(2025, 8, 20), 5.0),
            (date(2025, 8, 20), 6.0),
            (date(2026, 8, 20), 7.0),
            (date(2024, 8, 20), 2.0),
        )
    ]
    told.append(Harvest("another", date(2025, 9, 1), 3.0))
    assert [(s.zone.planted_on.year, h.t_ha) for s, h in matched(seasons, told)] == [(2025, 6.0), (2026, 7.0)]
    assert [h.t_ha for _, h in matched(seasons, told[3:4])] == [7.0], "this year's is not last year's"
    assert windows(lambda day: 0.1, 30), "the field that these tests change has stretches to judge"
