"""A season in sums: water given and used, rain, warmth, thirsty days, and the season before at the same age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fieldstation.agronomy.balance import DayBalance, trace
from fieldstation.agronomy.heat_units import heat_units_c_days
from fieldstation.domain.day import Day
from fieldstation.domain.learned import Harvest
from fieldstation.domain.run import Run
from fieldstation.domain.station import Station, Zone
from fieldstation.page.history.data import Season, seasons
from fieldstation.store.reader import Reader

STRESS_KS = 0.99
"""A day counts as thirsty from here on: the crop used less than it would have with water at hand."""
NEEDED_DAYS = 3
"""With fewer known days there is nothing to tell yet."""


@dataclass(frozen=True, slots=True)
class Sums:
    """One season up to a day. Depths in mm over the zone; `known_days` had air and rain on record."""

    days: int
    known_days: int
    water_mm: float
    litres: float
    rain_mm: float
    use_mm: float
    heat_c_days: float
    thirsty_days: int
    lost_mm: float


@dataclass(frozen=True, slots=True)
class Before:
    """The season before: its water up to the same age, and in all; what it brought."""

    planted_on: date
    crop: str
    water_mm: float
    whole_mm: float
    harvest: Harvest | None


@dataclass(frozen=True, slots=True)
class SeasonRecord:
    """A zone's season. `sums` is None before planting and while too little is on record."""

    season: Season
    age_days: int  # 0 on the day of planting; negative before
    over: bool  # harvested, or past its days
    sums: Sums | None
    before: Before | None
    harvests: tuple[Harvest, ...]  # all that was said of this season, oldest first
    earlier: tuple[Season, ...]  # seasons before, newest first


def season_totals(reader: Reader, station: Station, zone: Zone, today: date) -> SeasonRecord:
    """The season that the configuration names. Raises RecordError."""
    harvests = [one for one in reader.harvests() if one.zone == zone.id]
    known = seasons(zone, reader.plantings(), harvests)
    number = next(n for n, one in enumerate(known) if one.planting.planted_on == zone.planted_on)
    season, earlier = known[number], tuple(known[number + 1 :])
    tz, age = ZoneInfo(station.timezone), (today - zone.planted_on).days
    until = min(today, season.ends_on)
    runs = reader.runs(zone.id, _midnight(earlier[0].planting.planted_on if earlier else zone.planted_on, tz))
    sums = None
    if age > 0:
        days = reader.days(zone, station.timezone, zone.planted_on, until, open_on=today)
        rows = trace(days, zone, station.latitude_deg)
        sums = added(zone, days, rows, given(runs, zone.planted_on, until, tz))
        if sums.known_days < NEEDED_DAYS:
            sums = None
    return SeasonRecord(
        season,
        age,
        season.harvest is not None or today > season.ends_on,
        sums,
        _before(earlier[0], runs, (until - zone.planted_on).days, tz) if earlier else None,
        tuple(one for one in harvests if zone.planted_on < one.on),
        earlier,
    )


def added(zone: Zone, days: Sequence[Day], rows: Sequence[DayBalance], litres: float) -> Sums:
    """The sums of days and of their balance."""
    warm = [
        heat_units_c_days(day.air_t_min_c, day.air_t_max_c, zone.crop.base_t_c)
        for day in days
        if day.air_t_min_c is not None and day.air_t_max_c is not None
    ]
    return Sums(
        days=len(days),
        known_days=sum(row.known for row in rows),
        water_mm=litres / zone.area_m2,
        litres=litres,
        rain_mm=sum(day.rain_mm or 0.0 for day in days),
        use_mm=sum(row.etc_mm for row in rows),
        heat_c_days=sum(warm),
        thirsty_days=sum(row.known and row.ks < STRESS_KS for row in rows),
        lost_mm=sum(row.deep_percolation_mm for row in rows),
    )


def given(runs: Sequence[Run], first: date, last: date, tz: ZoneInfo) -> float:
    """Litres of the runs that ended on local days from `first` to `last`."""
    return sum(run.litres for run in runs if first <= run.ended_at.astimezone(tz).date() <= last)


def _before(season: Season, runs: Sequence[Run], age_days: int, tz: ZoneInfo) -> Before:
    planting = season.planting
    same = min(season.ends_on, planting.planted_on + timedelta(days=max(0, age_days)))
    to_mm = 1.0 / planting.area_m2
    return Before(
        planting.planted_on,
        planting.crop,
        given(runs, planting.planted_on, same, tz) * to_mm,
        given(runs, planting.planted_on, season.ends_on, tz) * to_mm,
        season.harvest,
    )


def _midnight(on: date, tz: ZoneInfo) -> datetime:
    return datetime.combine(on, time(), tz)
