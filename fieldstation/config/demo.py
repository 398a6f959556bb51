"""Stations that are written, not installed: the demo's and the season simulator's."""

from __future__ import annotations

from datetime import date

PROBE = "[[1.00, 0.50], [1.45, 0.35], [1.95, 0.22], [2.40, 0.12], [2.90, 0.02]]"
PUMP_LIMITS = (14400, 2, 12, 40000, 43200)


def demo_toml(*, planted_on: date, seed: int, kernel: str = "release") -> str:
    """The demo station: two small zones in a place without frost, watering at any hour, deciding at start."""
    zones = [
        _zone("north", "North field", "maize", planted_on, 100, "sandy_loam", 27, ("00:00", "00:00"), 18),
        _zone("south", "South beds", "tomato", planted_on, 80, "loam", 22, ("00:00", "00:00"), 15),
    ]
    return "\n".join(
        [
            _head("Demo", 14.5, 310, "Africa/Dakar", kernel, seed, tank_l=20000, refill_lpm=60),
            _pump(40, PUMP_LIMITS),
            *zones,
            _probes("north", 0),
            _probes("south", 2),
            _AIR_AND_RAIN,
            "[sampling]\nevery_s = 10\n",
            '[planning]\nat = ["05:00", "17:00"]\nat_start = true\ndeadline_s = 60\n',
        ]
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
    names = [f"zone{number + 1}" for number in range(zones)]
    pins = (27, 22, 12, 13, 16, 18, 19, 20)
    made = [
        _zone(
            name,
            f"Zone {number + 1}",
            crop,
            planted_on,
            200,
            soil,
            pins[number],
            ("20:00", "08:00"),
            max_depth_mm_per_day,
        )
        for number, name in enumerate(names)
    ]
    probes = [_probes(name, 2 * (number % 4), number // 4) for number, name in enumerate(names)]
    return "\n".join(
        [
            _head(
                "Simulated season",
                latitude_deg,
                elevation_m,
                timezone,
                "release",
                seed,
                tank_l=60000,
                refill_lpm=200,
            ),
            _pump(480, (14400, 2, 30, 400000, 86400)),
            *made,
            *probes,
            _AIR_AND_RAIN,
            "[sampling]\nevery_s = 600\n",
            '[planning]\nat = ["05:00"]\n',
        ]
    )


def _head(
    name: str,
    latitude_deg: float,
    elevation_m: float,
    timezone: str,
    kernel: str,
    seed: int,
    tank_l: float,
    refill_lpm: float,
) -> str:
    return f"""\
[station]
name = "{name}"
latitude_deg = {latitude_deg:.4f}
elevation_m = {elevation_m:.1f}
timezone = "{timezone}"

[board]
pins = "simulated"

[guard]
frost_limit_c = 2.0
frost_months = []
stop_button = {{ driver = "stop_button", pin = 26 }}

[field]
seed = {seed}
kernel = "{kernel}"
tank_l = {tank_l}
refill_lpm = {refill_lpm}
"""


def _pump(lpm: float, limits: tuple[int, int, int, int, int]) -> str:
    return f"""\
[pump.main]
relay = {{ driver = "relay", pin = 17, active_high = true }}
flow_meter = {{ driver = "pulse_flow_meter", pin = 23, pulses_per_l = 12 }}
tank_float = {{ driver = "float_switch", pin = 24 }}
nominal_lpm = {lpm}
min_lpm = {lpm * 0.4:g}
max_lpm = {lpm * 1.8:g}
leak_lpm = 2
{_limits("pump.main", limits)}"""


def _zone(
    id: str,
    name: str,
    crop: str,
    planted_on: date,
    area_m2: float,
    soil: str,
    pin: int,
    hours: tuple[str, str],
    max_depth_mm: float,
) -> str:
    litres = int(area_m2 * (max_depth_mm + 2))
    return f"""\
[zone.{id}]
name = "{name}"
pump = "main"
valve = {{ driver = "relay", pin = {pin}, active_high = true }}
area_m2 = {area_m2}
crop = "{crop}"
planted_on = {planted_on.isoformat()}
soil = "{soil}"
application_efficiency_frac = 0.85
max_depth_mm_per_day = {max_depth_mm}
water_from = "{hours[0]}"
water_until = "{hours[1]}"
{_limits(f"zone.{id}", (7200, 60, 4, litres, 14400))}"""


def _limits(where: str, limits: tuple[int, int, int, int, int]) -> str:
    run, rest, starts, litres, seconds = limits
    return f"""\
[{where}.limits]
longest_run_s = {run}
min_rest_s = {rest}
max_starts_per_hour = {starts}
max_l_per_day = {litres}
max_s_per_day = {seconds}
"""


def _probes(zone: str, channel: int, device: int = 0) -> str:
    return "\n".join(
        f"""\
[sensor.{zone}_{where}]
driver = "capacitive_soil_mcp3008"
channel = {channel + number}
device = {device}
zone = "{zone}"
depth_m = {depth}
calibration = {PROBE}
"""
        for number, (where, depth) in enumerate((("soil", 0.15), ("deep", 0.45)))
    )


_AIR_AND_RAIN = """\
[sensor.air]
driver = "dht22"
pin = 4

[sensor.rain]
driver = "tipping_bucket_rain_gauge"
pin = 25
mm_per_tip = 0.2
"""
