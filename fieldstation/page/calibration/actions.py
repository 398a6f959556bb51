"""A calibration as a technician makes it: a probe watched, a curve tried, kept, and held against the last week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import request

from fieldstation.agronomy.probe_calibration import beyond
from fieldstation.domain.answers import CalibrationMade, ProbeWatch
from fieldstation.domain.calibration import CalibrationKind, Curve
from fieldstation.domain.reading import Quantity
from fieldstation.domain.station import Probe, Zone
from fieldstation.page.context import Answer, PageContext
from fieldstation.store.reader import Reader

SAMPLES = 3
FIELDS = (
    "air_v",
    "water_v",
    *(f"{name}{n}" for n in range(SAMPLES) for name in ("volts", "wet_g", "dry_g", "ring_cm3")),
)
WEEK = timedelta(days=7)


def probe_of(page: PageContext, sensor: str) -> tuple[Zone, Probe] | None:
    """A probe by its name, with its zone."""
    return next(
        ((zone, probe) for zone in page.station.zones for probe in zone.probes if probe.device.id == sensor),
        None,
    )


@dataclass(frozen=True, slots=True)
class Watched:
    """A probe's volts now, `steady_v` once they have settled; `refused` is the code of a no."""

    refused: str
    volts: float | None = None
    steady_v: float | None = None


def watched(page: PageContext, sensor: str) -> Watched:
    """Have the controller look at a probe about once a second for a while."""
    answer = page.send_command("watch_probe", ProbeWatch, sensor=sensor)
    now = answer.found
    return Watched("", now.volts, now.steady_v) if isinstance(now, ProbeWatch) else Watched(answer.refused)


def beyond_in_a_week(page: PageContext, zone: Zone, probe: Probe, tried: Curve) -> tuple[int, int]:
    """(times, of so many readings). Raises RecordError."""
    with Reader(page.record) as reader:
        rounds = reader.rounds(datetime.now(UTC) - WEEK)
    volts = [
        (reading.raw, reading.raw)
        for one in rounds
        for reading in one.readings
        if reading.sensor == probe.device.id
        and reading.quantity is Quantity.SOIL_WATER
        and reading.raw is not None
    ]
    return beyond(tried, volts, zone.soil.saturation_frac), len(volts)


def calibrate(page: PageContext, sensor: str, *, trial: bool = False) -> Answer:
    """What the form says, kept or only tried: numbers as numbers, None for what is none."""
    kind = request.values.get("kind", "")
    asked: dict[str, Any] = {}
    if kind == CalibrationKind.TWO_POINT:
        asked |= {"air_v": _number("air_v"), "water_v": _number("water_v")}
    elif kind == CalibrationKind.GRAVIMETRIC:
        asked["samples"] = [pair for n in range(SAMPLES) if (pair := _sample(n)) is not None]
    elif kind == CalibrationKind.OFFSET:
        percent = _number("rh_percent")
        asked |= {"t_c": _number("t_c"), "rh_frac": None if percent is None else percent / 100}
    note, more = request.values.get("note", ""), {"try": True} if trial else {}
    return page.send_command(
        "calibrate", CalibrationMade, by=page.who(), sensor=sensor, kind=kind, note=note, **asked, **more
    )


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


def tried(page: PageContext, sensor: str) -> tuple[Curve | None, str | None]:
    """The curve that the form would make, and why it makes none."""
    if request.values.get("kind") not in (CalibrationKind.TWO_POINT, CalibrationKind.GRAVIMETRIC) or (
        request.method == "POST"
    ):
        return None, None
    answer = calibrate(page, sensor, trial=True)
    if answer.refused:
        return None, page.refusal(answer)
    assert isinstance(answer.found, CalibrationMade)
    return answer.found.curve, None
