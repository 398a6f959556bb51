"""The configuration reference and the schema say what the loader does."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from importlib import resources
from typing import Any

import jsonschema_rs
import pytest

from fieldstation.cli.main import entry
from fieldstation.config.demo import demo_toml
from fieldstation.config.reference import page, schema
from fieldstation.drivers.load import known

EXAMPLE = (resources.files("fieldstation.config") / "example.toml").read_text()


def tables(text: str) -> Any:
    return json.loads(json.dumps(tomllib.loads(text), default=str))


def test_the_page_is_current(request: pytest.FixtureRequest) -> None:
    text = (request.config.rootpath / "hardware" / "configuration.md").read_text(encoding="utf-8")
    assert text == page(), "make it anew: fieldstation check --reference > hardware/configuration.md"


def test_the_page_has_every_key_of_the_example_and_every_driver() -> None:
    text = page()
    assert [name for name in known() if f"\n### {name}\n" not in text] == []
    keys = set()

    def gather(table: Any) -> None:
        for key, value in table.items():
            if isinstance(value, dict):
                gather(value)
            else:
                keys.add(key)

    gather(tables(EXAMPLE))
    assert [key for key in sorted(keys) if f"`{key}`" not in text] == []
    assert "| `longest_run_s` | longest single run | a number from 60 to 14400 s |  |" in text
    assert "| `valve_lead_s` |" in text
    assert "| `2` |" in text, "a default is shown"


def test_the_schema_takes_what_the_loader_takes() -> None:
    check = jsonschema_rs.Draft202012Validator(schema())
    bare = (
        EXAMPLE.replace("flow_meter = {", "no_flow_meter = true #")
        .replace("min_lpm =", "#")
        .replace("max_lpm =", "#")
    )
    for text in (EXAMPLE, bare, demo_toml(planted_on=date(2026, 9, 1), seed=1)):
        check.validate(tables(text))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("latitude_deg = 36.8", "latitude_deg = 368"),
        ("area_m2 = 90", "area = 90"),
        ("pin = 4\n", "pin = 40\n"),
        ('driver = "dht22"', 'driver = "dht21"'),
        ("[zone.south.limits]", "[zone.south.limit]"),
        ('water_from = "20:00"', 'water_from = "20:00Z"'),
        ("depth_m = 0.45", ""),
        ('crop = "maize"', 'crop = "maze"'),
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(old: str, new: str) -> None:
    assert old in EXAMPLE
    with pytest.raises(jsonschema_rs.ValidationError):
        jsonschema_rs.Draft202012Validator(schema()).validate(tables(EXAMPLE.replace(old, new, 1)))


def test_the_command_prints_both(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry(["check", "--reference"]) == 0
    assert capsys.readouterr().out == page()
    assert entry(["check", "--schema"]) == 0
    assert json.loads(capsys.readouterr().out) == schema()
    assert entry(["check"]) == 2
    assert "give a station.toml" in capsys.readouterr().err
