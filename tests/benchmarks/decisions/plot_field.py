"""The third family: the station's own simulated ground and plant, with a variety that differs from the table."""

from __future__ import annotations

import copy
import random
from dataclasses import replace
from datetime import time, timedelta

from fieldstation.config.tables import crop
from fieldstation.domain.crop import fitted
from fieldstation.domain.soil import Soil
from fieldstation.domain.station import Device, Limits, Zone
from fieldstation.simulation.plot import Plot
from fieldstation.virtual_station.planting import live_day
from tests.benchmarks.decisions.field import (
    EFFICIENCY,
    MAX_MM,
    TEXTURES,
    Case,
    profit,
    season_days,
    weather_of,
)

NONE = Device("none", "relay", None)


def zone_of(case: Case, chance: random.Random) -> Zone:
    fc, wp, sat, _ = TEXTURES[case.texture]
    wilts = max(0.02, wp + chance.gauss(0, 0.015))
    full = min(sat - 0.02, wilts + (fc - wp) * max(0.6, chance.gauss(1, 0.08)))
    grown = fitted(crop(case.crop), season_days(case.crop))
    grown = replace(grown, root_max_m=grown.root_max_m * max(0.6, chance.gauss(1, 0.12)))
    limits = Limits(14400, 2, 12, 1e9, 86400)
    return Zone(
        id="z",
        name="z",
        pump="p",
        valve=NONE,
        limits=limits,
        area_m2=1.0,
        soil=Soil(case.texture, full, wilts, sat),
        crop=grown,
        planted_on=case.planted_on,
        application_efficiency_frac=EFFICIENCY,
        max_depth_mm_per_day=MAX_MM,
        min_event_mm=1.0,
        water_from=time(0),
        water_until=time(0),
        probes=(),
    )


class PlotField:
    """The same questions and answers as `Field`."""

    def __init__(self, case: Case) -> None:
        chance = random.Random(f"plot/{case.name}")
        self.case, self.days, self.on = case, weather_of(case), case.planted_on
        self.zone = zone_of(case, chance)
        self.plot = Plot(self.zone, chance.uniform(0.5, 1.0), chance)
        soil = self.plot.column.soil
        self.fc, self.wp = soil.field_capacity_frac, soil.wilting_point_frac
        self.given_mm: list[float] = []
        self.day = 0

    @property
    def over(self) -> bool:
        return self.day >= self.zone.crop.season_days

    def at_cm(self, depth_cm: int) -> float:
        return self.plot.column.theta(depth_cm / 100)

    def depletion_frac(self, root_m: float) -> float:
        stored = self.plot.column.stored_mm(root_m)
        missing = self.fc * root_m * 1000 - stored
        return max(0.0, min(1.0, missing / ((self.fc - self.wp) * root_m * 1000)))

    def hidden(self) -> tuple[float, float]:
        root = self.plot.plant.root_depth_m(self.day)
        return self.depletion_frac(root), root

    def give(self, gross_mm: float) -> None:
        depth = max(0.0, min(MAX_MM, gross_mm))
        today = self.days[self.on]
        self.plot.irrigate(depth)
        live_day(self.plot, self.on, today.et0_mm, today.rain_mm)
        self.given_mm.append(depth)
        self.on += timedelta(days=1)
        self.day += 1

    def yield_t_ha(self) -> float:
        return self.plot.plant.yield_t_ha()

    def profit(self) -> float:
        return profit(
            self.case.crop, self.yield_t_ha(), sum(self.given_mm), sum(mm > 0 for mm in self.given_mm)
        )

    def branch(self) -> PlotField:
        return copy.deepcopy(self)
