"""From daily roll-ups and runs to the days that deciders and the planner see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from fieldstation.domain.day import Day, ProbeDay
from fieldstation.domain.reading import Quantity
from fieldstation.domain.station import Zone

HOURS_FOR_EXTREMES = 18
"""A day's minimum and maximum count only when this many of its hours were heard."""


class DayTotal(NamedTuple):
    """One local day of one sensor's quantity, in the quantity's unit. `hours`: bit h set when hour h was heard."""

    on: date
    n: int
    min: float
    max: float
    sum: float
    last: float
    hours: int
    trusted: bool

    @property
    def mean(self) -> float:
        """The mean of the good readings."""
        return self.sum / self.n


def build_days(
    zone: Zone,
    wanted: Sequence[date],
    open_on: date,
    soil: Mapping[str, Sequence[DayTotal]],
    air: Mapping[Quantity, Sequence[Sequence[DayTotal]]],
    water_mm: Mapping[date, float],
) -> list[Day]:
    """One Day for each date of `wanted`. Where two sensors measure one quantity, the one heard more often counts."""
    probes = {sensor: {total.on: total for total in totals} for sensor, totals in soil.items()}
    heard = {quantity: _heard_most(sensors) for quantity, sensors in air.items()}
    days = []
    for on in wanted:
        t = heard[Quantity.AIR_T].get(on)
        if t is not None and on != open_on and t.hours.bit_count() < HOURS_FOR_EXTREMES:
            t = None
        rh = heard[Quantity.AIR_RH].get(on)
        rain = heard[Quantity.RAIN].get(on)
        found = [(probe, probes[probe.device.id].get(on)) for probe in zone.probes]
        days.append(
            Day(
                on=on,
                air_t_min_c=t.min if t else None,
                air_t_max_c=t.max if t else None,
                rh_mean_frac=rh.mean if rh else None,
                rain_mm=rain.sum if rain else None,
                irrigation_mm=water_mm.get(on, 0.0),
                probes=tuple(
                    ProbeDay(probe.device.id, probe.depth_m, total.last, total.min, total.max)
                    for probe, total in found
                    if total is not None
                ),
            )
        )
    return days


def _heard_most(sensors: Sequence[Sequence[DayTotal]]) -> dict[date, DayTotal]:
    best: dict[date, DayTotal] = {}
    for totals in sensors:
        for total in totals:
            if total.on not in best or total.n > best[total.on].n:
                best[total.on] = total
    return best
