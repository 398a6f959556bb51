"""Stations that are written, not installed: the demo's and the season simulator's."""

from __future__ import annotations

from datetime import date
from typing import Any

from fieldstation.config.render import Tables, as_toml

LIMITS = ("longest_run_s", "min_rest_s", "max_starts_per_hour", "max_l_per_day", "max_s_per_day")
PROBE = [[1.0, 0.5], [1.45, 0.35], [1.95, 0.22], [2.4, 0.12], [2.9, 0.02]]
VALVE_PINS = (27, 22, 12, 13, 16, 18, 19, 20)
AIR_AND_RAIN: Tables = {
    "sensor.air": {"driver": "dht22", "pin": 4},
    "sensor.rain": {"driver": "tipping_bucket_rain_gauge", "pin": 25, "mm_per_tip": 0.2},
}


def demo_toml(*, planted_on: date, seed: int, kernel: str = "release") -> str:
    """The demo station: two small zones in a place without frost, watering at any hour, deciding at start."""
    place = {"name": "Demo", "latitude_deg": 14.5, "elevation_m": 310, "timezone": "Africa/Dakar"}
    north = {"name": "North field", "crop": "maize", "soil": "sandy_loam", "area_m2": 100}
    south = {"name": "South beds", "crop": "tomato", "soil": "loam", "area_m2": 80}
    any_hour = {"water_from": "00:00", "water_until": "00:00"}
    return as_toml(
        _head(place, seed=seed, kernel=kernel, tank_l=20000, refill_lpm=60)
        | _pump(40, (14400, 2, 12, 40000, 43200))
        | _zone(0, "north", {**north, "planted_on": planted_on, "max_depth_mm_per_day": 18, **any_hour})
        | _zone(1, "south", {**south, "planted_on": planted_on, "max_depth_mm_per_day": 15, **any_hour})
        | _probes(0, "north")
        | _probes(1, "south")
        | AIR_AND_RAIN
        | {"sampling": {"every_s": 10}}
        | {"planning": {"at": ["05:00", "17:00"], "at_start": True, "deadline_s": 60}}
    )


def season_toml(
    *,
    crop: str,
    planted_on: date,
    zones: int,
    seed: int,
    latitude_deg: float,
    elevation_m: float,
    timezone: str,
    soil: str,
    max_depth_mm_per_day: float = 40,
) -> str:
    """A station of one to eight equal zones for a simulated season; watering at night, deciding at dawn."""
    place = {
        "name": "Simulated season",
        "latitude_deg": round(latitude_deg, 4),
        "elevation_m": round(elevation_m, 1),
        "timezone": timezone,
    }
    found = _head(place, seed=seed, kernel="release", tank_l=60000, refill_lpm=200)
    found |= _pump(480, (14400, 2, 30, 400000, 86400))
    what = {"crop": crop, "soil": soil, "planted_on": planted_on, "area_m2": 200}
    when = {"max_depth_mm_per_day": max_depth_mm_per_day, "water_from": "20:00", "water_until": "08:00"}
    for number in range(zones):
        id = f"zone{number + 1}"
        found |= _zone(number, id, {"name": f"Zone {number + 1}", **what, **when}) | _probes(number, id)
    return as_toml(found | AIR_AND_RAIN | {"sampling": {"every_s": 600}, "planning": {"at": ["05:00"]}})


def _head(place: dict[str, Any], **field: Any) -> Tables:
    button = {"driver": "stop_button", "pin": 26}
    return {
        "station": place,
        "board": {"pins": "simulated"},
        "guard": {"frost_limit_c": 2.0, "frost_months": [], "stop_button": button},
        "field": field,
    }


def _pump(lpm: float, limits: tuple[int, ...]) -> Tables:
    devices = {
        "relay": {"driver": "relay", "pin": 17, "active_high": True},
        "flow_meter": {"driver": "pulse_flow_meter", "pin": 23, "pulses_per_l": 12},
        "tank_float": {"driver": "float_switch", "pin": 24},
    }
    flows = {"nominal_lpm": lpm, "min_lpm": lpm * 0.4, "max_lpm": lpm * 1.8, "leak_lpm": 2}
    return {"pump.main": {**devices, **flows}, "pump.main.limits": dict(zip(LIMITS, limits, strict=True))}


def _zone(number: int, id: str, table: dict[str, Any]) -> Tables:
    litres = int(table["area_m2"] * (table["max_depth_mm_per_day"] + 2))
    valve = {"driver": "relay", "pin": VALVE_PINS[number], "active_high": True}
    limits = dict(zip(LIMITS, (7200, 60, 4, litres, 14400), strict=True))
    made = {"pump": "main", "valve": valve, "application_efficiency_frac": 0.85, **table}
    return {f"zone.{id}": made, f"zone.{id}.limits": limits}


def _probes(number: int, zone: str) -> Tables:
    """Two probes: the zone's pair of channels, four zones to a chip."""
    return {
        f"sensor.{zone}_{where}": {
            "driver": "capacitive_soil_mcp3008",
            "channel": 2 * (number % 4) + deeper,
            "device": number // 4,
            "zone": zone,
            "depth_m": depth_m,
            "calibration": PROBE,
        }
        for deeper, (where, depth_m) in enumerate((("soil", 0.15), ("deep", 0.45)))
    }
