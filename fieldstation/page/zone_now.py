"""A zone as far as anybody knows: by the controller, or while it is silent by the record. Every screen shows this one.

The line of its picture is the water of its roots where a rung knows it, else the probe's own: the verdict judges the
root zone, and a shallow probe may stand full over dry roots.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fieldstation.domain.decision import Decision, Value, ZoneState
from fieldstation.domain.reading import Quality, Quantity
from fieldstation.domain.run import Run
from fieldstation.domain.station import Zone
from fieldstation.domain.status.decision import DecisionStatus, decision_status
from fieldstation.domain.status.zone import LastRun, ProbeStatus, SoilRange, SoilWater, ZoneStatus
from fieldstation.page.charts.water_line import AHEAD_H, Fan, Line, Point

DECIDED_GAP_H = 30.0  # decisions come twice a day; a day without one is a gap
PROBE_GAP_H = 3.0
OLD_READING_S = 7200.0
STEPS_H = (12.0, 24.0, 48.0, 72.0)
MM_PER_M = 1000.0


@dataclass(slots=True)
class ZoneRecord:
    """What the record tells of one zone: soil water by hour, runs, the newest decision.

    `roots` is root-zone water at each decision that knew it: 1 at the full line, 0 at the dry line.
    """

    soil: list[Point] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    last_run: Run | None = None
    decision: Decision | None = None
    roots: list[Point] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ZoneNow:
    """One zone now. `live` is None while the controller is silent; the rest is then the record's.

    `stand_in`: the deeper probe that speaks while the shallowest, whose line is drawn, is bad. `line_mm`: the
    depletion at which water is due, where the newest decision knew the roots' water; `line` shows that then.
    `full_frac` and `dry_frac` are soil water at the full and the dry line, m3/m3.
    """

    live: ZoneStatus | None
    record: ZoneRecord
    verdict: ZoneState
    soil_water: SoilWater
    decision: DecisionStatus | None
    last_run: LastRun | Run | None
    stand_in: ProbeStatus | None
    line_mm: float | None
    full_frac: float
    dry_frac: float
    line: Line


def zone_now(
    zone: Zone, live: ZoneStatus | None, record: ZoneRecord, rain: Sequence[Point], now: datetime
) -> ZoneNow:
    """Put together what is known of a zone at an instant."""
    full_frac, dry_frac = marks(zone, live, record)
    stand_in = None if live is None else _stand_in(live)
    decision = live.decision if live else decision_status(record.decision) if record.decision else None
    level = None if decision is None else level_of(decision.depletion_mm, decision.reason.values)
    at = now.replace(second=0, microsecond=0)  # a strip that says nothing new is the same strip
    if decision is None or level is None:
        levels, band = _probe(live, record, at, full_frac, dry_frac, stand_in)
    else:
        levels, band = _roots(zone, live, record, at, level)
    watered = [run.started_at for run in record.runs]
    if live is not None and live.run is not None:
        watered.append(live.run.started_at)
    planned = live.next_run.at if live is not None and live.next_run is not None else None
    return ZoneNow(
        live=live,
        record=record,
        verdict=live.verdict if live else ZoneState.UNKNOWN,
        soil_water=live.soil_water if live else _recorded(record, now),
        decision=decision,
        last_run=live.last_run if live else record.last_run,
        stand_in=stand_in,
        line_mm=None if decision is None or level is None else decision.line_mm,
        full_frac=full_frac,
        dry_frac=dry_frac,
        line=Line(at, levels, watered, rain, band, planned, PROBE_GAP_H if level is None else DECIDED_GAP_H),
    )


def level_of(depletion_mm: float | None, values: Mapping[str, Value]) -> float | None:
    """Root-zone water as a part of what the crop has with ease: 1 full, 0 at the dry line; None if not known."""
    line_mm = values.get("line_mm")
    if depletion_mm is None or not isinstance(line_mm, int | float) or line_mm <= 0:
        return None
    return 1.0 - depletion_mm / float(line_mm)


def marks(zone: Zone, live: ZoneStatus | None, record: ZoneRecord) -> tuple[float, float]:
    """Soil water at the full and the dry line: of the decision in force, else of the one on record."""
    if live is not None:
        return live.full_frac, live.dry_frac
    if record.decision is not None:
        return record.decision.full_frac, record.decision.dry_frac
    return zone.soil.field_capacity_frac, zone.soil.wilting_point_frac


def _recorded(record: ZoneRecord, now: datetime) -> SoilWater:
    """What a probe read last, with its age."""
    unit = Quantity.SOIL_WATER.unit
    if not record.soil:
        return SoilWater(None, unit, None, Quality.NO_ANSWER)
    at, value = record.soil[-1]
    return SoilWater(round(value, 4), unit, round((now - at).total_seconds()), Quality.STALE)


def _stand_in(live: ZoneStatus) -> ProbeStatus | None:
    probes = sorted(live.probes, key=lambda probe: probe.depth_m)
    speaks = next((probe for probe in probes if probe.quality is Quality.GOOD), None)
    return None if speaks is None or speaks is probes[0] else speaks


def _roots(
    zone: Zone, live: ZoneStatus | None, record: ZoneRecord, now: datetime, level: float
) -> tuple[list[Point], list[Fan]]:
    """The level at each decision, and how it goes on at the crop's use of these days."""
    decision = live.decision if live is not None else None
    line_mm = None if decision is None else decision.line_mm
    if live is None or decision is None or line_mm is None:
        return list(record.roots), []
    decided, planned = decision.at, live.next_run
    levels = [point for point in record.roots if point[0] < decided - timedelta(minutes=1)]
    use_mm_day = decision.reason.values.get("use_mm_day")
    meets = planned.at if planned is not None and not planned.certain and level > 0 else None
    if meets is not None and meets > decided:
        falls_per_h = level / ((meets - decided).total_seconds() / 3600)  # as the plan reckons
    elif isinstance(use_mm_day, int | float):
        falls_per_h = float(use_mm_day) / line_mm / 24
    else:
        return [*levels, (decided, level), (now, level)], []
    since_h = max(0.0, (now - decided).total_seconds() / 3600)
    at_now = level - falls_per_h * since_h
    if decided < now - timedelta(minutes=10):
        levels.append((decided, level))
    levels.append((now, at_now))
    band = []
    for hours in STEPS_H:
        wetter_mm, drier_mm = _spread_mm(zone, live.forecast, since_h + hours)
        likely = at_now - falls_per_h * hours
        band.append((hours, likely - drier_mm / line_mm, likely, likely + wetter_mm / line_mm))
    return levels, band


def _spread_mm(zone: Zone, forecast: Sequence[SoilRange], hours: float) -> tuple[float, float]:
    """How much wetter and drier it may be than likely: the probe's range in the layer that it stands for.

    A probe stands for the ground down to twice its depth, which is where water comes and goes within days.
    """
    if not forecast or not zone.probes:
        return 0.0, 0.0
    layer_mm = 2 * min(probe.depth_m for probe in zone.probes) * MM_PER_M
    steps = [(0.0, 0.0, 0.0)]
    steps += [(step.hours, step.p90 - step.p50, step.p50 - step.p10) for step in forecast]
    for before, after in itertools.pairwise(steps):
        if hours <= after[0]:
            part = (hours - before[0]) / (after[0] - before[0])
            wetter, drier = (before[i] + part * (after[i] - before[i]) for i in (1, 2))
            return wetter * layer_mm, drier * layer_mm
    return steps[-1][1] * layer_mm, steps[-1][2] * layer_mm


def _probe(
    live: ZoneStatus | None,
    record: ZoneRecord,
    now: datetime,
    full: float,
    dry: float,
    stand_in: ProbeStatus | None,
) -> tuple[list[Point], list[Fan]]:
    """The shallowest probe between its own two marks, and its forecast."""
    span = max(0.01, full - dry)
    soil, band = list(record.soil), []
    if live is not None:
        value, age_s = live.soil_water.value, live.soil_water.age_s
        if value is not None and age_s is not None and age_s < OLD_READING_S and stand_in is None:
            soil.append((now, value))
        behind_h = (now - live.decision.at).total_seconds() / 3600 if live.decision else 0.0
        band = [
            (step.hours - behind_h, (step.p10 - dry) / span, (step.p50 - dry) / span, (step.p90 - dry) / span)
            for step in live.forecast
            if behind_h < step.hours <= behind_h + AHEAD_H
        ]
    return [(at, (value - dry) / span) for at, value in soil], band
