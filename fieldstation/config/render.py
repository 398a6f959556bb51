"""The resolved station as a station.toml: every value, defaults included. Read again it is the same station."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from fieldstation.binding import plain
from fieldstation.binding.reading import fields_of
from fieldstation.config.draft import Table
from fieldstation.config.sections import Absent
from fieldstation.domain.station import (
    Board,
    Device,
    Flow,
    GuardSettings,
    Limits,
    Place,
    Planning,
    Probe,
    Pump,
    Sampling,
    Station,
    Zone,
)

Tables = dict[str, Table]


def render(station: Station) -> str:
    """The station as text."""
    roles = (("air sensor", station.air), ("rain gauge", station.rain))
    lines = [f"# {role}: {device.id if device else 'none'}" for role, device in roles]
    return as_toml(_tables(station)) + "\n".join(lines)


def as_toml(tables: Tables) -> str:
    """Tables by their section's name as TOML, one key a line."""
    lines = []
    for section, table in tables.items():
        lines += [f"[{section}]", *(f"{key} = {toml_value(value)}" for key, value in table.items()), ""]
    return "\n".join(lines) + "\n"


def _tables(station: Station) -> Tables:
    found = {
        "station": _said(Place, station),
        "board": _said(Board, station),
        "guard": _said(GuardSettings, station.guard) | _devices(stop_button=station.guard.stop_button),
    }
    for pump in station.pumps:
        flow, tank = pump.flow, pump.tank_float
        found[f"pump.{pump.id}"] = {
            **_devices(relay=pump.relay, flow_meter=flow.meter if flow else None, tank_float=tank),
            **_said(Absent, Absent(flow is None, tank is None)),
            **_said(Pump, pump),
            **(_said(Flow, flow) if flow else {}),
        }
        found[f"pump.{pump.id}.limits"] = _said(Limits, pump.limits)
    for zone in station.zones:
        soil = zone.soil
        found[f"zone.{zone.id}"] = {
            **_said(Zone, zone),
            **_devices(valve=zone.valve),
            "crop": zone.crop.name,
            **({} if soil.texture == "own" else {"soil": soil.texture}),
            "field_capacity_frac": soil.field_capacity_frac,
            "wilting_point_frac": soil.wilting_point_frac,
        }
        found[f"zone.{zone.id}.limits"] = _said(Limits, zone.limits)
    for probe in (probe for zone in station.zones for probe in zone.probes):
        found[f"sensor.{probe.device.id}"] = _devices(it=probe.device)["it"] | _said(Probe, probe)
    for device in (station.air, station.rain):
        if device is not None:
            found[f"sensor.{device.id}"] = _devices(it=device)["it"]
    found["sampling"] = _said(Sampling, station.cadence)
    found["planning"] = _said(Planning, station.cadence)
    if station.field:
        found["field"] = plain(station.field)
    return found


def _said(kind: Any, made: Any) -> Table:
    """The keys that a class declares, with an object's values."""
    return {slot.key: plain(getattr(made, slot.name)) for slot in fields_of(kind) if slot.declared}


def _devices(**devices: Device | None) -> dict[str, Any]:
    return {
        key: {"driver": device.driver, **plain(device.settings)} for key, device in devices.items() if device
    }


def toml_value(value: Any) -> str:
    """A plain value as TOML."""
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {toml_value(item)}' for key, item in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:.12g}" if isinstance(value, float) else json.dumps(value, ensure_ascii=False)
