"""What grows, as a table row from FAO-56 and FAO-33."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Growth:
    """How a crop makes biomass and yield: the `[growth]` table of a crop file. Times are parts of the season, 0-1.

    - `wp_g_m2`: biomass for each unit of transpiration over ET0, at 369 ppm CO2. `wp_late_frac`: the part of it that is
      left while the yield forms.
    - `phases_frac`: emergence, full cover, flowering from and until, canopy fades.
    - `stomata_from_frac`: the depletion of TAW from which leaves close, at ET0 = 5 mm.
    - `full_growth_c_days`: heat units a day from which cold does not slow growth. 0: it never does.
    - `pollen_t_min_c`: night temperatures at which pollination fails, and is unhurt. Empty: nothing can fail.
    - `typical_days`: how long a variety stands that nobody named.
    """

    wp_g_m2: float
    wp_late_frac: float
    harvest_index: float
    kcb: float
    cover_begin_frac: float
    cover_max_frac: float
    phases_frac: tuple[float, float, float, float, float]
    fade_to_frac: float
    ageing_frac_a_day: float
    base_t_c: float
    upper_t_c: float
    heat_to_maturity_c_days: float
    stomata_from_frac: float
    full_growth_c_days: float
    pollen_t_min_c: tuple[float, ...]
    flower_excess_frac: float
    typical_days: int
    source: str


PLAIN_GROWTH = Growth(
    17.0,
    1.0,
    0.5,
    1.1,
    0.01,
    0.9,
    (0.05, 0.5, 0.5, 0.6, 0.8),
    0.3,
    0.0015,
    5.0,
    30.0,
    1700.0,
    0.6,
    10.0,
    (3.0, 8.0),
    0.5,
    125,
    "AquaCrop reference manual, annex I, its default crop",
)
"""A crop of no name."""


@dataclass(frozen=True, slots=True)
class Crop:
    """One crop file of `agronomy/crops`. Stages: initial, development, mid-season, late.

    - `p_frac`: the depletion fraction at ETc = 5 mm/day (table 22).
    - `ky`, `ky_stage`: the yield response factor of the whole season and of the four stages (FAO-33).
    - `yield_potential_t_ha`: dry matter under no stress.
    - `base_t_c`: for heat units.
    - `dry_frac`: the dry part of a harvest as people usually weigh it, 0-1.
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
    dry_frac: float
    source: str
    growth: Growth = PLAIN_GROWTH

    @property
    def season_days(self) -> int:
        """Days from planting to harvest."""
        return sum(self.stage_days)


def fitted(crop: Crop, season_days: int) -> Crop:
    """The crop with its stages stretched to the season length that a grower knows of the variety."""
    share = season_days / crop.season_days
    stages = [max(1, round(days * share)) for days in crop.stage_days]
    stages[2] = max(1, stages[2] + season_days - sum(stages))
    return replace(crop, stage_days=(stages[0], stages[1], stages[2], stages[3]))


def usual(crop: Crop) -> Crop:
    """The crop as a variety nobody named stands, for `typical_days`: table 11's stages, stretched."""
    return fitted(crop, crop.growth.typical_days)
