"""Warmth as crops count it."""

from __future__ import annotations


def heat_units_c_days(t_min_c: float, t_max_c: float, base_t_c: float) -> float:
    """One day's growing degree days: its mean less the crop's base, never negative (McMaster and Wilhelm 1997, method 1).

    >>> heat_units_c_days(12, 28, 8), heat_units_c_days(2, 8, 8)
    (12.0, 0.0)
    """
    return max(0.0, (t_min_c + t_max_c) / 2 - base_t_c)
