"""Crops, soils and boards that ship with the station, read from their data files."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from fieldstation.domain.crop import Crop, Growth
from fieldstation.domain.soil import Soil


def crop_names() -> list[str]:
    """Every crop with a file."""
    folder = resources.files("fieldstation.agronomy") / "crops"
    return sorted(
        entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")
    )


@cache
def crop(name: str) -> Crop:
    """The crop of this name. Raises KeyError."""
    if name not in crop_names():
        raise KeyError(name)
    table = tomllib.loads(
        (resources.files("fieldstation.agronomy") / "crops" / f"{name}.toml").read_text(encoding="utf-8")
    )
    table.pop("names", None)  # for people: `language/catalogue.py` reads them
    growth = Growth(**_tuples(table.pop("growth")))
    return Crop(name=name, growth=growth, **_tuples(table))


def _tuples(table: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}


@cache
def soils() -> dict[str, Soil]:
    """The 12 USDA textures."""
    text = (resources.files("fieldstation.agronomy") / "soils.toml").read_text(encoding="utf-8")
    return {name: Soil(texture=name, **values) for name, values in tomllib.loads(text).items()}


@cache
def board(name: str) -> dict[str, Any]:
    """A board profile. Raises KeyError."""
    entry = resources.files("fieldstation.config") / "boards" / f"{name}.toml"
    if not entry.is_file():
        raise KeyError(name)
    return tomllib.loads(entry.read_text(encoding="utf-8"))
