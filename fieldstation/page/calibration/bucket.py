"""The bucket test: what the flow meter counted against what is in the bucket."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Flask, redirect, request, url_for

from fieldstation.domain.answers import RelayTestBegun
from fieldstation.language.sentences import Words
from fieldstation.page.commissioning.actions import closed, keep_pulses, pulses_per_l, pump_of
from fieldstation.page.context import Answer, PageContext
from fieldstation.page.sources import StationSnapshot


def attach(app: Flask, page: PageContext) -> None:
    """Run water into a bucket for ten seconds, measure it, get the line for station.toml."""

    def refused(answer: Answer) -> Any:
        return page.screen("bucket.html", partial(_bucket_view, page), said=page.refusal(answer), code=409)

    @app.get("/calibration/flow")
    @page.needs("technician")
    def bucket() -> Any:
        return page.screen("bucket.html", partial(_bucket_view, page), kept=False)

    @app.post("/calibration/flow/<zone>")
    @page.needs("technician", fresh=True)
    def bucket_run(zone: str) -> Any:
        answer = page.send_command("relay_test", RelayTestBegun, zone=zone, by=page.who())
        if answer.refused:
            return refused(answer)
        assert isinstance(answer.found, RelayTestBegun)
        return redirect(url_for("bucket", zone=zone, run=answer.found.id), 303)

    @app.post("/calibration/flow/<zone>/keep")
    @page.needs("technician", fresh=True)
    def bucket_keep(zone: str) -> Any:
        pump = pump_of(page, zone)
        pulses = pulses_per_l(page, pump, request.form.get("run", ""), _litres())
        if pump is None or pulses is None:
            return redirect(url_for("bucket"), 303)
        answer = keep_pulses(page, pump, pulses, request.form.get("note", ""))
        if answer.refused:
            return refused(answer)
        kept = {name: request.form.get(name, "") for name in ("run", "litres")}
        return page.done("bucket", "saved", zone=zone, **kept)


@dataclass(frozen=True, slots=True)
class Bucket:
    """What `bucket.html` shows. `counted` is what the meter saw, `line` what is to stand in station.toml."""

    zones: dict[str, str]
    zone: str
    run: str
    waiting: bool
    counted: str | None
    litres: str
    line: str | None
    meter: str | None


def _bucket_view(page: PageContext, snapshot: StationSnapshot, words: Words) -> Bucket:
    zone, run = request.values.get("zone", ""), request.values.get("run", "")
    pump = pump_of(page, zone)
    found = closed(snapshot, run) if run else None
    pulses = pulses_per_l(page, pump, run, _litres())
    return Bucket(
        zones={one.id: one.name for one in page.station.zones if (p := pump_of(page, one.id)) and p.flow},
        zone=zone,
        run=run,
        waiting=bool(run) and found is None,
        counted=None if found is None else words.litres(found.litres),
        litres=request.values.get("litres", ""),
        line=None if pulses is None else f"pulses_per_l = {pulses:g}",
        meter=pump.flow.meter.id if pump is not None and pump.flow is not None else None,
    )


def _litres() -> float:
    """What is in the bucket, as people type it; not a number for anything else."""
    try:
        return float(request.values.get("litres", "").strip().replace(",", "."))
    except ValueError:
        return math.nan
