"""Each zone's calibrations and yield corrections, gathered from the record for `learning` to judge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from fieldstation.domain.learned import Calibration, Harvest, YieldCorrection
from fieldstation.domain.reading import Quantity
from fieldstation.domain.station import Station, Zone
from fieldstation.learner.dry_spells import Season, mornings
from fieldstation.learning.calibration import crop_use, field_capacity, layers, mm_per_minute, response
from fieldstation.learning.forecaster import Forecaster
from fieldstation.learning.harvests import Pair, correction
from fieldstation.store.reader import Reader

RUNS_BACK = timedelta(days=365)
HOURS_BACK = timedelta(days=200)


def calibrations(
    reader: Reader, station: Station, seasons: Sequence[Season], now: datetime
) -> tuple[Calibration, ...]:
    """Every figure of every zone. Raises RecordError."""
    found: list[Calibration] = []
    for zone in station.zones:
        lpm = station.pump(zone.pump).nominal_lpm
        mine = [season for season in seasons if season.zone.id == zone.id]
        runs = reader.runs(zone.id, now - RUNS_BACK)
        late = [run for run in runs if run.ended_at >= now - HOURS_BACK]
        found.append(mm_per_minute(zone.id, runs, zone.area_m2, lpm))
        days = [day for season in mine for day in season.days]
        for probe in zone.probes:
            hours = reader.hourly(probe.device.id, Quantity.SOIL_WATER, now - HOURS_BACK, now)
            found.append(
                field_capacity(zone.id, probe.device.id, days, zone.soil, zone.application_efficiency_frac)
            )
            found.append(response(zone.id, probe.device.id, late, [(hour.at, hour.mean) for hour in hours]))
        found.append(_crop_use(zone, mine, station.latitude_deg))
    return tuple(found)


def _crop_use(zone: Zone, seasons: Sequence[Season], latitude_deg: float) -> Calibration:
    """Of the newest season that says anything: roots, and so layers, are those of its middle."""
    found = crop_use(zone.id, (), (), {}, zone.application_efficiency_frac)
    for season in seasons:
        used: list[float | None] = [None] * len(season.days)
        for index, history, _ in mornings(season, latitude_deg):
            balance = history.balance
            full_grown = balance is not None and balance.root_m > 0.9 * season.zone.crop.root_max_m
            if balance is not None and full_grown and history.unknown_days == 0:
                used[index] = balance.etc_mm
        depths = {probe.device.id: probe.depth_m for probe in zone.probes}
        speaks_for = layers(depths, season.zone.crop.root_max_m)
        now = crop_use(zone.id, season.days, used, speaks_for, season.zone.application_efficiency_frac)
        if now.value is not None:
            found = now
    return found


def yields(
    models: Forecaster, station: Station, seasons: Sequence[Season], harvests: Sequence[Harvest]
) -> tuple[YieldCorrection, ...]:
    """For each zone and crop with a harvest: what was brought in against what was forecast at the end."""
    pairs: dict[tuple[str, str], list[Pair]] = {}
    for season, harvest in matched(seasons, harvests):
        forecast = _at_the_end(models, season, station.latitude_deg)
        if forecast is not None:
            pairs.setdefault((season.zone.id, season.zone.crop.name), []).append((forecast, harvest.t_ha))
    return tuple(correction(zone, crop, found) for (zone, crop), found in sorted(pairs.items()))


def matched(seasons: Sequence[Season], harvests: Sequence[Harvest]) -> list[tuple[Season, Harvest]]:
    """Each season with the harvest entered last for it: on a day after planting, before the next planting."""
    found = []
    for season in seasons:
        zone, begin = season.zone.id, season.zone.planted_on
        later = [s.zone.planted_on for s in seasons if s.zone.id == zone and s.zone.planted_on > begin]
        ends = min(later, default=None)
        mine = [h for h in harvests if h.zone == zone and h.on > begin and (ends is None or h.on <= ends)]
        if mine:
            found.append((season, mine[-1]))
    return found


def _at_the_end(models: Forecaster, season: Season, latitude_deg: float) -> float | None:
    """The expected yield of the last morning of a season that has seen most of its days."""
    last = None
    for _, history, _ in mornings(season, latitude_deg):
        last = history
    if last is None or last.day < 0.6 * season.zone.crop.season_days:
        return None
    found = models.harvest(last)
    return None if found is None else found.t_ha.p50
