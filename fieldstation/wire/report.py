"""A PlannerReport on the wire. The receiver trusts nothing: everything is checked and bounded."""

from __future__ import annotations

import json

from fieldstation.agronomy.growth import typical_t_ha
from fieldstation.binding import plain, read
from fieldstation.domain.crop import Growth
from fieldstation.domain.forecast import CONTRIBUTIONS, HORIZONS_H, PlannerReport, Quantiles, ZoneForecast
from fieldstation.domain.learned import Prediction
from fieldstation.domain.station import Station

TEXT_LIMIT = 300
MAX_MODELS = 4
MOST_OF_POTENTIAL, MOST_CO2_PPM = 2.0, 600.0


def encode_report(report: PlannerReport) -> str:
    """One JSON line."""
    return json.dumps(plain(report), allow_nan=False)


def decode_report(text: bytes, station: Station) -> PlannerReport:
    """The report in a line. Raises ValueError on anything that is not one for this station."""
    try:
        report = read(PlannerReport, json.loads(text))
    except RecursionError as error:
        raise ValueError(f"not a planner's report: {error!r}") from error
    known = {zone.id: _most_t_ha(zone.crop.growth) for zone in station.zones}
    zones = [zone.zone for zone in report.zones]
    _demand(len(set(zones)) == len(zones), "a zone stands there twice")
    _demand({*zones, *(one.zone for one in report.predictions)} <= known.keys(), "unknown zone")
    _demand(len(report.predictions) <= MAX_MODELS * len(known), "more forecasts than models and zones")
    _demand(len(report.refused) <= MAX_MODELS, "more refused models than models")
    texts = [report.failure or "", report.detail, *(zone.model for zone in report.zones)]
    texts += [text for one in report.refused for text in (one.version, one.code, one.detail)]
    texts += [one.version for one in report.predictions]
    _demand(max(map(len, texts)) <= TEXT_LIMIT, "not a short text")
    for zone in report.zones:
        _check_zone(zone, known[zone.zone])
    for one in report.predictions:
        _check_points(one)
    return report


def _most_t_ha(growth: Growth) -> float:
    return MOST_OF_POTENTIAL * typical_t_ha(growth, MOST_CO2_PPM)


def _check_zone(zone: ZoneForecast, most_t_ha: float) -> None:
    hours = [soil.hours for soil in zone.soil]
    _demand(set(hours) <= set(HORIZONS_H) and len(hours) <= len(HORIZONS_H), "unknown horizon")
    for soil in zone.soil:
        _check_range(soil.soil_water_frac, 0.0, 0.8)
    _check_range(zone.depletion_frac, -0.5, 1.5)
    _check_range(zone.need_mm, 0.0, 1000.0)
    if zone.yield_t_ha is not None:
        _check_range(zone.yield_t_ha, 0.0, most_t_ha)
    harvest_on = list(zone.harvest_on or ())
    _demand(harvest_on == sorted(harvest_on), "days of harvest are out of order")
    for contributions in (zone.drivers, zone.yield_drivers):
        _demand({driver.name for driver in contributions} <= set(CONTRIBUTIONS), "unknown driver")
        _demand(len(contributions) <= len(CONTRIBUTIONS), "more drivers than there are")


def _check_points(one: Prediction) -> None:
    _demand(len(one.points) <= 8 * len(HORIZONS_H), "more points than probes")
    for point in one.points:
        _demand(point.hours in HORIZONS_H and 0 < point.depth_cm <= 300, "unknown horizon or depth")
        _check_range(Quantiles(point.p10, point.p50, point.p90), 0.0, 0.8)


def _check_range(found: Quantiles, low: float, high: float) -> None:
    in_order = low <= found.p10 <= found.p50 <= found.p90 <= high
    _demand(in_order, f"{found} is out of order or of {low:g} to {high:g}")


def _demand(holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(what)
