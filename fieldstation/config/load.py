"""`station.toml` in, `Station` out, or every problem at once."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from fieldstation.binding.problems import nearest, short
from fieldstation.binding.reading import refuse_unknown
from fieldstation.config.devices import Devices
from fieldstation.config.draft import UNREADABLE, Draft, Table
from fieldstation.config.pumps import read_pump
from fieldstation.config.roles import check_roles, only
from fieldstation.config.sections import (
    BOARD,
    FIELD,
    GUARD,
    PLANNING,
    PUMP,
    SAMPLING,
    SECTIONS,
    SENSOR,
    STATION,
    ZONE,
)
from fieldstation.config.toml_text import tables_of
from fieldstation.config.zones import PROBE_KEYS, read_probes, read_zone
from fieldstation.domain.errors import ConfigError, Problem
from fieldstation.domain.reading import Quantity
from fieldstation.domain.station import BrokenSensor, Cadence, Device, FieldTruth, GuardSettings, Station
from fieldstation.drivers.load import SENSOR as SENSOR_ROLE
from fieldstation.drivers.load import BrokenDriver

MAX_BYTES = 1 << 20


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
    tables, problems = tables_of(text, name)
    draft = Draft(name, problems)
    station = _station(draft, tables) if tables or not problems else None
    problems = [problem for problem in draft.problems if UNREADABLE not in problem.what]
    if problems or station is None:
        raise ConfigError(problems)
    return station


def _station(draft: Draft, tables: Table) -> Station | None:
    """The station; None once there is any problem."""
    sections = [section.name.partition(".")[0] for section in SECTIONS]
    refuse_unknown(tables, sections, f"{draft.name} ", draft.problems)
    (place,) = draft.read("station", tables.get("station"), STATION)
    (board,) = draft.read("board", tables.get("board"), BOARD)
    (guard,) = draft.read("guard", tables.get("guard"), GUARD)
    (sampling,) = draft.read("sampling", tables.get("sampling"), SAMPLING)
    (planning,) = draft.read("planning", tables.get("planning"), PLANNING)
    truth = _field(draft, tables, board)
    devices = Devices(draft, board.get("board", "pi4"), tables)
    button = _button(devices, tables.get("guard"))
    pump_tables, zone_tables = draft.named(tables, PUMP), draft.named(tables, ZONE)
    sensor_tables = dict(draft.named(tables, SENSOR, required=False))
    pumps = [read_pump(draft, devices, id, table) for id, table in pump_tables]
    sensed, broken = _sensors(devices, sensor_tables)
    known = {id: device for id, device in sensed.items() if device}
    check_roles(draft, known)
    air, rain = only(draft, known, Quantity.AIR_T), only(draft, known, Quantity.RAIN)
    probes = read_probes(draft, sensor_tables, sensed, [id for id, _ in zone_tables])
    names = [id for id, _ in pump_tables]
    zones = [read_zone(draft, devices, id, table, names, probes) for id, table in zone_tables]
    _timezone(draft, place.get("timezone"))
    _names_differ(draft, zone_tables)
    if draft.problems:
        return None
    return Station(
        guard=GuardSettings(stop_button=button, **guard),
        cadence=Cadence(**sampling, **{**planning, "plan_at": tuple(sorted(planning["plan_at"]))}),
        pumps=tuple(pump for pump in pumps if pump),
        zones=tuple(zone for zone in zones if zone),
        air=air,
        rain=rain,
        field=truth,
        broken=tuple(broken),
        **place,
        **board,
    )


def _field(draft: Draft, tables: Table, board: Table) -> FieldTruth | None:
    if "field" not in tables:
        return None
    if board.get("pins") == "pi":
        what, do = "belongs to simulated pins only", 'remove it, or set pins = "simulated"'
        draft.problem("field", "", what, do)
    (found,) = draft.read("field", tables["field"], FIELD)
    return FieldTruth(**found)


def _button(devices: Devices, guard: object) -> Device | None:
    if not isinstance(guard, dict) or "stop_button" not in guard:
        return None
    return devices.read("guard", "stop_button", "stop_button", guard["stop_button"], role="stop_button")


def _sensors(
    devices: Devices, tables: dict[str, Table]
) -> tuple[dict[str, Device | None], list[BrokenSensor]]:
    """The declared sensors by id, and those that a broken driver takes away."""
    sensed: dict[str, Device | None] = {}
    broken = []
    for id, table in tables.items():
        try:
            sensed[id] = devices.read(f"sensor.{id}", "", id, table, role=SENSOR_ROLE, also=PROBE_KEYS)
        except BrokenDriver as error:
            broken.append(BrokenSensor(id, str(table["driver"]), str(error)))
    return sensed, broken


def _timezone(draft: Draft, name: str | None) -> None:
    if name is None:
        return
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        near = nearest(name, available_timezones())
        do = f"{near} give an IANA name such as Africa/Nairobi".strip()
        draft.problem("station", "timezone", f"{short(name)} is not known", do)


def _names_differ(draft: Draft, zones: list[tuple[str, Table]]) -> None:
    """Two zones of one name could not be told apart on the page."""
    seen: dict[str, str] = {}
    for id, table in zones:
        name = str(table.get("name", id)).strip().casefold()
        if seen.setdefault(name, id) != id and UNREADABLE not in name:
            what = f"{short(table['name'])} is the name of [zone.{seen[name]}] too"
            draft.problem(f"zone.{id}", "name", what, "give each zone its own name")
