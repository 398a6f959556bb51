"""The resolved station as text for people: every value, defaults included."""

from __future__ import annotations

import dataclasses

from fieldstation.domain.station import Device, Limits, Station


def render(station: Station) -> str:
    """The station, one fact a line, grouped as in station.toml."""
    cadence, guard = station.cadence, station.guard
    lines = [
        f"[station] {station.name}: {station.latitude_deg:g} deg, {station.elevation_m:g} m, {station.timezone}, language {station.language}",
        *([f"    page also asked for as {', '.join(station.page_names)}"] if station.page_names else []),
        f"[board] pins {station.pins}, profile {station.board}",
        f"[guard] frost below {guard.frost_limit_c:g} C, frost months {list(guard.frost_months)}, air stale after {guard.air_stale_s:g} s",
        f"    stop button: {_device(guard.stop_button)}",
    ]
    for pump in station.pumps:
        lines += [
            f"[pump.{pump.id}] {pump.nominal_lpm:g} l/min, valve lead {pump.valve_lead_s:g} s, zones at once {pump.zones_at_once}",
            f"    relay: {_device(pump.relay)}",
            f"    tank float: {_device(pump.tank_float)}",
        ]
        if pump.flow is None:
            lines.append("    no flow meter: time is credited")
        else:
            flow = pump.flow
            lines.append(
                f"    flow meter: {_device(flow.meter)}; min {flow.min_lpm:g}, max {flow.max_lpm:g}, leak {flow.leak_lpm:g} l/min; "
                f"grace {flow.grace_s:g} s, dry after {flow.dry_trip_s:g} s"
            )
        lines.append(f"    limits: {_limits(pump.limits)}")
    for zone in station.zones:
        soil = zone.soil
        hours = (
            "any hour"
            if zone.water_from == zone.water_until
            else f"{zone.water_from:%H:%M} to {zone.water_until:%H:%M}"
        )
        lines += [
            f"[zone.{zone.id}] {zone.name}: {zone.area_m2:g} m2 of {zone.crop.name} planted {zone.planted_on}, pump {zone.pump}",
            f"    soil {soil.texture}: field capacity {soil.field_capacity_frac:g}, wilting point {soil.wilting_point_frac:g} m3/m3",
            f"    efficiency {zone.application_efficiency_frac:g}, at most {zone.max_depth_mm_per_day:g} mm a day, at least {zone.min_event_mm:g} mm, {hours}",
            f"    valve: {_device(zone.valve)}",
            f"    limits: {_limits(zone.limits)}",
        ]
        lines += [
            f"    probe {p.device.id} at {p.depth_m:g} m: {_device(p.device)}, {len(p.calibration)} points"
            for p in zone.probes
        ]
    plan_at = ", ".join(f"{at:%H:%M}" for at in cadence.plan_at)
    lines += [
        f"[sensor] air: {_device(station.air)}; rain: {_device(station.rain)}",
        f"[sampling] every {cadence.sample_s:g} s, commit every {cadence.batch_s:g} s, raw kept {cadence.raw_days} days",
        f"[planning] at {plan_at}{', and at start' if cadence.plan_at_start else ''}, planner deadline {cadence.planner_deadline_s:g} s",
    ]
    if station.field:
        lines.append(f"[field] {dataclasses.asdict(station.field)}")
    return "\n".join(lines)


def _device(device: Device | None) -> str:
    if device is None:
        return "none"
    settings = dataclasses.asdict(device.settings)  # type: ignore[call-overload] # a driver's Settings
    return f"{device.driver} ({', '.join(f'{key} {value}' for key, value in settings.items())})"


def _limits(limits: Limits) -> str:
    return (
        f"run {limits.longest_run_s:g} s, rest {limits.min_rest_s:g} s, {limits.max_starts_per_hour} starts an hour, "
        f"{limits.max_l_per_day:g} l and {limits.max_s_per_day:g} s a day"
    )
