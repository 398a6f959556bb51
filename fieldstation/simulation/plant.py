"""A crop that grows by what it can transpire: canopy, roots, biomass, yield."""

from __future__ import annotations

import math

from fieldstation.domain.crop import Crop
from fieldstation.simulation.soil_column import THICKNESS_MM, SoilColumn

MAX_COVER = 0.95
START_COVER = 0.04
STRESS_DAY_BELOW = 0.9
COMPENSATION = 1.5  # wet layers make up for dry ones, within bounds
_REMEMBERED = ("vigour", "biomass", "stress_days", "flowering_stress", "wished_mm", "got_mm")
FLOWERING_LOSS = 0.55  # how much of the yield stress at flowering can take beyond lost biomass


class Plant:
    """One zone's crop. Days count from planting; before and after there is bare soil."""

    def __init__(self, crop: Crop) -> None:
        self.crop = crop
        self.vigour = 1.0  # canopy lost to stress early does not wholly come back
        self.biomass = 0.0  # transpiration over demand, summed
        self.stress_days = 0
        self.flowering_stress = 0.0
        self.wished_mm = self.got_mm = 0.0  # today so far
        self._full_season = sum(self._potential(day) for day in range(crop.season_days))
        flowering = self._flowering()
        self._flowering_days = max(1, flowering[1] - flowering[0])

    def cover(self, day: int) -> float:
        """Part of the ground in shade, 0-1."""
        return self._standard_cover(day) * self.vigour

    def root_depth_m(self, day: int) -> float:
        """How deep roots reach."""
        crop = self.crop
        grown = min(1.0, max(0.0, day / (crop.stage_days[0] + crop.stage_days[1])))
        return crop.root_min_m + (crop.root_max_m - crop.root_min_m) * math.sqrt(grown)

    def uptake(self, day: int, demand_mm: float, column: SoilColumn) -> list[float]:
        """What each layer is asked for in this step, mm, short where the soil is dry."""
        if not 0 <= day < self.crop.season_days or demand_mm <= 0:
            return []
        demand_mm = demand_mm * self.cover(day) * self._peak()
        depth_mm = self.root_depth_m(day) * 1000
        soil = column.soil
        comfortable = (soil.field_capacity_frac - soil.wilting_point_frac) * max(
            0.15, 1 - self.crop.p_frac * 1.1
        )
        asks, top, ease = [], 0.0, 0.0
        for water, thickness in zip(column.water_mm, THICKNESS_MM, strict=True):
            if top >= depth_mm:
                break
            part = min(1.0, (depth_mm - top) / thickness)
            x0, x1 = top / depth_mm, min(1.0, (top + thickness * part) / depth_mm)
            weight = (x1 - x0) * (1.7 - 0.7 * (x0 + x1))  # more roots near the top
            relief = min(1.0, max(0.0, (water / thickness - soil.wilting_point_frac) / comfortable))
            asks.append(weight * relief)
            ease += weight * relief
            top += thickness
        if ease <= 0:
            self.wished_mm += demand_mm
            return []
        total = demand_mm * min(1.0, COMPENSATION * ease)
        self.wished_mm += demand_mm
        return [total * ask / ease for ask in asks]

    def took(self, transpired_mm: float) -> None:
        """Hear what the soil really gave."""
        self.got_mm += transpired_mm

    def end_day(self, day: int) -> None:
        """Grow by the day's water."""
        if 0 <= day < self.crop.season_days and self.wished_mm > 0:
            ratio = min(1.0, self.got_mm / self.wished_mm)
            self.biomass += ratio * self.cover(day) * self._peak()
            if ratio < STRESS_DAY_BELOW:
                self.stress_days += 1
            if day < sum(self.crop.stage_days[:3]):
                self.vigour += (
                    0.05 * (min(1.0, ratio + 0.15) - self.vigour)
                    if ratio < 0.85
                    else 0.02 * (1.0 - self.vigour)
                )
            first, last = self._flowering()
            if first <= day < last:
                self.flowering_stress += (1 - ratio) / self._flowering_days
        self.wished_mm = self.got_mm = 0.0

    def dump(self) -> dict[str, float]:
        """What the crop remembers, as plain values."""
        return {name: getattr(self, name) for name in _REMEMBERED}

    def load(self, state: dict[str, float]) -> None:
        """Take over a dumped crop."""
        for name in _REMEMBERED:
            setattr(self, name, type(getattr(self, name))(state[name]))

    def yield_t_ha(self) -> float:
        """Dry yield so far, t/ha; near the crop's potential after a whole season without stress."""
        grown = self.biomass / self._full_season
        loss = min(1.0, FLOWERING_LOSS * self.crop.ky * self.flowering_stress)
        return self.crop.yield_potential_t_ha * grown * (1 - loss)

    def _potential(self, day: int) -> float:
        return self._standard_cover(day) * self._peak()

    def _peak(self) -> float:
        return self.crop.kc_mid + 0.02

    def _standard_cover(self, day: int) -> float:
        initial, development, middle, late = self.crop.stage_days
        if day < 0 or day >= self.crop.season_days:
            return 0.0
        if day < initial + development:
            x = day / (initial + development)
            return START_COVER + (MAX_COVER - START_COVER) / (1 + math.exp(-9 * (x - 0.58)))
        if day < initial + development + middle:
            return MAX_COVER
        x = (day - initial - development - middle) / late
        end = MAX_COVER * min(1.0, max(0.25, self.crop.kc_end / self.crop.kc_mid))
        return MAX_COVER + (end - MAX_COVER) * x

    def _flowering(self) -> tuple[int, int]:
        start = self.crop.stage_days[0] + self.crop.stage_days[1]
        return start, start + max(1, self.crop.stage_days[2] // 2)
