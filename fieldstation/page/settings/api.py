"""How the station is, STOP and resume, what is set, which release it is."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask

import fieldstation
from fieldstation.domain.settings import SettingValue
from fieldstation.domain.status.guard import ResumeAnswer, StopAnswer
from fieldstation.page.api.openapi import Room
from fieldstation.page.api.problem import problem
from fieldstation.page.api.responses import shown
from fieldstation.page.audit import note
from fieldstation.page.context import PageContext
from fieldstation.page.settings.about import works
from fieldstation.page.stop import lift_stop, stop_water
from fieldstation.page.today.status import StatusReport, missing, short_lines, status


@dataclass(frozen=True, slots=True)
class Health:
    """Whether guard and controller are well, and which are not."""

    ok: bool
    missing: list[str]


@dataclass(frozen=True, slots=True)
class Device:
    """The device itself; what only the controller can say is null while it is silent."""

    timezone: str
    clock_trusted: bool | None
    record_ok: bool | None
    disk_free_gb: float
    disk_whole_gb: float


@dataclass(frozen=True, slots=True)
class SettingsNow:
    """Every setting with its value, and the device."""

    station: dict[str, SettingValue]
    zones: dict[str, dict[str, SettingValue]]
    device: Device


@dataclass(frozen=True, slots=True)
class Work:
    """Something that this release needs to run."""

    name: str
    version: str
    licence: str


@dataclass(frozen=True, slots=True)
class AboutStation:
    """Which release this is, and what it stands on."""

    version: str
    works: list[Work]


@dataclass(frozen=True, slots=True)
class NotStopped:
    """The guard does not answer: nobody knows whether water runs."""

    reason: str
    stopped: bool = False


def attach(app: Flask, page: PageContext) -> Room:
    """Health for a supervisor outside the API, the rest in it."""

    @app.get("/healthz")
    def healthz() -> Any:
        gone = missing(page.source.snapshot())
        return shown(Health(not gone, gone)), 503 if gone else 200

    api = Room("station", "How the station is; STOP and resume.")

    @api.route("/health")
    @api.answers(Health, also={503: Health})
    def api_health() -> Any:
        """Whether guard and controller are well; 503 with the names of those that are not."""
        gone = missing(page.source.snapshot())
        return shown(Health(not gone, gone)), 503 if gone else 200

    @api.route("/status")
    @api.answers(StatusReport)
    def api_status() -> Any:
        """Everything about now: lines, zones with soil water, verdict, decision and forecast, alerts; unknown is null."""
        return shown(status(page.station, page.source.snapshot()))

    @api.route("/settings")
    @page.needs("viewer")
    @api.answers(SettingsNow)
    def api_settings() -> Any:
        """Every setting with its value, of the station and of each zone, and how the device is.

        Where messages go is left out, and told nowhere.
        """
        kept, controller = page.settings(), page.source.snapshot().controller
        disk = shutil.disk_usage(page.places.data)
        device = Device(
            timezone=page.station.timezone,
            clock_trusted=controller.clock.trusted if controller else None,
            record_ok=controller.storage.ok if controller else None,
            disk_free_gb=round(disk.free / 1e9, 1),
            disk_whole_gb=round(disk.total / 1e9, 1),
        )
        zones = {zone.id: kept.of(zone.id) for zone in page.station.zones}
        return shown(SettingsNow(kept.station(), zones, device))

    @api.route("/about")
    @api.answers(AboutStation)
    def api_about() -> Any:
        """Which release this is, and whose work it stands on, with licences."""
        return shown(AboutStation(fieldstation.__version__, [Work(*one) for one in works()]))

    @api.route("/stop", "POST")
    @page.stops()
    @api.answers(StopAnswer, also={503: StopAnswer | NotStopped})
    def api_stop() -> Any:
        """STOP: every line off, latched. `stopped` is the guard's own word; 503 when it does not confirm."""
        answer = stop_water(page)
        note(page, "stop")
        if answer is None:
            return shown(NotStopped("guard_silent")), 503
        return shown(replace(answer, lines=short_lines(answer.lines))), 200 if answer.stopped else 503

    @api.route("/resume", "POST")
    @page.needs("farmer")
    @api.answers(ResumeAnswer, 409, 503)
    def api_resume() -> Any:
        """Lift STOP and the guard's latches; 409 with the guard's reason when it refuses."""
        answer = lift_stop(page)
        note(page, "resume")
        if answer is None:
            return problem(503, "guard_silent", page.words().say("alert", "guard_silent"))
        if not answer.resumed:
            code = str(answer.reason)
            return problem(409, code, page.words().say("code", code))
        return shown(answer)

    return api
