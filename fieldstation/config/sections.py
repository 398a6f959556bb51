"""The sections of station.toml: which declarations are their keys, and which devices stand in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fieldstation.binding import setting
from fieldstation.config.tables import crop_names, soils
from fieldstation.domain.station import (
    Board,
    FieldTruth,
    Flow,
    GuardSettings,
    Limits,
    Place,
    Planning,
    Probe,
    Pump,
    Sampling,
    Zone,
)


@dataclass(frozen=True, slots=True)
class Absent:
    """What a pump does without, said aloud."""

    no_flow_meter: bool = setting("true: there is no flow meter, water is counted by time", default=False)
    no_tank_float: bool = setting("true: the source cannot run dry, there is no float", default=False)


@dataclass(frozen=True, slots=True)
class Ground:
    """Names in a zone that stand for tables which ship with the station."""

    crop: str = setting("what grows there", choices=tuple(crop_names()))
    soil: str | None = setting(
        "a USDA texture, unless both fractions are given", default=None, choices=tuple(soils())
    )
    field_capacity_frac: float | None = setting(
        "water that the soil holds against gravity, m3/m3", default=None, gt=0.02, lt=0.7
    )
    wilting_point_frac: float | None = setting(
        "water that roots cannot take, m3/m3", default=None, gt=0.005, lt=0.5
    )


@dataclass(frozen=True, slots=True)
class Section:
    """One section. `devices` are keys that hold a device, each with its role and meaning."""

    name: str
    doc: str
    kinds: tuple[Any, ...]
    devices: dict[str, tuple[str, str]] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    either: tuple[str, ...] = ()  # what is needed and may be said in more than one way


STATION = Section("station", "The station's name and place.", (Place,))
BOARD = Section("board", "Where the pins are.", (Board,))
GUARD = Section(
    "guard",
    "Settings of the guard that belong to no pump.",
    (GuardSettings,),
    {"stop_button": ("stop_button", "a physical button, normally closed: a cut wire stops; may be left out")},
)
PUMP = Section(
    "pump.NAME",
    "A pump. The keys from `min_lpm` on need a flow meter.",
    (Pump, Absent, Flow),
    {
        "relay": ("relay", "switches the pump"),
        "flow_meter": ("flow_meter", "or say no_flow_meter = true: runs then last 900 s at most"),
        "tank_float": ("tank_float", "or say no_tank_float = true"),
    },
    ("limits",),
)
ZONE = Section(
    "zone.NAME",
    "An area watered together.",
    (Zone, Ground),
    {"valve": ("relay", "opens the zone's valve")},
    ("limits",),
    ("soil: a USDA texture such as loam, or field_capacity_frac and wilting_point_frac",),
)
LIMITS = Section(
    "pump.NAME.limits and zone.NAME.limits",
    "Bounds on water: all required, without defaults, and nothing lifts them.",
    (Limits,),
)
SENSOR = Section(
    "sensor.NAME",
    "A sensor: its `driver`, and the driver's own settings (below). A soil probe has these keys too.",
    (Probe,),
)
SAMPLING = Section("sampling", "How often sensors are read and kept. May be empty.", (Sampling,))
PLANNING = Section("planning", "When the station decides.", (Planning,))
FIELD = Section("field", "The simulated field. Only with simulated pins.", (FieldTruth,))
SECTIONS = (STATION, BOARD, GUARD, PUMP, ZONE, LIMITS, SENSOR, SAMPLING, PLANNING, FIELD)
