from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldstation.domain.decision import Decision, Event
from fieldstation.domain.forecast import Quantiles, YieldBy, ZoneForecast
from fieldstation.domain.run import Run
from fieldstation.store.codec import BadText, decode, decode_values, encode

WHEN = datetime(2026, 5, 2, 4, 0, 0, 123456, tzinfo=UTC)


def test_a_decision_comes_back_whole(decision: Callable[..., Decision]) -> None:
    made = decision(WHEN)
    assert decode(Decision, encode(made)) == made


def test_runs_events_and_forecasts_come_back_whole(
    run: Callable[..., Run], decision: Callable[..., Decision]
) -> None:
    forecast = decision(WHEN).forecast
    assert forecast is not None
    event = Event("run_cut", WHEN, False, "north", {"code": "tank_low", "litres": 3.5, "x": None})
    assert decode(Run, encode(run(WHEN))) == run(WHEN)
    assert decode(Event, encode(event)) == event
    ripe = (date(2026, 9, 1), date(2026, 9, 4), date(2026, 9, 9))
    told = replace(forecast, yield_by=YieldBy.CROP_MEAN, harvest_on=ripe)
    for made in (forecast, told):
        assert decode(ZoneForecast, encode(made)) == made


@pytest.mark.parametrize(
    "ripe", [["2026-09-01"] * 2, ["2026-09-01"] * 4, ["soon"] * 3, [1, 2, 3], "2026-09-01"]
)
def test_dates_of_harvest_that_are_not_three_dates_are_refused(
    decision: Callable[..., Decision], ripe: object
) -> None:
    plain = json.loads(encode(decision(WHEN).forecast))
    with pytest.raises(BadText, match="harvest_on"):
        decode(ZoneForecast, json.dumps({**plain, "harvest_on": ripe}))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"depth_mm": "8"}, "depth_mm"),
        ({"depth_mm": True}, "depth_mm"),
        ({"at": "2026-05-02T04:00:00"}, "zone"),
        ({"at": 5}, "at"),
        ({"rung": "guess"}, "guess"),
        ({"rung": ["learned"]}, "learned"),
        ({"colour": "red"}, "colour"),
        ({"skipped": {"rung": "learned"}}, "a list"),
        ({"values": {"a": [1]}}, "values.a"),
        ({"forecast": {"zone": "north"}}, "forecast.at"),
        ({"id": None}, "id"),
    ],
)
def test_what_does_not_fit_is_refused(
    decision: Callable[..., Decision], change: dict[str, Any], says: str
) -> None:
    plain = json.loads(encode(decision(WHEN)))
    with pytest.raises(BadText, match=says):
        decode(Decision, json.dumps({**plain, **change}))


def test_a_field_younger_than_the_row_takes_its_default(decision: Callable[..., Decision]) -> None:
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


@given(
    st.dictionaries(
        st.text(max_size=5),
        st.none() | st.text(max_size=5) | st.floats(allow_nan=False, allow_infinity=False),
    )
)
def test_values_come_back(values: dict[str, float | str | None]) -> None:
    assert decode_values(encode(values)) == values
