"""Calibration: what a sensor reads, raw and settled, and what the station is to make of it."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Flask, abort, redirect, request, url_for

from fieldstation.domain.answers import ProbeWatch
from fieldstation.page.calibration import actions
from fieldstation.page.calibration.actions import FIELDS, probe_of, watched
from fieldstation.page.calibration.view import air_bench, bench, listed
from fieldstation.page.context import PageContext


def attach(app: Flask, page: PageContext) -> None:
    """A list of sensors, and a bench for each."""
    _changing(app, page)

    @app.get("/calibration")
    @page.needs("technician")
    def calibration() -> Any:
        return page.screen("calibration.html", partial(listed, page), kept=False)

    @app.get("/calibration/<sensor>")
    @page.needs("technician")
    def calibrating(sensor: str) -> Any:
        air = page.station.air
        if probe_of(page, sensor) is not None:
            return page.screen("calibration_probe.html", partial(bench, page, sensor), kept=False)
        if air is None or air.id != sensor:
            abort(404)
        return page.screen("calibration_air.html", partial(air_bench, page, sensor), kept=False)

    @app.get("/calibration/<sensor>/live")
    @page.needs("technician")
    def calibration_live(sensor: str) -> Any:
        return page.part("_calibration_live.html", live=watched(page, sensor))


def _changing(app: Flask, page: PageContext) -> None:
    @app.post("/calibration/<sensor>/take/<into>")
    @page.needs("technician")
    def take(sensor: str, into: str) -> Any:
        """Put the settled reading into a field of the form, and the form back on the screen."""
        if into not in FIELDS:
            abort(404)
        kept: dict[str, Any] = {name: request.form[name] for name in FIELDS if request.form.get(name)}
        answer = page.send_command("watch_probe", ProbeWatch, sensor=sensor)
        if answer.refused:
            return _again(page, sensor, page.refusal(answer))
        assert isinstance(answer.found, ProbeWatch)
        if answer.found.steady_v is None:
            return _again(page, sensor, page.words().say("calibration", "not_steady"))
        kept[into] = f"{answer.found.steady_v:.3f}"
        return redirect(url_for("calibrating", sensor=sensor, _anchor="made", **kept), 303)

    @app.post("/calibration/<sensor>")
    @page.needs("technician", fresh=True)
    def calibrate(sensor: str) -> Any:
        answer = actions.calibrate(page, sensor)
        if answer.refused:
            return _again(page, sensor, page.refusal(answer))
        return page.done("calibrating", "saved", sensor=sensor)

    @app.post("/calibration/<sensor>/again/<int:number>")
    @page.needs("technician", fresh=True)
    def calibrate_again(sensor: str, number: int) -> Any:
        answer = page.send_command("calibrate_again", id=number, by=page.who())
        if answer.refused:
            return _again(page, sensor, page.refusal(answer))
        return page.done("calibrating", "saved", sensor=sensor)


def _again(page: PageContext, sensor: str, said: str) -> Any:
    if probe_of(page, sensor) is None:
        return page.screen("calibration_air.html", partial(air_bench, page, sensor), said=said, code=409)
    return page.screen("calibration_probe.html", partial(bench, page, sensor), said=said, code=409)
