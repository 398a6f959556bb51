"""The live status that the page asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fieldstation.binding import like
from fieldstation.controller.core import Core
from fieldstation.controller.status.requests import adjustments, manual_watering
from fieldstation.domain.alert import Alert
from fieldstation.domain.decision import Decision, ZoneState
from fieldstation.domain.forecast import Quantiles, ZoneForecast
from fieldstation.domain.notification import Channel
from fieldstation.domain.reading import Quality, Quantity, Reading
from fieldstation.domain.run import Run
from fieldstation.domain.station import Probe, Zone
from fieldstation.domain.status.decision import decision_status
from fieldstation.domain.status.learning import LearningStatus
from fieldstation.domain.status.station import (
    AirStatus,
    ChannelStatus,
    ClockStatus,
    Identity,
    PlannerStatus,
    RainStatus,
    SettingsStatus,
    StationStatus,
    StorageStatus,
    alert_status,
)
from fieldstation.domain.status.zone import (
    DateRange,
    LastRun,
    NextRun,
    OpenRun,
    ProbeStatus,
    SoilRange,
    SoilWater,
    ZoneStatus,
    open_run,
)
from fieldstation.policies.zone_state import zone_state


@dataclass(frozen=True, slots=True)
class ProcessStatus:
    """What the core cannot know of the process around it."""

    boot_id: str
    heartbeat_age_s: float
    planning: bool
    learning: LearningStatus
    channels: dict[Channel, ChannelStatus]
    storage: StorageStatus


def snapshot(core: Core, alerts: list[Alert], process: ProcessStatus) -> StationStatus:
    """Everything about now. Instants are whole seconds."""
    clock, report = core.clock, core.report
    now = clock.now().replace(microsecond=0)
    air_t = _newest(core, core.station.air, Quantity.AIR_T)
    air_rh = _newest(core, core.station.air, Quantity.AIR_RH)
    rain = _newest(core, core.station.rain, Quantity.RAIN)
    today = core.daily_history.today(core.station.zones[0].id, now) if core.station.zones else None
    return like(
        StationStatus,
        process,
        station=Identity(core.station.name, core.station.timezone, core.station.language),
        clock=ClockStatus(now, clock.trusted()),
        zones=tuple(_zone(core, zone) for zone in core.station.zones),
        air=AirStatus(
            air_t.value if air_t else None,
            air_rh.value if air_rh else None,
            _age_s(core, air_t),
            _quality(air_t),
        ),
        rain=RainStatus(today.rain_mm if today else None, _age_s(core, rain), _quality(rain)),
        manual_key=core.by_hand.run_id,
        settings=SettingsStatus(
            core.settings.station(), {zone.id: core.settings.of(zone.id) for zone in core.station.zones}
        ),
        alerts=tuple(alert_status(alert, now) for alert in alerts),
        planner=PlannerStatus(
            _second(core.planned_at),
            report.failure if report else None,
            report.detail if report else "",
            process.planning,
        ),
    )


def _zone(core: Core, zone: Zone) -> ZoneStatus:
    decision = core.decisions.get(zone.id)
    shown = shown_reading(core, zone)
    dry = decision.dry_frac if decision else zone.soil.wilting_point_frac
    full = decision.full_frac if decision else zone.soil.field_capacity_frac
    run = core.last_runs.get(zone.id)
    refusal = core.watering.refusals.get(zone.id)
    forecast = decision.forecast if decision else None
    harvest_on = forecast.harvest_on if forecast else None
    return like(
        ZoneStatus,
        zone,
        crop=zone.crop.name,
        soil_water=SoilWater(
            shown.value if shown else None, Quantity.SOIL_WATER.unit, _age_s(core, shown), _quality(shown)
        ),
        dry_frac=dry,
        full_frac=full,
        verdict=_zone_state(shown, decision, dry, full),
        probes=tuple(_probe(core, probe) for probe in zone.probes),
        run=_open_run(core, zone.id),
        last_run=None if run is None else _last_run(run, zone),
        next_run=_next_run(core, zone.id, decision),
        unkept=zone.id in core.unkept,
        adjustments=adjustments(core, zone.id),
        manual_watering=manual_watering(core, zone.id),
        room_mm=round(max(0.0, core.room_mm(zone.id)), 2),
        decision=None if decision is None else decision_status(decision),
        forecast=_soil_ranges(forecast),
        yield_t_ha=_rounded(forecast.yield_t_ha, 2) if forecast and forecast.yield_t_ha else None,
        yield_by=forecast.yield_by if forecast else None,
        harvest_on=DateRange(*harvest_on) if harvest_on else None,
        contributions=forecast.drivers if forecast else (),
        yield_contributions=forecast.yield_drivers if forecast else (),
        refusal=refusal,
    )


def shown_reading(core: Core, zone: Zone) -> Reading | None:
    """The probe that speaks for the zone: the shallowest good one, else the shallowest."""
    readings = []
    for probe in sorted(zone.probes, key=lambda probe: probe.depth_m):
        reading = core.sensing.newest.get((probe.device.id, Quantity.SOIL_WATER))
        if reading is not None:
            readings.append(reading)
    return next((r for r in readings if r.good), readings[0] if readings else None)


def _zone_state(shown: Reading | None, decision: Decision | None, dry: float, full: float) -> ZoneState:
    """By root-zone depletion where a rung knew it, else by the probe; none before something was decided."""
    if decision is None:  # one probe is no verdict: it may stand full over dry roots
        return ZoneState.UNKNOWN
    if decision.depletion_mm is not None and decision.taw_mm:
        frac = full - (decision.depletion_mm / decision.taw_mm) * _span(decision, dry, full)
        return zone_state(frac, dry, full)
    return zone_state(shown.value if shown else None, dry, full)


def _span(decision: Decision, dry: float, full: float) -> float:
    """Soil water between full and wilting point on the scale where `dry` is the refill line."""
    line = decision.values.get("line_mm")
    if isinstance(line, int | float) and line > 0 and decision.taw_mm:
        return (full - dry) * decision.taw_mm / float(line)
    return full - dry


def _probe(core: Core, probe: Probe) -> ProbeStatus:
    reading = core.sensing.newest.get((probe.device.id, Quantity.SOIL_WATER))
    return ProbeStatus(
        id=probe.device.id,
        depth_m=probe.depth_m,
        value=reading.value if reading else None,
        quality=_quality(reading),
        age_s=_age_s(core, reading),
        volts=reading.raw if reading else None,
    )


def _soil_ranges(forecast: ZoneForecast | None) -> tuple[SoilRange, ...]:
    found = []
    for soil in forecast.soil if forecast else ():
        likely = _rounded(soil.soil_water_frac, 4)
        found.append(SoilRange(soil.hours, likely.p10, likely.p50, likely.p90))
    return tuple(found)


def _rounded(found: Quantiles, digits: int) -> Quantiles:
    return Quantiles(round(found.p10, digits), round(found.p50, digits), round(found.p90, digits))


def _open_run(core: Core, zone: str) -> OpenRun | None:
    run = core.watering.status.run_of(zone) if core.watering.status else None
    if run is None:
        return None
    hand = core.by_hand.of(zone)
    by = hand.by if hand is not None and hand.run_id == run.id else None
    return open_run(run, by)


def _last_run(run: Run, zone: Zone) -> LastRun:
    return LastRun(
        started_at=run.started_at.replace(microsecond=0),
        ended_at=run.ended_at.replace(microsecond=0),
        litres=round(run.litres, 1),
        minutes=round(run.on_s / 60, 1),
        depth_mm=round(run.litres / zone.area_m2, 2),
        stop_reason=run.stop_reason,
        origin=run.origin,
    )


def _next_run(core: Core, zone: str, decision: Decision | None) -> NextRun | None:
    """The next watering as far as it is known, under what people ask; `skipped` when it will not be given."""
    want, now = core.watering.wants(zone), core.clock.now()
    if want is not None and want.start_at is not None:
        at = max(want.start_at, now).replace(microsecond=0)
        return NextRun(at, round(want.run_s / 60), certain=True, skipped=False)
    if decision is None or decision.expected_at is None or decision.expected_run_s is None:
        return None
    asked = core.adjustments(zone)
    if decision.expected_at < now or not asked.automatic:
        return None
    at, minutes = decision.expected_at.replace(microsecond=0), round(decision.expected_run_s / 60)
    return NextRun(at, minutes, certain=False, skipped=asked.skip_next)


def _newest(core: Core, device: Any, quantity: Quantity) -> Reading | None:
    return core.sensing.newest.get((device.id, quantity)) if device else None


def _age_s(core: Core, reading: Reading | None) -> float | None:
    return None if reading is None else round(core.clock.mono_s() - reading.mono_s, 1)


def _quality(reading: Reading | None) -> Quality:
    return reading.quality if reading else Quality.NO_ANSWER


def _second(at: datetime | None) -> datetime | None:
    return at and at.replace(microsecond=0)
