"""What guard and controller say of themselves: whole answers as they stand on the wire, with parts of a test's choice."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from fieldstation.binding import plain, read
from fieldstation.controller.core import Core
from fieldstation.controller.status.snapshot import ProcessStatus
from fieldstation.controller.status.snapshot import snapshot as controller_snapshot
from fieldstation.domain.alert import Alert, AlertCode
from fieldstation.domain.status.learning import LearningStatus
from fieldstation.domain.status.station import StationStatus, StorageStatus

NOW = datetime.now(UTC).replace(microsecond=0)
UNLEARNED = LearningStatus(False, None, None, None, None, (), ())
PROCESS = ProcessStatus("boot", 0.3, False, UNLEARNED, {}, StorageStatus(True, None))


def z(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def seen(core: Core, alerts: Sequence[Alert] = ()) -> Any:
    """The status of a core as whoever asks for it gets it: it has been through the door."""
    status = controller_snapshot(core, list(alerts), PROCESS)
    wire = json.loads(json.dumps(plain(status), allow_nan=False))
    assert read(StationStatus, wire) == status
    return wire


def latch(code: str, pump: str | None = None, zone: str | None = None) -> dict[str, Any]:
    return {"code": code, "pump": pump, "zone": zone, "since_s": 60}


def run(zone: str = "north", run_id: str = "r", **more: Any) -> dict[str, Any]:
    """A run that is open."""
    return {
        "id": run_id,
        "seq": 1,
        "zone": zone,
        "origin": "auto",
        "started_at": z(NOW - timedelta(minutes=12)),
        "planned_s": 1500.0,
        "on_s": 720.0,
        "litres": 480.0,
        "phase": "watering",
        "lease_left_s": 8.0,
        **more,
    }


def closed(run_id: str, zone: str = "north", **more: Any) -> dict[str, Any]:
    """A run that is over."""
    return {
        "id": run_id,
        "seq": 1,
        "zone": zone,
        "origin": "auto",
        "started_at": z(NOW - timedelta(minutes=5)),
        "ended_at": z(NOW),
        "on_s": 300.0,
        "litres": 200.0,
        "measured": True,
        "stop_reason": "done",
        **more,
    }


def alert(code: str, zone: str | None = None, **more: Any) -> dict[str, Any]:
    """An open alert; `values` and what people did with it are a test's choice."""
    return {
        "id": 1,
        "code": code,
        "severity": AlertCode(code).severity.value,
        "zone": zone,
        "since": z(NOW),
        "since_sure": True,
        "values": {},
        "seen_by": None,
        "seen_at": None,
        "quiet_until": None,
        **more,
    }


GUARD_PARTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "runs": lambda one: {**run(), **one},
    "closed": lambda one: {**closed("r"), **one},
    "latches": lambda one: {**latch("leak"), **one},
}
"""What a test says of these in part is filled up."""


def guard_status(**more: Any) -> dict[str, Any]:
    off = {"on": False, "on_for_s": None, "lease_left_s": None}
    return {
        "alive": True,
        "boot_id": "boot",
        "stop_latched": False,
        "latched_by": None,
        "stops": 0,
        "lines": {"pump:main": dict(off), "valve:north": dict(off), "valve:south": dict(off)},
        "inputs": {"main": {"flow_lpm": 0.0, "tank_ok": True}},
        "stop_button": None,
        "ledger_ok": True,
        "latches": [],
        "runs": [],
        "closed": [],
        "budgets": {},
        **more,
        **{name: [fill(one) for one in more[name]] for name, fill in GUARD_PARTS.items() if name in more},
    }


def zone(name: str, **more: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "id": name,
        "name": name.title(),
        "crop": "maize",
        "area_m2": 100.0,
        "soil_water": {"value": 0.16, "unit": "m3/m3", "age_s": 12.0, "quality": "good"},
        "dry_frac": 0.13,
        "full_frac": 0.19,
        "verdict": "getting_dry",
        "probes": [],
        "run": None,
        "last_run": {
            "started_at": z(NOW - timedelta(days=2)),
            "ended_at": z(NOW - timedelta(days=2, minutes=-25)),
            "litres": 620.0,
            "minutes": 25.0,
            "depth_mm": 6.2,
            "stop_reason": "done",
            "origin": "auto",
        },
        "next_run": {"at": z(NOW + timedelta(hours=30)), "minutes": 25, "certain": False, "skipped": False},
        "unkept": False,
        "nudges": [],
        "by_hand": None,
        "room_mm": 20.0,
        "decision": {
            "id": "d",
            "at": z(NOW - timedelta(hours=1)),
            "rung": "learned",
            "depth_mm": 0.0,
            "reason": {"code": "enough_water", "values": {"days_left": 1.4}},
            "inputs": [],
            "depletion_mm": 41.0,
            "taw_mm": 90.0,
            "skipped": [],
            "below": {"rung": "water_balance", "depth_mm": 0.0},
            "changes": [{"code": "drier", "values": {"mm": 7.2, "days": 1.2}}],
            "account": {
                "days": 1,
                "before_mm": 38.0,
                "use_mm": 6.2,
                "rain_mm": 0.0,
                "water_mm": 2.0,
                "lost_mm": 0.0,
                "other_mm": 0.0,
                "now_mm": 42.2,
            },
            "start_at": None,
            "limited_by": [],
            "model": "base-1",
        },
        "forecast": [
            {"hours": 24, "p10": 0.14, "p50": 0.15, "p90": 0.16},
            {"hours": 48, "p10": 0.12, "p50": 0.135, "p90": 0.15},
        ],
        "yield_t_ha": {"p10": 7.0, "p50": 9.0, "p90": 10.0},
        "yield_by": "growth",
        "harvest_on": None,
        "refusal": None,
        "drivers": [
            {"name": "soil_balance", "effect": 0.42},
            {"name": "soil_probe", "effect": -0.06},
            {"name": "rain", "effect": 0.001},
        ],
        "yield_drivers": [
            {"name": "usual", "effect": 8.6},
            {"name": "water_given", "effect": 0.5},
            {"name": "rain", "effect": -0.1},
        ],
    }
    opened = {key: value for key, value in run().items() if key not in ("seq", "zone", "lease_left_s")}
    parts = {"last_run": whole["last_run"], "next_run": whole["next_run"], "run": {**opened, "by": None}}
    filled = {key: {**parts[key], **more[key]} for key in parts if more.get(key)}
    return {**whole, **more, **filled}


def snapshot(**more: Any) -> dict[str, Any]:
    return {
        "station": {"name": "Demo", "timezone": "UTC", "language": "en"},
        "clock": {"now": z(NOW), "trusted": True},
        "boot_id": "boot",
        "heartbeat_age_s": 0.3,
        "zones": [zone("north"), zone("south")],
        "air": {"t_c": 21.0, "rh_frac": 0.5, "age_s": 5, "quality": "good"},
        "rain": {"today_mm": 0.0, "age_s": 5, "quality": "good"},
        "hand_mark": "m",
        "settings": {"station": {}, "zones": {}},
        "planner": {"last_ok_at": None, "failure": None, "detail": "", "running": False},
        "channels": {},
        "storage": {"ok": True, "failure": None},
        **more,
        "alerts": [{**alert(one["code"]), **one} for one in more.get("alerts", ())],
        "learning": {**plain(UNLEARNED), **more.get("learning", {})},
    }
