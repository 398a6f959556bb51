"""The soil's water balance, kept day by day: FAO-56 equations 85 to 88 as a running sum."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fieldstation.agronomy.crop_stage import crop_coefficient, root_depth_m
from fieldstation.agronomy.soil_water import (
    adjusted_p_frac,
    readily_available_water_mm,
    stress_coefficient,
    total_available_water_mm,
)
from fieldstation.domain.crop import Crop
from fieldstation.domain.soil import Soil

LOST_RAIN_OF_ET0 = 0.2
"""Rain under this part of ET0 wets leaves, not roots (FAO-56 chapter 8)."""


@dataclass(frozen=True, slots=True)
class WaterBalance:
    """The root zone at one morning. Depletion is mm below field capacity, 0 to TAW."""

    day: int  # since planting
    root_m: float
    taw_mm: float
    raw_mm: float
    depletion_mm: float
    kc: float = 0.0  # of the day that ended
    et0_mm: float = 0.0
    etc_mm: float = 0.0
    ks: float = 1.0
    percolation_mm: float = 0.0

    @property
    def depletion_frac(self) -> float:
        """Of TAW."""
        return self.depletion_mm / self.taw_mm


def opened(crop: Crop, soil: Soil, day: int, depletion_frac: float) -> WaterBalance:
    """An account begun on a day of the season with a depletion somebody assumes."""
    root_m = root_depth_m(crop, day)
    taw_mm = total_available_water_mm(soil.field_capacity_frac, soil.wilting_point_frac, root_m)
    raw_mm = readily_available_water_mm(crop.p_frac, taw_mm)
    return WaterBalance(day, root_m, taw_mm, raw_mm, depletion_frac * taw_mm)


def next_morning(
    before: WaterBalance, crop: Crop, soil: Soil, et0_mm: float, rain_mm: float, net_irrigation_mm: float
) -> WaterBalance:
    """One day later. Dr,i = Dr,i-1 - P - I + ETc + DP, kept in 0..TAW.

    >>> from fieldstation.domain.crop import Crop
    >>> bean = Crop("bean", (25, 25, 30, 20), 0.4, 1.15, 0.35, 0.5, 0.5, 0.45, 1.15, (0, 0, 0, 0), 3, 8, 0.9, "")
    >>> loam = Soil("loam", 0.25, 0.12, 0.45)
    >>> begun = opened(bean, loam, 50, 0.2)
    >>> after = next_morning(begun, bean, loam, 5.0, 0.0, 0.0)
    >>> round(begun.depletion_mm, 2), round(after.etc_mm, 2), round(after.depletion_mm, 2)
    (13.0, 5.75, 18.75)
    """
    kc = crop_coefficient(crop, before.day)
    demand_mm = kc * et0_mm
    p_frac = adjusted_p_frac(crop.p_frac, demand_mm)
    ks = stress_coefficient(before.taw_mm, p_frac * before.taw_mm, before.depletion_mm)
    etc_mm = ks * demand_mm
    came_mm = counted_rain_mm(rain_mm, et0_mm) + net_irrigation_mm
    after_mm = before.depletion_mm - came_mm + etc_mm
    root_m = root_depth_m(crop, before.day + 1)
    taw_mm = total_available_water_mm(soil.field_capacity_frac, soil.wilting_point_frac, root_m)
    kept_mm = min(before.taw_mm, max(0.0, after_mm))
    return WaterBalance(
        day=before.day + 1,
        root_m=root_m,
        taw_mm=taw_mm,
        raw_mm=p_frac * taw_mm,
        # roots that reach down find the deeper soil as it was left: taken as equally dry
        depletion_mm=kept_mm * taw_mm / before.taw_mm,
        kc=kc,
        et0_mm=et0_mm,
        etc_mm=etc_mm,
        ks=ks,
        percolation_mm=max(0.0, -after_mm),
    )


def counted_rain_mm(rain_mm: float, et0_mm: float) -> float:
    """The rain of a day that reaches the roots.

    >>> counted_rain_mm(0.5, 5.0), counted_rain_mm(8.0, 5.0)
    (0.0, 8.0)
    """
    return rain_mm if rain_mm >= LOST_RAIN_OF_ET0 * et0_mm else 0.0


def moved(balance: WaterBalance, depletion_frac: float) -> WaterBalance:
    """The same morning, with a depletion that somebody knows better."""
    return replace(balance, depletion_mm=min(1.0, max(0.0, depletion_frac)) * balance.taw_mm)
