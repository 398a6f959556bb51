"""A column of soil in layers: infiltration, drainage, redistribution, evaporation, uptake.

Water moves by Campbell's conductivity, K = Ks (theta/sat)^(2b+3), integrated exactly over
each step, so that any step is stable; there is no field capacity in it. It shares
nothing with the station's own FAO-56 balance, so that the two may disagree.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

THICKNESS_MM = (100.0, 100.0, 100.0, 100.0, 150.0, 150.0, 200.0, 250.0, 300.0)
DRAIN_AT_FC_MM_H = 0.04  # about 1 mm a day: what people mean by field capacity
KS_RANGE_MM_H = (4.0, 120.0)
STILL_BELOW = 0.5  # of field capacity: drainage is nothing there
SPREAD_MM_H = 0.25
RUNOFF_PONDING_MM = 25.0
_COUNTERS = ("pond_mm", "drained_mm", "runoff_mm", "evaporated_mm", "transpired_mm", "given_mm")


@dataclass(frozen=True, slots=True)
class TrueSoil:
    """The soil as it is, which need not be what the station was told. Fractions in m3/m3."""

    field_capacity_frac: float
    wilting_point_frac: float
    saturation_frac: float

    @property
    def conductivity(self) -> tuple[float, float]:
        """Ks (mm/h) and m of K = Ks u^m, u the filled part of the pores.

        m is 2b + 3 with b from the two known points of the retention curve (33 and 1500 kPa);
        Ks is such that field capacity drains DRAIN_AT_FC_MM_H. Where that Ks is no soil's,
        the nearest one is taken, and m follows from it: what drains at field capacity stays.
        """
        filled = self.field_capacity_frac / self.saturation_frac
        b = math.log(1500 / 33) / math.log(self.field_capacity_frac / self.wilting_point_frac)
        m = 2 * min(b, 14.0) + 3
        ks_mm_h = DRAIN_AT_FC_MM_H / filled**m
        if not KS_RANGE_MM_H[0] <= ks_mm_h <= KS_RANGE_MM_H[1]:
            ks_mm_h = min(max(ks_mm_h, KS_RANGE_MM_H[0]), KS_RANGE_MM_H[1])
            m = math.log(DRAIN_AT_FC_MM_H / ks_mm_h) / math.log(filled)
        return ks_mm_h, m


class SoilColumn:
    """Water by layer in mm. Every mm in is accounted for: stored, drained, run off or used."""

    def __init__(self, soil: TrueSoil, available_frac: float) -> None:
        self.soil = soil
        theta = soil.wilting_point_frac + available_frac * (
            soil.field_capacity_frac - soil.wilting_point_frac
        )
        self.water_mm = [theta * thickness for thickness in THICKNESS_MM]
        self.pond_mm = 0.0
        self.drained_mm = 0.0
        self.runoff_mm = 0.0
        self.evaporated_mm = 0.0
        self.transpired_mm = 0.0
        self.given_mm = 0.0  # by `wet`, from nowhere
        self._ks, self._m = soil.conductivity
        self._still = STILL_BELOW * soil.field_capacity_frac / soil.saturation_frac
        self._full = [soil.saturation_frac * thickness for thickness in THICKNESS_MM]

    def theta(self, depth_m: float) -> float:
        """Water content at a depth, m3/m3."""
        top = 0.0
        for water, thickness in zip(self.water_mm, THICKNESS_MM, strict=True):
            top += thickness
            if depth_m * 1000 < top:
                return water / thickness
        return self.water_mm[-1] / THICKNESS_MM[-1]

    def stored_mm(self, depth_m: float) -> float:
        """Water above a depth, mm."""
        left, stored = depth_m * 1000, 0.0
        for water, thickness in zip(self.water_mm, THICKNESS_MM, strict=True):
            part = min(1.0, max(0.0, left / thickness))
            stored += water * part
            left -= thickness
        return stored

    @property
    def total_mm(self) -> float:
        """All water in and on the column, mm."""
        return sum(self.water_mm) + self.pond_mm

    def wet(self) -> None:
        """Bring every layer to field capacity, as a long soft rain would."""
        before_mm = sum(self.water_mm)
        self.water_mm = [self.soil.field_capacity_frac * thickness for thickness in THICKNESS_MM]
        self.given_mm += sum(self.water_mm) - before_mm

    def dump(self) -> dict[str, Any]:
        """Every store and counter, as plain values."""
        return {"water_mm": list(self.water_mm), **{name: getattr(self, name) for name in _COUNTERS}}

    def load(self, state: dict[str, Any]) -> None:
        """Take over a dumped column. Raises ValueError when it has other layers."""
        water_mm = [float(value) for value in state["water_mm"]]
        if len(water_mm) != len(THICKNESS_MM):
            raise ValueError(f"{len(water_mm)} soil layers instead of {len(THICKNESS_MM)}")
        self.water_mm = water_mm
        for name in _COUNTERS:
            setattr(self, name, float(state[name]))

    def step(self, hours: float, water_in_mm: float, evaporation_mm: float, uptake_mm: list[float]) -> float:
        """Advance by `hours`; the demands are of the whole step. Returns what was really transpired, mm."""
        water, full, m = self.water_mm, self._full, self._m
        self._infiltrate(hours, water_in_mm)
        # drainage: u' = -(k / full) u^m has the closed form below; what a layer cannot take stays above
        rate = (m - 1) * self._ks * hours
        for index in range(len(water) - 1, -1, -1):
            store = full[index]
            u = water[index] / store
            if u < self._still:
                continue
            after = (u ** (1 - m) + rate / store) ** (1 / (1 - m))
            out = (u - after) * store
            if index + 1 < len(water):
                out = min(out, max(0.0, full[index + 1] - water[index + 1]))
                water[index + 1] += out
            else:
                self.drained_mm += out
            water[index] -= out
        self._spread(hours)
        self._evaporate(evaporation_mm)
        taken = 0.0
        dry = self.soil.wilting_point_frac
        for index, demand_mm in enumerate(uptake_mm):
            if demand_mm > 0:
                took = min(demand_mm, max(0.0, water[index] - dry * THICKNESS_MM[index]))
                water[index] -= took
                taken += took
        self.transpired_mm += taken
        return taken

    def _infiltrate(self, hours: float, water_in_mm: float) -> None:
        self.pond_mm += water_in_mm
        if self.pond_mm <= 0:
            return
        can = min(self.pond_mm, max(self._ks, 8.0) * hours * 1.5)
        for index, store in enumerate(self._full):
            took = min(can, max(0.0, store * 0.97 - self.water_mm[index]))
            self.water_mm[index] += took
            self.pond_mm -= took
            can -= took
            if can <= 1e-12 or index >= 4:
                break
        if self.pond_mm > RUNOFF_PONDING_MM:
            self.runoff_mm += self.pond_mm - RUNOFF_PONDING_MM
            self.pond_mm = RUNOFF_PONDING_MM

    def _spread(self, hours: float) -> None:
        """Slow movement from wetter to drier neighbours, faster the wetter both are."""
        water, full = self.water_mm, self._full
        for index in range(len(water) - 1):
            upper, lower = water[index] / full[index], water[index + 1] / full[index + 1]
            mean = (upper + lower) / 2
            flow = SPREAD_MM_H * hours * 8.0 * mean * mean * mean * (upper - lower)
            limit = 0.25 * (upper - lower) * min(full[index], full[index + 1])
            flow = min(flow, limit) if flow > 0 else max(flow, limit)
            water[index] -= flow
            water[index + 1] += flow

    def _evaporate(self, demand_mm: float) -> None:
        """Two stages: freely while the top is moist, then as fast as the dry skin lets vapour through."""
        if demand_mm <= 0:
            return
        took = min(demand_mm, self.pond_mm)
        self.pond_mm -= took
        air_dry = 0.5 * self.soil.wilting_point_frac * THICKNESS_MM[0]
        moist = self.soil.field_capacity_frac * THICKNESS_MM[0]
        left = max(0.0, self.water_mm[0] - air_dry)
        share = min(1.0, left / (0.75 * (moist - air_dry))) ** 2
        dry = min((demand_mm - took) * share, left)
        self.water_mm[0] -= dry
        self.evaporated_mm += took + dry
