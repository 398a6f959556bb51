"""What the page hears of why: the decision with all that stands behind it, as plain JSON."""

from __future__ import annotations

from datetime import date

from fieldstation.domain.change import ChangeCode
from fieldstation.domain.forecast import Contribution, PlannerReport, Quantiles, YieldBy, ZoneForecast
from tests.kit.controller_bench import START
from tests.kit.core_bench import DRY, FAILED, FULL, Bench
from tests.kit.status import seen

DRIVERS = (Contribution("soil_probe", 0.3),)


def test_the_snapshot_tells_what_would_have_changed_each_decision_and_which_rungs_were_skipped() -> None:
    bench = Bench()
    bench.feel(DRY, FULL)
    bench.core.decide(FAILED)
    north, south = (zone["decision"] for zone in seen(bench.core)["zones"])
    assert north["depth_mm"] > 0
    assert ChangeCode.WETTER in {change["code"] for change in north["changes"]}
    assert [change["code"] for change in south["changes"]] == [ChangeCode.DRIER]
    assert north["skipped"][0] == {"rung": "learned", "why": "planner_late", "would_mm": None}
    assert north["account"] is None, "no weather, no account"


def test_the_snapshot_tells_what_moved_the_estimates() -> None:
    bench = Bench()
    bench.feel(FULL, FULL)
    wet = Quantiles(0.1, 0.2, 0.3)
    yields = (Contribution("usual", 8.0), Contribution("rain", 0.5))
    forecast = ZoneForecast("north", bench.clock.now(), "m", (), wet, wet, wet, DRIVERS, yields)
    bench.core.decide(PlannerReport(START, (forecast,)))
    north, south = seen(bench.core)["zones"]
    assert north["drivers"] == [{"name": "soil_probe", "effect": 0.3}]
    assert [driver["name"] for driver in north["yield_drivers"]] == ["usual", "rain"]
    assert (south["drivers"], south["yield_drivers"]) == ([], [])


def test_before_anything_is_decided_one_probe_is_no_verdict() -> None:
    bench = Bench()
    bench.feel(FULL, DRY)
    assert [zone["verdict"] for zone in seen(bench.core)["zones"]] == ["unknown", "unknown"]
    bench.core.decide(FAILED)
    assert "unknown" not in [zone["verdict"] for zone in seen(bench.core)["zones"]]


def test_the_snapshot_tells_when_the_crop_is_ready_and_what_its_yield_rests_on() -> None:
    bench = Bench()
    bench.feel(FULL, FULL)
    wet = Quantiles(0.1, 0.2, 0.3)
    days = (date(2026, 9, 1), date(2026, 9, 8), date(2026, 9, 20))
    forecast = ZoneForecast(
        "north", bench.clock.now(), "m", (), wet, wet, wet, (), (), YieldBy.CROP_MEAN, days
    )
    bench.core.decide(PlannerReport(START, (forecast,)))
    north, south = seen(bench.core)["zones"]
    assert north["harvest_on"] == {"p10": "2026-09-01", "p50": "2026-09-08", "p90": "2026-09-20"}
    assert north["yield_by"] == "crop_mean"
    assert (south["harvest_on"], south["yield_by"]) == (None, None)
