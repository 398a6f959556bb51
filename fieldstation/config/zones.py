"""Zones and the probes that stand in them."""

from __future__ import annotations

import difflib
import math
from datetime import date, datetime, time
from itertools import pairwise

from fieldstation.config.binding import Reader, Table, short
from fieldstation.config.devices import Devices
from fieldstation.config.limits import read_limits
from fieldstation.config.roles import with_role
from fieldstation.config.sections import ProbeSection, ZoneSection
from fieldstation.config.tables import crop, crop_names, soils
from fieldstation.domain.crop import usual
from fieldstation.domain.reading import Quantity
from fieldstation.domain.soil import Soil
from fieldstation.domain.station import Device, Probe, Zone


def read_probes(
    reader: Reader, tables: dict[str, Table], sensed: dict[str, Device], zones: list[str]
) -> list[Probe]:
    """The soil probes among the sensors."""
    probes = []
    soil = with_role(sensed, Quantity.SOIL_WATER)
    for id, device in sensed.items():
        where, table = f"sensor.{id}", tables[id]
        place = {key: table[key] for key in ProbeSection.__slots__ if key in table}
        if id not in soil:
            for key in place:
                reader.problem(f"{where}] {key}", "belongs to soil probes", "remove it")
            continue
        section = reader.bind(where, place, ProbeSection)
        if section is None:
            continue
        if section.zone not in zones:
            reader.problem(
                f"{where}] zone", f"{section.zone!r} does not exist", _nearest(section.zone, zones)
            )
        points = _calibration(reader, where, section.calibration)
        if points is not None:
            probes.append(Probe(device, section.zone, section.depth_m, points))
    return probes


def read_zone(
    reader: Reader, devices: Devices, id: str, table: Table, pumps: list[str], probes: list[Probe]
) -> Zone | None:
    """One zone, or None and problems."""
    where = f"zone.{id}"
    section = reader.bind(where, table, ZoneSection, also=("valve", "limits"))
    valve = devices.read(f"{where}] valve", f"valve:{id}", table.get("valve"), role="relay")
    limits = read_limits(reader, where, table)
    if section is None:
        return None
    if section.pump not in pumps:
        reader.problem(f"{where}] pump", f"{section.pump!r} does not exist", _nearest(section.pump, pumps))
    if section.crop not in crop_names():
        reader.problem(
            f"{where}] crop", f"{short(section.crop)} has no file", _nearest(section.crop, crop_names())
        )
    soil = _soil(reader, where, section)
    planted_on = _date(reader, where, section.planted_on)
    from_at = _time(reader, f"{where}] water_from", section.water_from)
    until_at = _time(reader, f"{where}] water_until", section.water_until)
    sound = limits and valve and soil and planted_on and from_at is not None and until_at is not None
    if not sound or section.crop not in crop_names():
        return None
    assert limits is not None
    assert valve is not None
    assert soil is not None
    assert planted_on is not None
    assert from_at is not None
    assert until_at is not None
    return Zone(
        id=id,
        name=section.name,
        pump=section.pump,
        valve=valve,
        limits=limits,
        area_m2=section.area_m2,
        soil=soil,
        crop=usual(crop(section.crop)),
        planted_on=planted_on,
        application_efficiency_frac=section.application_efficiency_frac,
        max_depth_mm_per_day=section.max_depth_mm_per_day,
        min_event_mm=section.min_event_mm,
        water_from=from_at,
        water_until=until_at,
        probes=tuple(sorted(probes, key=lambda probe: probe.depth_m)),
    )


def _soil(reader: Reader, where: str, section: ZoneSection) -> Soil | None:
    full, dry = section.field_capacity_frac, section.wilting_point_frac
    if section.soil is not None and section.soil not in soils():
        reader.problem(
            f"{where}] soil", f"{short(section.soil)} is no texture", _nearest(section.soil, list(soils()))
        )
        return None
    if full is None and dry is None:
        if section.soil is None:
            reader.problem(
                f"{where}] soil",
                "is missing",
                "give a USDA texture, or field_capacity_frac and wilting_point_frac",
            )
            return None
        return soils()[section.soil]
    if full is None or dry is None:
        reader.problem(
            f"{where}] field_capacity_frac",
            "stands without its partner",
            "give field_capacity_frac and wilting_point_frac",
        )
        return None
    if dry >= full - 0.02:
        reader.problem(
            f"{where}] wilting_point_frac",
            f"is {dry:g}",
            f"it must be at least 0.02 below field capacity {full:g}",
        )
        return None
    saturation = soils()[section.soil].saturation_frac if section.soil else 0.45
    return Soil(section.soil or "own", full, dry, max(saturation, full + 0.05))


def _calibration(reader: Reader, where: str, points: list[object]) -> tuple[tuple[float, float], ...] | None:
    pairs: list[tuple[float, float]] = []
    for point in points:
        if not isinstance(point, list) or len(point) != 2 or not all(_number(part) for part in point):
            reader.problem(f"{where}] calibration", f"has {short(point)}", "give pairs [volts, m3/m3]")
            return None
        pairs.append((float(point[0]), float(point[1])))
    volts, fracs = [v for v, _ in pairs], [f for _, f in pairs]
    rising = all(a < b for a, b in pairwise(volts))
    one_way = all(a > b for a, b in pairwise(fracs)) or all(a < b for a, b in pairwise(fracs))
    if len(pairs) < 2 or not rising or not one_way:
        reader.problem(
            f"{where}] calibration",
            f"is {short(points)}",
            "give two or more pairs by rising volts, water only falling or only rising",
        )
        return None
    if not (min(volts) >= 0 and max(volts) <= 5 and min(fracs) >= 0 and max(fracs) <= 0.8):
        reader.problem(
            f"{where}] calibration",
            f"is {short(points)}",
            "volts lie in 0-5, water in 0-0.8 m3/m3 (a fraction, not percent)",
        )
        return None
    return tuple(pairs)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _date(reader: Reader, where: str, value: object) -> date | None:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            value = None
    if isinstance(value, date) and not isinstance(value, datetime) and 2000 <= value.year <= 2100:
        return value
    reader.problem(f"{where}] planted_on", f"is {short(value)}", "give a date such as 2026-04-18")
    return None


def _time(reader: Reader, where: str, text: str) -> time | None:
    try:
        return time.fromisoformat(text)
    except ValueError:
        reader.problem(where, f"is {short(text)}", "give a local time such as 05:00")
        return None


def _nearest(name: str, names: list[str]) -> str:
    near = difflib.get_close_matches(str(name), names, 1, 0.5)
    return f"did you mean {near[0]!r}?" if near else f"choose one of: {', '.join(names) or 'none yet'}"
