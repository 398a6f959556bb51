"""The days behind: what each local day brought, as the deciders and the planner see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

from fieldstation.domain.day import Day, ProbeDay
from fieldstation.domain.reading import Quantity, Reading
from fieldstation.domain.station import Probe, Station, Zone

HOURS_FOR_EXTREMES = 18
"""A day's minimum and maximum count only when this many of its hours were heard."""


@dataclass(slots=True)
class _Air:
    t_min_c: float | None = None
    t_max_c: float | None = None
    rh_sum: float = 0.0
    rh_n: int = 0
    rain_mm: float | None = None
    hours: set[int] = field(default_factory=set)
    judged: bool = False  # the record counted the hours itself

    def whole(self) -> bool:
        return self.judged or len(self.hours) >= HOURS_FOR_EXTREMES


class DailyHistory:
    """Accumulates readings and delivered water by local day. Memory is one small row a day."""

    def __init__(self, station: Station, zone_info: tzinfo) -> None:
        self._tz = zone_info
        self._zones = {zone.id: zone for zone in station.zones}
        self._probe: dict[str, Probe] = {p.device.id: p for zone in station.zones for p in zone.probes}
        self._air: dict[date, _Air] = {}
        self._soil: dict[str, dict[date, ProbeDay]] = {sensor: {} for sensor in self._probe}
        self._water_mm: dict[str, dict[date, float]] = {zone: {} for zone in self._zones}
        self._past: dict[date, dict[str, Day]] = {}  # rows once made, until their day is heard of again

    def local_day(self, at: datetime) -> date:
        """The local date of an instant."""
        return at.astimezone(self._tz).date()

    def remember(self, zone: str, days: Iterable[Day], today: date, hours: Iterable[int] = ()) -> None:
        """Take over days read back from the record at start; `today` stays open, `hours` of it were heard."""
        for day in days:
            if day.irrigation_mm:
                self._water_mm[zone][day.on] = day.irrigation_mm
            for probe in day.probes:
                if probe.sensor in self._soil:
                    self._soil[probe.sensor][day.on] = probe
            air = self._air.setdefault(day.on, _Air())
            air.t_min_c, air.t_max_c, air.rain_mm = day.air_t_min_c, day.air_t_max_c, day.rain_mm
            if day.on < today:
                air.judged = day.air_t_min_c is not None
            else:
                air.hours.update(hours)
            if day.rh_mean_frac is not None:
                air.rh_sum, air.rh_n = day.rh_mean_frac, 1

    def add(self, readings: Iterable[Reading]) -> None:
        """Count the good ones of one sampling round; unknown stays unknown."""
        at = local = None
        for reading in readings:
            if reading.value is None:
                continue
            if local is None or reading.at != at:  # a round shares its instant
                at, local = reading.at, reading.at.astimezone(self._tz)
                self._past.pop(local.date(), None)  # late news, or the clock was ahead
            if reading.quantity is Quantity.SOIL_WATER:
                self._add_soil(reading.sensor, local.date(), reading.value)
            else:
                self._add_air(local, reading.quantity, reading.value)

    def credit(self, zone: str, at: datetime, depth_mm: float) -> None:
        """Book water really delivered, gross depth in mm, on the day it ended."""
        on = self.local_day(at)
        self._water_mm[zone][on] = self._water_mm[zone].get(on, 0.0) + depth_mm
        self._past.pop(on, None)

    def today(self, zone: str, at: datetime) -> Day:
        """The open day: extremes so far, rain so far, water so far."""
        return self._day(self._zones[zone], self.local_day(at), whole=False)

    def days(self, zone: str, at: datetime) -> tuple[Day, ...]:
        """The complete days since planting, oldest first, unknown days as rows of None."""
        installed = self._zones[zone]
        today = self.local_day(at)
        rows = []
        for age in range((today - installed.planted_on).days, 0, -1):
            on = today - timedelta(days=age)
            made = self._past.setdefault(on, {})
            if zone not in made:
                made[zone] = self._day(installed, on, whole=True)
            rows.append(made[zone])
        return tuple(rows)

    def _add_soil(self, sensor: str, on: date, frac: float) -> None:
        seen = self._soil[sensor].get(on)
        low, high = (frac, frac) if seen is None else (min(seen.min_frac, frac), max(seen.max_frac, frac))
        self._soil[sensor][on] = ProbeDay(sensor, self._probe[sensor].depth_m, frac, low, high)

    def _add_air(self, local: datetime, quantity: Quantity, value: float) -> None:
        air = self._air.setdefault(local.date(), _Air())
        if quantity is Quantity.RAIN:
            air.rain_mm = (air.rain_mm or 0.0) + value
        elif quantity is Quantity.AIR_RH:
            air.rh_sum, air.rh_n = air.rh_sum + value, air.rh_n + 1
        else:
            air.t_min_c = value if air.t_min_c is None else min(air.t_min_c, value)
            air.t_max_c = value if air.t_max_c is None else max(air.t_max_c, value)
            air.hours.add(local.hour)

    def _day(self, zone: Zone, on: date, *, whole: bool) -> Day:
        air = self._air.get(on, _Air())
        extremes = not whole or air.whole()
        probes = [self._soil[p.device.id].get(on) for p in zone.probes]
        return Day(
            on=on,
            air_t_min_c=air.t_min_c if extremes else None,
            air_t_max_c=air.t_max_c if extremes else None,
            rh_mean_frac=air.rh_sum / air.rh_n if air.rh_n else None,
            rain_mm=air.rain_mm,
            irrigation_mm=self._water_mm[zone.id].get(on, 0.0),
            probes=tuple(probe for probe in probes if probe is not None),
        )
