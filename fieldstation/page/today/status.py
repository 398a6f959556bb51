"""`GET /api/v1/status`: one shape, absent values null and never missing."""

from __future__ import annotations

from typing import Any

from fieldstation.domain.decision import Verdict
from fieldstation.domain.reading import Quality, Quantity
from fieldstation.domain.run import Run
from fieldstation.domain.station import Station, Zone
from fieldstation.page.sources import Picture, ZoneRecord
from fieldstation.wire.decision import decision_plain

SILENT_AFTER_S = 15.0
FULL_MB = 1.0
"""With less room a controller that ended cannot open its record again."""
DECISION = (
    "at",
    "rung",
    "depth_mm",
    "reason",
    "depletion_mm",
    "taw_mm",
    "changes",
    "skipped",
    "below",
    "account",
    "limited_by",
)
"""What the API tells of a decision; the page's own view also has its inputs."""


def controller_alive(picture: Picture) -> bool:
    """Whether the controller answered and its loop turns."""
    answer = picture.controller
    return answer is not None and float(answer.get("heartbeat_age_s") or 0.0) < SILENT_AFTER_S


def missing(picture: Picture) -> list[str]:
    """The processes that are not well, by name."""
    gone = [] if picture.guard is not None else ["guard"]
    return gone if controller_alive(picture) else [*gone, "controller"]


def status(station: Station, picture: Picture) -> dict[str, Any]:
    """The API's status."""
    guard, controller = picture.guard, picture.controller
    live = {zone["id"]: zone for zone in (controller or {}).get("zones", ())}
    alerts = list((controller or {}).get("alerts", ()))
    if guard is None and not any(alert["code"] == "guard_silent" for alert in alerts):
        alerts.append({"code": "guard_silent", "zone": None, "since": None, "values": {}})
    if controller is None:
        alerts.append({"code": "controller_silent", "zone": None, "since": None, "values": {}})
        if picture.free_mb is not None and picture.free_mb < FULL_MB:  # it cannot start, so it cannot say why
            alerts.append(
                {"code": "record_failed", "zone": None, "since": None, "values": {"code": "disk_full"}}
            )
    clock = (controller or {}).get("clock") or {}
    return {
        "station": {"name": station.name},
        "clock": {"now": stamp(picture.now), "trusted": clock.get("trusted")},
        "guard": {
            "alive": guard is not None,
            "stop_latched": guard.get("stop_latched") if guard else None,
            "lines": short_lines(guard.get("lines", {})) if guard else {},
        },
        "controller": {
            "alive": controller_alive(picture),
            "heartbeat_age_s": controller.get("heartbeat_age_s") if controller else None,
        },
        "learning": (controller or {}).get("learning"),
        "zones": [
            _live(live[zone.id]) if zone.id in live else _recorded(zone, picture) for zone in station.zones
        ],
        "alerts": alerts,
    }


def short_lines(lines: dict[str, Any]) -> dict[str, Any]:
    """Lines by short names: `pump` when there is one pump, valves by `valve:<zone>`."""
    pumps = [name for name in lines if name.startswith("pump:")]
    return {("pump" if [name] == pumps else name): line for name, line in lines.items()}


def stamp(at: Any) -> str:
    """An instant as the API writes it."""
    return str(at.strftime("%Y-%m-%dT%H:%M:%SZ"))


def _live(zone: dict[str, Any]) -> dict[str, Any]:
    decision, run, planned = zone["decision"], zone["last_run"], zone["next_run"]
    keys = ("started_at", "ended_at", "litres", "stop_reason")
    return {
        "id": zone["id"],
        "name": zone["name"],
        "soil_water": zone["soil_water"],
        "verdict": zone["verdict"],
        "last_run": None if run is None else {key: run[key] for key in keys},
        "next_run": None if planned is None else {key: planned[key] for key in ("at", "minutes")},
        "decision": None if decision is None else {key: decision[key] for key in DECISION},
        "nudges": zone.get("nudges", []),
        "by_hand": zone.get("by_hand"),
        "forecast": zone["forecast"],
        "yield_t_ha": zone["yield_t_ha"],
        "drivers": zone["drivers"],
        "yield_drivers": zone["yield_drivers"],
    }


def _recorded(zone: Zone, picture: Picture) -> dict[str, Any]:
    """What the record still knows while the controller is silent, with its age."""
    record = picture.zones.get(zone.id) or ZoneRecord()
    at, value = record.soil[-1] if record.soil else (None, None)
    decision = record.decision
    return {
        "id": zone.id,
        "name": zone.name,
        "soil_water": {
            "value": None if value is None else round(value, 4),
            "unit": Quantity.SOIL_WATER.unit,
            "age_s": None if at is None else round((picture.now - at).total_seconds()),
            "quality": Quality.STALE.value if at else Quality.NO_ANSWER.value,
        },
        "verdict": Verdict.UNKNOWN.value,
        "last_run": run_plain(record.last_run),
        "next_run": None,
        "decision": None
        if decision is None
        else {key: value for key, value in decision_plain(decision).items() if key in DECISION},
        "nudges": [],
        "by_hand": None,
        "forecast": [],
        "yield_t_ha": None,
        "drivers": [],
        "yield_drivers": [],
    }


def run_plain(run: Run | None) -> dict[str, Any] | None:
    """A run as the API writes it."""
    if run is None:
        return None
    return {
        "started_at": stamp(run.started_at),
        "ended_at": stamp(run.ended_at),
        "litres": round(run.litres, 1),
        "stop_reason": run.stop_reason.value,
    }
