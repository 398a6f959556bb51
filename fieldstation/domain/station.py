"""What is installed: the resolved `station.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from fieldstation.domain.crop import Crop
from fieldstation.domain.soil import Soil


@dataclass(frozen=True, slots=True)
class Device:
    """A declared device. `settings` is an instance of its driver module's `Settings`."""

    id: str
    driver: str
    settings: object


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on water that nothing above the guard can lift. Days are sliding 24 h."""

    longest_run_s: float
    min_rest_s: float
    max_starts_per_hour: int
    max_l_per_day: float
    max_s_per_day: float


@dataclass(frozen=True, slots=True)
class Flow:
    """What the flow meter must show. Absent when the station says it has no meter."""

    meter: Device
    min_lpm: float  # less than this while pumping is no flow
    max_lpm: float  # more than this is a burst
    leak_lpm: float  # more than this with everything off is a leak or a welded relay
    grace_s: float  # after pump start before flow is demanded
    dry_trip_s: float  # without flow after the grace before the run is cut
    leak_after_s: float


@dataclass(frozen=True, slots=True)
class Pump:
    """A pump, its relay and its guards. `tank_float` None means the source never runs dry."""

    id: str
    relay: Device
    limits: Limits
    nominal_lpm: float
    valve_lead_s: float  # valve open before pump on, and pump off before valve shut
    zones_at_once: int
    flow: Flow | None
    tank_float: Device | None


@dataclass(frozen=True, slots=True)
class Probe:
    """A soil probe. `calibration` maps volts to m3/m3, (volts, frac) by rising volts, 2 or more."""

    device: Device
    zone: str
    depth_m: float
    calibration: tuple[tuple[float, float], ...]

    @property
    def depth_cm(self) -> int:
        """Whole centimetres: how readings and forecasts name a probe."""
        return round(self.depth_m * 100)


@dataclass(frozen=True, slots=True)
class Zone:
    """An area watered together by one valve."""

    id: str
    name: str
    pump: str
    valve: Device
    limits: Limits
    area_m2: float
    soil: Soil
    crop: Crop
    planted_on: date
    application_efficiency_frac: float
    max_depth_mm_per_day: float
    min_event_mm: float
    water_from: time  # local; equal to `water_until` means any hour
    water_until: time
    probes: tuple[Probe, ...]


@dataclass(frozen=True, slots=True)
class GuardSettings:
    """Settings of the guard that belong to no pump. Months are 1-12."""

    frost_limit_c: float
    frost_months: tuple[int, ...]
    air_stale_s: float  # an air temperature older than this is unknown
    stop_button: Device | None


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often. `plan_at` are local times."""

    sample_s: float
    batch_s: float
    plan_at: tuple[time, ...]
    plan_at_start: bool
    planner_deadline_s: float
    raw_days: int  # raw readings are kept so long; roll-ups stay


@dataclass(frozen=True, slots=True)
class FieldTruth:
    """Only with simulated pins: what the simulated world is, beyond what the station is told."""

    seed: int
    kernel: str  # "release" or "persist": what happens to lines when their owner dies
    tank_l: float
    refill_lpm: float
    start_available_frac: float  # soil water at start, 0 wilting point .. 1 field capacity


@dataclass(frozen=True, slots=True)
class BrokenSensor:
    """A declared sensor whose driver cannot be used, and why. The station runs without it."""

    id: str
    driver: str
    cause: str


@dataclass(frozen=True, slots=True)
class Station:
    """The whole appliance at one place."""

    name: str
    latitude_deg: float
    elevation_m: float
    timezone: str  # IANA name
    language: str  # of the page when the browser does not say, e.g. "en"
    pins: str  # module in drivers/pins: "pi" or "simulated"
    board: str  # board profile name, e.g. "pi4"
    guard: GuardSettings
    cadence: Cadence
    pumps: tuple[Pump, ...]
    zones: tuple[Zone, ...]
    air: Device | None
    rain: Device | None
    field: FieldTruth | None
    page_names: tuple[str, ...] = ()  # further names by which the page is asked for
    broken: tuple[BrokenSensor, ...] = ()

    def zone(self, zone_id: str) -> Zone:
        """The zone of this id. Raises KeyError."""
        return {zone.id: zone for zone in self.zones}[zone_id]

    def pump(self, pump_id: str) -> Pump:
        """The pump of this id. Raises KeyError."""
        return {pump.id: pump for pump in self.pumps}[pump_id]
