"""The bucket test: what the flow meter counted against what is in the bucket."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Flask, redirect, request, url_for

from fieldstation.domain.station import Pump
from fieldstation.page.gather import Picture
from fieldstation.page.sentences import Words
from fieldstation.page.site import Site
from fieldstation.page.trials import closed

LEAST_L = 0.5


def attach(app: Flask, site: Site) -> None:
    """Run water into a bucket for ten seconds, measure it, get the line for station.toml."""

    @app.get("/calibration/flow")
    @site.needs("technician")
    def bucket() -> Any:
        return site.screen("bucket.html", partial(_shown, site), kept=False)

    @app.post("/calibration/flow/<zone>")
    @site.needs("technician", fresh=True)
    def bucket_run(zone: str) -> Any:
        answer = site.wish("relay_test", zone=zone, by=site.who())
        if "refused" in answer:
            return site.screen("bucket.html", partial(_shown, site), said=site.refusal(answer), code=409)
        return redirect(url_for("bucket", zone=zone, run=answer["id"]), 303)

    @app.post("/calibration/flow/<zone>/keep")
    @site.needs("technician", fresh=True)
    def bucket_keep(zone: str) -> Any:
        pump = _pump(site, zone)
        pulses = _pulses(site, pump, request.form.get("run", ""))
        if pump is None or pump.flow is None or pulses is None:
            return redirect(url_for("bucket"), 303)
        answer = site.wish(
            "calibrate", by=site.who(), sensor=pump.flow.meter.id, kind="pulses_per_l", pulses_per_l=pulses,
            note=request.form.get("note", ""),
        )  # fmt: skip
        if "refused" in answer:
            return site.screen("bucket.html", partial(_shown, site), said=site.refusal(answer), code=409)
        return site.done(
            "bucket",
            "saved",
            zone=zone,
            run=request.form.get("run", ""),
            litres=request.form.get("litres", ""),
        )


def _shown(site: Site, picture: Picture, words: Words) -> dict[str, Any]:
    zone, run = request.values.get("zone", ""), request.values.get("run", "")
    pump = _pump(site, zone)
    found = closed(picture, run) if run else None
    pulses = _pulses(site, pump, run)
    return {
        "zones": {one.id: one.name for one in site.station.zones if (p := _pump(site, one.id)) and p.flow},
        "zone": zone,
        "run": run,
        "waiting": bool(run) and found is None,
        "counted": None if found is None else words.litres(found["litres"]),
        "litres": request.values.get("litres", ""),
        "line": None if pulses is None else f"pulses_per_l = {pulses:g}",
        "meter": pump.flow.meter.id if pump is not None and pump.flow is not None else None,
    }


def _pulses(site: Site, pump: Pump | None, run: str) -> float | None:
    """The pulses a litre that make the meter agree with the bucket, from the run that filled it."""
    found = closed(site.gather.picture(), run) if run else None
    if pump is None or pump.flow is None or found is None:
        return None
    try:
        litres = float(request.values.get("litres", "").strip().replace(",", "."))
    except ValueError:
        return None
    installed = getattr(pump.flow.meter.settings, "pulses_per_l", None)
    if installed is None or litres < LEAST_L or found["litres"] <= 0:
        return None
    return round(float(installed) * float(found["litres"]) / litres, 1)


def _pump(site: Site, zone: str) -> Pump | None:
    of = next((one for one in site.station.zones if one.id == zone), None)
    return None if of is None else site.station.pump(of.pump)
