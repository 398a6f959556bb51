"""Crops, soils and boards that ship with the station, read from their data files."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from fieldstation.binding import read
from fieldstation.domain.crop import Crop
from fieldstation.domain.soil import Soil

ROOMS = Path(__file__).parents[1]  # importlib.resources would load archives and chance into the guard


def crop_names() -> list[str]:
    """Every crop with a file."""
    return sorted(path.stem for path in (ROOMS / "agronomy" / "crops").glob("*.toml"))


@cache
def crop(name: str) -> Crop:
    """The crop of this name. Raises KeyError."""
    if name not in crop_names():
        raise KeyError(name)
    return read(Crop, {"name": name, **crop_table(name)}, f"{name}.toml")


def crop_table(name: str) -> dict[str, Any]:
    """The numbers of a crop's file as they are written there."""
    table = _table(f"agronomy/crops/{name}.toml")
    table.pop("names", None)  # for people: `language/catalogue.py` reads them
    return _tuples(table)


def _tuples(table: dict[str, Any]) -> dict[str, Any]:
    return {
        key: tuple(value) if isinstance(value, list) else _tuples(value) if isinstance(value, dict) else value
        for key, value in table.items()
    }


def _table(path: str) -> dict[str, Any]:
    return tomllib.loads((ROOMS / path).read_text(encoding="utf-8"))


@cache
def soils() -> dict[str, Soil]:
    """The 12 USDA textures."""
    return {name: Soil(texture=name, **values) for name, values in _table("agronomy/soils.toml").items()}


@cache
def board(name: str) -> dict[str, Any]:
    """A board profile. Raises KeyError."""
    try:
        return _table(f"config/boards/{name}.toml")
    except FileNotFoundError:
        raise KeyError(name) from None
