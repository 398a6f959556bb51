"""Weather that judges us later is never opened: one loader, with an allow-list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.benchmarks.decisions.places import ALLOWED, place

ROOT = Path(__file__).parents[2]


def test_only_four_places_may_be_opened() -> None:
    last = {name: here.last_year for name, here in ALLOWED.items()}
    assert last == {"champion": 2005, "tunis": 1994, "brussels": 1995, "northumberland": 2010}
    for name in ("cordoba", "hyderabad", "../cordoba", ""):
        with pytest.raises(PermissionError, match="reserved"):
            place(name)


def test_no_other_file_reads_the_crop_models_weather() -> None:
    for path in [*ROOT.glob("fieldstation/**/*.py"), *ROOT.glob("tests/**/*.py")]:
        if path.name in {"places.py", Path(__file__).name}:
            continue
        text = path.read_text()
        assert not re.search(r"_climate\.txt|get_filepath|prepare_weather", text), path
