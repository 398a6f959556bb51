"""How the station is, STOP and resume, what is set, which release it is."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import Any

from flask import Flask, jsonify

import fieldstation
from fieldstation.binding import plain
from fieldstation.page.api.openapi import Room
from fieldstation.page.api.problem import problem
from fieldstation.page.api.schemas import ABOUT, HEALTH, RESUMED, SETTINGS, STATUS, STOPPED
from fieldstation.page.audit import note
from fieldstation.page.settings.about import works
from fieldstation.page.site import Site
from fieldstation.page.stop import lift_stop, stop_water
from fieldstation.page.today.status import missing, short_lines, status


def attach(app: Flask, site: Site) -> Room:
    """Health for a supervisor outside the API, the rest in it."""

    @app.get("/healthz")
    def healthz() -> Any:
        gone = missing(site.gather.picture())
        return jsonify({"ok": not gone, "missing": gone}), 503 if gone else 200

    api = Room("station", "How the station is; STOP and resume.")

    @api.route("/health")
    @api.answers(HEALTH, also={503: HEALTH})
    def api_health() -> Any:
        """Whether guard and controller are well; 503 with the names of those that are not."""
        gone = missing(site.gather.picture())
        return jsonify({"ok": not gone, "missing": gone}), 503 if gone else 200

    @api.route("/status")
    @api.answers(STATUS)
    def api_status() -> Any:
        """Everything about now: lines, zones with soil water, verdict, decision and forecast, alerts; unknown is null."""
        return jsonify(plain(status(site.station, site.gather.picture())))

    @api.route("/settings")
    @site.needs("viewer")
    @api.answers(SETTINGS)
    def api_settings() -> Any:
        """Every setting with its value, of the station and of each zone, and how the device is.

        Where messages go is left out, and told nowhere.
        """
        kept, controller = site.settings(), site.gather.picture().controller
        disk = shutil.disk_usage(site.places.data)
        return jsonify(
            {
                "station": kept.station(),
                "zones": {zone.id: kept.of(zone.id) for zone in site.station.zones},
                "device": {
                    "timezone": site.station.timezone,
                    "clock_trusted": controller.clock.trusted if controller else None,
                    "record_ok": controller.storage.ok if controller else None,
                    "disk_free_gb": round(disk.free / 1e9, 1),
                    "disk_whole_gb": round(disk.total / 1e9, 1),
                },
            }
        )

    @api.route("/about")
    @api.answers(ABOUT)
    def api_about() -> Any:
        """Which release this is, and whose work it stands on, with licences."""
        made_of = [
            {"name": name, "version": version, "licence": licence} for name, version, licence in works()
        ]
        return jsonify({"version": fieldstation.__version__, "works": made_of})

    @api.route("/stop", "POST")
    @site.stops()
    @api.answers(STOPPED, also={503: STOPPED})
    def api_stop() -> Any:
        """STOP: every line off, latched. `stopped` is the guard's own word; 503 when it does not confirm."""
        answer = stop_water(site)
        note(site, "stop")
        if answer is None:
            return jsonify({"stopped": False, "reason": "guard_silent"}), 503
        shown = replace(answer, lines=short_lines(answer.lines))
        return jsonify(plain(shown)), 200 if answer.stopped else 503

    @api.route("/resume", "POST")
    @site.needs("farmer")
    @api.answers(RESUMED, 409, 503)
    def api_resume() -> Any:
        """Lift STOP and the guard's latches; 409 with the guard's reason when it refuses."""
        answer = lift_stop(site)
        note(site, "resume")
        if answer is None:
            return problem(503, "guard_silent", site.words().say("alert", "guard_silent"))
        if not answer.resumed:
            code = str(answer.reason)
            return problem(409, code, site.words().say("code", code))
        return jsonify(plain(answer))

    return api
