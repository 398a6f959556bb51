"""Calibration in the API: what was found out about each sensor, a new calibration, the bucket test. To watch a probe is a request."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from marshmallow import fields, validate

from fieldstation.binding import like
from fieldstation.domain.answers import CalibrationMade
from fieldstation.domain.calibration import Calibration, CalibrationKind, in_force
from fieldstation.domain.errors import StationError
from fieldstation.domain.run import Code
from fieldstation.page.api.openapi import Room
from fieldstation.page.api.requests import NAME, NOTE, YesNo, body, number, one_of
from fieldstation.page.api.responses import answered, record_silent, second, shown
from fieldstation.page.calibration.actions import beyond_in_a_week, probe_of
from fieldstation.page.commissioning.actions import LEAST_L, closed, keep_pulses, pulses_per_l, pump_of
from fieldstation.page.context import Answer, PageContext
from fieldstation.store.reader import Reader


@dataclass(frozen=True, slots=True)
class SensorNow:
    """A sensor that can be calibrated: a probe, the air, or a flow meter."""

    id: str
    kind: str
    zone: str | None = None
    depth_cm: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationNow(Calibration):
    """A calibration; of each sensor the newest counts."""

    in_force: bool


@dataclass(frozen=True, slots=True)
class CalibrationList:
    """Every sensor, and what each was calibrated to, newest last."""

    sensors: list[SensorNow]
    calibrations: list[CalibrationNow]


@dataclass(frozen=True, slots=True)
class BeyondSoil:
    """How often of its readings of the last week a curve reads what no soil of the zone can hold."""

    times: int
    of: int


@dataclass(frozen=True, slots=True)
class Calibrated(CalibrationMade):
    """A calibration as it was kept, or would be."""

    would: BeyondSoil | None


@dataclass(frozen=True, slots=True)
class RelayTestRun:
    """The guard's words on a run of a test, once it is `over`."""

    id: str
    over: bool
    zone: str | None = None
    stop_reason: Code | None = None
    on_s: float | None = None
    litres: float | None = None


@dataclass(frozen=True, slots=True)
class BucketResult:
    """What makes the meter right."""

    pulses_per_l: float
    kept: bool


def attach(page: PageContext) -> Room:
    """The list, and the bucket."""
    api = Room("calibration", "What a technician found out about the sensors.")
    _sensors_api(api, page)
    _runs_api(api, page)
    return api


def _sensors_api(api: Room, page: PageContext) -> None:
    @api.route("/calibrations")
    @page.needs("technician")
    @api.answers(CalibrationList, 503)
    def api_calibrations() -> Any:
        """Every sensor with what it was calibrated to, newest last; `in_force` counts now.

        A sensor without one that counts is as station.toml says. `curve` is (volts, m3/m3) by rising volts.
        """
        try:
            with Reader(page.record) as reader:
                made = reader.calibrations()
        except StationError as error:
            return record_silent(error)
        force = {one.id for one in in_force(made).values()}
        rows = [_calibration(one, in_force=one.id in force) for one in made]
        return shown(CalibrationList(_sensors(page), rows))

    @api.route("/sensors/<string:sensor>/calibrate", "POST")
    @page.needs("technician", fresh=True)
    @api.takes(
        body(
            kind=one_of(CalibrationKind, required=True),
            air_v=number(0, 3.3),
            water_v=number(0, 3.3),
            t_c=number(-5, 5),
            rh_frac=number(-0.15, 0.15),
            pulses_per_l=number(0, 2000),
            samples=fields.List(
                fields.List(number(0, 3.3), validate=validate.Length(2, 2)), validate=validate.Length(1, 12)
            ),
            note=fields.String(validate=NOTE),
            dry_run=YesNo(load_default=False),
        )
    )
    @api.answers(Calibrated, 404, 409, 415, 422, 503)
    def api_calibrate(sent: dict[str, Any], sensor: str) -> Any:
        """Calibrate a sensor; `dry_run` keeps nothing.

        two_point takes `air_v` and `water_v`, gravimetric `samples` of [volts, m3/m3], offset `t_c` and `rh_frac`,
        pulses_per_l that number. `would`: how often of its readings of the last week a curve reads what no soil of the
        zone can hold; null without a curve.
        """
        asked = {name: value for name, value in sent.items() if name != "dry_run"}
        answer = page.send_command(
            "calibrate", CalibrationMade, sensor=sensor, by=page.who(), **asked, **{"try": sent["dry_run"]}
        )
        if answer.refused:
            return answered(page, answer)
        made, found, would = answer.found, probe_of(page, sensor), None
        assert isinstance(made, CalibrationMade)
        if found is not None and made.curve:
            with suppress(StationError):
                would = BeyondSoil(*beyond_in_a_week(page, *found, made.curve))
        return shown(like(Calibrated, made, would=would))


def _runs_api(api: Room, page: PageContext) -> None:
    @api.route("/relay-tests/<string:id>")
    @page.needs("technician")
    @api.answers(RelayTestRun)
    def api_relay_test(id: str) -> Any:
        """The guard's words on a run of a test, once it is over; `over` is false before, and for one that it does not know."""
        found = closed(page.source.snapshot(), id)
        if found is None:
            return shown(RelayTestRun(id, over=False))
        return shown(RelayTestRun(id, True, found.zone, found.stop_reason, found.on_s, found.litres))

    @api.route("/zones/<string:zone>/bucket", "POST")
    @page.needs("technician", fresh=True)
    @api.takes(
        body(
            run=fields.String(required=True, validate=NAME),
            litres=number(LEAST_L, 1000, required=True),
            note=fields.String(validate=NOTE, load_default=""),
            dry_run=YesNo(load_default=False),
        )
    )
    @api.answers(BucketResult, 404, 409, 415, 422, 503)
    def api_bucket(sent: dict[str, Any], zone: str) -> Any:
        """What was in the bucket after a relay test: the pulses a litre that make the meter right, kept unless `dry_run`.

        They are for station.toml, which the guard reads.
        """
        pump = pump_of(page, zone)
        if pump is None:
            return answered(page, Answer("zone_unknown"))
        pulses = pulses_per_l(page, pump, sent["run"], sent["litres"])
        if pulses is None:
            return answered(page, Answer("run_not_seen"))
        if not sent["dry_run"]:
            answer = keep_pulses(page, pump, pulses, sent["note"])
            if answer.refused:
                return answered(page, answer)
        return shown(BucketResult(pulses, not sent["dry_run"]))


def _sensors(page: PageContext) -> list[SensorNow]:
    found = [
        SensorNow(probe.device.id, "probe", zone.id, probe.depth_cm)
        for zone in page.station.zones
        for probe in zone.probes
    ]
    if page.station.air is not None:
        found.append(SensorNow(page.station.air.id, "air"))
    meters = [pump.flow.meter.id for pump in page.station.pumps if pump.flow is not None]
    return found + [SensorNow(one, "flow_meter") for one in meters]


def _calibration(one: Calibration, *, in_force: bool) -> CalibrationNow:
    return like(CalibrationNow, replace(one, at=second(one.at)), in_force=in_force)
