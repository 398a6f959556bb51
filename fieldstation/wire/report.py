"""A PlannerReport on the wire. The receiver trusts nothing: everything is checked and bounded."""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime
from typing import Any

from fieldstation.agronomy.growth import typical_t_ha
from fieldstation.domain.crop import Growth
from fieldstation.domain.forecast import (
    DRIVERS,
    HORIZONS_H,
    Driver,
    PlannerReport,
    Quantiles,
    SoilForecast,
    YieldBy,
    ZoneForecast,
)
from fieldstation.domain.learned import Foretold, Point, RefusedModel
from fieldstation.domain.station import Station

MAX_DRIVERS = 12
TEXT_LIMIT = 300
MAX_MODELS = 4
MOST_OF_POTENTIAL, MOST_CO2_PPM = 2.0, 600.0


def encode_report(report: PlannerReport) -> str:
    """One JSON line."""
    zones = [
        {
            "zone": forecast.zone,
            "at": forecast.at.isoformat(),
            "model": forecast.model,
            "soil": [{"hours": s.hours, **range_plain(s.soil_water_frac)} for s in forecast.soil],
            "depletion_frac": range_plain(forecast.depletion_frac),
            "need_mm": range_plain(forecast.need_mm),
            "yield_t_ha": None if forecast.yield_t_ha is None else range_plain(forecast.yield_t_ha),
            "yield_by": forecast.yield_by,
            "harvest_on": None
            if forecast.harvest_on is None
            else [on.isoformat() for on in forecast.harvest_on],
            "drivers": drivers_plain(forecast.drivers),
            "yield_drivers": drivers_plain(forecast.yield_drivers),
        }
        for forecast in report.zones
    ]
    foretold = [
        {
            "zone": one.zone,
            "version": one.version,
            "at": one.at.isoformat(),
            "points": [[p.depth_cm, p.hours, p.now_frac, p.p10, p.p50, p.p90] for p in one.points],
        }
        for one in report.foretold
    ]
    refused = [{"version": r.version, "code": r.code, "detail": r.detail} for r in report.refused]
    return json.dumps(
        {
            "at": report.at.isoformat(),
            "zones": zones,
            "failure": report.failure,
            "detail": report.detail,
            "foretold": foretold,
            "refused": refused,
        },
        allow_nan=False,
    )


def decode_report(text: bytes, station: Station) -> PlannerReport:
    """The report in a line. Raises ValueError on anything that is not one for this station."""
    try:
        plain = json.loads(text)
        known = {zone.id: _most_t_ha(zone.crop.growth) for zone in station.zones}
        zones = tuple(_zone(zone, known) for zone in plain["zones"])
        if len({zone.zone for zone in zones}) != len(zones):
            raise ValueError("a zone stands there twice")
        failure = plain["failure"]
        foretold = tuple(_foretold(one, known) for one in plain["foretold"])
        if len(foretold) > MAX_MODELS * len(known):
            raise ValueError("more forecasts than models and zones")
        refused = tuple(
            RefusedModel(_text(r["version"]), _text(r["code"]), _text(r["detail"]))
            for r in plain["refused"][:MAX_MODELS]
        )
        return PlannerReport(
            _instant(plain["at"]),
            zones,
            None if failure is None else _text(failure),
            _text(plain["detail"]),
            foretold,
            refused,
        )
    except (KeyError, TypeError, AttributeError, RecursionError, UnicodeDecodeError) as error:
        raise ValueError(f"not a planner's report: {error!r}") from error


def _most_t_ha(growth: Growth) -> float:
    return MOST_OF_POTENTIAL * typical_t_ha(growth, MOST_CO2_PPM)


def _zone(plain: dict[str, Any], known: dict[str, float]) -> ZoneForecast:
    zone = _text(plain["zone"])
    if zone not in known:
        raise ValueError(f"unknown zone {zone!r}")
    soil = tuple(SoilForecast(int(s["hours"]), _range(s, 0.0, 0.8)) for s in plain["soil"])
    if any(s.hours not in HORIZONS_H for s in soil) or len(soil) > len(HORIZONS_H):
        raise ValueError("unknown horizon")
    yields = plain["yield_t_ha"]
    return ZoneForecast(
        zone=zone,
        at=_instant(plain["at"]),
        model=_text(plain["model"]),
        soil=soil,
        depletion_frac=_range(plain["depletion_frac"], -0.5, 1.5),
        need_mm=_range(plain["need_mm"], 0.0, 1000.0),
        yield_t_ha=None if yields is None else _range(yields, 0.0, known[zone]),
        yield_by=None if plain["yield_by"] is None else YieldBy(plain["yield_by"]),
        harvest_on=None if plain["harvest_on"] is None else _dates(plain["harvest_on"]),
        drivers=_drivers(plain["drivers"]),
        yield_drivers=_drivers(plain["yield_drivers"]),
    )


def range_plain(found: Quantiles, digits: int | None = None) -> dict[str, float]:
    """A range as every wire writes it, rounded where `digits` says how."""
    values = {"p10": found.p10, "p50": found.p50, "p90": found.p90}
    return values if digits is None else {name: round(value, digits) for name, value in values.items()}


def dates_plain(found: tuple[date, date, date]) -> dict[str, str]:
    """A range of days."""
    return dict(zip(("p10", "p50", "p90"), (on.isoformat() for on in found), strict=True))


def drivers_plain(drivers: tuple[Driver, ...]) -> list[dict[str, str | float]]:
    """Drivers as every wire writes them."""
    return [{"name": driver.name, "effect": driver.effect} for driver in drivers]


def _drivers(plain: list[dict[str, Any]]) -> tuple[Driver, ...]:
    found = tuple(Driver(_text(d["name"]), _number(d["effect"])) for d in plain[:MAX_DRIVERS])
    if any(driver.name not in DRIVERS for driver in found):
        raise ValueError("unknown driver")
    return found


def _foretold(plain: dict[str, Any], known: dict[str, float]) -> Foretold:
    zone = _text(plain["zone"])
    if zone not in known:
        raise ValueError(f"unknown zone {zone!r}")
    points = []
    for depth, hours, now, *said in plain["points"]:
        if hours not in HORIZONS_H or not 0 < int(depth) <= 300:
            raise ValueError("unknown horizon or depth")
        low, mid, high = said
        found = _range({"p10": low, "p50": mid, "p90": high}, 0.0, 0.8)
        points.append(Point(int(depth), int(hours), _number(now), found.p10, found.p50, found.p90))
    if len(points) > 8 * len(HORIZONS_H):
        raise ValueError("more points than probes")
    return Foretold(zone, _text(plain["version"]), _instant(plain["at"]), tuple(points))


def _range(plain: dict[str, Any], low: float, high: float) -> Quantiles:
    found = Quantiles(_number(plain["p10"]), _number(plain["p50"]), _number(plain["p90"]))
    if not low <= found.p10 <= found.p50 <= found.p90 <= high:
        raise ValueError(f"{found} is out of order or of {low:g} to {high:g}")
    return found


def _dates(plain: list[object]) -> tuple[date, date, date]:
    low, mid, high = (date.fromisoformat(_text(value)) for value in plain)
    if not low <= mid <= high:
        raise ValueError(f"{plain} is out of order")
    return low, mid, high


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"not a finite number: {value!r}")
    return float(value)


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > TEXT_LIMIT:
        raise ValueError("not a short text")
    return value


def _instant(value: object) -> datetime:
    at = datetime.fromisoformat(_text(value))
    if at.tzinfo is None:
        raise ValueError("an instant without zone")
    return at.astimezone(UTC)
