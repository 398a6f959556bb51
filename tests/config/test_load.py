"""station.toml: the example is sound, every error is told at once, nothing passes unseen."""

from __future__ import annotations

import contextlib
import tomllib
from datetime import date
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldstation.config.demo import demo_toml
from fieldstation.config.load import load, resolve
from fieldstation.config.render import render
from fieldstation.config.tables import crop, crop_names, soils
from fieldstation.domain.errors import ConfigError
from tests.kit.season_station import season_text

EXAMPLE = (resources.files("fieldstation.config") / "example.toml").read_text()

COTTON = {
    "crop": "cotton",
    "zones": 8,
    "elevation_m": 361,
    "timezone": "America/Phoenix",
    "soil": "sandy_loam",
}


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        resolve(text)
    return [str(problem) for problem in caught.value.problems]


def test_the_example_is_a_station_and_renders_whole() -> None:
    station = resolve(EXAMPLE)
    assert [zone.id for zone in station.zones] == ["north", "south"]
    assert resolve(render(station)) == station


def test_what_check_prints_is_the_same_station_again() -> None:
    text = season_text(date(2018, 4, 18), **COTTON, latitude_deg=33.08)
    own = text.replace('soil = "sandy_loam"', "field_capacity_frac = 0.31\nwilting_point_frac = 0.15", 2)
    bare = own.replace("flow_meter = {", "no_flow_meter = true\n#").replace(
        "tank_float = {", "no_tank_float = true\n#"
    )
    bare = bare.replace("longest_run_s = 14400", "longest_run_s = 900").replace(
        "[sensor.rain]", "[sensor.a_rain]"
    )
    for one in (text, own, bare):
        station = resolve(one)
        assert resolve(render(station)) == station


def test_the_demo_and_season_stations_are_sound() -> None:
    demo = resolve(demo_toml(planted_on=date(2026, 9, 1), seed=3))
    assert demo.cadence.plan_at_start
    assert len(resolve(season_text(date(2018, 4, 18), **COTTON, latitude_deg=33)).zones) == 8


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("pin = 27,", "pin = 8,", "belongs to SPI"),
        ("pin = 27,", "pin = 5,", "pulled up at power-on"),
        ("pin = 27,", "pin = 99,", "from 0 to 27"),
        ("channel = 1", "channel = 0", "channel: 0 is taken"),
        ('soil = "loam"', 'soil = "lome"', "did you mean 'loam'"),
        ("longest_run_s = 2700", "longest_run = 2700", "did you mean 'longest_run_s'"),
        ("longest_run_s = 2700", "longest_run_s = 99999", "from 60 to 14400"),
        ("area_m2 = 90", "area_m2 = nan", "is nan"),
        ("area_m2 = 90", "area_m2 = true", "is True"),
        ("area_m2 = 90", "area_m2 = -3", "> 0"),
        ("planted_on = 2026-05-02", 'planted_on = "soon"', "give a date"),
        ("frost_months = [11, 12, 1, 2, 3]", "frost_months = [13]", "from 1 to 12"),
        ("[[1.00, 0.50], [1.45, 0.35]", "[[1.45, 0.35], [1.00, 0.50]", "rising volts"),
        ("depth_m = 0.45", "depth_cm = 45", "did you mean 'depth_m'"),
        ("flow_meter = {", "flow_metre = {", "no_flow_meter = true"),
        ('pins = "pi"', 'pins = "simulated"\n[field]\nseed = -1', "from 0 to 2000000000"),
        ('pins = "pi"', 'pins = "pi"\n[field]\nseed = 1', "simulated pins only"),
        ('at = ["05:00", "19:30"]', "at = []", "is empty"),
        ("[pump.main.limits]", "[pump.main.limit]", "without limits water may flood"),
    ],
)
def test_a_wrong_line_says_where_what_and_what_to_do(old: str, new: str, words: str) -> None:
    assert EXAMPLE.count(old) >= 1
    told = problems(EXAMPLE.replace(old, new, 1))
    assert any(words in line for line in told), told


def test_files_that_are_no_text_are_named(tmp_path: Path) -> None:
    for name, data in {
        "binary": b"\xff\xfe\x00",
        "syntax": b"[station\n",
        "empty": b"",
        "huge": b"#" * 2_000_000,
    }.items():
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(ConfigError):
            load(path)
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path / "absent")


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data())
def test_a_mangled_line_never_raises_anything_else(data: st.DataObject) -> None:
    lines = EXAMPLE.splitlines()
    number = data.draw(st.integers(0, len(lines) - 1))
    lines[number] = (
        data.draw(st.text(max_size=40))
        if data.draw(st.booleans())
        else lines[number][: len(lines[number]) // 2]
    )
    with contextlib.suppress(ConfigError):
        resolve("\n".join(lines))


def test_crops_and_soils_are_whole() -> None:
    assert len(crop_names()) >= 12
    for name in crop_names():
        found = crop(name)
        assert 0.1 <= found.kc_ini <= found.kc_mid <= 1.4
        assert 0 < found.root_min_m < found.root_max_m <= 2.5
        assert 0.2 <= found.p_frac <= 0.8
        assert found.source
    assert len(soils()) == 12
    for soil in soils().values():
        assert 0 < soil.wilting_point_frac < soil.field_capacity_frac < soil.saturation_frac < 0.6


def test_the_wiring_table_is_the_example(request: pytest.FixtureRequest) -> None:
    table = (request.config.rootpath / "hardware" / "wiring.md").read_text()
    for section in ("pump", "zone", "sensor", "guard"):
        for text in _pins(tomllib.loads(EXAMPLE)[section]):
            assert f"| {text} |" in table, f"BCM {text} of [{section}] is not in hardware/wiring.md"


def _pins(table: object) -> list[int]:
    if not isinstance(table, dict):
        return []
    own = [table["pin"]] if isinstance(table.get("pin"), int) else []
    return own + [pin for value in table.values() for pin in _pins(value)]
