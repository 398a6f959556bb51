"""The planner's process: read the record, forecast every zone, print one report, end.

It never writes, decides nothing, and its memory goes back when it ends.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from fieldstation.advice.zones import Asked, forecast_zones
from fieldstation.agronomy.growth import co2_ppm, typical_t_ha
from fieldstation.domain.forecast import Contribution, PlannerReport, Quantiles, ZoneForecast
from fieldstation.domain.learned import YieldCorrection
from fieldstation.domain.station import Station
from fieldstation.learning.boosters import ModelError
from fieldstation.learning.forecaster import SHIPPED, Forecaster
from fieldstation.learning.harvests import by_harvests, corrected
from fieldstation.learning.in_charge import OwnModels
from fieldstation.store.reader import Reader
from fieldstation.wire.places import Places
from fieldstation.wire.report import encode_report


def main(station: Station, places: Places, *, models: Path | None, as_json: bool) -> int:
    """Print a report; a missing or damaged model is a report too. Raises StationError without a record."""
    report = forecast(station, places, models or SHIPPED, datetime.now(UTC))
    if as_json:
        sys.stdout.write(encode_report(report) + "\n")
    else:
        sys.stdout.write(words(report) + "\n")
    return 0


def forecast(station: Station, places: Places, models: Path, now: datetime) -> PlannerReport:
    """Forecast from what is on record at `now`."""
    try:
        forecaster = Forecaster.load(models)
    except ModelError as error:
        return PlannerReport(now, (), error.code, str(error))
    today = now.astimezone(ZoneInfo(station.timezone)).date()
    asked: list[Asked] = []
    with Reader(places.record) as reader:
        own = OwnModels.load(places.models, reader.models(), forecaster.version)
        learned = reader.learning(whole=True)
        for zone in station.zones:
            if zone.planted_on <= today:
                days = reader.days(zone, station.timezone, zone.planted_on, today)
                asked.append((zone, days[:-1], days[-1]))
    zones = forecast_zones(forecaster, asked, station.latitude_deg, now, own=own)
    if learned is not None:
        zones = tuple(_by_harvests(zone, station, learned.yields) for zone in zones)
    return PlannerReport(now, zones, predictions=tuple(own.predictions), refused=tuple(own.refused))


def _by_harvests(
    forecast: ZoneForecast, station: Station, found: tuple[YieldCorrection, ...]
) -> ZoneForecast:
    """The yield as harvests of this crop on this zone have taught to see it."""
    zone = station.zone(forecast.zone)
    crop = zone.crop
    mine = [one for one in found if (one.zone, one.crop) == (forecast.zone, crop.name)]
    forecast_yield = forecast.yield_t_ha
    if not mine or forecast_yield is None:
        return forecast
    best_t_ha = typical_t_ha(crop.growth, co2_ppm(zone.planted_on.year))
    moved = (
        round(corrected(value, mine[0], best_t_ha), 3)
        for value in (forecast_yield.p10, forecast_yield.p50, forecast_yield.p90)
    )
    contributions = tuple(
        Contribution(driver.name, round(by_harvests(driver.effect, mine[0], start=driver.name == "usual"), 3))
        for driver in forecast.yield_drivers
    )
    return replace(forecast, yield_t_ha=Quantiles(*moved), yield_drivers=contributions)


def words(report: PlannerReport) -> str:
    """The report for a person at a terminal."""
    if report.failure:
        return f"No forecast ({report.failure}): {report.detail}"
    if not report.zones:
        return "No forecast: no zone has a crop in the ground and a probe that has spoken lately."
    lines = []
    for zone in report.zones:
        likely, need = zone.depletion_frac, zone.need_mm
        lines.append(
            f"{zone.zone}: {likely.p50:.0%} of the available water is gone ({likely.p10:.0%} to {likely.p90:.0%}); "
            f"{need.p50:.0f} mm would refill it"
        )
        for soil in zone.soil:
            r = soil.soil_water_frac
            lines.append(f"  in {soil.hours} h without water: {r.p50:.3f} m3/m3 ({r.p10:.3f} to {r.p90:.3f})")
        if zone.yield_t_ha:
            y = zone.yield_t_ha
            lines.append(f"  yield {y.p50:.1f} t/ha dry ({y.p10:.1f} to {y.p90:.1f})")
            lines.append("  made of: " + _contributions(zone.yield_drivers) + " t/ha")
        lines.append("  dryness mostly from: " + _contributions(zone.drivers) + " of the available water")
    return "\n".join(lines)


def _contributions(contributions: tuple[Contribution, ...]) -> str:
    return ", ".join(f"{driver.name} {driver.effect:+.2f}" for driver in contributions)
