"""Calibration as its screens show it: the sensors, a probe's bench, the air's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from fieldstation.domain.calibration import Calibration, CalibrationKind, Curve, in_force
from fieldstation.domain.errors import StationError
from fieldstation.domain.reading import Quality
from fieldstation.domain.station import Probe, Zone
from fieldstation.domain.status.zone import ProbeStatus
from fieldstation.language.sentences import Words
from fieldstation.page.calibration.actions import (
    FIELDS,
    SAMPLES,
    Watched,
    beyond_in_a_week,
    probe_of,
    tried,
    watched,
)
from fieldstation.page.charts.calibration_curve import draw_curves
from fieldstation.page.context import PageContext
from fieldstation.page.sources import StationSnapshot
from fieldstation.store.reader import Reader


@dataclass(frozen=True, slots=True)
class Sensor:
    """A line of the list: what it reads now, how it was calibrated."""

    id: str
    name: str
    reads: str
    how: str


@dataclass(frozen=True, slots=True)
class Sensors:
    """What `calibration.html` shows."""

    sensors: list[Sensor]


@dataclass(frozen=True, slots=True)
class Made:
    """An earlier calibration."""

    id: int | None
    how: str
    note: str


@dataclass(frozen=True, slots=True)
class Bench:
    """What `calibration_probe.html` shows: the probe now, the form, the curve that it would make or why it makes none."""

    sensor: str
    title: str
    live: Watched
    form: Mapping[str, str]
    rows: range
    tried: Curve | None
    trouble: str | None
    drawn: str
    would: str | None
    history: list[Made]
    how: str
    kind: str


@dataclass(frozen=True, slots=True)
class AirBench:
    """What `calibration_air.html` shows; `add_t_c` and `add_rh_percent` are the offsets in force, 0 without."""

    sensor: str
    title: str
    reads: str | None
    humid: str | None
    add_t_c: float
    add_rh_percent: float
    history: list[Made]
    how: str


def listed(page: PageContext, snapshot: StationSnapshot, words: Words) -> Sensors:
    """Every probe, and the air."""
    live = {p.id: p for z in (snapshot.controller.zones if snapshot.controller else ()) for p in z.probes}
    made = in_force(_record(page))
    rows = [
        Sensor(
            probe.device.id,
            words.say("calibration", "probe", zone=zone.name, depth=words.length(probe.depth_m)),
            _reads(live.get(probe.device.id), words),
            _how(made.get(probe.device.id), words),
        )
        for zone in page.station.zones
        for probe in zone.probes
    ]
    air = page.station.air
    if air is not None:
        t_c = snapshot.controller.air.t_c if snapshot.controller else None
        reads = words.say("quality", Quality.NO_ANSWER) if t_c is None else words.temperature(t_c)
        rows.append(Sensor(air.id, words.say("calibration", "air"), reads, _how(made.get(air.id), words)))
    return Sensors(rows)


def bench(page: PageContext, sensor: str, _: StationSnapshot, words: Words) -> Bench:
    """A probe with what the form says."""
    found = probe_of(page, sensor)
    assert found is not None
    zone, probe = found
    history = [one for one in _record(page) if one.sensor == sensor]
    now = history[-1].curve if history and history[-1].curve else probe.calibration
    form = {name: request.values.get(name, "") for name in FIELDS}
    curve, trouble = tried(page, sensor)
    return Bench(
        sensor=sensor,
        title=words.say("calibration", "probe", zone=zone.name, depth=words.length(probe.depth_m)),
        live=watched(page, sensor),
        form=form,
        rows=range(SAMPLES),
        tried=curve,
        trouble=trouble,
        drawn=draw_curves(now, curve, zone.soil.saturation_frac, words),
        would=_would(page, zone, probe, curve, words) if curve else None,
        history=[_made_of(one, words) for one in reversed(history)],
        how=_how(history[-1] if history else None, words),
        kind=request.values.get("kind", ""),
    )


def air_bench(page: PageContext, sensor: str, snapshot: StationSnapshot, words: Words) -> AirBench:
    """The air's sensor with its offsets."""
    history = [one for one in _record(page) if one.sensor == sensor]
    now = snapshot.controller.air if snapshot.controller else None
    values = history[-1].values if history else {}
    return AirBench(
        sensor=sensor,
        title=words.say("calibration", "air"),
        reads=words.temperature(now.t_c) if now and now.t_c is not None else None,
        humid=words.percent(now.rh_frac) if now and now.rh_frac is not None else None,
        add_t_c=values.get("t_c", 0),
        add_rh_percent=values.get("rh_frac", 0) * 100,
        history=[_made_of(one, words) for one in reversed(history)],
        how=_how(history[-1] if history else None, words),
    )


def _would(page: PageContext, zone: Zone, probe: Probe, tried: Curve, words: Words) -> str:
    """How often in the last week this curve would have read what no soil of this zone can hold."""
    try:
        times, of = beyond_in_a_week(page, zone, probe, tried)
    except StationError as error:
        return str(error)
    return (
        words.say("calibration", "would", times=times, of=of) if of else words.say("calibration", "no_week")
    )


def _reads(probe: ProbeStatus | None, words: Words) -> str:
    if probe is None or probe.value is None:
        return words.say("quality", probe.quality if probe else Quality.NO_ANSWER)
    return words.percent(probe.value)


def _how(made: Calibration | None, words: Words) -> str:
    if made is None or made.kind is CalibrationKind.AS_INSTALLED:
        return words.say("calibration", "as_installed")
    return _made(made, words)


def _made(one: Calibration, words: Words) -> str:
    kind = words.say("calibration", one.kind.value)
    return words.say("calibration", "made", kind=kind, when=words.when(one.at), by=one.by)


def _made_of(one: Calibration, words: Words) -> Made:
    return Made(one.id, _made(one, words), one.note)


def _record(page: PageContext) -> list[Calibration]:
    try:
        with Reader(page.record) as reader:
            return reader.calibrations()
    except StationError:
        return []
