"""A station of equal zones in the south of Spain, for simulated seasons."""

from __future__ import annotations

from datetime import date
from typing import Any

from fieldstation.config.demo import season_toml

USUAL: dict[str, Any] = {
    "crop": "maize",
    "soil": "loam",
    "zones": 1,
    "seed": 1,
    "latitude_deg": 37.0,
    "elevation_m": 100,
    "timezone": "Europe/Madrid",
}


def season_text(planted_on: date, **more: Any) -> str:
    """Its station.toml; what is not told is as usual."""
    return season_toml(**USUAL | {"planted_on": planted_on} | more)
