"""A zone and its lines, as an agronomist would write them."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

ZONE: dict[str, Any] = {
    "latitude_deg": 36.8,
    "elevation_m": 10,
    "zone": {
        "soil": "loam",
        "crop": "tomato",
        "planted_on": "2026-04-10",
        "area_m2": 10000,
        "max_depth_mm_per_day": 25,
        "application_efficiency_frac": 0.85,
    },
}
PLANTED = date(2026, 4, 10)


def zone(**more: Any) -> dict[str, Any]:
    """The zone with other entries; None leaves one out."""
    found = {**ZONE["zone"], **more}
    return {**ZONE, "zone": {key: value for key, value in found.items() if value is not None}}


class Ground:
    """A metre of loam that answers to water, for seasons in which the advice is followed."""

    def __init__(self) -> None:
        self.theta = 0.30

    def soil(self, day: int, given_mm: float) -> list[dict[str, float]]:
        """This morning's probes."""
        use_mm = 6.0 * min(1.1, 0.4 + day / 80) * min(1.0, max(0.0, (self.theta - 0.16) / 0.06))
        self.theta = min(0.315, self.theta + (0.85 * given_mm - use_mm) / 900)
        return [
            {"depth_cm": 15, "vwc_frac": round(self.theta - 0.01 + 0.002 * math.sin(3 * day), 4)},
            {"depth_cm": 45, "vwc_frac": round(self.theta + 0.002 * math.cos(5 * day), 4)},
        ]


def line(day: int, **more: Any) -> dict[str, Any]:
    """A dry warm morning; the probes fall slowly."""
    wet = 0.31 - 0.0022 * (day % 40)
    found: dict[str, Any] = {
        "on": (PLANTED + timedelta(days=day)).isoformat(),
        "air_t_min_c": 15.0 + math.sin(day),
        "air_t_max_c": 29.0 + math.cos(day),
        "rh_mean_pct": 55.0,
        "rain_mm": 0.0,
        "irrigated_mm": 0.0,
        "soil": [
            {"depth_cm": 15, "vwc_frac": round(wet - 0.02 + 0.002 * math.sin(3 * day), 4)},
            {"depth_cm": 45, "vwc_frac": round(wet + 0.002 * math.cos(5 * day), 4)},
        ],
        "forecast": [{"rain_mm": 0.0, "air_t_min_c": 15.0, "air_t_max_c": 29.0}] * 7,
    }
    return {**found, **more}
