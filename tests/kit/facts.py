"""What a policy is told of one dry maize zone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from fieldstation.config.demo import demo_toml
from fieldstation.config.load import resolve
from fieldstation.domain.day import Day
from fieldstation.domain.forecast import Quantiles, ZoneForecast
from fieldstation.domain.reading import Quality, Quantity, Reading
from fieldstation.policies.facts import ZoneFacts

PLANTED = date(2026, 5, 1)
ZONE = resolve(demo_toml(planted_on=PLANTED, seed=1)).zones[0]
AT = datetime(2026, 7, 1, 5, tzinfo=UTC)
AGE = (AT.date() - PLANTED).days


def reading(value: float | None, quality: Quality = Quality.GOOD) -> Reading:
    return Reading("north_soil", Quantity.SOIL_WATER, value, quality, AT, 0.0)


def facts(dry_days: int = 12, probe: float | None = 0.12, **more: object) -> ZoneFacts:
    days = tuple(
        Day(PLANTED + timedelta(days=n), 18.0, 33.0, 0.4, 0.0, 8.0 if n < AGE - dry_days else 0.0)
        for n in range(AGE)
    )
    forecast = ZoneForecast("north", AT, "m", (), Quantiles(0.5, 0.62, 0.7), Quantiles(40, 50, 60), None)
    base = ZoneFacts(
        zone=ZONE,
        latitude_deg=14.5,
        timezone=UTC,
        at=AT,
        clock_trusted=True,
        decision_id="d",
        days=days,
        today=Day(AT.date(), None, None, None, 0.0, 0.0),
        probes=((0.15, reading(probe) if probe is not None else reading(None, Quality.NO_ANSWER), 30.0),),
        forecast=forecast,
        forecast_missing=None,
        last_run_ended_at=AT - timedelta(days=dry_days),
        given_last_24h_mm=0.0,
        nominal_lpm=40.0,
        plan_interval_s=43200.0,
    )
    return replace(base, **more)  # type: ignore[arg-type] # fields of ZoneFacts by name


WET = ZoneForecast("north", AT, "m", (), Quantiles(0.0, 0.05, 0.1), Quantiles(0, 5, 9), None)
WAITS = {"dry_days": 1, "forecast": WET, "last_run_ended_at": AT - timedelta(days=1), "probe": 0.19}


def likely(frac: float, **more: object) -> ZoneFacts:
    base = facts(**more)  # type: ignore[arg-type] # facts by name
    assert base.forecast is not None
    return replace(base, forecast=replace(base.forecast, depletion_frac=Quantiles(frac, frac, frac)))
