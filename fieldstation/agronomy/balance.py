"""The daily soil water balance of the root zone: FAO-56 equations 85 to 88."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fieldstation.agronomy.crop_stage import crop_coefficient, root_depth_m
from fieldstation.agronomy.evapotranspiration import hargreaves_et0_mm
from fieldstation.agronomy.soil_water import (
    adjusted_p_frac,
    readily_available_water_mm,
    stress_coefficient,
    total_available_water_mm,
)
from fieldstation.domain.day import Day
from fieldstation.domain.station import Zone

START_DEPLETION_FRAC = 0.3
"""Nobody knows the soil at planting; a third gone errs towards watering a little early, not late."""
MAX_UNKNOWN_DAYS = 3
TYPICAL_ET0_MM = 5.0


@dataclass(frozen=True, slots=True)
class DayBalance:
    """One day of one zone. Depletion is at the day's end, mm below field capacity.

    `known` is False when temperatures had to be borrowed from a neighbouring day or rain
    was not measured; `unknown_days` counts how many such days lie among the last seven.
    """

    on: date
    et0_mm: float
    kc: float
    etc_mm: float
    ks: float
    taw_mm: float
    raw_mm: float
    depletion_mm: float
    deep_percolation_mm: float
    root_m: float
    known: bool
    unknown_days: int


def trace(days: Sequence[Day], zone: Zone, latitude_deg: float) -> list[DayBalance]:
    """The balance from the first given day on (planting or later), one row a day.

    Dr,i = Dr,i-1 - P - I + ETc + DP, kept in 0..TAW (eq. 85-88); runoff is taken as none
    and rain under 0.2 ET0 a day as lost (FAO-56 chapter 8). Irrigation counts net:
    gross depth times the application efficiency. A day without rain reading counts none,
    a day without temperatures borrows the day before, both marked `known=False`. After
    more than MAX_UNKNOWN_DAYS such days in a row the balance begins anew.
    """
    rows: list[DayBalance] = []
    soil, crop = zone.soil, zone.crop
    depletion_mm: float | None = None
    et0_mm = TYPICAL_ET0_MM
    unknown: list[bool] = []
    for row in days:
        age = (row.on - zone.planted_on).days
        low, high = row.air_t_min_c, row.air_t_max_c
        measured = low is not None and high is not None
        if low is not None and high is not None:
            et0_mm = hargreaves_et0_mm(low, high, latitude_deg, row.on.timetuple().tm_yday)
        known = measured and row.rain_mm is not None
        unknown.append(not known)
        kc = crop_coefficient(crop, age)
        root_m = root_depth_m(crop, age)
        taw_mm = total_available_water_mm(soil.field_capacity_frac, soil.wilting_point_frac, root_m)
        lost = len(unknown) > MAX_UNKNOWN_DAYS and all(unknown[-1 - MAX_UNKNOWN_DAYS :])
        if depletion_mm is None or lost:
            # nobody followed the soil: begin anew rather than dry it out on guesses
            depletion_mm = START_DEPLETION_FRAC * taw_mm
        else:
            # roots that reach down find the deeper soil as it was left: taken as equally dry
            depletion_mm *= taw_mm / rows[-1].taw_mm
        demand_mm = kc * et0_mm
        raw_mm = readily_available_water_mm(adjusted_p_frac(crop.p_frac, demand_mm), taw_mm)
        ks = stress_coefficient(taw_mm, raw_mm, depletion_mm)
        rain_mm = row.rain_mm or 0.0
        if rain_mm < 0.2 * et0_mm:
            rain_mm = 0.0
        water_mm = rain_mm + row.irrigation_mm * zone.application_efficiency_frac
        etc_mm = ks * demand_mm
        after_mm = depletion_mm - water_mm + etc_mm
        percolation_mm = max(0.0, -after_mm)
        depletion_mm = min(taw_mm, max(0.0, after_mm))
        rows.append(
            DayBalance(
                row.on, et0_mm, kc, etc_mm, ks, taw_mm, raw_mm, depletion_mm, percolation_mm, root_m, known,
                sum(unknown[-7:]),
            )
        )  # fmt: skip
    return rows
