"""The shape of the source: small files, honest names, documents that are true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

BANNED = {"util", "utils", "helper", "helpers", "manager", "common", "base", "handler", "misc", "info"}


@pytest.fixture
def root(request: pytest.FixtureRequest) -> Path:
    return request.config.rootpath


def test_no_file_is_two_ideas_long(root: Path) -> None:
    long = {
        str(path.relative_to(root)): lines
        for folder in ("fieldstation", "tests")
        for path in (root / folder).rglob("*.py")
        if (lines := len(path.read_text().splitlines())) > 400
    }
    assert long == {}


def test_no_file_has_a_name_that_says_nothing(root: Path) -> None:
    assert [p for p in (root / "fieldstation").rglob("*.py") if set(p.stem.split("_")) & BANNED] == []


def test_the_top_level_is_what_it_should_be(root: Path) -> None:
    wanted = {
        "pyproject.toml",
        "README.md",
        "fieldstation",
        "hardware",
        "systemd",
        "web",
        "tests",
        "LICENSE",
        "Makefile",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
    }
    assert wanted <= {path.name for path in root.iterdir()}


def test_every_driver_has_its_page(root: Path) -> None:
    from fieldstation.drivers.load import known

    assert {path.stem for path in (root / "hardware" / "devices").glob("*.md")} == set(known())


def test_every_number_of_the_station_says_its_unit(root: Path) -> None:
    units = r"_(mm|m2|m|l|lpm|s|c|frac|deg|per_hour|per_day|t_ha|pct|l_per_day|mm_per_day)$"
    text = (root / "fieldstation" / "domain" / "station.py").read_text()
    names = re.findall(r"^    (\w+): float", text, re.MULTILINE)
    assert names
    assert [name for name in names if not re.search(units, name)] == []
