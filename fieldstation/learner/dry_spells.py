"""A zone's seasons out of the record, and in them every stretch without water: what learning learns from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from fieldstation.advice.zones import morning_after
from fieldstation.config.tables import crop, crop_names
from fieldstation.domain.crop import fitted
from fieldstation.domain.day import Day
from fieldstation.domain.forecast import HORIZONS_D
from fieldstation.domain.learned import Planting
from fieldstation.domain.plot import Morning, plot_of
from fieldstation.domain.soil import Soil
from fieldstation.domain.station import Station, Zone
from fieldstation.learning.history import History
from fieldstation.learning.own import without_rain
from fieldstation.store.reader import Reader

DRY_RAIN_MM = 1.0
"""So little rain wets leaves: a day with less is a day without water."""
UNTOLD_RISE_FRAC = 0.25
"""Of the soil's span: a probe that rises so far had water that nobody told of, and teaches nothing about drying."""
BACK_DAYS = 3 * 366 + 31
"""Older seasons are not read: time and memory stay bounded, and fields change."""
SEASON_MAX_DAYS = 400


@dataclass(frozen=True, slots=True)
class Season:
    """One planting of a zone and its days on record, whole ones only, oldest first."""

    zone: Zone
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """One probe from a morning on, without water: what the models see and how its reading changed.

    `change_frac` is in parts of the soil's span, like the model's answer; `row` is in the
    order of AHEAD_NAMES.
    """

    zone: str
    probe: str
    on: date
    days: int
    row: list[float]
    change_frac: float


def seasons(reader: Reader, station: Station, today: date) -> list[Season]:
    """Every season on record of the zones installed, within BACK_DAYS. Raises RecordError."""
    on_record = reader.plantings()
    found = []
    for zone in station.zones:
        # what station.toml says of today's season counts; a later date was a slip that somebody mended
        mine = [p for p in on_record if p.zone == zone.id and p.planted_on < zone.planted_on]
        past = [grown for planting in mine if (grown := zone_then(zone, planting)) is not None]
        plantings = sorted([*past, zone], key=lambda one: one.planted_on)
        for number, then in enumerate(plantings):
            ends = [then.planted_on + timedelta(days=then.crop.season_days), today]
            ends += [after.planted_on for after in plantings[number + 1 : number + 2]]
            last = min(ends) - timedelta(days=1)
            if last < then.planted_on or last < today - timedelta(days=BACK_DAYS):
                continue
            # a day after the last is the open one: its extremes are not judged as a whole day's
            days = reader.days(then, station.timezone, then.planted_on, last, today)
            found.append(Season(then, tuple(days)))
    return found


def zone_then(zone: Zone, planting: Planting) -> Zone | None:
    """The zone as it was told for an earlier season; None for a crop that has no file any more."""
    if planting.crop not in crop_names() or not 0 < planting.season_days <= SEASON_MAX_DAYS:
        return None
    grown = crop(planting.crop)
    if grown.season_days != planting.season_days:
        grown = fitted(grown, planting.season_days)
    soil = Soil(
        zone.soil.texture, planting.field_capacity_frac, planting.wilting_point_frac, planting.saturation_frac
    )
    return replace(
        zone,
        planted_on=planting.planted_on,
        crop=grown,
        area_m2=planting.area_m2,
        soil=soil,
        application_efficiency_frac=planting.efficiency_frac,
    )


def mornings(season: Season, latitude_deg: float) -> Iterator[tuple[int, History, Morning]]:
    """The season lived again: the index of each day that ended, the history and the morning after it."""
    history = History(plot_of(season.zone, latitude_deg))
    for index, day in enumerate(season.days):
        morning = morning_after(day)
        history.add(morning)
        if history.balance is not None and history.in_season:
            yield index, history, morning


def dry_windows(season: Season, latitude_deg: float) -> Iterator[Window]:
    """Every probe, morning and horizon after which no water came until the truth was read."""
    soil, days = season.zone.soil, season.days
    span = soil.field_capacity_frac - soil.wilting_point_frac
    sensors = {probe.depth_cm: probe.device.id for probe in season.zone.probes}
    dry = [is_dry(day) for day in days]
    last = [{probe.depth_cm: probe.last_frac for probe in day.probes} for day in days]
    for index, history, morning in mornings(season, latitude_deg):
        wanted = tuple(
            ahead
            for ahead in HORIZONS_D
            if index + ahead < len(days) and all(dry[index + 1 : index + 1 + ahead])
        )
        if not wanted or not morning.probes:
            continue
        now = {reading.depth_cm: reading.vwc_frac for reading in morning.probes}
        for (depth, ahead), row in history.ahead_rows(wanted).items():
            then = last[index + ahead].get(depth)
            if then is None or depth not in sensors or history.probes[depth].stuck():
                continue
            change = (then - now[depth]) / span
            if change <= UNTOLD_RISE_FRAC:
                yield Window(season.zone.id, sensors[depth], morning.on, ahead, without_rain(row), change)


def is_dry(day: Day) -> bool:
    """Whether no water came that day; unknown rain is not dry."""
    return day.irrigation_mm == 0 and day.rain_mm is not None and day.rain_mm <= DRY_RAIN_MM
