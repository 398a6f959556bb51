"""The live picture that the page asks for: nouns in, plain JSON out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fieldstation.controller.core import Core
from fieldstation.controller.status.requests import by_hand_plain, nudges_plain
from fieldstation.domain.alert import Alert
from fieldstation.domain.decision import Decision, Verdict
from fieldstation.domain.reading import Quality, Quantity, Reading
from fieldstation.domain.station import Zone
from fieldstation.policies.verdict import verdict
from fieldstation.wire.decision import decision_plain
from fieldstation.wire.line import Message
from fieldstation.wire.report import dates_plain, drivers_plain, range_plain


def snapshot(core: Core, alerts: list[Alert]) -> Message:
    """Everything about now, absent values null. Numbers are finite."""
    clock = core.clock
    air_t = _newest(core, core.station.air, Quantity.AIR_T)
    air_rh = _newest(core, core.station.air, Quantity.AIR_RH)
    rain = _newest(core, core.station.rain, Quantity.RAIN)
    today = core.daybook.today(core.station.zones[0].id, clock.now()) if core.station.zones else None
    return {
        "station": {
            "name": core.station.name,
            "timezone": core.station.timezone,
            "language": core.station.language,
        },
        "clock": {"now": stamp(clock.now()), "trusted": clock.trusted()},
        "zones": [_zone(core, zone) for zone in core.station.zones],
        "air": {
            "t_c": air_t.value if air_t else None,
            "rh_frac": air_rh.value if air_rh else None,
            "age_s": _age_s(core, air_t),
            "quality": air_t.quality.value if air_t else Quality.NO_ANSWER.value,
        },
        "rain": {
            "today_mm": today.rain_mm if today else None,
            "age_s": _age_s(core, rain),
            "quality": rain.quality.value if rain else Quality.NO_ANSWER.value,
        },
        "hand_mark": core.by_hand.mark,
        "settings": {
            "station": core.settings.station(),
            "zones": {zone.id: core.settings.of(zone.id) for zone in core.station.zones},
        },
        "alerts": [alert_plain(alert, clock.now()) for alert in alerts],
    }


def alert_plain(alert: Alert, now: datetime) -> Message:
    """An open alert; `id` is null until it is on record, `since_sure` false when the clock was not set."""
    return {
        "id": alert.id,
        "code": alert.code.value,
        "severity": alert.code.severity.value,
        "zone": alert.zone,
        "since": stamp(alert.since),
        "since_sure": alert.clock_trusted,
        "values": alert.values,
        "seen_by": alert.seen_by,
        "seen_at": stamp(alert.seen_at) if alert.seen_at else None,
        "quiet_until": stamp(alert.quiet_until) if alert.quiet_until and alert.quiet(now) else None,
    }


def stamp(at: datetime) -> str:
    """An instant as the wire writes it: UTC, seconds, `Z`."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _zone(core: Core, zone: Zone) -> Message:
    decision = core.decisions.get(zone.id)
    shown = shown_reading(core, zone)
    dry = decision.dry_frac if decision else zone.soil.wilting_point_frac
    full = decision.full_frac if decision else zone.soil.field_capacity_frac
    run = core.last_runs.get(zone.id)
    refusal = core.watering.refusals.get(zone.id)
    forecast = decision.forecast if decision else None
    return {
        "id": zone.id,
        "name": zone.name,
        "crop": zone.crop.name,
        "area_m2": zone.area_m2,
        "soil_water": {
            "value": shown.value if shown else None,
            "unit": Quantity.SOIL_WATER.unit,
            "age_s": _age_s(core, shown),
            "quality": shown.quality.value if shown else Quality.NO_ANSWER.value,
        },
        "dry_frac": dry,
        "full_frac": full,
        "verdict": _verdict(shown, decision, dry, full).value,
        "probes": [_probe(core, zone, index) for index in range(len(zone.probes))],
        "run": _open_run(core, zone.id),
        "last_run": None
        if run is None
        else {
            "started_at": stamp(run.started_at),
            "ended_at": stamp(run.ended_at),
            "litres": round(run.litres, 1),
            "minutes": round(run.on_s / 60, 1),
            "depth_mm": round(run.litres / zone.area_m2, 2),
            "stop_reason": run.stop_reason.value,
            "origin": run.origin,
        },
        "next_run": _next_run(core, zone.id, decision),
        "unkept": zone.id in core.unkept,
        "nudges": nudges_plain(core, zone.id),
        "by_hand": by_hand_plain(core, zone.id),
        "room_mm": round(max(0.0, core.room_mm(zone.id)), 2),
        "decision": None if decision is None else decision_plain(decision),
        "forecast": [
            {"hours": soil.hours, **range_plain(soil.soil_water_frac, 4)}
            for soil in (forecast.soil if forecast else ())
        ],
        "yield_t_ha": range_plain(forecast.yield_t_ha, 2) if forecast and forecast.yield_t_ha else None,
        "yield_by": forecast.yield_by.value if forecast and forecast.yield_by else None,
        "harvest_on": dates_plain(forecast.harvest_on) if forecast and forecast.harvest_on else None,
        "drivers": drivers_plain(forecast.drivers if forecast else ()),
        "yield_drivers": drivers_plain(forecast.yield_drivers if forecast else ()),
        "refusal": None
        if refusal is None
        else {
            "code": refusal.code.value,
            "at": stamp(refusal.at),
            "values": refusal.values,
        },
    }


def shown_reading(core: Core, zone: Zone) -> Reading | None:
    """The probe that speaks for the zone: the shallowest good one, else the shallowest."""
    readings = []
    for probe in sorted(zone.probes, key=lambda probe: probe.depth_m):
        reading = core.sensing.newest.get((probe.device.id, Quantity.SOIL_WATER))
        if reading is not None:
            readings.append(reading)
    return next((r for r in readings if r.good), readings[0] if readings else None)


def _verdict(shown: Reading | None, decision: Decision | None, dry: float, full: float) -> Verdict:
    """By root-zone depletion where a rung knew it, else by the probe; none before something was decided."""
    if decision is None:  # one probe is no verdict: it may stand full over dry roots
        return Verdict.UNKNOWN
    if decision.depletion_mm is not None and decision.taw_mm:
        frac = full - (decision.depletion_mm / decision.taw_mm) * _span(decision, dry, full)
        return verdict(frac, dry, full)
    return verdict(shown.value if shown else None, dry, full)


def _span(decision: Decision, dry: float, full: float) -> float:
    """Soil water between full and wilting point on the scale where `dry` is the refill line."""
    line = decision.values.get("line_mm")
    if isinstance(line, int | float) and line > 0 and decision.taw_mm:
        return (full - dry) * decision.taw_mm / float(line)
    return full - dry


def _probe(core: Core, zone: Zone, index: int) -> Message:
    probe = zone.probes[index]
    reading = core.sensing.newest.get((probe.device.id, Quantity.SOIL_WATER))
    return {
        "id": probe.device.id,
        "depth_m": probe.depth_m,
        "value": reading.value if reading else None,
        "quality": reading.quality.value if reading else Quality.NO_ANSWER.value,
        "age_s": _age_s(core, reading),
        "volts": reading.raw if reading else None,
    }


def _open_run(core: Core, zone: str) -> Message | None:
    for run in (core.watering.status or {}).get("runs", ()):
        if run["zone"] == zone:
            told = ("id", "origin", "started_at", "on_s", "planned_s", "litres", "phase")
            hand = core.by_hand.of(zone)
            by = hand.by if hand is not None and hand.run_id == run["id"] else None
            return {**{k: run.get(k) for k in told}, "by": by}
    return None


def _next_run(core: Core, zone: str, decision: Decision | None) -> Message | None:
    """The next watering as far as it is known, under what people ask; `skipped` when it will not be given."""
    want = core.watering.wants(zone)
    if want is not None and want.start_at is not None:
        at = max(want.start_at, core.clock.now())
        return {"at": stamp(at), "minutes": round(want.run_s / 60), "certain": True, "skipped": False}
    if decision is None or decision.expected_at is None or decision.expected_run_s is None:
        return None
    if decision.expected_at < core.clock.now() or not core.nudges(zone).automatic:
        return None
    return {
        "at": stamp(decision.expected_at),
        "minutes": round(decision.expected_run_s / 60),
        "certain": False,
        "skipped": core.nudges(zone).skip_next,
    }


def _newest(core: Core, device: Any, quantity: Quantity) -> Reading | None:
    return core.sensing.newest.get((device.id, quantity)) if device else None


def _age_s(core: Core, reading: Reading | None) -> float | None:
    return None if reading is None else round(core.clock.mono_s() - reading.mono_s, 1)
