"""Seasons on the virtual clock: plausible, deterministic, and never a water rule broken."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from fieldstation.cli.main import entry
from fieldstation.config.load import resolve
from fieldstation.simulation.faults import Fault
from fieldstation.simulation.generator import generate
from fieldstation.virtual_station.run import simulate
from tests.kit.season_station import season_text

START = date(2026, 4, 15)


def season(
    days: int, fault: tuple[str, str | None] | None = None, zones: int = 1, soil: str = "loam"
) -> dict[str, Any]:
    station = resolve(season_text(START, zones=zones, soil=soil))
    weather = generate("mediterranean", 1, START - timedelta(days=2), days + 5, 37)
    at = datetime.combine(START, time(), ZoneInfo(station.timezone)).astimezone(UTC)
    return simulate(
        station, weather, start_at=at, days=days, seed=1, available_frac=0.8, fault=fault, fault_day=45
    )


@pytest.mark.slow
def test_a_season_is_plausible_and_safe() -> None:
    found = season(150)
    zone = found["zones"][0]
    assert found["safety_rules_broken"] == []
    assert 350 < zone["irrigation_mm"] < 900
    assert zone["yield_t_ha"] > 0.85 * zone["yield_potential_t_ha"]
    assert found["rungs"].get("learned", 0) > 100


def test_the_same_seed_is_the_same_season() -> None:
    first, second = season(40), season(40)
    for found in (first, second):
        found.pop("wall_s")
    assert first == second


@pytest.mark.parametrize("fault", [f.value for f in Fault])
def test_no_fault_breaks_a_water_rule(fault: str) -> None:
    found = season(75, (fault, None))
    assert found["safety_rules_broken"] == []
    cut = {
        "drain_tank": "tank_low",
        "block_valve": "no_flow",
        "dead_flow_meter": "no_flow",
        "burst_pipe": "too_much_flow",
    }
    if fault in cut:
        assert cut[fault] in {**found["runs_cut"], **found["refusals"]}


def test_simulate_prints_the_promised_object(capsys: pytest.CaptureFixture[str]) -> None:
    import json

    assert entry(["simulate", "--days", "20", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"days", "wall_s", "zones", "refusals", "safety_rules_broken"} <= set(found)
    assert {"id", "irrigation_mm", "runs", "yield_t_ha", "stress_days"} <= set(found["zones"][0])


@pytest.mark.parametrize(
    "arguments",
    [
        ["--days", "0"],
        ["--crop", "maze"],
        ["--fault", "flood"],
        ["--from", "soon"],
        ["--weather", "absent.csv"],
    ],
)
def test_bad_arguments_are_one_clear_message(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert entry(["simulate", *arguments]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_measured_maricopa_weather_gives_a_plausible_cotton_season(
    capsys: pytest.CaptureFixture[str],
) -> None:
    import json

    folder = os.environ.get("FIELDSTATION_DATA")
    if not folder:
        pytest.skip("FIELDSTATION_DATA names no folder of measured data")
    path = Path(folder) / "maricopa_cotton_2018" / "weather_daily.csv"
    assert (
        entry(
            [
                "simulate",
                "--crop",
                "cotton",
                "--soil",
                "sandy_loam",
                "--days",
                "142",
                "--weather",
                str(path),
                "--weather-columns",
                "maricopa",
                "--from",
                "2018-04-18",
                "--json",
            ]
        )
        == 0
    )
    found = json.loads(capsys.readouterr().out)
    assert found["safety_rules_broken"] == []
    assert 634 <= found["zones"][0]["irrigation_mm"] <= 1059, (
        "the measured plots' range; their last watering was on day 142"
    )
