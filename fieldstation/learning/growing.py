"""A season's growth as far as it has come and as it will go on if nothing goes wrong. Pure."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from fieldstation.agronomy.growth import (
    G_M2_PER_T_HA,
    airless_frac,
    co2_factor,
    co2_ppm,
    cold_factor,
    heat_units_between_c_days,
    opened_flowers_frac,
    pollen_factor,
    potential_t_ha,
    productivity_g_m2,
    thirst_factor,
    transpired_of_et0,
)
from fieldstation.agronomy.usual_warmth import Air, UsualWarmth
from fieldstation.domain.crop import Growth
from fieldstation.domain.plot import Plot

COMING_C = ((-4.3, 0.25), (0.0, 0.5), (4.3, 0.25))
"""How a coming day may differ from the usual, and how likely."""
STAGES = 3
RECENT = 0.92
LEAF_FROM, LEAF_UNTIL = 0.2, 0.65
"""Leaves grow less from a fifth of TAW gone on, and not at all from two thirds (AquaCrop, canopy expansion)."""
DRYNESS_GAIN = 0.12
BEGIN_DRYNESS_FRAC = 0.3
UNWATCHED_ET0_MM = 4.0


@lru_cache(maxsize=64)
def course(growth: Growth, season_days: int) -> tuple[list[float], list[float]]:
    """By day of the season: the most biomass it can add, g/m2, and the part of the flowers that open."""
    most, opening = [], []
    for day in range(season_days):
        at = (day + 0.5) / season_days
        most.append(productivity_g_m2(growth, at) * transpired_of_et0(growth, at, season_days))
        opened = [opened_flowers_frac(growth, (day + n) / season_days) for n in (0, 1)]
        opening.append(opened[1] - opened[0])
    return most, opening


class Growing:
    """Fed with every day of the season in order; of the soil it asks only how dry it stood.

    Sums of harm are growth that a warm day could have made while harmed, in parts of the potential:
    `short` thirsty before, in and after flowering; `airless` in soil too wet for roots to breathe,
    before flowering and after.
    """

    def __init__(self, plot: Plot) -> None:
        self.plot, self.growth = plot, plot.crop.growth
        self.season_days = plot.season_days or self.growth.typical_days
        ppm = co2_ppm(plot.planted_on.year)
        self._most, self._opening = course(self.growth, self.season_days)
        self.potential_t_ha = potential_t_ha(self.growth, self.season_days, ppm)
        self._whole_g_m2 = (
            self.potential_t_ha * G_M2_PER_T_HA / (co2_factor(self.growth, ppm) * self.growth.harvest_index)
        )
        self.warmth = UsualWarmth(plot.latitude_deg, plot.elevation_m)
        self._first_day_of_year = plot.planted_on.timetuple().tm_yday
        self.day = 0  # the first one not lived
        self.heat_c_days = 0.0
        self.made_frac = self.set_frac = 0.0
        self.short = [0.0] * STAGES
        self.airless = [0.0, 0.0]
        self.probe_short = self.probe_airless = self.balance_short = self.leaf_short = self.recent_short = 0.0
        self.dryness = self.driest = BEGIN_DRYNESS_FRAC

    def saw(self, on: date, t_min_c: float | None, t_max_c: float | None) -> None:
        """The air of a day, in season or before."""
        if t_min_c is not None and t_max_c is not None:
            self.warmth.saw(on.timetuple().tm_yday, t_min_c, t_max_c)

    def live(
        self,
        t_min_c: float | None,
        t_max_c: float | None,
        depletion_frac: float,
        et0_mm: float,
        shown: tuple[float, float] | None = None,
        balance_frac: float | None = None,
    ) -> None:
        """One day of the season, with the depletion of TAW at its end.

        `shown` is what the probes alone tell, depletion and m3/m3; `balance_frac` what the weather alone does.
        """
        if t_min_c is None or t_max_c is None:
            air = self.expected_air(self.day)
            t_min_c, t_max_c = air.t_min_c, air.t_max_c
        growth, ripe = self.growth, self.day >= self.season_days
        heat = heat_units_between_c_days(growth, t_min_c, t_max_c)
        self.heat_c_days += heat
        wanted = 0.0 if ripe else self._most[self.day] * cold_factor(growth, heat) / self._whole_g_m2
        if not ripe:
            self.set_frac += self._opening[self.day] * pollen_factor(growth, t_min_c)
        at = (self.day + 0.5) / self.season_days
        ks = thirst_factor(growth, depletion_frac, et0_mm)
        self.made_frac += wanted * ks
        self.short[self._stage(at)] += wanted * (1 - ks)
        self.recent_short = RECENT * self.recent_short + (1 - RECENT) * (1 - ks)
        soil = self.plot.soil
        span = soil.field_capacity_frac - soil.wilting_point_frac
        own = (depletion_frac, soil.field_capacity_frac - depletion_frac * span)
        self.airless[at >= growth.phases_frac[2]] += wanted * airless_frac(soil.saturation_frac, own[1])
        probes_frac, probes_theta = shown or own
        self.probe_short += wanted * (1 - thirst_factor(growth, probes_frac, et0_mm))
        self.probe_airless += wanted * airless_frac(soil.saturation_frac, probes_theta)
        balance_frac = depletion_frac if balance_frac is None else balance_frac
        self.balance_short += wanted * (1 - thirst_factor(growth, balance_frac, et0_mm))
        if at < growth.phases_frac[3]:
            stunted = min(1.0, max(0.0, (depletion_frac - LEAF_FROM) / (LEAF_UNTIL - LEAF_FROM)))
            self.leaf_short += stunted / self.season_days
        self.dryness += DRYNESS_GAIN * (depletion_frac - self.dryness)
        self.driest = max(self.driest, self.dryness)
        self.day += 1

    def catch_up(self, day: int) -> None:
        """Days that nobody watched: taken as usual and without thirst."""
        while self.day < day:
            self.live(None, None, BEGIN_DRYNESS_FRAC, UNWATCHED_ET0_MM)

    def leads_to_frac(self) -> float:
        """Yield of the potential if from now on only the usual cold and nights cost."""
        growth, set_frac, made = self.growth, self.set_frac, self.made_frac
        for day in range(self.day, self.season_days):
            opening, air = self._opening[day], self.expected_air(day)
            for apart_c, likely in COMING_C:
                low, high = air.t_min_c + apart_c, air.t_max_c + apart_c
                heat = heat_units_between_c_days(growth, low, high)
                made += likely * self._most[day] * cold_factor(growth, heat) / self._whole_g_m2
                if opening > 0:
                    set_frac += likely * opening * pollen_factor(growth, low)
        if growth.pollen_t_min_c:
            made *= min(1.0, set_frac * (1 + growth.flower_excess_frac))
        return made

    def expected_air(self, day: int) -> Air:
        """A coming day's air; days count from planting."""
        return self.warmth.expected((self._first_day_of_year - 1 + day) % 365 + 1, day - self.day + 1)

    def _stage(self, at: float) -> int:
        _, _, begins, ends, _ = self.growth.phases_frac
        return 0 if at < begins else 1 if at < max(ends, begins + 0.1) else 2
