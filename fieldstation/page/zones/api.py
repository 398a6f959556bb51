"""Zones in the API: what is installed, and the plan: the week ahead, the days behind."""

from __future__ import annotations

from typing import Any

from flask import Flask, jsonify

from fieldstation.binding import plain
from fieldstation.domain.station import Zone
from fieldstation.domain.status.decision import decision_status
from fieldstation.domain.status.zone import ZoneStatus
from fieldstation.page.api.openapi import Room
from fieldstation.page.api.responses import zone_or_problem
from fieldstation.page.api.schemas import PLAN, ZONES
from fieldstation.page.plan.days_view import zone_week
from fieldstation.page.plan.decisions import Shelf
from fieldstation.page.plan.past import Told, told
from fieldstation.page.plan.week import Ahead
from fieldstation.page.site import Site
from fieldstation.page.today.status import run_summary, stamp


def attach(app: Flask, site: Site) -> Room:
    """The list, and a plan for each zone."""
    api = Room("zones", "What is installed where, and what each zone's plan is.")

    @api.route("/zones")
    @api.answers(ZONES)
    def api_zones() -> Any:
        """What is installed, as station.toml says: crop, soil, limits, probes with what they read; pumps.

        What people have set of a zone is in /settings; how it does is in /status.
        """
        picture = site.gather.picture()
        return jsonify(
            {
                "zones": [_zone(zone, picture.zone(zone.id)) for zone in site.station.zones],
                "pumps": [
                    {
                        "id": pump.id,
                        "nominal_lpm": pump.nominal_lpm,
                        "flow_meter": pump.flow and pump.flow.meter.id,
                        "tank_float": pump.tank_float and pump.tank_float.id,
                    }
                    for pump in site.station.pumps
                ],
            }
        )

    @api.route("/zones/<string:zone>/plan")
    @api.answers(PLAN, 404)
    def api_plan(zone: str) -> Any:
        """The week ahead by the decision in force, and what was done in the week behind, with the decision behind it.

        `ahead`, null while the controller is silent: `kind` running, done, water, expected, wait, unknown (nobody knows
        yet) or bare (no crop); `why` and `sure` are codes. `behind`, newest first: `kind` watered, manual, refused,
        wanted, waited, nothing or open; its `decision` has the soil's account and what would have changed it.
        """
        found, no = zone_or_problem(site, zone)
        if found is None:
            return no
        shelf: Shelf = app.extensions["diary"]  # the screen's own
        diary, picture = shelf.diary(), site.gather.picture()
        live = picture.zone(zone)
        pending = live is not None and live.pending
        days = told(zone, found.planted_on, diary, picture.now, site.tz, pending=pending)
        return jsonify(
            {
                "zone": zone,
                "ahead": None
                if live is None
                else [_ahead(one) for one in zone_week(site, found, live, diary, picture)],
                "behind": [_behind(one) for one in days],
                "record_error": diary.error,
            }
        )

    return api


def _zone(zone: Zone, live: ZoneStatus | None) -> dict[str, Any]:
    reads = {probe.id: probe for probe in live.probes} if live else {}
    return {
        "id": zone.id,
        "name": zone.name,
        "crop": zone.crop.name,
        "planted_on": zone.planted_on.isoformat(),
        "area_m2": zone.area_m2,
        "pump": zone.pump,
        "valve": zone.valve.id,
        "soil": {
            "texture": zone.soil.texture,
            "field_capacity_frac": zone.soil.field_capacity_frac,
            "wilting_point_frac": zone.soil.wilting_point_frac,
            "saturation_frac": zone.soil.saturation_frac,
        },
        "application_efficiency_frac": zone.application_efficiency_frac,
        "limits": {
            "longest_run_s": zone.limits.longest_run_s,
            "min_rest_s": zone.limits.min_rest_s,
            "max_starts_per_hour": zone.limits.max_starts_per_hour,
            "max_l_per_day": zone.limits.max_l_per_day,
            "max_s_per_day": zone.limits.max_s_per_day,
            "max_depth_mm_per_day": zone.max_depth_mm_per_day,
        },
        "water_from": f"{zone.water_from:%H:%M}",
        "water_until": f"{zone.water_until:%H:%M}",
        "probes": [
            {
                "id": probe.device.id,
                "depth_cm": probe.depth_cm,
                **{
                    name: getattr(reads.get(probe.device.id), name, None)
                    for name in ("value", "age_s", "quality")
                },
            }
            for probe in zone.probes
        ],
    }


def _ahead(one: Ahead) -> dict[str, Any]:
    return {
        "on": one.on.isoformat(),
        "kind": one.kind,
        "why": one.why,
        "sure": one.sure or None,
        "at": one.at and stamp(one.at),
        "minutes": one.minutes,
        "litres": one.litres,
        "early_on": one.early_on and one.early_on.isoformat(),
        "late_on": one.late_on and one.late_on.isoformat(),
    }


def _behind(one: Told) -> dict[str, Any]:
    return {
        "on": one.on.isoformat(),
        "kind": one.kind,
        "decision": None if one.decision is None else plain(decision_status(one.decision)),
        "runs": [plain(run_summary(run)) for run in one.runs],
        "refusal": None
        if one.refusal is None
        else {"at": stamp(one.refusal.at), "values": one.refusal.values},
        "deeds": [
            {"at": stamp(deed.at), "who": deed.who, "what": deed.what, "values": deed.values}
            for deed in one.deeds
        ],
    }
