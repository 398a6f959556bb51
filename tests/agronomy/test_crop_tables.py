"""The crop and soil files: whole, within the tables they name, and 16 of them against the book's own rows.

A new crop needs no line here. Whoever adds one compares its file with the source that the file names.
"""

from __future__ import annotations

import tomllib
from dataclasses import fields
from importlib import resources
from typing import Any

import pytest

from fieldstation.config.tables import crop, crop_names, soils
from fieldstation.domain.crop import Crop, Growth
from fieldstation.language.catalogue import LANGUAGES

CROPS = resources.files("fieldstation.agronomy") / "crops"

# FAO-56 table 11 (days), table 12 (Kc ini, mid, end, from-to), table 22 (root depth in m from-to, p), FAO-33 (Ky; Ky of the
# vegetative or early and late stage, flowering, yield formation, ripening; - where the book has none)
BOOK = """
barley      20/50/60/30   0.3-0.3  1.15-1.15  0.25-0.25   1-1.5   0.55  1   - - - -
bean        20/30/40/20   0.4-0.4  1.15-1.15  0.35-0.35   0.6-0.9   0.45  1.15   0.2 1.1 0.75 0.2
cabbage     40/60/50/15   0.7-0.7  1.05-1.05  0.95-0.95   0.5-0.8   0.45  0.95   0.2 - 0.45 0.6
cotton      30/50/60/55   0.35-0.35  1.15-1.2  0.5-0.7   1-1.7   0.65  0.85   0.2 0.5 - 0.25
groundnut   25/35/45/25   0.4-0.4  1.15-1.15  0.6-0.6   0.5-1   0.5  0.7   0.2 0.8 0.6 0.2
maize       30/40/50/30   0.3-0.3  1.2-1.2  0.35-0.6   1-1.7   0.55  1.25   0.4 1.5 0.5 0.2
melon       25/35/40/20   0.5-0.5  1.05-1.05  0.75-0.75   0.8-1.5   0.4  1.1   0.45 0.7 0.8 0.8
onion       15/25/70/40   0.7-0.7  1.05-1.05  0.75-0.75   0.3-0.6   0.3  1.1   0.45 - 0.8 0.3
pepper      30/35/40/20   0.6-0.6  1.05-1.05  0.9-0.9   0.5-1   0.3  1.1   - - - -
potato      25/30/45/30   0.5-0.5  1.15-1.15  0.75-0.75   0.4-0.6   0.35  1.1   0.45 0.8 0.7 0.2
sorghum     20/35/40/30   0.3-0.3  1-1.1  0.55-0.55   1-2   0.55  0.9   0.2 0.55 0.45 0.2
soybean     20/35/60/25   0.4-0.4  1.15-1.15  0.5-0.5   0.6-1.3   0.5  0.85   0.2 0.8 1 -
sugar_beet  30/45/90/15   0.35-0.35  1.2-1.2  0.7-0.7   0.7-1.2   0.55  1   - - - -
sunflower   25/35/45/25   0.35-0.35  1-1.15  0.35-0.35   0.8-1.5   0.45  0.95   - 1 0.8 -
tomato      30/40/45/30   0.6-0.6  1.15-1.15  0.7-0.9   0.7-1.5   0.4  1.05   0.4 1.1 0.8 0.4
wheat       20/50/60/30   0.3-0.4  1.15-1.15  0.25-0.4   1-1.8   0.55  1.05   0.2 0.6 0.5 -
"""
ROWS = {line.split()[0]: line.split()[1:] for line in BOOK.strip().splitlines()}

# AquaCrop's indicative table: wilting point, field capacity, saturation, percent by volume
SOILS = """
sand 6 13 36; loamy_sand 8 16 38; sandy_loam 10 22 41; loam 15 31 46
silt_loam 13 33 46; silt 9 33 43; sandy_clay_loam 20 32 47; clay_loam 23 39 50
silty_clay_loam 23 44 52; sandy_clay 27 39 50; silty_clay 32 50 54; clay 39 54 55
"""


def lacks(table: dict[str, Any]) -> list[str]:
    """What a crop file lacks: keys of Crop and Growth, and names by language."""
    keys = {field.name for field in fields(Crop)} - {"name"}
    growth = {field.name for field in fields(Growth)}
    names = {language for language, name in table.get("names", {}).items() if name.strip()}
    return [
        *sorted(keys - table.keys()),
        *(f"growth.{key}" for key in sorted(growth - table.get("growth", {}).keys())),
        *(f"names.{language}" for language in sorted(LANGUAGES.keys() - names)),
    ]


def test_what_a_crop_file_lacks_is_named() -> None:
    table = tomllib.loads((CROPS / "tomato.toml").read_text(encoding="utf-8"))
    assert lacks(table) == []
    del table["dry_frac"], table["names"]["hi"], table["growth"]["kcb"]
    table["names"]["ar"] = " "
    assert lacks(table) == ["dry_frac", "growth.kcb", "names.ar", "names.hi"]


@pytest.mark.parametrize("name", crop_names())
def test_a_crop_file_is_whole(name: str) -> None:
    table = tomllib.loads((CROPS / f"{name}.toml").read_text(encoding="utf-8"))
    assert lacks(table) == []
    assert table["names"].keys() == LANGUAGES.keys()


@pytest.mark.parametrize("name", crop_names())
def test_a_crop_lies_within_the_tables_it_names(name: str) -> None:
    """The widest and narrowest rows of FAO-56 tables 11, 12 and 22 and of FAO-33, for field crops and vines."""
    grown = crop(name)
    assert 60 <= grown.season_days <= 365
    assert 0.15 <= grown.kc_ini <= 1.05
    assert 0.55 <= grown.kc_mid <= 1.25
    assert 0.25 <= grown.kc_end <= 1.15
    assert 0.15 <= grown.root_min_m <= grown.root_max_m <= 3.0
    assert 0.20 <= grown.p_frac <= 0.70
    assert 0.70 <= grown.ky <= 1.30
    assert all(0 < value <= 1.5 for value in grown.ky_stage)
    assert 0.03 <= grown.dry_frac <= 0.95
    for word in ("56", "11", "12", "22"):
        assert word in grown.source, "the source names its tables"


def between(value: float, printed: str) -> bool:
    low, _, high = printed.partition("-")
    return float(low) - 0.001 <= value <= float(high) + 0.001


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_crop_file_says_what_the_book_says(name: str) -> None:
    grown, (stages, ini, mid, end, root_m, p_frac, ky, *ky_stage) = crop(name), ROWS[name]
    assert grown.stage_days == tuple(map(int, stages.split("/")))
    assert between(grown.kc_ini, ini)
    assert between(grown.kc_mid, mid)
    assert between(grown.kc_end, end)
    assert between(grown.root_max_m, root_m)
    assert 0.15 <= grown.root_min_m <= 0.30
    assert (grown.p_frac, grown.ky) == (float(p_frac), float(ky))
    for value, printed in zip(grown.ky_stage, ky_stage, strict=True):
        assert printed == "-" or value == float(printed)
    assert "33" in grown.source


def test_the_twelve_textures_are_aquacrops() -> None:
    wanted = {
        row[0]: [int(one) for one in row[1:]]
        for row in map(str.split, SOILS.replace("\n", ";").split(";"))
        if row
    }
    assert len(wanted) == 12
    assert wanted == {
        name: [round(100 * f) for f in (s.wilting_point_frac, s.field_capacity_frac, s.saturation_frac)]
        for name, s in soils().items()
    }
