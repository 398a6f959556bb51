"""What an ablation makes perfect is the truth, and nothing else of a line changes."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from tests.benchmarks.decisions import ablate
from tests.benchmarks.decisions.field import FORECAST_DAYS, TEXTURES, Case
from tests.benchmarks.decisions.places import Weather

CASE = Case("tunis", 1990, "tomato", "loam", 1)
ON = date(1990, 5, 1)


def test_the_rain_that_will_fall_is_foretold_and_the_air_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    days = {ON + timedelta(days=n): Weather(9.0, 20.0, float(n), 4.0) for n in range(5)}
    monkeypatch.setattr(ablate, "weather_of", lambda case: days)
    told = [{"rain_mm": 99.0, "air_t_min_c": 1.0, "air_t_max_c": 2.0}] * FORECAST_DAYS
    line = {"on": str(ON), "rain_mm": 3.0, "forecast": told}
    found = ablate.with_true_rain(line, CASE)
    assert [day["rain_mm"] for day in found["forecast"]] == [0.0, 1.0, 2.0, 3.0, 4.0], (
        "no weather, no forecast"
    )
    assert all(day["air_t_min_c"] == 1.0 for day in found["forecast"])
    assert found["rain_mm"] == 3.0
    assert line["forecast"] is told
    assert told[0]["rain_mm"] == 99.0


def test_the_true_sensor_tells_the_fields_own_root_zone() -> None:
    asked: list[float] = []

    def depletion_frac(root_m: float) -> float:
        asked.append(root_m)
        return 0.4

    sensor = ablate.TrueSensor.__new__(ablate.TrueSensor)
    sensor.land = SimpleNamespace(depletion_frac=depletion_frac)
    for root_m in (0.5, 2.0):
        history = SimpleNamespace(balance=SimpleNamespace(root_m=root_m))
        likely, _ = sensor.depletion(history)  # type: ignore[arg-type] # its account alone
        assert (likely.p10, likely.p50, likely.p90) == pytest.approx((0.35, 0.4, 0.45))
    assert asked == [0.5, 1.2]


def test_each_part_is_another() -> None:
    assert len(set(ablate.PARTS.values())) == len(ablate.PARTS)
    assert next(iter(ablate.PARTS.values())) == ablate.Part()


def test_only_clay_and_silty_clay_are_heavy() -> None:
    for crop in ("tomato", "wheat", "potato", "maize"):
        heavy = {texture for texture in TEXTURES if ablate.airless(Case("tunis", 1990, crop, texture, 1))}
        assert heavy == {"clay", "silty_clay"}
