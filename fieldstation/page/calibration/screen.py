"""Calibration: what a sensor reads, raw and settled, and what the station is to make of it."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Flask, abort, redirect, request, url_for

from fieldstation.domain.answers import ProbeWatch
from fieldstation.page.calibration import actions
from fieldstation.page.calibration.actions import FIELDS, probe_of, watched
from fieldstation.page.calibration.view import air_bench, bench, listed
from fieldstation.page.site import Site


def attach(app: Flask, site: Site) -> None:
    """A list of sensors, and a bench for each."""
    _changing(app, site)

    @app.get("/calibration")
    @site.needs("technician")
    def calibration() -> Any:
        return site.screen("calibration.html", partial(listed, site), kept=False)

    @app.get("/calibration/<sensor>")
    @site.needs("technician")
    def calibrating(sensor: str) -> Any:
        air = site.station.air
        if probe_of(site, sensor) is not None:
            return site.screen("calibration_probe.html", partial(bench, site, sensor), kept=False)
        if air is None or air.id != sensor:
            abort(404)
        return site.screen("calibration_air.html", partial(air_bench, site, sensor), kept=False)

    @app.get("/calibration/<sensor>/live")
    @site.needs("technician")
    def calibration_live(sensor: str) -> Any:
        return site.part("_calibration_live.html", live=watched(site, sensor))


def _changing(app: Flask, site: Site) -> None:
    @app.post("/calibration/<sensor>/take/<into>")
    @site.needs("technician")
    def take(sensor: str, into: str) -> Any:
        """Put the settled reading into a field of the form, and the form back on the screen."""
        if into not in FIELDS:
            abort(404)
        kept: dict[str, Any] = {name: request.form[name] for name in FIELDS if request.form.get(name)}
        answer = site.send_command("watch_probe", ProbeWatch, sensor=sensor)
        if answer.refused:
            return _again(site, sensor, site.refusal(answer))
        assert isinstance(answer.found, ProbeWatch)
        if answer.found.steady_v is None:
            return _again(site, sensor, site.words().say("calibration", "not_steady"))
        kept[into] = f"{answer.found.steady_v:.3f}"
        return redirect(url_for("calibrating", sensor=sensor, _anchor="made", **kept), 303)

    @app.post("/calibration/<sensor>")
    @site.needs("technician", fresh=True)
    def calibrate(sensor: str) -> Any:
        answer = actions.calibrate(site, sensor)
        if answer.refused:
            return _again(site, sensor, site.refusal(answer))
        return site.done("calibrating", "saved", sensor=sensor)

    @app.post("/calibration/<sensor>/again/<int:number>")
    @site.needs("technician", fresh=True)
    def calibrate_again(sensor: str, number: int) -> Any:
        answer = site.send_command("calibrate_again", id=number, by=site.who())
        if answer.refused:
            return _again(site, sensor, site.refusal(answer))
        return site.done("calibrating", "saved", sensor=sensor)


def _again(site: Site, sensor: str, said: str) -> Any:
    if probe_of(site, sensor) is None:
        return site.screen("calibration_air.html", partial(air_bench, site, sensor), said=said, code=409)
    return site.screen("calibration_probe.html", partial(bench, site, sensor), said=said, code=409)
