"""What is installed: the resolved `station.toml`.

A field with a `setting` is a key of that file, and stands nowhere else: `config` reads it,
`fieldstation check` prints it, and the reference describes it from here. The loader fills the
other fields: devices, and what a name such as a crop's stands for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Annotated

from fieldstation.binding import Bounds, setting
from fieldstation.domain.crop import Crop
from fieldstation.domain.soil import Soil

LANGUAGES = ("en", "es", "fr", "hi", "ar")
HOST = r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?"
Volts = Annotated[float, Bounds(ge=0, le=5)]
Frac = Annotated[float, Bounds(ge=0, le=0.8)]


@dataclass(frozen=True, slots=True)
class Device:
    """A declared device. `settings` is an instance of its driver module's `Settings`."""

    id: str
    driver: str
    settings: object


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on water that nothing above the guard can lift, without defaults. Days are sliding 24 h."""

    longest_run_s: float = setting("longest single run", unit="s", ge=60, le=14400)
    min_rest_s: float = setting("rest between two runs", unit="s", ge=0, le=86400)
    max_starts_per_hour: int = setting("starts in any hour", ge=1, le=30)
    max_l_per_day: float = setting("water in any 24 hours", unit="l", gt=0, le=5_000_000)
    max_s_per_day: float = setting("time of water in any 24 hours", unit="s", ge=60, le=86400)


@dataclass(frozen=True, slots=True)
class Flow:
    """What the flow meter must show. Absent when the station says it has no meter."""

    meter: Device
    min_lpm: float = setting("less than this while pumping is no flow", unit="l/min", gt=0)
    max_lpm: float = setting("more than this is a burst pipe", unit="l/min", gt=0)
    leak_lpm: float = setting(
        "more than this with everything off is a leak or a welded relay",
        unit="l/min",
        default=1.0,
        gt=0,
        le=100,
    )
    grace_s: float = setting(
        "time to prime before flow is demanded", unit="s", key="flow_grace_s", default=10.0, ge=1, le=300
    )
    dry_trip_s: float = setting(
        "time without flow until the run is cut", unit="s", default=10.0, ge=2, le=120
    )
    leak_after_s: float = setting("how long a leak is watched", unit="s", default=30.0, ge=10, le=600)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pump:
    """A pump, its relay and its guards. `tank_float` None means the source never runs dry."""

    id: str
    relay: Device
    limits: Limits
    flow: Flow | None
    tank_float: Device | None
    nominal_lpm: float = setting("flow into one open zone", unit="l/min", gt=0, le=20000)
    valve_lead_s: float = setting(
        "valve open before pump on, and pump off before valve shut", unit="s", default=2.0, ge=0.5, le=60
    )
    zones_at_once: int = setting("zones that may be open together", default=1, ge=1, le=16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A soil probe. `calibration` maps volts to m3/m3, by rising volts."""

    device: Device
    zone: str = setting("the zone it stands in")
    depth_m: float = setting("depth of its middle", unit="m", ge=0.02, le=2)
    calibration: tuple[tuple[Volts, Frac], ...] = setting(
        "[volts, m3/m3] by rising volts; m3/m3 is a fraction, not percent", min_len=2, max_len=64
    )

    @property
    def depth_cm(self) -> int:
        """Whole centimetres: how readings and forecasts name a probe."""
        return round(self.depth_m * 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """An area watered together by one valve. Equal `water_from` and `water_until` mean any hour."""

    id: str
    valve: Device
    limits: Limits
    soil: Soil
    crop: Crop
    probes: tuple[Probe, ...]
    name: str = setting("what people call the zone", line=True, max_len=64)
    pump: str = setting("the pump that serves it")
    area_m2: float = setting("irrigated area", unit="m2", gt=0, le=1_000_000)
    planted_on: date = setting("day of planting")
    application_efficiency_frac: float = setting("part of the water that reaches the roots", ge=0.3, le=1)
    max_depth_mm_per_day: float = setting("most water a day", unit="mm", gt=0, le=100)
    min_event_mm: float = setting("smallest watering worth starting", unit="mm", default=2.0, gt=0, le=50)
    water_from: time = setting("from when watering may start", default=time())
    water_until: time = setting(
        "until when it may start; the same as water_from means any hour", default=time()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardSettings:
    """Settings of the guard that belong to no pump."""

    stop_button: Device | None
    frost_limit_c: float = setting("no water below this air temperature", unit="C", ge=-5, le=15)
    frost_months: tuple[int, ...] = setting(
        "months in which an unknown air temperature refuses water; [] where frost is unknown",
        ge=1,
        le=12,
        max_len=12,
    )
    air_stale_s: float = setting(
        "an air temperature older than this is unknown", unit="s", default=3600.0, ge=60, le=21600
    )


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """How often sensors are read and kept. Roll-ups stay when raw readings go."""

    sample_s: float = setting(
        "time between two rounds", unit="s", key="every_s", default=60.0, ge=10, le=3600
    )
    batch_s: float = setting("readings of so long in one commit", unit="s", default=300.0, ge=10, le=3600)
    raw_days: int = setting("how long raw readings are kept", unit="days", default=90, ge=7, le=3650)


@dataclass(frozen=True, kw_only=True)
class Planning:
    """When the station decides."""

    plan_at: tuple[time, ...] = setting("when the station decides", key="at", min_len=1, max_len=48)
    plan_at_start: bool = setting(
        "true: decide once after every start as well", key="at_start", default=False
    )
    planner_deadline_s: float = setting(
        "the planner's deadline", unit="s", key="deadline_s", default=60.0, ge=5, le=600
    )


@dataclass(frozen=True, kw_only=True)
class Cadence(Sampling, Planning):
    """How often."""


@dataclass(frozen=True, slots=True)
class FieldTruth:
    """Only with simulated pins: what the simulated world is, beyond what the station is told."""

    seed: int = setting("chance of the simulated field", default=1, ge=0, le=2_000_000_000)
    kernel: str = setting(
        "what lines do when their owner dies", default="release", choices=("release", "persist")
    )
    tank_l: float = setting("what the tank holds", unit="l", default=10000.0, gt=0, le=10_000_000)
    refill_lpm: float = setting("what fills the tank", unit="l/min", default=20.0, ge=0, le=20000)
    start_available_frac: float = setting(
        "soil water at the start, 0 wilting point to 1 field capacity", default=0.8, ge=0, le=1
    )


@dataclass(frozen=True, slots=True)
class BrokenSensor:
    """A declared sensor whose driver cannot be used, and why. The station runs without it."""

    id: str
    driver: str
    cause: str


@dataclass(frozen=True, kw_only=True)
class Place:
    """The station's name and place."""

    name: str = setting("what the station is called", line=True, max_len=64)
    latitude_deg: float = setting("latitude, negative south of the equator", unit="degrees", ge=-66, le=66)
    elevation_m: float = setting("height above the sea", unit="m", ge=-430, le=6000)
    timezone: str = setting("the place's time zone, an IANA name such as Africa/Nairobi")
    language: str = setting(
        "language of the page when the browser does not say", default="en", choices=LANGUAGES
    )
    page_names: tuple[Annotated[str, Bounds(max_len=253, pattern=HOST)], ...] = setting(
        "further names by which the page is asked for, such as pump.farm.example, no port",
        default=(),
        max_len=32,
    )


@dataclass(frozen=True, kw_only=True)
class Board:
    """Where the pins are: a module of `drivers/pins`, and a file of `config/boards`."""

    pins: str = setting("where the pins are", choices=("pi", "simulated"))
    board: str = setting("board profile", key="profile", default="pi4", choices=("pi4",))


@dataclass(frozen=True, kw_only=True)
class Station(Place, Board):
    """The whole appliance at one place."""

    guard: GuardSettings
    cadence: Cadence
    pumps: tuple[Pump, ...]
    zones: tuple[Zone, ...]
    air: Device | None
    rain: Device | None
    field: FieldTruth | None
    broken: tuple[BrokenSensor, ...] = ()

    @property
    def sensors(self) -> list[Device]:
        """Soil probes, air, rain. A device with two roles comes once."""
        found = [probe.device for zone in self.zones for probe in zone.probes]
        found += [device for device in (self.air, self.rain) if device is not None]
        return list({device.id: device for device in found}.values())

    def zone(self, zone_id: str) -> Zone:
        """The zone of this id. Raises KeyError."""
        return {zone.id: zone for zone in self.zones}[zone_id]

    def pump(self, pump_id: str) -> Pump:
        """The pump of this id. Raises KeyError."""
        return {pump.id: pump for pump in self.pumps}[pump_id]
