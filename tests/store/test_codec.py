from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from fieldstation.domain.decision import Decision, Event
from fieldstation.domain.forecast import Quantiles, YieldBy, ZoneForecast
from fieldstation.domain.run import Run
from fieldstation.store.codec import BadText, decode, encode
from tests.kit.rows import decision, run

WHEN = datetime(2026, 5, 2, 4, 0, 0, 123456, tzinfo=UTC)


def test_a_decision_comes_back_whole() -> None:
    made = decision(WHEN)
    assert decode(Decision, encode(made)) == made


def test_runs_events_and_forecasts_come_back_whole() -> None:
    forecast = decision(WHEN).forecast
    assert forecast is not None
    event = Event("run_cut", WHEN, False, "north", {"code": "tank_low", "litres": 3.5, "x": None})
    assert decode(Run, encode(run(WHEN))) == run(WHEN)
    assert decode(Event, encode(event)) == event
    ripe = (date(2026, 9, 1), date(2026, 9, 4), date(2026, 9, 9))
    told = replace(forecast, yield_by=YieldBy.CROP_MEAN, harvest_on=ripe)
    for made in (forecast, told):
        assert decode(ZoneForecast, encode(made)) == made


def test_what_does_not_fit_is_refused_with_its_place() -> None:
    plain = json.loads(encode(decision(WHEN)))
    wrong = {
        "depth_mm": "8",
        "at": "2026-05-02T04:00:00",
        "rung": "guess",
        "colour": "red",
        "values": {"a": [1]},
    }
    with pytest.raises(BadText) as told:
        decode(Decision, json.dumps({**plain, **wrong, "forecast": {"zone": "north"}}))
    for place in ("depth_mm", "at", "rung", "colour", "values.a", "forecast.at"):
        assert f"Decision.{place}: " in str(told.value)


def test_a_field_younger_than_the_row_takes_its_default() -> None:
    plain = json.loads(encode(decision(WHEN)))
    del plain["limited_by"]
    assert decode(Decision, json.dumps(plain)).limited_by == ()
    del plain["depth_mm"]
    with pytest.raises(BadText, match="depth_mm"):
        decode(Decision, json.dumps(plain))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_are_none_are_never_written(value: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        encode(Quantiles(value, 1.0, 2.0))


@pytest.mark.parametrize("text", ["", "[", "NaN", '{"p10":NaN,"p50":1,"p90":2}', "[" * 100_000, "null", "3"])
def test_garbage_is_refused(text: str) -> None:
    with pytest.raises(BadText):
        decode(Quantiles, text)
