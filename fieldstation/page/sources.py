"""Ask guard, controller and record how things are; each may be silent, and then that is said."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from fieldstation import log
from fieldstation.domain.alert import AlertCode
from fieldstation.domain.decision import Value
from fieldstation.domain.errors import PeerSilent, PeerUnreadable, StationError
from fieldstation.domain.reading import Quantity
from fieldstation.domain.station import Station
from fieldstation.domain.status.guard import GuardStatus
from fieldstation.domain.status.station import AlertStatus, StationStatus
from fieldstation.domain.status.zone import ZoneStatus, open_run
from fieldstation.page.charts.water_line import Point
from fieldstation.page.zone_now import ZoneNow, ZoneRecord, level_of, zone_now
from fieldstation.store.reader import Reader
from fieldstation.store.upkeep.reserve_file import free_mb
from fieldstation.wire.client import call, understood
from fieldstation.wire.places import Places

T = TypeVar("T")
PEER_DEADLINE_S = 0.6
FRESH_S = 0.8
RECORD_FRESH_S = 30.0
BACK = timedelta(days=4)
SILENT_AFTER_S = 15.0
FULL_MB = 1.0
"""With less room a controller that ended cannot open its record again."""


@dataclass(slots=True)
class StationSnapshot:
    """One moment as far as it is known. `guard` and `controller` are None while silent.

    `unreadable` says why an answer could not be read, by the process that gave it. `alive`: the controller answered
    and its loop turns. `alerts`: what it says is wrong, and what only the page can see.
    """

    now: datetime
    guard: GuardStatus | None
    controller: StationStatus | None
    zones: dict[str, ZoneNow]
    record_error: str | None
    free_mb: float | None = None  # room on the record's disk, as the page itself sees it
    unreadable: dict[str, str] = field(default_factory=dict)
    alive: bool = field(init=False)
    alerts: tuple[AlertStatus, ...] = field(init=False)

    def __post_init__(self) -> None:
        """What follows from the rest is reckoned once for everybody."""
        self.alive = self.controller is not None and self.controller.heartbeat_age_s < SILENT_AFTER_S
        self.alerts = _alerts(self)

    def zone(self, zone: str) -> ZoneStatus | None:
        """What the controller says of a zone; None while it is silent."""
        return self.zones[zone].live if zone in self.zones else None

    @property
    def stopped(self) -> bool:
        """Whether the guard says that STOP is latched."""
        return self.guard is not None and self.guard.stop_latched


class StatusSource:
    """Shared by all requests: peers are asked at most about once a second, the record twice a minute."""

    def __init__(self, station: Station, places: Places) -> None:
        self._station = station
        self._places = places
        self._lock = threading.Lock()
        self._snapshot: StationSnapshot | None = None
        self._at_s = float("-inf")
        self._record: tuple[dict[str, ZoneRecord], list[Point], str | None] = ({}, [], None)
        self._record_at_s = float("-inf")
        self._unreadable: dict[str, str] = {}  # of the look before

    def snapshot(self) -> StationSnapshot:
        """The snapshot of this second."""
        with self._lock:
            if self._snapshot is None or time.monotonic() - self._at_s > FRESH_S:
                self._snapshot = self._read_all()
                self._at_s = time.monotonic()
            return self._snapshot

    def forget(self) -> None:
        """After a STOP or resume the next snapshot is a new one."""
        self._at_s = float("-inf")

    def forget_record(self) -> None:
        """The record began anew: nothing that was read of the one before is shown."""
        self._record_at_s = self._at_s = float("-inf")

    def _read_all(self) -> StationSnapshot:
        unreadable: dict[str, str] = {}
        guard = self._call(GuardStatus, self._places.guard_socket, "status", unreadable)
        controller = self._call(StationStatus, self._places.controller_socket, "snapshot", unreadable)
        if guard is not None and controller is not None:
            controller = _runs_by_guard(controller, guard)
        for name in unreadable.keys() - self._unreadable.keys():
            log.warning("peer_unreadable", process=name, detail=unreadable[name])
        self._unreadable = unreadable
        if time.monotonic() - self._record_at_s > RECORD_FRESH_S:
            self._record = self.read(datetime.now(UTC))
            self._record_at_s = time.monotonic()
        records, rain, error = self._record
        now, room_mb = datetime.now(UTC), free_mb(self._places.record)
        live = {} if controller is None else {zone.id: zone for zone in controller.zones}
        zones = {
            zone.id: zone_now(zone, live.get(zone.id), records.get(zone.id) or ZoneRecord(), rain, now)
            for zone in self._station.zones
        }
        return StationSnapshot(now, guard, controller, zones, error, room_mb, unreadable)

    def _call(self, kind: type[T], path: Path, command: str, unreadable: dict[str, str]) -> T | None:
        try:
            return understood(kind, call(path, {"verb": command}, PEER_DEADLINE_S))
        except PeerUnreadable as error:
            unreadable[path.stem] = str(error)
        except PeerSilent:
            pass
        return None

    def read(self, now: datetime) -> tuple[dict[str, ZoneRecord], list[Point], str | None]:
        """The last days of every zone and of the rain, and what is wrong with the record, if anything is."""
        zones: dict[str, ZoneRecord] = {}
        rain: list[Point] = []
        since = now - BACK
        try:
            with Reader(self._places.record) as reader:
                for zone in self._station.zones:
                    found = zones[zone.id] = ZoneRecord()
                    for probe in sorted(zone.probes, key=lambda probe: probe.depth_m)[:1]:
                        hours = reader.hourly(probe.device.id, Quantity.SOIL_WATER, since, now)
                        found.soil = [(hour.at, hour.mean) for hour in hours]
                    found.runs = reader.runs(zone.id, since)
                    found.last_run = reader.last_run(zone.id)
                    found.decision = reader.latest_decision(zone.id)
                    found.roots = [
                        (decision.at, level)
                        for decision in reader.decisions(zone.id, since)
                        if (level := level_of(decision.depletion_mm, decision.values)) is not None
                    ]
                if self._station.rain is not None:
                    fell = reader.hourly(self._station.rain.id, Quantity.RAIN, since, now)
                    rain = [(hour.at, hour.sum) for hour in fell if hour.sum > 0]
        except StationError as error:
            return zones, rain, str(error)
        return zones, rain, None


def _runs_by_guard(controller: StationStatus, guard: GuardStatus) -> StationStatus:
    """What waters is the guard's word: the controller looks only every few seconds, and a STOP is between two looks."""
    zones = []
    for zone in controller.zones:
        run, by = guard.run_of(zone.id), zone.run.by if zone.run else None
        zones.append(replace(zone, run=None if run is None else open_run(run, by)))
    return replace(controller, zones=tuple(zones))


def _alerts(snapshot: StationSnapshot) -> tuple[AlertStatus, ...]:
    alerts = list(snapshot.controller.alerts if snapshot.controller else ())
    if snapshot.guard is None and all(alert.code is not AlertCode.GUARD_SILENT for alert in alerts):
        alerts.append(_seen_here(AlertCode.GUARD_SILENT, _detail(snapshot, "guard")))
    if snapshot.controller is None:
        alerts.append(_seen_here(AlertCode.CONTROLLER_SILENT, _detail(snapshot, "controller")))
        if (
            snapshot.free_mb is not None and snapshot.free_mb < FULL_MB
        ):  # it cannot start, so it cannot say why
            alerts.append(_seen_here(AlertCode.RECORD_FAILED, {"code": "disk_full"}))
    return tuple(alerts)


def _seen_here(code: AlertCode, values: dict[str, Value]) -> AlertStatus:
    return AlertStatus(None, code, code.severity, None, None, None, values, None, None, None)


def _detail(snapshot: StationSnapshot, process: str) -> dict[str, Value]:
    """Why an answer could not be read; nothing where there was none."""
    return {"detail": snapshot.unreadable[process]} if process in snapshot.unreadable else {}
