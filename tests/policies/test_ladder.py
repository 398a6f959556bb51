"""The ladder: every rung happy and unable, every bound kept, and doubt never means more water."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldstation.domain.decision import Reason, Rung, ZoneState
from fieldstation.domain.forecast import Quantiles, ZoneForecast
from fieldstation.domain.reading import Quality, Quantity, Sample
from fieldstation.policies.ladder import decide
from fieldstation.policies.quality import QualityControl, cross_checked, fresh
from fieldstation.policies.rungs.learned import MAX_DISAGREEMENT
from fieldstation.policies.zone_state import zone_state
from tests.kit.facts import AGE, AT, ZONE, facts, reading


def test_each_rung_decides_when_those_above_cannot() -> None:
    assert decide(facts()).rung is Rung.LEARNED
    balance = decide(facts(forecast=None, forecast_missing="lightgbm_missing"))
    assert balance.rung is Rung.WATER_BALANCE
    assert balance.skipped[0].why == "lightgbm_missing"
    unknown = tuple(replace(day, air_t_min_c=None, rain_mm=None) for day in facts().days)
    by_probe = decide(facts(forecast=None, days=unknown))
    assert by_probe.rung is Rung.THRESHOLD
    assert by_probe.reason is Reason.PROBE_DRY
    blind = decide(facts(forecast=None, days=unknown, probe=None))
    assert (blind.rung, blind.reason) == (Rung.CALENDAR, Reason.CALENDAR_DUE)
    lost = decide(facts(forecast=None, days=unknown, probe=None, last_run_ended_at=None))
    assert (lost.rung, lost.reason, lost.depth_mm) == (Rung.HOLD, Reason.NO_TRUSTED_INPUT, 0.0)
    assert [skip.rung for skip in lost.skipped] == list(Rung)[:4]
    untrusted = decide(facts(clock_trusted=False, probe=None))
    assert (untrusted.rung, untrusted.reason) == (Rung.HOLD, Reason.CLOCK_UNTRUSTED)


def test_dry_soil_is_watered_and_wet_soil_is_not() -> None:
    dry = decide(facts())
    assert dry.depth_mm > 0
    assert dry.start_at == AT
    wet = ZoneForecast("north", AT, "m", (), Quantiles(0.0, 0.05, 0.1), Quantiles(0, 5, 9), None)
    calm = decide(facts(dry_days=1, forecast=wet, last_run_ended_at=AT - timedelta(days=1), probe=0.19))
    assert (calm.depth_mm, calm.reason) == (0.0, Reason.ENOUGH_WATER)
    assert calm.expected_at is not None
    assert calm.expected_at > AT


def test_a_model_against_the_balance_is_not_believed_and_a_wet_probe_is_heard() -> None:
    mad = ZoneForecast("north", AT, "m", (), Quantiles(0.9, 0.95, 1.0), Quantiles(80, 90, 99), None)
    recent = decide(facts(dry_days=1, forecast=mad, last_run_ended_at=AT - timedelta(days=1)))
    assert recent.skipped[0].why == "disagrees_with_balance"
    assert decide(facts(dry_days=6, forecast=None, probe=0.19)).depth_mm == 0, (
        "less water while they disagree"
    )


def test_a_forecast_alone_does_not_water_soil_that_two_probes_show_full_and_the_balance_lets_wait() -> None:
    thirsty = ZoneForecast("north", AT, "m", (), Quantiles(0.4, 0.5, 0.6), Quantiles(40, 50, 60), None)
    rained = AT - timedelta(days=2)

    def given(shallow: float, deep: float | None, dry_days: int = 2) -> float:
        probes = [(0.15, reading(shallow), 30.0)]
        probes += [] if deep is None else [(0.45, reading(deep), 30.0)]
        return decide(
            facts(dry_days, forecast=thirsty, last_run_ended_at=rained, probes=tuple(probes))
        ).depth_mm

    full = ZONE.soil.field_capacity_frac
    assert given(full, full + 0.02) == 0
    assert given(full, None) > 0, "one probe may be wrong for ever"
    assert given(full, full - 0.06) > 0, "the roots have a dry part"
    assert given(full, full + 0.02, dry_days=12) > 0, "the balance is thirsty as well: probes may drown"


def test_bounds_hold() -> None:
    assert decide(facts(given_last_24h_mm=ZONE.max_depth_mm_per_day)).depth_mm == 0
    assert decide(facts(last_run_ended_at=AT - timedelta(hours=2))).reason is Reason.RECENTLY_WATERED
    before = decide(facts(at=datetime(2026, 4, 1, tzinfo=UTC)))
    assert (before.reason, before.depth_mm) == (Reason.OUT_OF_SEASON, 0.0)
    night = replace(ZONE, water_from=clock_time(20), water_until=clock_time(4))
    waits = decide(facts(zone=night))
    assert waits.start_at == datetime(2026, 7, 1, 20, tzinfo=UTC)


maybe = st.one_of(st.none(), st.floats(0.0, 0.6))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    dry_days=st.integers(0, 40),
    probe=maybe,
    trusted=st.booleans(),
    given_mm=st.floats(0, 40),
    holes=st.sets(st.integers(0, AGE - 1)),
    likely=st.one_of(st.none(), st.floats(0, 1)),
    age_s=st.floats(0, 90000),
)
def test_any_facts_give_a_bounded_decision_with_a_reason(
    dry_days: int,
    probe: float | None,
    trusted: bool,
    given_mm: float,
    holes: set[int],
    likely: float | None,
    age_s: float,
) -> None:
    base = facts(dry_days=dry_days, probe=probe)
    days = tuple(
        replace(d, air_t_min_c=None, rain_mm=None) if n in holes else d for n, d in enumerate(base.days)
    )
    forecast = (
        None
        if likely is None
        else replace(
            base.forecast or ZoneForecast("north", AT, "m", (), Quantiles(0, 0, 0), Quantiles(0, 0, 0), None),
            depletion_frac=Quantiles(likely, likely, likely),
        )
    )
    probes = tuple((depth, r, age_s) for depth, r, _ in base.probes)
    asked = replace(
        base, days=days, forecast=forecast, clock_trusted=trusted, given_last_24h_mm=given_mm, probes=probes
    )
    found = decide(asked)
    assert found == decide(asked)
    assert 0 <= found.depth_mm <= max(0.0, ZONE.max_depth_mm_per_day - given_mm) + 0.01
    assert found.run_s <= ZONE.limits.longest_run_s + 0.1
    assert (found.depth_mm > 0) == (found.start_at is not None)
    if found.depth_mm > 0:
        assert found.depth_mm >= ZONE.min_event_mm - 0.01
    blind = decide(
        replace(asked, forecast=None, probes=(), days=tuple(replace(d, air_t_min_c=None) for d in days))
    )
    assert blind.depth_mm <= ZONE.max_depth_mm_per_day


def sample(value: float | None, mono_s: float, quantity: Quantity = Quantity.AIR_T) -> Sample:
    return Sample("s", quantity, value, None if value is not None else Quality.NO_ANSWER, AT, mono_s)


def judged(
    control: QualityControl, value: float | None, mono_s: float, quantity: Quantity = Quantity.AIR_T
) -> Quality:
    found = control.judge(sample(value, mono_s, quantity), value)
    assert (found.value is None) == (found.quality is not Quality.GOOD), "a bad reading has no value"
    return found.quality


def test_quality_control_names_each_fault() -> None:
    air = QualityControl(Quantity.AIR_T)
    assert judged(air, 20.0, 0) is Quality.GOOD
    assert judged(air, None, 60) is Quality.NO_ANSWER
    assert judged(air, 99.0, 120) is Quality.OUT_OF_RANGE
    assert judged(air, float("nan"), 180) is Quality.NO_ANSWER
    assert judged(air, 31.0, 240) is Quality.TOO_FAST
    assert judged(air, 31.2, 300) is Quality.GOOD, "a confirmed jump is believed"
    for hour in range(14):
        last = judged(air, 31.2, 400 + hour * 3600)
    assert last is Quality.STUCK
    rain = QualityControl(Quantity.RAIN)
    assert judged(rain, 0.0, 0, Quantity.RAIN) is Quality.GOOD
    assert judged(rain, 20.0, 60, Quantity.RAIN) is Quality.OUT_OF_RANGE, "1200 mm/h"
    soil = QualityControl(Quantity.SOIL_WATER)
    assert soil.judge(sample(0.01, 0, Quantity.SOIL_WATER), 0.5).quality is Quality.NO_ANSWER
    assert soil.judge(sample(3.3, 60, Quantity.SOIL_WATER), 0.0).quality is Quality.OUT_OF_RANGE


def test_stale_and_airborne_probes_have_no_value() -> None:
    assert fresh(reading(0.2), 8000, 7200).quality is Quality.STALE
    assert fresh(reading(0.2), 100, 7200).value == 0.2
    assert cross_checked(reading(0.02), 0.09).quality is Quality.DISAGREES


def test_verdicts() -> None:
    assert zone_state(0.30, 0.13, 0.19) is ZoneState.TOO_WET
    assert zone_state(0.12, 0.13, 0.19) is ZoneState.NEEDS_WATER


@pytest.mark.parametrize("dry_days", [1, 4, 8, 12])
def test_a_probe_that_its_calibration_makes_drier_adds_no_water_to_the_balance(dry_days: int) -> None:
    """A wrong curve can take away what a wet probe held back; it never gives more than the account alone would."""
    alone = decide(facts(dry_days, probe=None, forecast=None))
    assert alone.rung is Rung.WATER_BALANCE
    for frac in (0.0, 0.05, 0.09, 0.12):
        dry = decide(facts(dry_days, probe=frac, forecast=None))
        assert (dry.rung, dry.depth_mm) == (Rung.WATER_BALANCE, alone.depth_mm)


def test_a_forecast_that_a_dry_curve_misleads_is_bounded_by_the_balance() -> None:
    """The model sees the probe: what it says beyond the bound is not believed, and the balance decides."""
    for dry_days in range(1, 13):
        alone = decide(facts(dry_days, probe=None, forecast=None))
        mad = ZoneForecast("north", AT, "m", (), Quantiles(0.9, 1.0, 1.0), Quantiles(80, 90, 99), None)
        misled = decide(facts(dry_days, probe=0.0, forecast=mad))
        if misled.skipped and misled.skipped[0].why == "disagrees_with_balance":
            assert misled.depth_mm == alone.depth_mm
        else:  # the soil is half empty by the account too: at most what it lacks to full, and the day's bound
            assert alone.depletion_mm is not None
            assert alone.taw_mm is not None
            assert alone.depletion_mm / alone.taw_mm >= 1 - MAX_DISAGREEMENT
        assert misled.depth_mm <= ZONE.max_depth_mm_per_day
