"""A gauge that tells no rain while the probes see it fall: named after it happened again, never with more water."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from fieldstation.advice.adviser import Adviser
from fieldstation.advice.checks.rain_gauge import FORGOTTEN_DAYS, MEASURED_MM, RISE_FRAC, GaugeWatch
from fieldstation.advice.input import parse_line
from fieldstation.domain.decision import Rung
from fieldstation.domain.plot import Morning, ProbeReading
from fieldstation.simulation.weather import WeatherDay
from tests.kit.land import COOL, WARM, Line, Place, Season, lived
from tests.kit.models import twin

ON = date(2026, 6, 1)


class Storms(Place):
    """Rain that comes seldom, and then three times as much."""

    def weather(self, on: date, seed: int = 1) -> WeatherDay:
        day = super().weather(on, seed)
        return replace(day, rain_mm=round(3 * day.rain_mm, 1))


RAINY = Storms(44.0, "maize", date(2026, 5, 1), 15.0, 8.0, 0.08)
DAYS, BLOCKED_FROM = 100, 20


def watched(
    watch: GaugeWatch,
    day: int,
    *vwc_frac: float,
    rain_mm: float | None = 0.0,
    water_mm: float = 0.0,
    water_known: bool = True,
) -> bool:
    probes = tuple(ProbeReading(15 + 30 * n, value) for n, value in enumerate(vwc_frac))
    morning = Morning(ON + timedelta(days=day), 12.0, 24.0, 0.6, rain_mm, water_mm, probes, ())
    return watch.check(morning, water_known=water_known) is not None


def seen(
    tops: tuple[int, ...], tremble: float = 0.002, rise: float = 2 * RISE_FRAC, days: int = 30, **line: Any
) -> list[bool]:
    """Mornings of one probe that dries slowly and rises on some days; `line` is what those mornings tell."""
    watch, now, found = GaugeWatch(), 0.25, []
    for day in range(days):
        now += rise if day in tops else -0.002
        found.append(watched(watch, day, now + tremble * (day % 2), **(line if day in tops else {})))
    return found


def test_it_is_named_when_it_happens_again() -> None:
    assert not any(seen((10,)))
    assert seen((10, 17)) == [day >= 17 for day in range(30)]


def test_any_probe_may_tell() -> None:
    watch, now, found = GaugeWatch(), 0.25, []
    for day in range(30):
        now += 2 * RISE_FRAC if day in (10, 17) else -0.001
        found.append(watched(watch, day, 0.2 + 0.001 * (day % 2), now))
    assert found.index(True) == 17


@pytest.mark.parametrize(
    "line", [{"rain_mm": 10.0}, {"water_mm": 10.0}, {"rain_mm": None}, {"water_known": False}]
)
def test_what_was_told_or_may_have_come_is_no_sign(line: dict[str, Any]) -> None:
    assert not any(seen((10, 17, 24), **line))


def test_water_sinks_for_a_day() -> None:
    watch, now = GaugeWatch(), 0.25
    for day in range(40):
        now += 2 * RISE_FRAC if day % 10 == 9 else -0.002
        assert not watched(watch, day, now, water_mm=20.0 if day % 10 == 8 else 0.0)


def test_trembling_is_no_rain() -> None:
    assert not any(seen((10, 17), rise=0.5 * RISE_FRAC))
    assert not any(seen((10, 17), tremble=RISE_FRAC)), "against a probe that trembles so, the rise is nothing"


def test_a_gauge_that_tells_is_open_and_a_month_is_forgotten() -> None:
    for rain_mm, healed in ((MEASURED_MM, True), (MEASURED_MM - 0.1, False)):
        watch = GaugeWatch()
        for day in range(20):
            named = watched(watch, day, 0.30 if day in (10, 17) else 0.25)
        assert named
        assert watched(watch, 20, 0.25, rain_mm=rain_mm) is not healed
    found = seen((10, 17), days=60)
    assert found.index(False, 17) == 17 + FORGOTTEN_DAYS
    assert not any(seen((10, 10 + FORGOTTEN_DAYS), days=60))


def blocked(line: Line, day: int) -> Line:
    return {**line, "rain_mm": 0.0} if day >= BLOCKED_FROM else line


@cache
def season(place: Place, spoilt: bool) -> Season:
    return lived(place, DAYS, blocked if spoilt else None)


@pytest.mark.parametrize("place", [WARM, COOL, RAINY])
def test_an_open_gauge_is_never_doubted(place: Place) -> None:
    assert not any("rain_untold" in answer.noticed for answer in season(place, spoilt=False).answers)


def test_a_blocked_gauge_is_noticed_costs_a_rung_and_no_flood() -> None:
    clean, found = season(RAINY, spoilt=False), season(RAINY, spoilt=True)
    named = [answer for answer in found.answers if "rain_untold" in answer.noticed]
    assert len(named) > 10
    assert {answer.rung for answer in named} == {Rung.WATER_BALANCE}
    for answer in named:
        assert all(
            skip.would_mm is None or answer.choice.depth_mm <= skip.would_mm for skip in answer.skipped
        )
    assert found.water_mm <= 1.3 * clean.water_mm + 25
    assert found.yield_t_ha > 0.9 * clean.yield_t_ha


def test_a_leap_that_is_taken_back_takes_its_signs_back() -> None:
    kept = lived(RAINY, 30, blocked, keep_from=29)
    adviser, line = kept.stood[29]
    before: Adviser = twin(adviser)
    leap = {**line, "on": str(date.fromisoformat(line["on"]) + timedelta(days=300))}
    adviser.advise(parse_line(leap, 0.0))
    adviser.advise(parse_line(line, 0.0))
    before.advise(parse_line(line, 0.0))
    assert adviser._gauge._rises == before._gauge._rises
