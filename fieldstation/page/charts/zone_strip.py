"""Which water a zone's strip shows: that of its roots where a rung knows it, else the probe's own.

The verdict judges the root zone, so the line must too: a shallow probe may stand full over dry roots.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from fieldstation.domain.reading import Quality
from fieldstation.domain.station import Zone
from fieldstation.domain.status.decision import DecisionSummary
from fieldstation.domain.status.zone import NextRun, ProbeStatus, SoilRange, ZoneStatus
from fieldstation.language.sentences import Words
from fieldstation.page.charts.water_line import AHEAD_H, Labels, Line, Point, draw
from fieldstation.page.sources import Picture, ZoneRecord, level_of

DECIDED_GAP_H = 30.0  # decisions come twice a day; a day without one is a gap
PROBE_GAP_H = 3.0
OLD_READING_S = 7200.0
STEPS_H = (0.0, 12.0, 24.0, 48.0, 72.0)
MM_PER_M = 1000.0


def roots_known(live: ZoneStatus | None, record: ZoneRecord) -> bool:
    """Whether the newest decision knew the water of the root zone."""
    if live is not None:
        return live.decision is not None and _level(live.decision) is not None
    return record.decision is not None and level_of(record.decision) is not None


def strip(
    zone: Zone,
    live: ZoneStatus | None,
    record: ZoneRecord,
    picture: Picture,
    marks: tuple[float, float],
    words: Words,
    tz: tzinfo,
    *,
    height_px: int = 152,
) -> str:
    """The zone's water line as SVG. `marks` are soil water at the full and the dry line, m3/m3."""
    now = picture.now.replace(second=0, microsecond=0)  # a strip that says nothing new is the same strip
    planned = live.next_run if live is not None else None
    levels: Sequence[Point]
    if roots_known(live, record):
        levels, fan, gap_h = *_roots(zone, live, record, now, planned), DECIDED_GAP_H
    else:
        levels, fan, gap_h = *_probe(live, record, now, marks), PROBE_GAP_H
    watered = [run.started_at for run in record.runs]
    if live is not None and live.run is not None:
        watered.append(live.run.started_at)
    line = Line(now, levels, watered, picture.rain, fan, planned.at if planned else None, gap_h)
    return draw(line, labels(zone, words, tz), tz, height_px)


def labels(zone: Zone, words: Words, tz: tzinfo) -> Labels:
    """The words of a strip."""
    monday = datetime(2024, 1, 1, 12, tzinfo=UTC)
    return Labels(
        words("line_title", zone=zone.name),
        words("full"),
        words("dry"),
        words("now"),
        words("gap"),
        words.say("today", "no_forecast"),
        {day: words.day((monday + timedelta(days=day)).astimezone(tz)) for day in range(7)},
    )


def _roots(
    zone: Zone, live: ZoneStatus | None, record: ZoneRecord, now: datetime, planned: NextRun | None
) -> tuple[list[Point], list[tuple[float, float, float, float]]]:
    """The level at each decision, and how it goes on at the crop's use of these days."""
    levels = list(record.roots)
    decision = live.decision if live is not None else None
    level, line_mm = (None, None) if decision is None else (_level(decision), decision.line_mm)
    if live is None or decision is None or level is None or line_mm is None:
        return levels, []
    decided = decision.at
    levels = [point for point in levels if point[0] < decided - timedelta(minutes=1)]
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
    fan = []
    for hours in STEPS_H[1:]:
        wetter_mm, drier_mm = _spread_mm(zone, live.forecast, since_h + hours)
        likely = at_now - falls_per_h * hours
        fan.append((hours, likely - drier_mm / line_mm, likely, likely + wetter_mm / line_mm))
    return levels, fan


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
    live: ZoneStatus | None, record: ZoneRecord, now: datetime, marks: tuple[float, float]
) -> tuple[list[Point], list[tuple[float, float, float, float]]]:
    """The shallowest probe between its own two marks, and its forecast."""
    full, dry = marks
    span = max(0.01, full - dry)
    soil = list(record.soil)
    fan = []
    if live is not None:
        value, age_s = live.soil_water.value, live.soil_water.age_s
        if value is not None and age_s is not None and age_s < OLD_READING_S and stand_in(live) is None:
            soil.append((now, value))
        decision = live.decision
        behind_h = (now - decision.at).total_seconds() / 3600 if decision else 0.0
        fan = [
            (
                step.hours - behind_h,
                (step.p10 - dry) / span,
                (step.p50 - dry) / span,
                (step.p90 - dry) / span,
            )
            for step in live.forecast
            if behind_h < step.hours <= behind_h + AHEAD_H
        ]
    return [(at, (value - dry) / span) for at, value in soil], fan


def stand_in(live: ZoneStatus) -> ProbeStatus | None:
    """The deeper probe that speaks while the shallowest, whose line is drawn, is bad."""
    probes = sorted(live.probes, key=lambda probe: probe.depth_m)
    speaks = next((probe for probe in probes if probe.quality is Quality.GOOD), None)
    return None if speaks is None or speaks is probes[0] else speaks


def _level(decision: DecisionSummary) -> float | None:
    """The same of a decision that was told."""
    if decision.depletion_mm is None or decision.line_mm is None:
        return None
    return 1.0 - decision.depletion_mm / decision.line_mm
