"""The sections of station.toml as dataclasses: every key, its meaning and its limits in one place."""

from __future__ import annotations

from dataclasses import dataclass

from fieldstation.domain.setting import setting


@dataclass(frozen=True, slots=True)
class StationSection:
    """[station]"""

    name: str = setting("what the station is called")
    latitude_deg: float = setting("degrees, south negative", ge=-66, le=66)
    elevation_m: float = setting("metres above the sea", ge=-430, le=6000)
    timezone: str = setting("an IANA name such as Africa/Nairobi")
    language: str = setting(
        "language of the page when the browser does not say",
        default="en",
        choices=("en", "es", "fr", "hi", "ar"),
    )
    page_names: list | None = setting(  # type: ignore[type-arg] # checked one by one
        "further names by which the page is asked for, such as pump.farm.example", default=None
    )


@dataclass(frozen=True, slots=True)
class BoardSection:
    """[board]"""

    pins: str = setting("where the pins are", choices=("pi", "simulated"))
    profile: str = setting("board profile", default="pi4", choices=("pi4",))


@dataclass(frozen=True, slots=True)
class GuardSection:
    """[guard]"""

    frost_limit_c: float = setting("no water below this air temperature, C", ge=-5, le=15)
    frost_months: list = setting("months 1-12 in which an unknown air temperature refuses water")  # type: ignore[type-arg] # TOML gives a list; its members are checked one by one
    air_stale_s: float = setting(
        "an air temperature older than this is unknown, s", default=3600.0, ge=60, le=21600
    )


@dataclass(frozen=True, slots=True)
class LimitsSection:
    """[pump.X.limits] and [zone.X.limits]: no defaults, no way around."""

    longest_run_s: float = setting("longest single run, s", ge=60, le=14400)
    min_rest_s: float = setting("rest between two runs, s", ge=0, le=86400)
    max_starts_per_hour: int = setting("starts in any hour", ge=1, le=30)
    max_l_per_day: float = setting("litres in any 24 hours", gt=0, le=5_000_000)
    max_s_per_day: float = setting("seconds of water in any 24 hours", ge=60, le=86400)


@dataclass(frozen=True, slots=True)
class PumpSection:
    """[pump.X]"""

    nominal_lpm: float = setting("flow into one open zone, litres a minute", gt=0, le=20000)
    valve_lead_s: float = setting("valve before pump and pump before valve, s", default=2.0, ge=0.5, le=60)
    zones_at_once: int = setting("zones that may be open together", default=1, ge=1, le=16)
    no_tank_float: bool = setting("true says: the source cannot run dry, there is no float", default=False)
    no_flow_meter: bool = setting("true says: there is no flow meter, time is credited", default=False)
    min_lpm: float | None = setting("less while pumping counts as no flow", default=None, gt=0)
    max_lpm: float | None = setting("more counts as a burst pipe", default=None, gt=0)
    leak_lpm: float = setting("more with everything off is a leak", default=1.0, gt=0, le=100)
    flow_grace_s: float = setting("time to prime before flow is asked for, s", default=10.0, ge=1, le=300)
    dry_trip_s: float = setting("time without flow until the run is cut, s", default=10.0, ge=2, le=120)
    leak_after_s: float = setting("how long a leak is watched, s", default=30.0, ge=10, le=600)


@dataclass(frozen=True, slots=True)
class ZoneSection:
    """[zone.X]"""

    name: str = setting("what people call the zone")
    pump: str = setting("the pump that serves it")
    area_m2: float = setting("irrigated area, m2", gt=0, le=1_000_000)
    crop: str = setting("a crop file's name, such as maize")
    planted_on: object = setting("date of planting, such as 2026-04-18")
    application_efficiency_frac: float = setting("part of the water that reaches the roots", ge=0.3, le=1)
    max_depth_mm_per_day: float = setting("most water a day, mm", gt=0, le=100)
    min_event_mm: float = setting("smallest watering worth starting, mm", default=2.0, gt=0, le=50)
    soil: str | None = setting(
        "a USDA texture such as sandy_loam, unless both fractions are given", default=None
    )
    field_capacity_frac: float | None = setting("m3/m3", default=None, gt=0.02, lt=0.7)
    wilting_point_frac: float | None = setting("m3/m3", default=None, gt=0.005, lt=0.5)
    water_from: str = setting("local time HH:MM from which watering may start", default="00:00")
    water_until: str = setting(
        "local time HH:MM until which it may start; the same as water_from: any hour", default="00:00"
    )


@dataclass(frozen=True, slots=True)
class ProbeSection:
    """Keys that a soil probe adds to its driver's own in [sensor.X]."""

    zone: str = setting("the zone it stands in")
    depth_m: float = setting("depth of its middle, m", ge=0.02, le=2)
    calibration: list = setting("[[volts, m3/m3], ...] by rising volts, two or more")  # type: ignore[type-arg] # checked pair by pair


@dataclass(frozen=True, slots=True)
class SamplingSection:
    """[sampling]"""

    every_s: float = setting("seconds between rounds", default=60.0, ge=10, le=3600)
    batch_s: float = setting("seconds of readings in one commit", default=300.0, ge=10, le=3600)
    raw_days: int = setting("days raw readings are kept", default=90, ge=7, le=3650)


@dataclass(frozen=True, slots=True)
class PlanningSection:
    """[planning]"""

    at: list = setting("local times HH:MM at which the station decides")  # type: ignore[type-arg] # checked one by one
    at_start: bool = setting("true: decide once after every start as well", default=False)
    deadline_s: float = setting("the planner's deadline, s", default=60.0, ge=5, le=600)


@dataclass(frozen=True, slots=True)
class FieldSection:
    """[field], only with simulated pins."""

    seed: int = setting("chance of the simulated field", default=1, ge=0, le=2_000_000_000)
    kernel: str = setting(
        "what lines do when their owner dies", default="release", choices=("release", "persist")
    )
    tank_l: float = setting("tank, litres", default=10000.0, gt=0, le=10_000_000)
    refill_lpm: float = setting("what fills the tank, litres a minute", default=20.0, ge=0, le=20000)
    start_available_frac: float = setting("soil water at the start, 0 dry to 1 full", default=0.8, ge=0, le=1)
