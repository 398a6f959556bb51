"""Zones and the probes that stand in them."""

from __future__ import annotations

from itertools import pairwise

from fieldstation.binding.problems import choose, short
from fieldstation.binding.reading import fields_of
from fieldstation.config.devices import Devices
from fieldstation.config.draft import Draft, Table
from fieldstation.config.pumps import FLOOD
from fieldstation.config.roles import with_role
from fieldstation.config.sections import LIMITS, SENSOR, ZONE
from fieldstation.config.tables import crop, soils
from fieldstation.domain.crop import usual
from fieldstation.domain.reading import Quantity
from fieldstation.domain.soil import Soil
from fieldstation.domain.station import Device, Limits, Probe, Zone

YEARS = (2000, 2100)
PROBE_KEYS = tuple(slot.key for slot in fields_of(Probe) if slot.declared)


def read_probes(
    draft: Draft, tables: dict[str, Table], sensed: dict[str, Device | None], zones: list[str]
) -> list[Probe]:
    """The soil probes among the sensors. A sensor of no known driver is one if it says where it stands."""
    probes = []
    soil = with_role({id: device for id, device in sensed.items() if device}, Quantity.SOIL_WATER)
    for id, device in sensed.items():
        section, keys = f"sensor.{id}", [key for key in PROBE_KEYS if key in tables[id]]
        if device is not None and id not in soil:
            for key in keys:
                draft.problem(section, key, "belongs to soil probes", "remove it")
        if id not in soil and (device is not None or not keys):
            continue
        (found,) = draft.read(section, {key: tables[id][key] for key in keys}, SENSOR)
        if "zone" in found and found["zone"] not in zones:
            what = f"{short(found['zone'])} does not exist"
            draft.problem(section, "zone", what, choose(found["zone"], zones))
        if not _one_way(found.get("calibration", ())):
            do = "give pairs by rising volts, water only falling or only rising"
            draft.problem(section, "calibration", f"is {short(tables[id]['calibration'])}", do)
        if device is not None and not draft.problems:
            probes.append(Probe(device=device, **found))
    return probes


def _one_way(points: tuple[tuple[float, float], ...]) -> bool:
    """Whether volts only rise, and water only falls or only rises."""
    steps = [(after[0] - before[0], after[1] - before[1]) for before, after in pairwise(points)]
    falls, rises = (all(sign * water > 0 for _, water in steps) for sign in (-1, 1))
    return all(volts > 0 for volts, _ in steps) and (falls or rises)


def read_zone(
    draft: Draft, devices: Devices, id: str, table: Table, pumps: list[str], probes: list[Probe]
) -> Zone | None:
    """One zone; None once the file has any problem."""
    section = f"zone.{id}"
    own, ground = draft.read(section, table, ZONE)
    valve = devices.read(section, "valve", f"valve:{id}", table.get("valve"), role="relay")
    (limits,) = draft.read(f"{section}.limits", table.get("limits"), LIMITS, why=FLOOD)
    if "pump" in own and own["pump"] not in pumps:
        what = f"{short(own['pump'])} does not exist"
        draft.problem(section, "pump", what, choose(own["pump"], pumps))
    if "planted_on" in own and not YEARS[0] <= own["planted_on"].year <= YEARS[1]:
        do = f"give a date of the years {YEARS[0]} to {YEARS[1]}"
        draft.problem(section, "planted_on", f"is {own['planted_on']}", do)
    least, most = own.get("min_event_mm", 2.0), own.get("max_depth_mm_per_day", 100.0)
    if least > most:
        do = "no water could ever be given: lower it"
        draft.problem(section, "min_event_mm", f"{least:g} is above max_depth_mm_per_day", do)
    soil = _soil(draft, section, table, ground)
    if draft.problems or valve is None or soil is None:
        return None
    return Zone(
        id=id,
        valve=valve,
        limits=Limits(**limits),
        soil=soil,
        crop=usual(crop(ground["crop"])),
        probes=tuple(sorted((one for one in probes if one.zone == id), key=lambda probe: probe.depth_m)),
        **own,
    )


def _soil(draft: Draft, section: str, table: Table, ground: Table) -> Soil | None:
    full, dry = ground.get("field_capacity_frac"), ground.get("wilting_point_frac")
    texture = ground.get("soil")
    fractions = [key for key in ("field_capacity_frac", "wilting_point_frac") if key in table]
    if not fractions:
        if "soil" not in table:
            do = f"give a USDA texture ({', '.join(soils())}), or field_capacity_frac and wilting_point_frac"
            draft.problem(section, "soil", "is missing", do)
        return soils()[texture] if texture else None
    if len(fractions) == 1:
        do = "give field_capacity_frac and wilting_point_frac"
        draft.problem(section, fractions[0], "stands without its partner", do)
    if full is None or dry is None:
        return None
    if dry >= full - 0.02:
        do = f"it must be at least 0.02 below field capacity {full:g}"
        draft.problem(section, "wilting_point_frac", f"is {dry:g}", do)
    saturation = soils()[texture].saturation_frac if texture else 0.45
    return Soil(texture or "own", full, dry, max(saturation, full + 0.05))
