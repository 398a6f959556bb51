"""A station and its field on a virtual clock over a list of days: what a case is lived on.

`from tests.kit.life import *` brings dates and zones along.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from fieldstation.config.demo import AIR_AND_RAIN, LIMITS, PROBE
from fieldstation.config.load import load, resolve
from fieldstation.config.render import Tables, as_toml
from fieldstation.controller.core import Core
from fieldstation.domain.station import Station
from fieldstation.simulation.weather import Weather, WeatherDay
from fieldstation.simulation.world import World
from fieldstation.virtual_station.run import Notebook, planner
from fieldstation.virtual_station.station import VirtualStation

PINS = (27, 22, 12, 13, 16, 18, 19, 20, 21, 5, 6, 2)
"""A valve each; the last three are pulled up at boot, so their relays close on low."""
PULLED_UP = (2, 5, 6)


def dry_days(first: date, days: int, low_c: float = 16.0, high_c: float = 31.0) -> Weather:
    """The same dry day again and again, from three days before `first`."""
    on = [first + timedelta(days=n) for n in range(-3, days + 8)]
    return Weather("case", {day: WeatherDay(day, low_c, high_c, 0.0) for day in on})


def station_of(folder: Path | str) -> Station:
    """The station of a folder with a `station.toml`."""
    return load(Path(folder) / "station.toml")


def live(
    station: Station, first: date, days: int, available: float = 0.3, weather: Weather | None = None
) -> tuple[VirtualStation, Notebook, datetime]:
    """A station at the first day's midnight, what it will note, and that instant; `available` water of the full."""
    notes = Notebook()
    start = datetime.combine(first, time(), ZoneInfo(station.timezone)).astimezone(UTC)
    world = World(station, weather or dry_days(first, days), 1, start, available)
    return VirtualStation(station, world, notes, planner(None)[0]), notes, start


def restart(lived: VirtualStation, notes: Notebook) -> None:
    """A new controller process on the same record; guard and field go on."""
    days = lived.core.daily_history
    zone_info = ZoneInfo(lived.station.timezone)
    lived.core = Core(lived.station, lived.clock, lived.guard, notes, zone_info, poll_idle_s=86400.0)
    lived.core.daily_history = days
    lived.core.watering.poll()


def farm_toml(
    zones: int = 1,
    *,
    area_m2: float = 300,
    lpm: float = 100,
    max_lpm: float | None = None,
    at_once: int = 1,
    hours: tuple[str, str] = ("20:00", "06:00"),
    plan_at: str = "12:00",
) -> str:
    """Equal zones of maize on one pump that draws `lpm` litres a minute, near 37 degrees north."""
    pump = {
        "relay": relay(17),
        "nominal_lpm": lpm,
        "min_lpm": lpm * 0.4,
        "max_lpm": max_lpm or lpm * 1.8,
        "leak_lpm": 2,
    }
    found: Tables = {
        "station": {"name": "Farm", "latitude_deg": 37, "elevation_m": 100, "timezone": "Europe/Madrid"},
        "board": {"pins": "simulated"},
        "guard": {"frost_limit_c": 2.0, "frost_months": []},
        "field": {"seed": 1, "tank_l": 1000000, "refill_lpm": 2000},
        "planning": {"at": [plan_at], "at_start": False},
        "sampling": {"every_s": 600},
        "pump.main": {
            **pump,
            "flow_meter": {"driver": "pulse_flow_meter", "pin": 23, "pulses_per_l": 12},
            "tank_float": {"driver": "float_switch", "pin": 24},
            "zones_at_once": at_once,
        },
        "pump.main.limits": dict(zip(LIMITS, (14400, 2, 30, 5000000, 86400), strict=True)),
        **AIR_AND_RAIN,
    }
    plot = {"area_m2": area_m2, "crop": "maize", "planted_on": date(2026, 4, 15), "soil": "loam"}
    rules = {"application_efficiency_frac": 0.85, "max_depth_mm_per_day": 40}
    when = {"water_from": hours[0], "water_until": hours[1]}
    probe = {"driver": "capacitive_soil_mcp3008", "depth_m": 0.2, "calibration": PROBE}
    for number, pin in enumerate(PINS[:zones]):
        zone = {"name": f"Zone {number + 1}", "pump": "main", "valve": relay(pin)}
        found[f"zone.z{number + 1}"] = {**zone, **plot, **rules, **when}
        found[f"zone.z{number + 1}.limits"] = dict(zip(LIMITS, (7200, 60, 4, 5000000, 14400), strict=True))
        place = {"zone": f"z{number + 1}", "channel": number % 8, "device": number // 8}
        found[f"sensor.p{number + 1}"] = {**probe, **place}
    return as_toml(found)


def relay(pin: int) -> dict[str, object]:
    return {"driver": "relay", "pin": pin, "active_high": pin not in PULLED_UP}


def farm(zones: int = 1, **more: object) -> Station:
    """The station of `farm_toml`."""
    return resolve(farm_toml(zones, **more))  # type: ignore[arg-type] # keywords of farm_toml
