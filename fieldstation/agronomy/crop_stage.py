"""Where a crop stands in its season: crop coefficient and root depth by day."""

from __future__ import annotations

from fieldstation.domain.crop import Crop


def crop_coefficient(crop: Crop, day: int) -> float:
    """Kc of a day of the season (0 at planting). FAO-56 equation 66; 0 outside the season.

    Example 28: dry beans, stages 25/25/30/20 days, Kc 0.15/1.19/0.35: day 40 (15 days
    into development) has 0.77, day 95 (15 into late season) has 0.56.

    >>> bean = Crop("bean", (25, 25, 30, 20), 0.15, 1.19, 0.35, 0.2, 0.7, 0.45, 1.15, (0, 0, 0, 0), 3, 8, 0.9, "")
    >>> round(crop_coefficient(bean, 40), 2), round(crop_coefficient(bean, 95), 2)
    (0.77, 0.56)
    """
    initial, development, middle, late = crop.stage_days
    if day < 0 or day >= crop.season_days:
        return 0.0
    if day < initial:
        return crop.kc_ini
    day -= initial
    if day < development:
        return crop.kc_ini + day / development * (crop.kc_mid - crop.kc_ini)
    day -= development
    if day < middle:
        return crop.kc_mid
    return crop.kc_mid + (day - middle) / late * (crop.kc_end - crop.kc_mid)


def stage_of(crop: Crop, day: int) -> int:
    """0 initial, 1 development, 2 mid-season, 3 late; kept in 0..3 outside the season."""
    for stage, length in enumerate(crop.stage_days):
        if day < length:
            return stage
        day -= length
    return 3


def root_depth_m(crop: Crop, day: int) -> float:
    """Zr, m: linear from planting depth to full depth at the start of mid-season (FAO-56 chapter 8)."""
    grown = min(1.0, max(0.0, day / (crop.stage_days[0] + crop.stage_days[1])))
    return crop.root_min_m + (crop.root_max_m - crop.root_min_m) * grown


def in_season(crop: Crop, day: int) -> bool:
    """Whether a day counted from planting lies between planting and harvest."""
    return 0 <= day < crop.season_days
