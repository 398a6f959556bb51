"""Zones in the API: what is installed, and the plan: the week ahead, the days behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask import Flask

from fieldstation.binding import like
from fieldstation.domain.decision import Value
from fieldstation.domain.reading import Quality
from fieldstation.domain.station import Zone
from fieldstation.domain.status.decision import DecisionStatus, decision_status
from fieldstation.domain.status.zone import ZoneStatus
from fieldstation.page.api.openapi import Room
from fieldstation.page.api.responses import second, shown, zone_or_problem
from fieldstation.page.context import PageContext
from fieldstation.page.plan.days_view import zone_week
from fieldstation.page.plan.decisions import DiaryCache
from fieldstation.page.plan.past import ZoneDay, past_days
from fieldstation.page.plan.week import Ahead
from fieldstation.page.today.status import RunSummary, run_summary


@dataclass(frozen=True, slots=True)
class ZoneSoil:
    """The ground of a zone, as its texture's table says."""

    texture: str
    field_capacity_frac: float
    wilting_point_frac: float
    saturation_frac: float


@dataclass(frozen=True, slots=True)
class ZoneLimits:
    """What no run of a zone may pass."""

    longest_run_s: float
    min_rest_s: float
    max_starts_per_hour: int
    max_l_per_day: float
    max_s_per_day: float
    max_depth_mm_per_day: float


@dataclass(frozen=True, slots=True)
class ProbeNow:
    """A probe, and what it reads now."""

    id: str
    depth_cm: int
    value: float | None = None
    age_s: float | None = None
    quality: Quality | None = None


@dataclass(frozen=True, slots=True)
class InstalledZone:
    """A zone as station.toml says."""

    id: str
    name: str
    crop: str
    planted_on: date
    area_m2: float
    pump: str
    valve: str
    soil: ZoneSoil
    application_efficiency_frac: float
    limits: ZoneLimits
    water_from: time
    water_until: time
    probes: list[ProbeNow]


@dataclass(frozen=True, slots=True)
class InstalledPump:
    """A pump, with the ids of its meter and float."""

    id: str
    nominal_lpm: float
    flow_meter: str | None
    tank_float: str | None


@dataclass(frozen=True, slots=True)
class Installed:
    """Everything that waters."""

    zones: list[InstalledZone]
    pumps: list[InstalledPump]


@dataclass(frozen=True, slots=True)
class RefusedThen:
    """The guard's last no of a day."""

    at: datetime
    values: dict[str, Value]


@dataclass(frozen=True, slots=True)
class Action:
    """What a person did to the zone."""

    at: datetime
    who: str
    what: str
    values: dict[str, Value]


@dataclass(frozen=True, slots=True)
class DayBehind:
    """A day behind: what was given, or why not."""

    on: date
    kind: str
    decision: DecisionStatus | None
    runs: list[RunSummary]
    refusal: RefusedThen | None
    deeds: list[Action]


@dataclass(frozen=True, slots=True)
class Plan:
    """The week ahead, null while the controller is silent, and the days behind, newest first."""

    zone: str
    ahead: list[Ahead] | None
    behind: list[DayBehind]
    record_error: str | None


def attach(app: Flask, page: PageContext) -> Room:
    """The list, and a plan for each zone."""
    api = Room("zones", "What is installed where, and what each zone's plan is.")

    @api.route("/zones")
    @api.answers(Installed)
    def api_zones() -> Any:
        """What is installed, as station.toml says: crop, soil, limits, probes with what they read; pumps.

        What people have set of a zone is in /settings; how it does is in /status.
        """
        snapshot = page.source.snapshot()
        zones = [_zone(zone, snapshot.zone(zone.id)) for zone in page.station.zones]
        pumps = [
            InstalledPump(
                pump.id,
                pump.nominal_lpm,
                pump.flow.meter.id if pump.flow else None,
                pump.tank_float.id if pump.tank_float else None,
            )
            for pump in page.station.pumps
        ]
        return shown(Installed(zones, pumps))

    @api.route("/zones/<string:zone>/plan")
    @api.answers(Plan, 404)
    def api_plan(zone: str) -> Any:
        """The week ahead by the decision in force, and what was done in the week behind, with the decision behind it.

        `ahead`, null while the controller is silent: `kind` running, done, water, expected, wait, unknown (nobody knows
        yet) or bare (no crop); `why` and `sure` are codes. `behind`, newest first: `kind` watered, manual, refused,
        wanted, waited, nothing or open; its `decision` has the soil's water balance and what would have changed it.
        """
        found, no = zone_or_problem(page, zone)
        if found is None:
            return no
        cache: DiaryCache = app.extensions["diary"]  # the screen's own
        diary, snapshot = cache.diary(), page.source.snapshot()
        live = snapshot.zone(zone)
        pending = live is not None and live.pending
        days = past_days(zone, found.planted_on, diary, snapshot.now, page.tz, pending=pending)
        ahead = None if live is None else zone_week(page, found, live, diary, snapshot)
        return shown(Plan(zone, ahead, [_behind(one) for one in days], diary.error))

    return api


def _zone(zone: Zone, live: ZoneStatus | None) -> InstalledZone:
    reads = {probe.id: probe for probe in live.probes} if live else {}
    probes = []
    for probe in zone.probes:
        now = reads.get(probe.device.id)
        read = (now.value, now.age_s, now.quality) if now else ()
        probes.append(ProbeNow(probe.device.id, probe.depth_cm, *read))
    return like(
        InstalledZone,
        zone,
        crop=zone.crop.name,
        valve=zone.valve.id,
        soil=like(ZoneSoil, zone.soil),
        limits=like(ZoneLimits, zone.limits, max_depth_mm_per_day=zone.max_depth_mm_per_day),
        probes=probes,
    )


def _behind(one: ZoneDay) -> DayBehind:
    return DayBehind(
        on=one.on,
        kind=one.kind,
        decision=None if one.decision is None else decision_status(one.decision),
        runs=[run_summary(run) for run in one.runs],
        refusal=None if one.refusal is None else RefusedThen(second(one.refusal.at), one.refusal.values),
        deeds=[Action(second(entry.at), entry.who, entry.what, entry.values) for entry in one.audit_entries],
    )
