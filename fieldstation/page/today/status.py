"""`GET /api/v1/status`: one shape, absent values null and never missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fieldstation.binding import setting
from fieldstation.domain.alert import AlertCode
from fieldstation.domain.decision import Value, Verdict
from fieldstation.domain.forecast import Driver, Quantiles
from fieldstation.domain.reading import Quality, Quantity
from fieldstation.domain.run import Code, Run
from fieldstation.domain.station import Station, Zone
from fieldstation.domain.status.decision import DecisionSummary, decision_status, summary
from fieldstation.domain.status.guard import LineStatus
from fieldstation.domain.status.learning import LearningStatus
from fieldstation.domain.status.station import AlertStatus
from fieldstation.domain.status.zone import (
    Adjustment,
    LastRun,
    ManualWatering,
    NextRun,
    SoilRange,
    SoilWater,
    ZoneStatus,
)
from fieldstation.page.sources import Picture, ZoneRecord

SILENT_AFTER_S = 15.0
FULL_MB = 1.0
"""With less room a controller that ended cannot open its record again."""


@dataclass(frozen=True, slots=True)
class StationName:
    """Which station this is."""

    name: str


@dataclass(frozen=True, slots=True)
class ClockSummary:
    """The page's own clock; whether it is right only the controller can say."""

    now: datetime
    trusted: bool | None


@dataclass(frozen=True, slots=True)
class GuardSummary:
    """Lines by short names: `pump` when there is one pump, valves by `valve:ZONE`."""

    alive: bool
    stop_latched: bool | None
    lines: dict[str, LineStatus]


@dataclass(frozen=True, slots=True)
class ControllerSummary:
    """Whether it answers and its loop turns."""

    alive: bool
    heartbeat_age_s: float | None


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run that is over."""

    started_at: datetime
    ended_at: datetime
    litres: float
    stop_reason: Code


@dataclass(frozen=True, slots=True)
class NextRunSummary:
    """The next watering as far as it is known."""

    at: datetime
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneSummary:
    """A zone now; with the controller silent, what the record still knows."""

    id: str
    name: str
    soil_water: SoilWater
    verdict: Verdict
    last_run: RunSummary | None
    next_run: NextRunSummary | None = None
    decision: DecisionSummary | None
    adjustments: tuple[Adjustment, ...] = setting("what people ask, in force now", key="nudges", default=())
    manual_watering: ManualWatering | None = setting("water asked for by hand", key="by_hand", default=None)
    forecast: tuple[SoilRange, ...] = ()
    yield_t_ha: Quantiles | None = None
    contributions: tuple[Driver, ...] = setting(
        "to the forecast depletion, parts of TAW", key="drivers", default=()
    )
    yield_contributions: tuple[Driver, ...] = setting(
        "to the forecast yield, t/ha", key="yield_drivers", default=()
    )


@dataclass(frozen=True, slots=True)
class StatusReport:
    """Everything about now: lines, zones with soil water, verdict, decision and forecast, alerts."""

    station: StationName
    clock: ClockSummary
    guard: GuardSummary
    controller: ControllerSummary
    learning: LearningStatus | None
    zones: tuple[ZoneSummary, ...]
    alerts: tuple[AlertStatus, ...]


def controller_alive(picture: Picture) -> bool:
    """Whether the controller answered and its loop turns."""
    return picture.controller is not None and picture.controller.heartbeat_age_s < SILENT_AFTER_S


def missing(picture: Picture) -> list[str]:
    """The processes that are not well, by name."""
    gone = [] if picture.guard is not None else ["guard"]
    return gone if controller_alive(picture) else [*gone, "controller"]


def status(station: Station, picture: Picture) -> StatusReport:
    """The API's status."""
    guard, controller = picture.guard, picture.controller
    return StatusReport(
        station=StationName(station.name),
        clock=ClockSummary(second(picture.now), controller.clock.trusted if controller else None),
        guard=GuardSummary(
            guard is not None,
            guard.stop_latched if guard else None,
            short_lines(guard.lines) if guard else {},
        ),
        controller=ControllerSummary(
            controller_alive(picture), controller.heartbeat_age_s if controller else None
        ),
        learning=controller.learning if controller else None,
        zones=tuple(
            _recorded(zone, picture) if (live := picture.zone(zone.id)) is None else _live(live)
            for zone in station.zones
        ),
        alerts=alerts_now(picture),
    )


def alerts_now(picture: Picture) -> tuple[AlertStatus, ...]:
    """What the controller says is wrong, and what only the page can see."""
    alerts = list(picture.controller.alerts if picture.controller else ())
    if picture.guard is None and all(alert.code is not AlertCode.GUARD_SILENT for alert in alerts):
        alerts.append(_seen_here(AlertCode.GUARD_SILENT, _detail(picture, "guard")))
    if picture.controller is None:
        alerts.append(_seen_here(AlertCode.CONTROLLER_SILENT, _detail(picture, "controller")))
        if picture.free_mb is not None and picture.free_mb < FULL_MB:  # it cannot start, so it cannot say why
            alerts.append(_seen_here(AlertCode.RECORD_FAILED, {"code": "disk_full"}))
    return tuple(alerts)


def short_lines(lines: dict[str, LineStatus]) -> dict[str, LineStatus]:
    """Lines by short names."""
    pumps = [name for name in lines if name.startswith("pump:")]
    return {("pump" if [name] == pumps else name): line for name, line in lines.items()}


def stamp(at: datetime) -> str:
    """An instant as the API writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def second(at: datetime) -> datetime:
    """An instant as the API tells it: whole seconds."""
    return at.replace(microsecond=0)


def run_summary(run: Run | LastRun) -> RunSummary:
    """A run as the API tells it."""
    return RunSummary(second(run.started_at), second(run.ended_at), round(run.litres, 1), run.stop_reason)


def _seen_here(code: AlertCode, values: dict[str, Value]) -> AlertStatus:
    return AlertStatus(None, code, code.severity, None, None, None, values, None, None, None)


def _detail(picture: Picture, process: str) -> dict[str, Value]:
    """Why an answer could not be read; nothing where there was none."""
    return {"detail": picture.unreadable[process]} if process in picture.unreadable else {}


def _next(run: NextRun | None) -> NextRunSummary | None:
    return None if run is None else NextRunSummary(run.at, run.minutes)


def _live(zone: ZoneStatus) -> ZoneSummary:
    return ZoneSummary(
        id=zone.id,
        name=zone.name,
        soil_water=zone.soil_water,
        verdict=zone.verdict,
        last_run=None if zone.last_run is None else run_summary(zone.last_run),
        next_run=_next(zone.next_run),
        decision=None if zone.decision is None else summary(zone.decision),
        adjustments=zone.adjustments,
        manual_watering=zone.manual_watering,
        forecast=zone.forecast,
        yield_t_ha=zone.yield_t_ha,
        contributions=zone.contributions,
        yield_contributions=zone.yield_contributions,
    )


def _recorded(zone: Zone, picture: Picture) -> ZoneSummary:
    """What the record still knows while the controller is silent, with its age."""
    record = picture.zones.get(zone.id) or ZoneRecord()
    at, value = record.soil[-1] if record.soil else (None, None)
    return ZoneSummary(
        id=zone.id,
        name=zone.name,
        soil_water=SoilWater(
            value=None if value is None else round(value, 4),
            unit=Quantity.SOIL_WATER.unit,
            age_s=None if at is None else round((picture.now - at).total_seconds()),
            quality=Quality.STALE if at else Quality.NO_ANSWER,
        ),
        verdict=Verdict.UNKNOWN,
        last_run=None if record.last_run is None else run_summary(record.last_run),
        decision=None if record.decision is None else summary(decision_status(record.decision)),
    )
