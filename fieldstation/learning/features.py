"""From the past to one row of numbers, pure: what the models see, in words with units.

Every feature belongs to a group that a farmer knows; a prediction's reasons are told by
group. Missing is NaN, which LightGBM takes as missing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from fieldstation.agronomy.balance import DayBalance, trace
from fieldstation.domain.day import Day, ProbeDay
from fieldstation.domain.station import Zone

NAN = math.nan

# name -> group
FEATURES: dict[str, str] = {
    "probe_shallow_frac": "soil_probe",  # last reading less wilting point, over the soil's span
    "probe_deep_frac": "soil_probe",
    "probe_shallow_change_1d": "soil_probe",
    "probe_shallow_change_3d": "soil_probe",
    "probe_deep_change_3d": "soil_probe",
    "probe_high_14d_frac": "soil_probe",  # highest in two weeks: where this probe shows full
    "balance_depletion_frac": "soil_balance",
    "balance_taw_mm": "soil_balance",
    "balance_percolation_7d_mm": "soil_balance",
    "balance_stress_frac": "soil_balance",  # mean of 1 - Ks since planting
    "rain_1d_mm": "rain",
    "rain_3d_mm": "rain",
    "rain_14d_mm": "rain",
    "irrigation_1d_mm": "water_given",
    "irrigation_3d_mm": "water_given",
    "irrigation_14d_mm": "water_given",
    "irrigation_season_mm": "water_given",
    "air_t_max_c": "weather",
    "air_t_mean_3d_c": "weather",
    "rh_mean_frac": "weather",
    "et0_mm": "weather",
    "et0_7d_mm": "weather",
    "season_frac": "crop_stage",
    "kc": "crop_stage",
    "root_m": "crop_stage",
    "p_frac": "crop_stage",
    "ky": "crop_stage",
    "soil_span_frac": "soil",
    "soil_field_capacity_frac": "soil",
}
NAMES = tuple(FEATURES)


def row(
    zone: Zone, latitude_deg: float, days: Sequence[Day], today: Day
) -> tuple[list[float], DayBalance | None]:
    """One feature row, ordered as NAMES, and the balance's last day. Never raises for missing data.

    `days` are the complete days since planting, oldest first; `today` is the open day,
    whose probes, rain and water count as far as it has come.
    """
    rows = trace(days, zone, latitude_deg)
    last = rows[-1] if rows else None
    soil = zone.soil
    span = soil.field_capacity_frac - soil.wilting_point_frac

    def scaled(frac: float | None) -> float:
        return NAN if frac is None else (frac - soil.wilting_point_frac) / span

    everything = (*days, today)
    shallow, deep = _series(everything, zone, 0), _series(everything, zone, -1)
    week, recent = days[-7:], days[-3:]
    depletion = NAN
    if last is not None:
        water_mm = (today.rain_mm or 0.0) + today.irrigation_mm * zone.application_efficiency_frac
        depletion = max(0.0, last.depletion_mm - water_mm) / last.taw_mm
    age = (today.on - zone.planted_on).days
    newest = days[-1] if days else today
    values = {
        "probe_shallow_frac": scaled(_at(shallow, 0)),
        "probe_deep_frac": scaled(_at(deep, 0)),
        "probe_shallow_change_1d": _change(shallow, 1, span),
        "probe_shallow_change_3d": _change(shallow, 3, span),
        "probe_deep_change_3d": _change(deep, 3, span),
        "probe_high_14d_frac": scaled(max((p.max_frac for p in shallow[-14:] if p), default=None)),
        "balance_depletion_frac": depletion,
        "balance_taw_mm": last.taw_mm if last else NAN,
        "balance_percolation_7d_mm": sum(r.deep_percolation_mm for r in rows[-7:]) if rows else NAN,
        "balance_stress_frac": sum(1 - r.ks for r in rows) / len(rows) if rows else NAN,
        "rain_1d_mm": _sum([today.rain_mm, newest.rain_mm]),
        "rain_3d_mm": _sum([day.rain_mm for day in recent]),
        "rain_14d_mm": _sum([day.rain_mm for day in days[-14:]]),
        "irrigation_1d_mm": today.irrigation_mm + (days[-1].irrigation_mm if days else 0.0),
        "irrigation_3d_mm": sum(day.irrigation_mm for day in recent),
        "irrigation_14d_mm": sum(day.irrigation_mm for day in days[-14:]),
        "irrigation_season_mm": sum(day.irrigation_mm for day in days),
        "air_t_max_c": NAN if newest.air_t_max_c is None else newest.air_t_max_c,
        "air_t_mean_3d_c": _mean(
            [(d.air_t_min_c + d.air_t_max_c) / 2 for d in recent
             if d.air_t_min_c is not None and d.air_t_max_c is not None]
        ),
        "rh_mean_frac": NAN if newest.rh_mean_frac is None else newest.rh_mean_frac,
        "et0_mm": last.et0_mm if last else NAN,
        "et0_7d_mm": sum(r.et0_mm for r in rows[-7:]) if len(week) == 7 else NAN,
        "season_frac": age / zone.crop.season_days,
        "kc": last.kc if last else zone.crop.kc_ini,
        "root_m": last.root_m if last else zone.crop.root_min_m,
        "p_frac": zone.crop.p_frac,
        "ky": zone.crop.ky,
        "soil_span_frac": span,
        "soil_field_capacity_frac": soil.field_capacity_frac,
    }  # fmt: skip
    return [values[name] for name in NAMES], last


def main_probe(zone: Zone, days: Sequence[Day], today: Day) -> float | None:
    """The shallowest probe's last value, m3/m3, today's or yesterday's."""
    series = _series((*days[-1:], today), zone, 0)
    found = [probe.last_frac for probe in series if probe is not None]
    return found[-1] if found else None


def _series(days: Sequence[Day], zone: Zone, which: int) -> list[ProbeDay | None]:
    if not zone.probes:
        return []
    sensor = zone.probes[which].device.id
    return [next((p for p in day.probes if p.sensor == sensor), None) for day in days[-15:]]


def _at(series: list[ProbeDay | None], back: int) -> float | None:
    probe = series[-1 - back] if len(series) > back else None
    if probe is None and back == 0 and len(series) > 1:
        probe = series[-2]  # nothing yet today
    return probe.last_frac if probe else None


def _change(series: list[ProbeDay | None], back: int, span: float) -> float:
    now, then = _at(series, 0), _at(series, back)
    return NAN if now is None or then is None else (now - then) / span


def _sum(values: Sequence[float | None]) -> float:
    known = [value for value in values if value is not None]
    return sum(known) if known else NAN


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else NAN
