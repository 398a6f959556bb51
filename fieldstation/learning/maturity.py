"""The day of harvest: mostly the calendar, a little the heat that this crop's varieties want. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fieldstation.agronomy.growth import heat_units_between_c_days
from fieldstation.learning.growing import Growing

HEAT_WEIGHT = 0.15
"""Growers choose varieties that fit their warmth, so a table's heat moves the calendar only a little."""
MOST_MOVED_FRAC = 0.03
KNOWN_SPREAD_FRAC, KNOWN_LEAST_DAYS = 0.06, 1.0
UNNAMED_SPREAD_FRAC, UNNAMED_LEAST_DAYS = 0.10, 2.0
"""p10 and p90 stand so far from the middle, of the days left: a named variety swings by its year alone."""
LATEST_FRAC = 1.5


@dataclass(frozen=True, slots=True)
class Maturity:
    """Days from planting to harvest as p10, p50, p90."""

    p10_days: int
    p50_days: int
    p90_days: int

    def on(self, planted_on: date) -> tuple[date, date, date]:
        """The same as dates."""
        days = (self.p10_days, self.p50_days, self.p90_days)
        low, mid, high = (planted_on + timedelta(days=count) for count in days)
        return low, mid, high


def matures(growing: Growing) -> Maturity:
    """When a crop that has come as far as `growing` will be ripe."""
    size, named = growing.season_days, growing.plot.season_days is not None
    left = max(0, size - growing.day)
    if named:
        spread = max(KNOWN_LEAST_DAYS, KNOWN_SPREAD_FRAC * left)
        return Maturity(round(size - spread), size, round(size + spread))
    most = MOST_MOVED_FRAC * size
    moved = min(most, max(-most, HEAT_WEIGHT * (ripe_by_heat_days(growing) - size)))
    if growing.day >= size + moved:  # the crop still stands
        moved = max(0.0, growing.day - size + 1.0)
    spread = max(UNNAMED_LEAST_DAYS, UNNAMED_SPREAD_FRAC * left)
    low, high = size + min(0.0, moved) - spread, size + max(0.0, moved) + spread
    return Maturity(round(low), round(size + moved), round(high))


def ripe_by_heat_days(growing: Growing) -> int:
    """Days from planting until the heat units of the crop's table are gathered, by the usual warmth from today on."""
    growth, heat = growing.growth, growing.heat_c_days
    latest = round(LATEST_FRAC * growing.season_days)
    for day in range(growing.day, latest):
        if heat >= growth.heat_to_maturity_c_days:
            return day
        air = growing.expected_air(day)
        heat += heat_units_between_c_days(growth, air.t_min_c, air.t_max_c)
    return latest
