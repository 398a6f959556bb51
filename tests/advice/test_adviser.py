"""The adviser: dry fields are watered within bounds, wet ones are not, and doubt never means more water."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from fieldstation.advice.adviser import OVER_DEMAND, Adviser
from fieldstation.advice.input import parse_line, plot_from
from fieldstation.domain.decision import Reason, Rung
from tests.kit.models import MODELS, twin
from tests.kit.mornings import PLANTED, Ground, line, zone
from tests.kit.seasons import lived


def test_a_dry_season_is_watered_within_the_days_bound() -> None:
    found = lived(100)
    depths = [advice.choice.depth_mm for advice in found]
    assert 100 < sum(depths) < 700
    assert all(depth == 0 or 1 <= depth <= 25 for depth in depths)
    assert found[60].rung is Rung.LEARNED
    assert {advice.choice.reason for advice in found} >= {Reason.ENOUGH_WATER, Reason.REFILL_LINE_REACHED}
    likely = found[60].depletion_frac
    assert likely is not None
    assert 0 <= likely.p10 <= likely.p50 <= likely.p90 <= 1
    assert found[60].drivers
    assert found[60].yield_t_ha is not None
    assert {(ahead.depth_cm, ahead.hours) for ahead in found[60].ahead} == {
        (d, h) for d in (15, 45) for h in (24, 72, 168)
    }


def test_outside_the_season_nothing_is_given_and_it_says_so() -> None:
    adviser = Adviser(plot_from(zone()), MODELS)
    before = adviser.advise(parse_line(line(-5), 0.0))
    assert (before.choice.depth_mm, before.choice.reason) == (0.0, Reason.OUT_OF_SEASON)
    after = adviser.advise(parse_line(line(200), 0.0))
    assert (after.choice.depth_mm, after.choice.reason) == (0.0, Reason.OUT_OF_SEASON)


def test_without_models_the_account_decides() -> None:
    found = lived(80, Adviser(plot_from(zone()), None))
    assert {advice.rung for advice in found} == {Rung.WATER_BALANCE}
    assert sum(advice.choice.depth_mm for advice in found) > 50


def test_a_season_cap_is_never_passed() -> None:
    found = lived(110, Adviser(plot_from(zone(season_water_cap_mm=60)), MODELS))
    assert sum(advice.choice.depth_mm for advice in found) <= 60


def test_without_weather_the_probe_decides_and_without_both_the_calendar() -> None:
    blind = {"air_t_min_c": None, "air_t_max_c": None, "rain_mm": None}
    adviser = Adviser(plot_from(zone()), MODELS)
    lived(20, adviser)
    later = [adviser.advise(parse_line(line(day, **blind), 0.0)).rung for day in range(20, 30)]
    assert later[0] is Rung.LEARNED
    assert later[-1] is Rung.THRESHOLD
    dark = [adviser.advise(parse_line(line(day, soil=[], **blind), 0.0)) for day in range(30, 50)]
    assert dark[-1].rung is Rung.CALENDAR
    assert 0 < sum(advice.choice.depth_mm for advice in dark) < 90


@pytest.mark.parametrize(
    "change",
    [
        {"rain_mm": -4.0},
        {"air_t_min_c": 60.0, "air_t_max_c": 90.0},
        {"soil": [{"depth_cm": 15, "vwc_frac": 18.0}, {"depth_cm": 45, "vwc_frac": 22.0}]},
    ],
)
def test_a_line_with_rubbish_steps_down_and_gives_no_more(change: dict[str, Any]) -> None:
    ground, given, watered = Ground(), 0.0, 0
    clean = Adviser(plot_from(zone()), MODELS)
    for day in range(70):
        told = {"irrigated_mm": given, "soil": ground.soil(day, given)}
        dirty = twin(clean)
        good = clean.advise(parse_line(line(day, **told), given))
        if day >= 10:
            bad = dirty.advise(parse_line(line(day, **{**told, **change}), given))
            assert bad.noticed
            assert bad.rung is not Rung.LEARNED
            assert good.rung is Rung.LEARNED
            assert bad.choice.depth_mm <= good.choice.depth_mm, day
            watered += good.choice.depth_mm > 0
        given = good.choice.depth_mm
    assert watered > 5, "on most of these days there was water to be had"


def test_air_in_another_unit_is_dropped_for_as_long_as_it_lasts() -> None:
    adviser = Adviser(plot_from(zone()), MODELS)
    lived(20, adviser)
    for day in range(20, 23):  # 25 to 52 Fahrenheit-like numbers pass as Celsius one by one
        advice = adviser.advise(parse_line(line(day, air_t_min_c=37.0, air_t_max_c=56.0), 0.0))
        assert "air_jumps" in advice.noticed
        assert adviser.history.et0_mm < 7, "the soil does not dry by a wrong unit"


def test_water_that_outruns_the_crop_is_noticed_and_stops() -> None:
    adviser = Adviser(plot_from(zone()), MODELS)
    dry = [{"depth_cm": 15, "vwc_frac": 0.16}, {"depth_cm": 45, "vwc_frac": 0.17}]
    given, found = 0.0, []
    for day in range(60):  # these probes sit beside the wetted ground
        soil = [{**probe, "vwc_frac": probe["vwc_frac"] + 0.001 * (day % 3)} for probe in dry]
        found.append(adviser.advise(parse_line(line(day, irrigated_mm=given, soil=soil), given)))
        given = found[-1].choice.depth_mm
    assert any("more_than_the_crop_can_use" in advice.noticed for advice in found)
    sums, taw_mm = adviser.history.season, found[-1].taw_mm
    assert taw_mm is not None
    assert 0.85 * sums["water"] < OVER_DEMAND * sums["demand"] + 0.6 * taw_mm + 25


def test_probes_over_full_for_a_month_are_no_longer_heard() -> None:
    wet = [{"depth_cm": 15, "vwc_frac": 0.58}, {"depth_cm": 45, "vwc_frac": 0.59}]
    found = lived(60, soil=wet)
    assert "probes_over_full" in found[-1].noticed
    assert found[-1].rung is Rung.WATER_BALANCE


def test_probes_that_cannot_stand_in_the_declared_soil_are_not_heard() -> None:
    sandy = [{"depth_cm": 15, "vwc_frac": 0.07}, {"depth_cm": 45, "vwc_frac": 0.08}]
    adviser = Adviser(plot_from(zone(soil="clay")), MODELS)
    given, found = 0.0, []
    for day in range(40):
        soil = [{**probe, "vwc_frac": probe["vwc_frac"] + 0.001 * (day % 3)} for probe in sandy]
        found.append(adviser.advise(parse_line(line(day, irrigated_mm=given, soil=soil), given)))
        given = found[-1].choice.depth_mm
    assert "probes_below_wilting" in found[-1].noticed
    assert found[-1].rung is Rung.WATER_BALANCE
    assert sum(advice.choice.depth_mm for advice in found[5:]) < 250, (
        "the weather decides, not the dry numbers"
    )


def test_rain_that_the_gauge_missed_is_seen_by_the_probes() -> None:
    told, blocked = Adviser(plot_from(zone()), MODELS), Adviser(plot_from(zone()), MODELS)
    for adviser, rain in ((told, 30.0), (blocked, 0.0)):
        for day in range(35):
            adviser.advise(parse_line(line(day), 0.0))
        wet = [{"depth_cm": 15, "vwc_frac": 0.33}, {"depth_cm": 45, "vwc_frac": 0.30}]
        for day in range(35, 38):
            adviser.advise(parse_line(line(day, rain_mm=rain if day == 35 else 0.0, soil=wet), 0.0))
    assert told.history.corrected is not None
    assert blocked.history.corrected is not None
    dry = Adviser(plot_from(zone()), MODELS)
    for day in range(38):
        dry.advise(parse_line(line(day), 0.0))
    assert dry.history.corrected is not None
    assert blocked.history.corrected.depletion_frac < dry.history.corrected.depletion_frac - 0.1


def test_dates_must_go_on() -> None:
    adviser = Adviser(plot_from(zone()), MODELS)
    adviser.advise(parse_line(line(5), 0.0))
    with pytest.raises(ValueError, match="does not come after"):
        adviser.advise(parse_line(line(5), 0.0))
    assert adviser.history.on == PLANTED + timedelta(days=5)
    gap = adviser.advise(parse_line(line(40), 0.0))
    assert "gap_of_weeks" in gap.noticed
