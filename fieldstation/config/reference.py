"""The configuration reference and the JSON Schema of station.toml, made from the declarations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from fieldstation.binding import plain
from fieldstation.binding.reading import Slot, fields_of
from fieldstation.binding.schema import DRAFT, Schema, property_of
from fieldstation.binding.words import wanted
from fieldstation.config.render import toml_value
from fieldstation.config.sections import LIMITS, SECTIONS, SENSOR, Section
from fieldstation.domain.reading import Quantity
from fieldstation.domain.station import Flow, Probe
from fieldstation.drivers.load import SENSOR as SENSOR_ROLE
from fieldstation.drivers.load import driver, measures, of_role

ROLES = ("relay", "flow_meter", "tank_float", "stop_button", SENSOR_ROLE)
HEAD = """\
# Configuration reference

Every key of `station.toml`. A key without a default is required. `fieldstation check station.toml` tells every
error at once; `fieldstation check --schema` prints a JSON Schema for editors.

This page is made from the code: `fieldstation check --reference` prints it.
"""
COLUMNS = ["| Key | Meaning | Value | Default |", "|---|---|---|---|"]


def page() -> str:
    """The reference as Markdown."""
    lines = [HEAD]
    for section in SECTIONS:
        title = " and ".join(f"[{name}]" for name in section.name.split(" and "))
        lines += [f"## {title}", "", section.doc, "", *COLUMNS, *map(_row, _slots(section))]
        for key, (role, doc) in section.devices.items():
            lines.append(f"| `{key}` | {doc} | a device: driver {_either(of_role(role))} | |")
        lines.append("")
    lines += ["## Drivers", "", "A device is a table with a `driver` and the settings of that driver.", ""]
    for role in ROLES:
        for name in of_role(role):
            module = driver(name)
            kind = "sensor" if role == SENSOR_ROLE else f"`{role}`"
            lines += [
                f"### {name}",
                "",
                f"{(module.__doc__ or '').splitlines()[0]} Use: {kind}.",
                "",
                *COLUMNS,
            ]
            lines += [*map(_row, fields_of(module.Settings)), ""]
    return "\n".join(lines).rstrip() + "\n"


def schema() -> Schema:
    """JSON Schema of a whole station.toml."""
    found: dict[str, Schema] = {}
    for section in SECTIONS:
        group, _, named = section.name.partition(".")
        if section in (LIMITS, SENSOR):
            continue
        parts = {
            key: {"anyOf": [_device(name) for name in of_role(role)]}
            for key, (role, _) in section.devices.items()
        }
        parts |= {name: _object(fields_of(LIMITS.kinds[0])) for name in section.tables}
        made = _object(_slots(section), parts, needs=section.tables)
        found[group] = _group(made) if named else made
    found["sensor"] = _group({"anyOf": [_device(name) for name in of_role(SENSOR_ROLE)]})
    needed = [group for group in found if group not in ("sensor", "field")]
    top = {"$schema": DRAFT, "title": "station.toml", "type": "object", "properties": found}
    return {**top, "required": needed, "additionalProperties": False}


def _slots(section: Section) -> list[Slot]:
    return [slot for kind in section.kinds for slot in fields_of(kind) if slot.declared]


def _row(slot: Slot) -> str:
    value = wanted(slot.hint, replace(slot.bounds, doc="")).replace("|", "\\|")
    default = (
        "" if slot.required else "none" if slot.default is None else f"`{toml_value(plain(slot.default))}`"
    )
    return f"| `{slot.key}` | {slot.bounds.doc} | {value} | {default} |"


def _either(names: Iterable[str]) -> str:
    return " or ".join(f"[`{name}`](#{name})" for name in names)


def _group(of: Schema) -> Schema:
    names = {"pattern": "^[A-Za-z0-9_]{1,32}$"}
    return {"type": "object", "minProperties": 1, "propertyNames": names, "additionalProperties": of}


def _device(name: str) -> Schema:
    slots = [*fields_of(driver(name).Settings)]
    if Quantity.SOIL_WATER in measures(name):
        slots += [slot for slot in fields_of(Probe) if slot.declared]
    return _object(slots, {"driver": {"const": name}}, needs=("driver",))


def _object(slots: Iterable[Slot], more: dict[str, Any] | None = None, needs: Iterable[str] = ()) -> Schema:
    slots = list(slots)
    said = {slot.key: property_of(slot, {}, "", written=False) for slot in slots}
    with_meter = {slot.key for slot in fields_of(Flow)}  # asked for only where there is a flow meter
    needed = [*(slot.key for slot in slots if slot.required and slot.key not in with_meter), *needs]
    return {
        "type": "object",
        "properties": said | (more or {}),
        "required": needed,
        "additionalProperties": False,
    }
