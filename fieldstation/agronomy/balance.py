"""The daily soil water balance of the root zone: FAO-56 equations 85 to 88."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fieldstation.agronomy.evapotranspiration import hargreaves_et0_mm
from fieldstation.agronomy.water_balance import WaterBalance, next_morning, opened
from fieldstation.domain.day import Day
from fieldstation.domain.station import Zone

START_DEPLETION_FRAC = 0.3
"""Nobody knows the soil at planting; a third gone errs towards watering a little early, not late."""
MAX_UNKNOWN_DAYS = 3
TYPICAL_ET0_MM = 5.0


@dataclass(frozen=True, slots=True)
class DayBalance:
    """One day of one zone. Depletion is at the day's end, mm below field capacity.

    `known` is False when temperatures came from a neighbouring day or rain was not measured. `unknown_days`
    counts such days among the last seven.
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
    balance: WaterBalance | None = None
    et0_mm = TYPICAL_ET0_MM
    unknown: list[bool] = []
    for row in days:
        age = (row.on - zone.planted_on).days
        low, high = row.air_t_min_c, row.air_t_max_c
        if low is not None and high is not None:
            et0_mm = hargreaves_et0_mm(low, high, latitude_deg, row.on.timetuple().tm_yday)
        known = low is not None and high is not None and row.rain_mm is not None
        unknown.append(not known)
        lost = len(unknown) > MAX_UNKNOWN_DAYS and all(unknown[-1 - MAX_UNKNOWN_DAYS :])
        if balance is None or lost:
            # nobody followed the soil: begin anew rather than dry it out on guesses
            balance = opened(crop, soil, age, START_DEPLETION_FRAC)
        net_mm = row.irrigation_mm * zone.application_efficiency_frac
        balance = next_morning(balance, crop, soil, et0_mm, row.rain_mm or 0.0, net_mm)
        rows.append(
            DayBalance(
                row.on,
                et0_mm,
                balance.kc,
                balance.etc_mm,
                balance.ks,
                balance.taw_mm,
                balance.raw_mm,
                balance.depletion_mm,
                balance.percolation_mm,
                balance.root_m,
                known,
                sum(unknown[-7:]),
            )
        )
    return rows
