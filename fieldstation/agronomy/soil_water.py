"""What the root zone can hold and what stress costs: TAW, RAW, Ks."""

from __future__ import annotations


def total_available_water_mm(
    field_capacity_frac: float, wilting_point_frac: float, root_depth_m: float
) -> float:
    """TAW, mm. FAO-56 equation 82. Example 36: tomato, 0.8 m deep in silt (0.32 and 0.15), has 136 mm.

    >>> round(total_available_water_mm(0.32, 0.15, 0.8))
    136
    """
    return 1000 * (field_capacity_frac - wilting_point_frac) * root_depth_m


def adjusted_p_frac(p_frac: float, etc_mm: float) -> float:
    """P for another crop use than 5 mm/day, kept in 0.1-0.8. FAO-56 table 22, footnote 2.

    >>> round(adjusted_p_frac(0.55, 7.0), 2)
    0.47
    """
    return min(0.8, max(0.1, p_frac + 0.04 * (5 - etc_mm)))


def readily_available_water_mm(p_frac: float, taw_mm: float) -> float:
    """RAW, mm: what may go before the crop feels it. FAO-56 equation 83; example 36: 54 mm of those 136.

    >>> round(readily_available_water_mm(0.40, 136))
    54
    """
    return p_frac * taw_mm


def stress_coefficient(taw_mm: float, raw_mm: float, depletion_mm: float) -> float:
    """Ks, 0-1. FAO-56 equation 84; example 37: TAW 160, RAW 64, and 67 mm gone on the third day.

    >>> stress_coefficient(160, 64, 61), round(stress_coefficient(160, 64, 67), 2)
    (1.0, 0.97)
    """
    if depletion_mm <= raw_mm:
        return 1.0
    if taw_mm <= raw_mm:
        return 0.0
    return max(0.0, (taw_mm - depletion_mm) / (taw_mm - raw_mm))
