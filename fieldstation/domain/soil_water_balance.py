"""The books of the root zone behind a decision."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SoilWaterBalance:
    """What is missing from a full root zone, mm net: before + use - rain - water + lost + other = now.

    `before_mm` stood `days` whole days ago (at the start of yesterday; in the advice stream at
    the line before), `now_mm` stands at the decision. `lost_mm` ran below the roots, `other_mm`
    is what is neither: roots that grew, probes that were heard, an account begun anew.
    """

    days: int
    before_mm: float
    use_mm: float
    rain_mm: float
    water_mm: float
    lost_mm: float
    other_mm: float
    now_mm: float


def closed(
    days: int, before_mm: float, use_mm: float, rain_mm: float, water_mm: float, lost_mm: float, now_mm: float
) -> SoilWaterBalance:
    """The account with what is left over named.

    >>> closed(1, 30.0, 5.0, 0.0, 10.0, 0.0, 26.0).other_mm
    1.0
    """
    before_mm, use_mm, rain_mm = round(before_mm, 1), round(use_mm, 1), round(rain_mm, 1)
    water_mm, lost_mm, now_mm = round(water_mm, 1), round(lost_mm, 1), round(now_mm, 1)
    other_mm = round(now_mm - (before_mm + use_mm - rain_mm - water_mm + lost_mm), 1) + 0.0
    return SoilWaterBalance(days, before_mm, use_mm, rain_mm, water_mm, lost_mm, other_mm, now_mm)
