"""Depths, litres and minutes: one litre on one square metre is one millimetre."""

from __future__ import annotations


def depth_of_litres_mm(litres: float, area_m2: float) -> float:
    """Gross depth of a volume on an area.

    >>> depth_of_litres_mm(1200, 100)
    12.0
    """
    return litres / area_m2


def run_s(depth_mm: float, area_m2: float, flow_lpm: float) -> float:
    """Seconds a flow needs for a gross depth on an area.

    >>> run_s(10, 100, 40)
    1500.0
    """
    return depth_mm * area_m2 / flow_lpm * 60


def gross_mm(net_mm: float, efficiency_frac: float) -> float:
    """Gross depth to give so that the net depth reaches the roots (FAO-56 chapter 8)."""
    return net_mm / efficiency_frac
