"""`GET /api/v1/status`: one shape, absent values null and never missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fieldstation.binding import like, setting
from fieldstation.domain.decision import ZoneState
from fieldstation.domain.forecast import Contribution, Quantiles
from fieldstation.domain.run import Code, Run
from fieldstation.domain.station import Station, Zone
from fieldstation.domain.status.decision import DecisionSummary
from fieldstation.domain.status.guard import LineStatus
from fieldstation.domain.status.learning import LearningStatus
from fieldstation.domain.status.station import AlertStatus
from fieldstation.domain.status.zone import (
    Adjustment,
    LastRun,
    ManualWatering,
    SoilRange,
    SoilWater,
)
from fieldstation.page.api.responses import second
from fieldstation.page.sources import StationSnapshot
from fieldstation.page.zone_now import ZoneNow


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
    verdict: ZoneState
    last_run: RunSummary | None
    next_run: NextRunSummary | None = None
    decision: DecisionSummary | None
    adjustments: tuple[Adjustment, ...] = setting("what people ask, in force now", key="nudges", default=())
    manual_watering: ManualWatering | None = setting("water asked for by hand", key="by_hand", default=None)
    forecast: tuple[SoilRange, ...] = ()
    yield_t_ha: Quantiles | None = None
    contributions: tuple[Contribution, ...] = setting(
        "to the forecast depletion, parts of TAW", key="drivers", default=()
    )
    yield_contributions: tuple[Contribution, ...] = setting(
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


def missing(snapshot: StationSnapshot) -> list[str]:
    """The processes that are not well, by name."""
    gone = [] if snapshot.guard is not None else ["guard"]
    return gone if snapshot.alive else [*gone, "controller"]


def status(station: Station, snapshot: StationSnapshot) -> StatusReport:
    """The API's status."""
    guard, controller = snapshot.guard, snapshot.controller
    return StatusReport(
        station=StationName(station.name),
        clock=ClockSummary(second(snapshot.now), controller.clock.trusted if controller else None),
        guard=GuardSummary(
            guard is not None,
            guard.stop_latched if guard else None,
            short_lines(guard.lines) if guard else {},
        ),
        controller=ControllerSummary(snapshot.alive, controller.heartbeat_age_s if controller else None),
        learning=controller.learning if controller else None,
        zones=tuple(_zone(zone, snapshot.zones[zone.id]) for zone in station.zones),
        alerts=snapshot.alerts,
    )


def short_lines(lines: dict[str, LineStatus]) -> dict[str, LineStatus]:
    """Lines by short names."""
    pumps = [name for name in lines if name.startswith("pump:")]
    return {("pump" if [name] == pumps else name): line for name, line in lines.items()}


def run_summary(run: Run | LastRun) -> RunSummary:
    """A run as the API tells it."""
    return RunSummary(second(run.started_at), second(run.ended_at), round(run.litres, 1), run.stop_reason)


def _zone(zone: Zone, now: ZoneNow) -> ZoneSummary:
    live, planned = now.live, now.live.next_run if now.live else None
    return ZoneSummary(
        id=zone.id,
        name=live.name if live else zone.name,
        soil_water=now.soil_water,
        verdict=now.verdict,
        last_run=None if now.last_run is None else run_summary(now.last_run),
        next_run=None if planned is None else like(NextRunSummary, planned),
        decision=None if now.decision is None else like(DecisionSummary, now.decision),
        adjustments=live.adjustments if live else (),
        manual_watering=live.manual_watering if live else None,
        forecast=live.forecast if live else (),
        yield_t_ha=live.yield_t_ha if live else None,
        contributions=live.contributions if live else (),
        yield_contributions=live.yield_contributions if live else (),
    )
