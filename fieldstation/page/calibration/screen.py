"""Calibration: what a sensor reads, raw and settled, and what the station is to make of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Flask, abort, redirect, request, url_for

from fieldstation.domain.calibration import Calibration, CalibrationKind, Curve, in_force
from fieldstation.domain.errors import StationError
from fieldstation.domain.station import Probe, Zone
from fieldstation.language.sentences import Words
from fieldstation.page.calibration.actions import Watched, beyond_in_a_week, probe_of, watched
from fieldstation.page.charts.calibration_curve import draw_curves
from fieldstation.page.site import Site
from fieldstation.page.sources import Picture
from fieldstation.store.reader import Reader

SAMPLES = 3
FIELDS = (
    "air_v",
    "water_v",
    *(f"{name}{n}" for n in range(SAMPLES) for name in ("volts", "wet_g", "dry_g", "ring_cm3")),
)


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
    """What `calibration_air.html` shows; `values` are the offsets in force."""

    sensor: str
    title: str
    reads: str | None
    humid: str | None
    values: Mapping[str, float]
    history: list[Made]
    how: str


def attach(app: Flask, site: Site) -> None:
    """A list of sensors, and a bench for each."""
    _changing(app, site)

    @app.get("/calibration")
    @site.needs("technician")
    def calibration() -> Any:
        return site.screen("calibration.html", partial(_listed, site), kept=False)

    @app.get("/calibration/<sensor>")
    @site.needs("technician")
    def calibrating(sensor: str) -> Any:
        air = site.station.air
        if probe_of(site, sensor) is not None:
            return site.screen("calibration_probe.html", partial(_bench, site, sensor), kept=False)
        if air is None or air.id != sensor:
            abort(404)
        return site.screen("calibration_air.html", partial(_air, site, sensor), kept=False)

    @app.get("/calibration/<sensor>/live")
    @site.needs("technician")
    def calibration_live(sensor: str) -> Any:
        return site.part("_calibration_live.html", live=watched(site, sensor))


def _changing(app: Flask, site: Site) -> None:
    @app.post("/calibration/<sensor>/take/<into>")
    @site.needs("technician")
    def take(sensor: str, into: str) -> Any:
        """Put the settled reading into a field of the form, and the form back on the screen."""
        if into not in FIELDS:
            abort(404)
        kept: dict[str, Any] = {name: request.form[name] for name in FIELDS if request.form.get(name)}
        live = site.wish("watch_probe", sensor=sensor)
        if live.refused:
            return _again(site, sensor, site.refusal(live))
        if live.told["steady_v"] is None:
            return _again(site, sensor, site.words().say("calibration", "not_steady"))
        kept[into] = f"{live.told['steady_v']:.3f}"
        return redirect(url_for("calibrating", sensor=sensor, _anchor="made", **kept), 303)

    @app.post("/calibration/<sensor>")
    @site.needs("technician", fresh=True)
    def calibrate(sensor: str) -> Any:
        asked = _asked(sensor)
        answer = site.wish("calibrate", by=site.who(), **asked)
        if answer.refused:
            return _again(site, sensor, site.refusal(answer))
        return site.done("calibrating", "saved", sensor=sensor)

    @app.post("/calibration/<sensor>/again/<int:number>")
    @site.needs("technician", fresh=True)
    def calibrate_again(sensor: str, number: int) -> Any:
        answer = site.wish("calibrate_again", id=number, by=site.who())
        if answer.refused:
            return _again(site, sensor, site.refusal(answer))
        return site.done("calibrating", "saved", sensor=sensor)


def _again(site: Site, sensor: str, said: str) -> Any:
    if probe_of(site, sensor) is None:
        return site.screen("calibration_air.html", partial(_air, site, sensor), said=said, code=409)
    return site.screen("calibration_probe.html", partial(_bench, site, sensor), said=said, code=409)


def _listed(site: Site, picture: Picture, words: Words) -> Sensors:
    live = {p["id"]: p for z in (picture.controller or {}).get("zones", ()) for p in z["probes"]}
    made = in_force(_record(site))
    rows = [
        Sensor(
            probe.device.id,
            words.say("calibration", "probe", zone=zone.name, depth=words.length(probe.depth_m)),
            _reads(live.get(probe.device.id), words),
            _how(made.get(probe.device.id), words),
        )
        for zone in site.station.zones
        for probe in zone.probes
    ]
    air = site.station.air
    if air is not None:
        now = (picture.controller or {}).get("air") or {}
        reads = (
            words.temperature(now["t_c"]) if now.get("t_c") is not None else words.say("quality", "no_answer")
        )
        rows.append(Sensor(air.id, words.say("calibration", "air"), reads, _how(made.get(air.id), words)))
    return Sensors(rows)


def _bench(site: Site, sensor: str, _: Picture, words: Words) -> Bench:
    found = probe_of(site, sensor)
    assert found is not None
    zone, probe = found
    history = [one for one in _record(site) if one.sensor == sensor]
    now = history[-1].curve if history and history[-1].curve else probe.calibration
    form = {name: request.values.get(name, "") for name in FIELDS}
    tried, trouble = _tried(site, sensor)
    return Bench(
        sensor=sensor,
        title=words.say("calibration", "probe", zone=zone.name, depth=words.length(probe.depth_m)),
        live=watched(site, sensor),
        form=form,
        rows=range(SAMPLES),
        tried=tried,
        trouble=trouble,
        drawn=draw_curves(now, tried, zone.soil.saturation_frac, words),
        would=_would(site, zone, probe, tried, words) if tried else None,
        history=[_told(one, words) for one in reversed(history)],
        how=_how(history[-1] if history else None, words),
        kind=request.values.get("kind", ""),
    )


def _air(site: Site, sensor: str, picture: Picture, words: Words) -> AirBench:
    history = [one for one in _record(site) if one.sensor == sensor]
    now = (picture.controller or {}).get("air") or {}
    return AirBench(
        sensor=sensor,
        title=words.say("calibration", "air"),
        reads=words.temperature(now["t_c"]) if now.get("t_c") is not None else None,
        humid=words.percent(now["rh_frac"]) if now.get("rh_frac") is not None else None,
        values=history[-1].values if history else {},
        history=[_told(one, words) for one in reversed(history)],
        how=_how(history[-1] if history else None, words),
    )


def _asked(sensor: str) -> dict[str, Any]:
    """The wish of the form: numbers as numbers, what is none of them left as it was typed."""
    kind = request.values.get("kind", "")
    asked: dict[str, Any] = {"sensor": sensor, "kind": kind, "note": request.values.get("note", "")}
    if kind == CalibrationKind.TWO_POINT:
        asked |= {"air_v": _number("air_v"), "water_v": _number("water_v")}
    elif kind == CalibrationKind.GRAVIMETRIC:
        asked["samples"] = [pair for n in range(SAMPLES) if (pair := _sample(n)) is not None]
    elif kind == CalibrationKind.OFFSET:
        percent = _number("rh_percent")
        asked |= {"t_c": _number("t_c"), "rh_frac": None if percent is None else percent / 100}
    return asked


def _number(name: str) -> float | None:
    """A number as people type it, with a comma or a point; None for anything else."""
    try:
        return float(request.values.get(name, "").strip().replace(",", "."))
    except ValueError:
        return None


def _sample(n: int) -> list[float | None] | None:
    """[volts, m3/m3] of a row of the form: the water weighed out of a ring of known volume; None for an empty row."""
    volts, wet_g, dry_g, ring_cm3 = (
        _number(f"{name}{n}") for name in ("volts", "wet_g", "dry_g", "ring_cm3")
    )
    if volts is None and wet_g is None and dry_g is None:
        return None
    if wet_g is None or dry_g is None or not ring_cm3:
        return [volts, None]
    return [volts, (wet_g - dry_g) / ring_cm3]  # a gram of water is a cubic centimetre


def _tried(site: Site, sensor: str) -> tuple[Curve | None, str | None]:
    """The curve that the form would make, and why it makes none."""
    if request.values.get("kind") not in (CalibrationKind.TWO_POINT, CalibrationKind.GRAVIMETRIC) or (
        request.method == "POST"
    ):
        return None, None
    answer = site.wish("calibrate", by=site.who() or "?", **{**_asked(sensor), "try": True})
    if answer.refused:
        return None, site.refusal(answer)
    return tuple((float(v), float(f)) for v, f in answer.told["curve"]), None


def _would(site: Site, zone: Zone, probe: Probe, tried: Curve, words: Words) -> str:
    """How often in the last week this curve would have read what no soil of this zone can hold."""
    try:
        times, of = beyond_in_a_week(site, zone, probe, tried)
    except StationError as error:
        return str(error)
    return (
        words.say("calibration", "would", times=times, of=of) if of else words.say("calibration", "no_week")
    )


def _reads(probe: dict[str, Any] | None, words: Words) -> str:
    if probe is None or probe["value"] is None:
        return words.say("quality", probe["quality"] if probe else "no_answer")
    return words.percent(probe["value"])


def _how(made: Calibration | None, words: Words) -> str:
    if made is None or made.kind is CalibrationKind.AS_INSTALLED:
        return words.say("calibration", "as_installed")
    return _made(made, words)


def _made(one: Calibration, words: Words) -> str:
    kind = words.say("calibration", one.kind.value)
    return words.say("calibration", "made", kind=kind, when=words.when(one.at), by=one.by)


def _told(one: Calibration, words: Words) -> Made:
    return Made(one.id, _made(one, words), one.note)


def _record(site: Site) -> list[Calibration]:
    try:
        with Reader(site.record) as reader:
            return reader.calibrations()
    except StationError:
        return []
