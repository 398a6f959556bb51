"""`station.toml` in, `Station` out, or every problem at once."""

from __future__ import annotations

import tomllib
from datetime import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fieldstation.config.binding import Reader, Table, short
from fieldstation.config.devices import Devices
from fieldstation.config.limits import read_limits
from fieldstation.config.roles import check_roles, only
from fieldstation.config.sections import (
    BoardSection,
    FieldSection,
    GuardSection,
    PlanningSection,
    PumpSection,
    SamplingSection,
    StationSection,
)
from fieldstation.config.zones import read_probes, read_zone
from fieldstation.domain.errors import ConfigError, Problem
from fieldstation.domain.reading import Quantity
from fieldstation.domain.station import (
    BrokenSensor,
    Cadence,
    Device,
    FieldTruth,
    Flow,
    GuardSettings,
    Pump,
    Station,
)
from fieldstation.drivers.load import SENSOR, BrokenDriver

SECTIONS = ("station", "board", "guard", "pump", "zone", "sensor", "sampling", "planning", "field")
MAX_BYTES = 1 << 20
SHORT_RUN_S = 900.0  # without a flow meter nobody sees a dry pump or a burst: runs stay short


def load(path: Path) -> Station:
    """The station of a file. Raises ConfigError with every problem found."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(
            [Problem(str(path), f"cannot be read ({error.strerror})", "check name and owner")]
        ) from error
    if len(data) > MAX_BYTES:
        raise ConfigError([Problem(str(path), "is larger than 1 MB", "this is no station.toml")])
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(
            [Problem(str(path), f"byte {error.start} is not UTF-8 text", "save it as UTF-8")]
        ) from error
    return resolve(text, path.name)


def resolve(text: str, name: str = "station.toml") -> Station:
    """The station of a text. Raises ConfigError with every problem found."""
    try:
        tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError([Problem(name, f"is not TOML: {error}", "mend that line")]) from error
    reader = Reader(name)
    station = _station(reader, tables)
    if reader.problems or station is None:
        raise ConfigError(reader.problems)
    return station


def _station(reader: Reader, tables: Table) -> Station | None:
    reader.unknown_keys("", tables, SECTIONS)
    head = _section(reader, tables, "station", StationSection)
    board = _section(reader, tables, "board", BoardSection)
    guard_table = reader.table("guard", tables.get("guard"), "add it: frost_limit_c and frost_months")
    guard = None
    if guard_table is not None:
        guard = reader.bind("guard", guard_table, GuardSection, also=("stop_button",))
    sampling = _section(reader, tables, "sampling", SamplingSection)
    planning = _section(reader, tables, "planning", PlanningSection)
    devices = Devices(reader, board.profile if board else "pi4")
    button = None
    if guard_table is not None and "stop_button" in guard_table:
        button = devices.read(
            "guard] stop_button", "stop_button", guard_table["stop_button"], role="stop_button"
        )
    pumps = [_pump(reader, devices, id, table) for id, table in _named(reader, tables, "pump")]
    sensor_tables = dict(_named(reader, tables, "sensor", required=False))
    sensed, broken = _sensors(devices, sensor_tables)
    check_roles(reader, sensed)
    air = only(reader, sensed, Quantity.AIR_T)
    rain = only(reader, sensed, Quantity.RAIN)
    pump_ids = [id for id, _ in _named(reader, tables, "pump", required=False)]
    zone_ids = [id for id, _ in _named(reader, tables, "zone")]
    probes = read_probes(reader, sensor_tables, sensed, zone_ids)
    zones = [
        read_zone(reader, devices, id, table, pump_ids, [p for p in probes if p.zone == id])
        for id, table in _named(reader, tables, "zone", required=False)
    ]
    field = None
    if "field" in tables:
        if board is not None and board.pins != "simulated":
            reader.problem("field", "belongs to simulated pins only", 'remove it, or set pins = "simulated"')
        section = _section(reader, tables, "field", FieldSection)
        field = FieldTruth(**{k: getattr(section, k) for k in FieldSection.__slots__}) if section else None
    if head is not None:
        _timezone(reader, head.timezone)
        _page_names(reader, head.page_names or [])
    if guard is not None:
        _months(reader, guard.frost_months)
    plan_at = _times(reader, "planning] at", planning.at) if planning else []
    if reader.problems or not (head and board and guard and sampling and planning):
        return None
    return Station(
        name=head.name,
        latitude_deg=head.latitude_deg,
        elevation_m=head.elevation_m,
        timezone=head.timezone,
        language=head.language,
        pins=board.pins,
        board=board.profile,
        guard=GuardSettings(guard.frost_limit_c, tuple(guard.frost_months), guard.air_stale_s, button),
        cadence=Cadence(
            sampling.every_s,
            sampling.batch_s,
            tuple(plan_at),
            planning.at_start,
            planning.deadline_s,
            sampling.raw_days,
        ),
        pumps=tuple(pump for pump in pumps if pump),
        zones=tuple(zone for zone in zones if zone),
        air=air,
        rain=rain,
        field=field,
        page_names=tuple(head.page_names or ()),
        broken=tuple(broken),
    )


def _sensors(devices: Devices, tables: dict[str, Table]) -> tuple[dict[str, Device], list[BrokenSensor]]:
    """The declared sensors by id, and those that a broken driver takes away."""
    sensed, broken = {}, []
    for id, table in tables.items():
        try:
            device = devices.read(
                f"sensor.{id}", id, table, role=SENSOR, also=("zone", "depth_m", "calibration")
            )
        except BrokenDriver as error:
            broken.append(BrokenSensor(id, str(table["driver"]), str(error)))
            continue
        if device is not None:
            sensed[id] = device
    return sensed, broken


def _section(reader: Reader, tables: Table, name: str, kind: type[Any]) -> Any | None:
    table = reader.table(name, tables.get(name), f"add [{name}]")
    return None if table is None else reader.bind(name, table, kind)


def _named(reader: Reader, tables: Table, name: str, *, required: bool = True) -> list[tuple[str, Table]]:
    group = tables.get(name)
    if not isinstance(group, dict) or not group:
        if required:
            reader.problem(name, "there is none", f"add [{name}.main] with its keys")
        return []
    good = []
    for id, table in group.items():
        if not isinstance(table, dict):
            if required:
                reader.problem(
                    f"{name}.{id}", f"is not a table: {short(table)}", f"write it as [{name}.{id}]"
                )
        elif not (id.replace("_", "").isascii() and id.replace("_", "").isalnum() and len(id) <= 32):
            if required:
                reader.problem(
                    f"{name}.{id[:40]}", "is no usable name", "use letters, digits and _, at most 32"
                )
        else:
            good.append((id, table))
    return good


def _pump(reader: Reader, devices: Devices, id: str, table: Table) -> Pump | None:
    where = f"pump.{id}"
    also = ("relay", "flow_meter", "tank_float", "limits")
    section = reader.bind(where, table, PumpSection, also=also)
    relay = devices.read(f"{where}] relay", f"pump:{id}", table.get("relay"), role="relay")
    limits = read_limits(reader, where, table)
    if section is None:
        return None
    meter = _said_absent(reader, devices, where, table, "flow_meter", section.no_flow_meter)
    tank = _said_absent(reader, devices, where, table, "tank_float", section.no_tank_float)
    flow = None
    if meter is not None:
        flow = _flow(reader, where, section, meter)
    elif limits is not None and section.no_flow_meter and limits.longest_run_s > SHORT_RUN_S:
        reader.problem(
            f"{where}.limits] longest_run_s",
            f"is {limits.longest_run_s:g} without a flow meter",
            f"give at most {SHORT_RUN_S:g}: nobody would see a dry pump",
        )
    if relay is None or limits is None:
        return None
    return Pump(
        id, relay, limits, section.nominal_lpm, section.valve_lead_s, section.zones_at_once, flow, tank
    )


def _flow(reader: Reader, where: str, section: PumpSection, meter: Device) -> Flow | None:
    low, high = section.min_lpm, section.max_lpm
    if low is None or high is None:
        reader.problem(
            f"{where}] min_lpm, max_lpm",
            "are missing",
            "with a flow meter, say what is too little and too much",
        )
        return None
    if not section.leak_lpm < low < section.nominal_lpm < high:
        order = f"{section.leak_lpm:g}, {low:g}, {section.nominal_lpm:g}, {high:g}"
        reader.problem(
            f"{where}] min_lpm", f"leak, min, nominal, max are {order}", "they must rise in that order"
        )
    return Flow(
        meter, low, high, section.leak_lpm, section.flow_grace_s, section.dry_trip_s, section.leak_after_s
    )


def _said_absent(
    reader: Reader, devices: Devices, where: str, table: Table, key: str, absent: bool
) -> Device | None:
    if absent and key in table:
        reader.problem(f"{where}] no_{key}", f"is true, yet there is a {key}", "keep one of the two")
    if absent:
        return None
    if key not in table:
        reader.problem(f"{where}] {key}", "is missing", f"add it, or say no_{key} = true")
        return None
    return devices.read(f"{where}] {key}", f"{where.removeprefix('pump.')}_{key}", table[key], role=key)


def _timezone(reader: Reader, name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        reader.problem(
            "station] timezone", f"{short(name)} is not known", "give an IANA name such as Africa/Nairobi"
        )


def _page_names(reader: Reader, names: list[Any]) -> None:
    for name in names:
        plain = name.replace("-", "").replace(".", "") if isinstance(name, str) else ""
        if not (plain.isascii() and plain.isalnum()) or len(name) > 253:
            reader.problem(
                "station] page_names", f"has {short(name)}", "give names such as pump.farm.example, no port"
            )


def _months(reader: Reader, months: list[Any]) -> None:
    for month in months:
        if isinstance(month, bool) or not isinstance(month, int) or not 1 <= month <= 12:
            reader.problem(
                "guard] frost_months",
                f"has {short(month)}",
                "give numbers 1 to 12, or [] where frost is unknown",
            )


def _times(reader: Reader, where: str, values: list[Any]) -> list[time]:
    found = []
    for value in values:
        try:
            found.append(time.fromisoformat(value))
        except (TypeError, ValueError):
            reader.problem(where, f"has {short(value)}", 'give local times such as ["04:30"]')
    if not values:
        reader.problem(where, "is empty", 'give at least one local time, such as ["04:30"]')
    return sorted(found)
