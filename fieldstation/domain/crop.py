"""What grows, as a table row from FAO-56 and FAO-33."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Crop:
    """One crop file of `agronomy/crops`. Stages: initial, development, mid-season, late.

    `p_frac` is the depletion fraction at ETc = 5 mm/day (table 22); `ky` the yield
    response factor of the whole season and `ky_stage` of the four stages (FAO-33);
    `yield_potential_t_ha` dry matter under no stress; `base_t_c` for heat units.
    """

    name: str
    stage_days: tuple[int, int, int, int]
    kc_ini: float
    kc_mid: float
    kc_end: float
    root_min_m: float
    root_max_m: float
    p_frac: float
    ky: float
    ky_stage: tuple[float, float, float, float]
    yield_potential_t_ha: float
    base_t_c: float
    source: str

    @property
    def season_days(self) -> int:
        """Days from planting to harvest."""
        return sum(self.stage_days)
