"""How dry a zone's roots are by balance and by probe, each honest about what it does not know."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fieldstation.agronomy.balance import MAX_UNKNOWN_DAYS, START_DEPLETION_FRAC, DayBalance, trace
from fieldstation.agronomy.crop_stage import crop_coefficient, root_depth_m
from fieldstation.agronomy.month import Month
from fieldstation.agronomy.soil_water import (
    adjusted_p_frac,
    readily_available_water_mm,
    total_available_water_mm,
)
from fieldstation.agronomy.water_balance import counted_rain_mm, opened
from fieldstation.domain.reading import Reading
from fieldstation.domain.soil_water_balance import SoilWaterBalance, closed
from fieldstation.policies.facts import ZoneFacts

PROBE_MAX_AGE_S = 7200.0


@dataclass(frozen=True, slots=True)
class RootZone:
    """Depletion and marks in mm; `etc_mm` is what the crop uses a day now."""

    depletion_mm: float
    taw_mm: float
    raw_mm: float
    etc_mm: float
    root_m: float
    unknown_days: int
    soil_balance: SoilWaterBalance | None = None  # the books that `by_balance` closed
    wetness: float = Month().wetness  # of the last month


def by_balance(facts: ZoneFacts) -> RootZone | None:
    """The FAO-56 balance up to now; None without a single known day among the last ones."""
    rows = _rows(facts)
    if not rows:
        return None
    last = rows[-1]
    unknown = last.unknown_days
    if len(rows) >= MAX_UNKNOWN_DAYS and not any(row.known for row in rows[-MAX_UNKNOWN_DAYS:]):
        unknown = max(unknown, MAX_UNKNOWN_DAYS + 1)
    today = facts.today
    rain_mm = today.rain_mm or 0.0
    water_mm = today.irrigation_mm * facts.zone.application_efficiency_frac
    local = facts.at.astimezone(facts.timezone)
    # the day's use follows the sun: nothing before 6, all of it by 18
    part = min(1.0, max(0.0, (local.hour + local.minute / 60 - 6) / 12))
    demand_mm = crop_coefficient(facts.zone.crop, facts.day) * last.et0_mm
    use_mm = last.ks * demand_mm * part
    after_mm = last.depletion_mm + use_mm - rain_mm - water_mm
    depletion_mm = min(last.taw_mm, max(0.0, after_mm))
    soil_balance = _balance_of(facts, rows, use_mm, rain_mm, water_mm, max(0.0, -after_mm), depletion_mm)
    return RootZone(
        depletion_mm,
        last.taw_mm,
        last.raw_mm,
        demand_mm,
        last.root_m,
        unknown,
        soil_balance,
        _wetness(facts, rows),
    )


def _wetness(facts: ZoneFacts, rows: list[DayBalance]) -> float:
    month = Month()
    for day, row in zip(facts.days, rows, strict=False):
        month = month.next_day(day.rain_mm or 0.0, row.kc * row.et0_mm)
    return month.wetness


def _balance_of(
    facts: ZoneFacts,
    rows: list[DayBalance],
    use_mm: float,
    rain_mm: float,
    water_mm: float,
    lost_mm: float,
    now_mm: float,
) -> SoilWaterBalance:
    """From the start of yesterday to now; the arguments are what today brought so far."""
    if not facts.days:  # planted today: there is no yesterday
        return closed(0, rows[-1].depletion_mm, use_mm, rain_mm, water_mm, lost_mm, now_mm)
    day, last = facts.days[-1], rows[-1]
    if len(rows) > 1:
        before_mm = rows[-2].depletion_mm
    else:
        age = (last.on - facts.zone.planted_on).days
        before_mm = opened(facts.zone.crop, facts.zone.soil, age, START_DEPLETION_FRAC).depletion_mm
    return closed(
        1,
        before_mm,
        last.etc_mm + use_mm,
        counted_rain_mm(day.rain_mm or 0.0, last.et0_mm) + rain_mm,
        day.irrigation_mm * facts.zone.application_efficiency_frac + water_mm,
        last.deep_percolation_mm + lost_mm,
        now_mm,
    )


def levels(facts: ZoneFacts, etc_mm: float = 5.0) -> RootZone:
    """TAW and RAW of today without any balance; depletion is 0 and means nothing."""
    crop, soil = facts.zone.crop, facts.zone.soil
    root_m = root_depth_m(crop, facts.day)
    taw_mm = total_available_water_mm(soil.field_capacity_frac, soil.wilting_point_frac, root_m)
    raw_mm = readily_available_water_mm(adjusted_p_frac(crop.p_frac, etc_mm), taw_mm)
    return RootZone(0.0, taw_mm, raw_mm, etc_mm, root_m, 0)


def by_probes(facts: ZoneFacts, zone: RootZone) -> float | None:
    """Depletion in mm that the good probes within the roots show, or None.

    A probe speaks for the roots around its depth; the nearest above the root depth count alike.
    """
    good = usable_probes(facts)
    within = [(depth, value) for depth, value in good if depth <= zone.root_m + 0.1] or good[:1]
    if not within:
        return None
    soil = facts.zone.soil
    mean = sum(value for _, value in within) / len(within)
    span = soil.field_capacity_frac - soil.wilting_point_frac
    return min(zone.taw_mm, max(0.0, (soil.field_capacity_frac - mean) / span * zone.taw_mm))


def usable_probes(facts: ZoneFacts) -> list[tuple[float, float]]:
    """(depth in m, m3/m3) of every probe that is good and young, shallow first."""
    return sorted(
        (depth, reading.value)
        for depth, reading, age_s in facts.probes
        if _usable(reading, age_s) and reading.value is not None
    )


def _usable(reading: Reading, age_s: float) -> bool:
    return reading.good and 0 <= age_s <= PROBE_MAX_AGE_S


def _rows(facts: ZoneFacts) -> list[DayBalance]:
    if not facts.days:
        # on the day of planting there is no day behind: the open one stands in for it
        if facts.today.air_t_min_c is None:
            return []
        return trace([replace(facts.today, irrigation_mm=0.0, rain_mm=0.0)], facts.zone, facts.latitude_deg)
    return trace(facts.days, facts.zone, facts.latitude_deg)
