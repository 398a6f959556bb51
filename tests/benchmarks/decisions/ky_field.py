"""The second family: a layered tipping bucket whose yield punishes each stage's deficit (FAO-33)."""

from __future__ import annotations

import copy
import random
from datetime import timedelta

from fieldstation.agronomy.crop_stage import crop_coefficient, root_depth_m, stage_of
from fieldstation.config.tables import crop
from fieldstation.domain.crop import fitted
from tests.benchmarks.decisions.field import (
    EFFICIENCY,
    MAX_MM,
    TEXTURES,
    Case,
    profit,
    season_days,
    weather_of,
)

LAYER_M = 0.1
LAYERS = 15


class KyField:
    """The same questions and answers as `Field`."""

    def __init__(self, case: Case) -> None:
        chance = random.Random(f"ky/{case.name}")
        self.case, self.days, self.on = case, weather_of(case), case.planted_on
        fc, wp, sat, _ = TEXTURES[case.texture]
        self.wp = max(0.02, wp + chance.gauss(0, 0.02))
        self.fc = min(sat - 0.01, self.wp + (fc - wp) * max(0.6, chance.gauss(1, 0.10)))
        self.sat = sat
        base = fitted(crop(case.crop), season_days(case.crop))
        self.crop = base
        self.kc_factor = chance.gauss(1, 0.06)
        self.p_frac = min(0.75, max(0.2, base.p_frac + chance.gauss(0, 0.05)))
        self.root_factor = max(0.6, chance.gauss(1, 0.12))
        self.ky = [max(0.05, ky * chance.gauss(1, 0.15)) for ky in base.ky_stage]
        self.potential = base.yield_potential_t_ha * chance.uniform(0.85, 1.15)
        start = chance.uniform(0.5, 1.0)
        self.theta = [self.wp + start * (self.fc - self.wp)] * LAYERS
        self.used = [[0.0, 0.0] for _ in range(4)]
        self.given_mm: list[float] = []
        self.day = 0

    @property
    def over(self) -> bool:
        return self.day >= self.crop.season_days

    @property
    def root_m(self) -> float:
        return min(LAYERS * LAYER_M, root_depth_m(self.crop, self.day) * self.root_factor)

    def at_cm(self, depth_cm: int) -> float:
        return self.theta[min(LAYERS - 1, depth_cm // 10)]

    def depletion_frac(self, root_m: float) -> float:
        weights = [max(0.0, min(1.0, root_m / LAYER_M - layer)) for layer in range(LAYERS)]
        missing = sum(w * (self.fc - t) for w, t in zip(weights, self.theta, strict=True))
        return max(0.0, min(1.0, missing / (sum(weights) * (self.fc - self.wp))))

    def hidden(self) -> tuple[float, float]:
        return self.depletion_frac(self.root_m), self.root_m

    def give(self, gross_mm: float) -> None:
        today = self.days[self.on]
        depth = max(0.0, min(MAX_MM, gross_mm))
        rain = today.rain_mm - (max(0.0, today.rain_mm - 25) * 0.2)  # some runs off
        self._infiltrate(rain + depth * EFFICIENCY)
        kc = crop_coefficient(self.crop, self.day) * self.kc_factor
        wanted = kc * today.et0_mm
        bare = max(0.1, 1 - kc / 1.2)
        top = max(0.0, min(1.0, (self.theta[0] - self.wp * 0.5) / (self.fc - self.wp * 0.5)))
        self.theta[0] -= min(
            0.3 * bare * today.et0_mm * top / (1000 * LAYER_M), max(0.0, self.theta[0] - self.wp * 0.5)
        )
        used = self._drink(wanted, today.et0_mm)
        stage = stage_of(self.crop, self.day)
        self.used[stage][0] += used
        self.used[stage][1] += wanted
        self.given_mm.append(depth)
        self.on += timedelta(days=1)
        self.day += 1

    def _infiltrate(self, mm: float) -> None:
        for layer in range(LAYERS):
            room = (self.fc - self.theta[layer]) * 1000 * LAYER_M
            taken = min(max(0.0, room), mm)
            self.theta[layer] += taken / (1000 * LAYER_M)
            mm -= taken
            if mm <= 0:
                return

    def _drink(self, wanted_mm: float, et0_mm: float) -> float:
        root = self.root_m
        p = min(0.8, max(0.1, self.p_frac + 0.04 * (5 - wanted_mm)))
        depletion = self.depletion_frac(root)
        ks = 1.0 if depletion <= p else max(0.0, (1 - depletion) / (1 - p))
        weights = []
        for layer in range(LAYERS):
            share = max(0.0, min(1.0, root / LAYER_M - layer))
            depth = (layer + 0.5) * LAYER_M
            wet = max(0.0, self.theta[layer] - self.wp) / (self.fc - self.wp)
            weights.append(share * max(0.05, 1 - depth / root) * wet if share else 0.0)
        total = sum(weights)
        if total <= 0:
            return 0.0
        used = 0.0
        for layer, weight in enumerate(weights):
            taken = min(
                ks * wanted_mm * weight / total, max(0.0, self.theta[layer] - self.wp) * 1000 * LAYER_M
            )
            self.theta[layer] -= taken / (1000 * LAYER_M)
            used += taken
        return used

    def yield_t_ha(self) -> float:
        found = self.potential
        for (used, wanted), ky in zip(self.used, self.ky, strict=True):
            found *= max(0.0, 1 - ky * (1 - used / wanted)) if wanted > 0 else 1.0
        return found

    def profit(self) -> float:
        return profit(
            self.case.crop, self.yield_t_ha(), sum(self.given_mm), sum(mm > 0 for mm in self.given_mm)
        )

    def branch(self) -> KyField:
        return copy.deepcopy(self)
