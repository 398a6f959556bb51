"""From volts to water content along a probe's own calibration points."""

from __future__ import annotations

from collections.abc import Sequence


def soil_water_frac(volts: float, points: Sequence[tuple[float, float]]) -> float:
    """Water content, m3/m3, on straight lines between (volts, m3/m3) points by rising volts.

    Beyond the outer points their lines go on; whether that is still believable is
    quality control's question, not this one's.

    >>> round(soil_water_frac(2.0, [(1.0, 0.45), (3.0, 0.05)]), 3)
    0.25
    """
    at = 1
    while at < len(points) - 1 and volts > points[at][0]:
        at += 1
    (v0, f0), (v1, f1) = points[at - 1], points[at]
    return f0 + (volts - v0) * (f1 - f0) / (v1 - v0)
