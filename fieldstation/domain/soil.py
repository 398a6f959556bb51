"""What the ground can hold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Soil:
    """Water contents in m3/m3: 0 < wilting point < field capacity < saturation < 1."""

    texture: str
    field_capacity_frac: float
    wilting_point_frac: float
    saturation_frac: float
