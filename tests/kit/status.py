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
from fieldstation.domain.change import Change, ChangeCode
from fieldstation.domain.decision import OtherRung, Reason, Rung, ZoneState
from fieldstation.domain.forecast import Contribution, Quantiles, YieldBy
from fieldstation.domain.reading import Quality
from fieldstation.domain.run import Code, Run
from fieldstation.domain.soil_water_balance import SoilWaterBalance
from fieldstation.domain.status.decision import DecisionStatus, ReasonStatus
from fieldstation.domain.status.guard import (
    GuardStatus,
    LatchStatus,
    LineStatus,
    Phase,
    PumpStatus,
    RunStatus,
)
from fieldstation.domain.status.learning import LearningStatus
from fieldstation.domain.status.station import (
    AirStatus,
    AlertStatus,
    ClockStatus,
    Identity,
    PlannerStatus,
    RainStatus,
    SettingsStatus,
    StationStatus,
    StorageStatus,
)
from fieldstation.domain.status.zone import LastRun, NextRun, SoilRange, SoilWater, ZoneStatus, open_run

NOW = datetime.now(UTC).replace(microsecond=0)
UNLEARNED = LearningStatus(False, None, None, None, None, (), ())
PROCESS = ProcessStatus("boot", 0.3, False, UNLEARNED, {}, StorageStatus(True, None))
RUN = RunStatus(
    "r", 1, "north", "auto", NOW - timedelta(minutes=12), 1500.0, 720.0, 480.0, Phase.WATERING, 8.0
)
CLOSED = Run("r", 1, "north", "auto", NOW - timedelta(minutes=5), NOW, 300.0, 200.0, True, Code.DONE)
OFF = LineStatus(False, None, None)
GUARD = GuardStatus(
    alive=True,
    boot_id="boot",
    stop_latched=False,
    latched_by=None,
    stops=0,
    lines={"pump:main": OFF, "valve:north": OFF, "valve:south": OFF},
    inputs={"main": PumpStatus(0.0, True)},
    stop_button=None,
    ledger_ok=True,
    latches=(),
    runs=(),
    closed=(),
    budgets={},
)
DECISION = DecisionStatus(
    id="d",
    at=NOW - timedelta(hours=1),
    rung=Rung.LEARNED,
    depth_mm=0.0,
    reason=ReasonStatus(Reason.ENOUGH_WATER, {"days_left": 1.4}),
    depletion_mm=41.0,
    taw_mm=90.0,
    changes=(Change(ChangeCode.DRIER, {"mm": 7.2, "days": 1.2}),),
    skipped=(),
    below=OtherRung(Rung.WATER_BALANCE, 0.0),
    soil_water_balance=SoilWaterBalance(1, 38.0, 6.2, 0.0, 2.0, 0.0, 0.0, 42.2),
    inputs=(),
    start_at=None,
    limited_by=(),
    model="base-1",
)
TWO_DAYS_AGO = NOW - timedelta(days=2)
ZONE = ZoneStatus(
    id="north",
    name="North",
    crop="maize",
    area_m2=100.0,
    soil_water=SoilWater(0.16, "m3/m3", 12.0, Quality.GOOD),
    dry_frac=0.13,
    full_frac=0.19,
    verdict=ZoneState.GETTING_DRY,
    probes=(),
    run=None,
    last_run=LastRun(TWO_DAYS_AGO, TWO_DAYS_AGO + timedelta(minutes=25), 620.0, 25.0, 6.2, Code.DONE, "auto"),
    next_run=NextRun(NOW + timedelta(hours=30), 25, certain=False, skipped=False),
    unkept=False,
    adjustments=(),
    manual_watering=None,
    room_mm=20.0,
    decision=DECISION,
    forecast=(SoilRange(24, 0.14, 0.15, 0.16), SoilRange(48, 0.12, 0.135, 0.15)),
    yield_t_ha=Quantiles(7.0, 9.0, 10.0),
    yield_by=YieldBy.GROWTH,
    harvest_on=None,
    contributions=(
        Contribution("soil_balance", 0.42),
        Contribution("soil_probe", -0.06),
        Contribution("rain", 0.001),
    ),
    yield_contributions=(
        Contribution("usual", 8.6),
        Contribution("water_given", 0.5),
        Contribution("rain", -0.1),
    ),
    refusal=None,
)
STATION = StationStatus(
    station=Identity("Demo", "UTC", "en"),
    clock=ClockStatus(NOW, True),
    zones=(),
    air=AirStatus(21.0, 0.5, 5.0, Quality.GOOD),
    rain=RainStatus(0.0, 5.0, Quality.GOOD),
    manual_key="m",
    settings=SettingsStatus({}, {}),
    alerts=(),
    boot_id="boot",
    heartbeat_age_s=0.3,
    planner=PlannerStatus(None, None, "", False),
    learning=UNLEARNED,
    channels={},
    storage=StorageStatus(True, None),
)
Parts = dict[str, Any]
"""What a test says of something in part, as it stands on the wire; the rest is as above."""


def z(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def seen(core: Core, alerts: Sequence[Alert] = ()) -> Any:
    """The status of a core as whoever asks for it gets it: it has been through the door."""
    status = controller_snapshot(core, list(alerts), PROCESS)
    wire = json.loads(json.dumps(plain(status), allow_nan=False))
    assert read(StationStatus, wire) == status
    return wire


def filled(whole: object, **parts: Any) -> Parts:
    return {**plain(whole), **parts}


def run(zone: str = "north", run_id: str = "r", **more: Any) -> Parts:
    """A run that is open."""
    return filled(RUN, id=run_id, zone=zone, **more)


def closed(run_id: str, zone: str = "north", **more: Any) -> Parts:
    """A run that is over."""
    return filled(CLOSED, id=run_id, zone=zone, **more)


def latch(code: str, pump: str | None = None, zone: str | None = None) -> Parts:
    return filled(LatchStatus(Code(code), pump, zone, 60.0))


def alert(code: str, **more: Any) -> Parts:
    """An open alert."""
    known = AlertCode(code)
    return filled(AlertStatus(1, known, known.severity, None, NOW, True, {}, None, None, None), **more)


GUARD_PARTS: dict[str, Callable[[Parts], Parts]] = {
    "runs": lambda one: filled(RUN, **one),
    "closed": lambda one: filled(CLOSED, **one),
    "latches": lambda one: {**latch("leak"), **one},
}
ZONE_PARTS = {"last_run": ZONE.last_run, "next_run": ZONE.next_run, "run": open_run(RUN, None)}


def guard_status(**more: Any) -> Parts:
    lists = {name: [fill(one) for one in more.get(name, ())] for name, fill in GUARD_PARTS.items()}
    return filled(GUARD, **{**more, **lists})


def zone(name: str, **more: Any) -> Parts:
    parts = {key: filled(whole, **more[key]) for key, whole in ZONE_PARTS.items() if more.get(key)}
    return filled(ZONE, **{"id": name, "name": name.title(), **more, **parts})


def snapshot(**more: Any) -> Parts:
    zones = more.get("zones", [zone("north"), zone("south")])
    alerts = [{**alert(one["code"]), **one} for one in more.get("alerts", ())]
    learning = filled(UNLEARNED, **more.get("learning", {}))
    return filled(STATION, **{**more, "zones": zones, "alerts": alerts, "learning": learning})
