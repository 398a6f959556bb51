"""What a zone's own record says of the zone: how fast water comes, how much the soil holds, how it answers. Pure.

Each figure is a median with the span of its middle 80 % and its certainty. A figure out of its plausible
span is shown and not used. None of them reaches the guard or a limit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from fieldstation.domain.day import Day
from fieldstation.domain.learned import Calibration
from fieldstation.domain.run import Run
from fieldstation.domain.soil import Soil

KINDS = ("mm_per_minute", "field_capacity_frac", "response_h", "crop_use")
MIN_RUN_S = 300.0
"""Pipes fill first: the flow of a shorter run says little."""
MIN_OBSERVATIONS = {"mm_per_minute": 4, "field_capacity_frac": 3, "response_h": 4, "crop_use": 8}
SURE_AT = {"mm_per_minute": 4.0, "field_capacity_frac": 5.0, "response_h": 6.0, "crop_use": 20.0}
"""So many observations make a figure half sure; a wide spread makes it less so."""
FLOW_FROM, FLOW_TO = 0.4, 1.6  # of the pump's nominal flow
FULL_OFF_FRAC = 0.12  # m3/m3 from the table's field capacity
RESPONSE_TO_H = 72.0
USE_FROM, USE_TO = 0.6, 1.4
RISE_FRAC = 0.012
"""A probe has answered when it stands this far above where it stood, well over its noise."""
THOROUGH_MM = 15.0
DRAINED_DAYS, DEEP_DRAINED_DAYS = 1, 2
DEEP_FROM_M = 0.3
"""Near the surface the crop takes more than drainage does after the first day."""
RESTED_DAYS = 2
"""Days after water before drying is the crop's alone and not drainage's."""

Hour = tuple[datetime, float]
"""The begin of an hour and a probe's mean in it, m3/m3."""


def mm_per_minute(zone: str, runs: Sequence[Run], area_m2: float, nominal_lpm: float) -> Calibration:
    """Gross depth a minute by the flow meter, from runs it measured; a run credited by time says nothing."""
    found = [
        run.litres / area_m2 / (run.on_s / 60)
        for run in runs
        if run.measured and run.on_s >= MIN_RUN_S and run.litres > 0
    ]
    nominal = nominal_lpm / area_m2
    if not found:
        return _none(zone, None, "mm_per_minute", "no_flow_meter" if runs else "too_few")
    return _found(zone, None, "mm_per_minute", found, FLOW_FROM * nominal, FLOW_TO * nominal)


def field_capacity(zone: str, sensor: str, days: Sequence[Day], soil: Soil, efficiency: float) -> Calibration:
    """Where a probe stands a day (deep: two) after a thorough wetting that reached it, on its own scale, m3/m3."""
    deep = any(p.depth_m >= DEEP_FROM_M for day in days for p in day.probes if p.sensor == sensor)
    rest = DEEP_DRAINED_DAYS if deep else DRAINED_DAYS
    values = [_value(day, sensor) for day in days]
    heard = sorted(value for value in values if value is not None)
    found: list[float] = []
    for index in range(1, len(days) - rest):
        came_mm = sum(_came_mm(day, efficiency) for day in days[index - 1 : index + 1])
        after = days[index + 1 : index + 1 + rest]
        stands, peak = values[index + rest], _highest(days[index : index + 2], sensor)
        if (
            came_mm < THOROUGH_MM
            or _came_mm(days[index], efficiency) <= 1.0
            or any(_came_mm(day, efficiency) > 1.0 for day in after)
        ):
            continue
        if stands is None or peak is None or peak < heard[int(0.8 * (len(heard) - 1))]:
            continue  # it did not reach this depth
        found.append(stands)
    table = soil.field_capacity_frac
    low = max(soil.wilting_point_frac + 0.02, table - FULL_OFF_FRAC)
    return _found(zone, sensor, "field_capacity_frac", found, low, table + FULL_OFF_FRAC)


def response(zone: str, sensor: str, runs: Sequence[Run], hours: Sequence[Hour]) -> Calibration:
    """Hours from the start of a run until a probe clearly rises, over runs that reached it."""
    found = []
    by_hour = dict(hours)
    for number, run in enumerate(runs):
        begin = run.started_at.replace(minute=0, second=0, microsecond=0)
        ends = begin + timedelta(hours=RESPONSE_TO_H)
        if number + 1 < len(runs):
            ends = min(ends, runs[number + 1].started_at)
        before = by_hour.get(begin - timedelta(hours=1))
        hour = begin
        while before is not None and hour < ends:
            value = by_hour.get(hour)
            if value is not None and value > before + RISE_FRAC:
                middle = hour + timedelta(minutes=30)
                found.append(max(0.0, (middle - run.started_at).total_seconds() / 3600))
                break
            hour += timedelta(hours=1)
    return _found(zone, sensor, "response_h", found, 0.0, RESPONSE_TO_H)


def crop_use(
    zone: str,
    days: Sequence[Day],
    used_mm: Sequence[float | None],
    layers_m: dict[str, float],
    efficiency: float,
) -> Calibration:
    """Drying that the probes saw against what the account booked, over rested days without water.

    `used_mm` is the account's own crop use of each day, None where it was guessed; `layers_m`
    the soil that each probe speaks for. Only days on which all of them spoke count.
    """
    found, rested = [], 0
    for index in range(1, len(days)):
        rested = 0 if _came_mm(days[index], efficiency) > 1.0 or days[index].rain_mm is None else rested + 1
        booked = used_mm[index]
        if rested <= RESTED_DAYS or booked is None or booked < 1.0:
            continue
        now, then = _stored_mm(days[index], layers_m), _stored_mm(days[index - 1], layers_m)
        if now is not None and then is not None:
            found.append((then - now) / booked)
    return _found(zone, None, "crop_use", found, USE_FROM, USE_TO)


def layers(depths_m: dict[str, float], root_m: float) -> dict[str, float]:
    """The soil each probe speaks for: halfway to its neighbours, from the surface down to the roots' end.

    >>> layers({"a": 0.15, "b": 0.45}, 0.9)
    {'a': 0.3, 'b': 0.6}
    """
    found: dict[str, float] = {}
    ranked = sorted(depths_m.items(), key=lambda item: item[1])
    top = 0.0
    for number, (sensor, depth_m) in enumerate(ranked):
        last = number == len(ranked) - 1
        bottom = max(root_m, depth_m) if last else (depth_m + ranked[number + 1][1]) / 2
        found[sensor] = round(max(0.0, bottom - top), 3)
        top = bottom
    return found


def _found(
    zone: str, probe: str | None, kind: str, values: Sequence[float], low: float, high: float
) -> Calibration:
    n = len(values)
    if n < MIN_OBSERVATIONS[kind]:
        return _none(zone, probe, kind, "too_few", n)
    ranked = sorted(values)
    bottom, value, top = (ranked[min(n - 1, int(part * n))] for part in (0.1, 0.5, 0.9))
    width = (top - bottom) / math.sqrt(n) / (high - low)  # of the median, not of one observation
    sure = n / (n + SURE_AT[kind]) * max(0.0, 1 - width)
    inside = low <= value <= high
    return Calibration(
        zone,
        probe,
        kind,
        round(value, 4),
        round(bottom, 4),
        round(top, 4),
        n,
        round(sure, 3),
        inside,
        "in_span" if inside else "out_of_span",
    )


def _none(zone: str, probe: str | None, kind: str, why: str, n: int = 0) -> Calibration:
    return Calibration(zone, probe, kind, None, None, None, n, 0.0, False, why)


def _came_mm(day: Day, efficiency: float) -> float:
    return (day.rain_mm or 0.0) + day.irrigation_mm * efficiency


def _value(day: Day, sensor: str) -> float | None:
    return next((probe.last_frac for probe in day.probes if probe.sensor == sensor), None)


def _highest(days: Sequence[Day], sensor: str) -> float | None:
    return max((p.max_frac for day in days for p in day.probes if p.sensor == sensor), default=None)


def _stored_mm(day: Day, layers_m: dict[str, float]) -> float | None:
    found = {probe.sensor: probe.last_frac for probe in day.probes if probe.sensor in layers_m}
    if len(found) < len(layers_m):
        return None
    return sum(frac * layers_m[sensor] * 1000 for sensor, frac in found.items())
