"""What lies ahead of one probe when no water is given: books run forward, and how it has dried so far. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from fieldstation.agronomy.evapotranspiration import hargreaves_et0_mm
from fieldstation.agronomy.layers import at_cm, next_profile, profile_from
from fieldstation.agronomy.water_balance import WaterBalance, next_morning
from fieldstation.domain.crop import Crop
from fieldstation.domain.plot import Morning
from fieldstation.domain.soil import Soil
from fieldstation.learning.probe_past import NAN, ProbePast

DRY_DAY_MM = 1.0
WET_DAY_MM = 5.0

Coming = Sequence[tuple[float, float]]
"""(ET0, rain) in mm of each day to come."""

RUN_NAMES = (
    "account_change",
    "account_end",
    "account_end_ks",
    "etc_ahead_mm",
    "percolation_ahead_mm",
    "layered_change",
    "layered_end",
    "layered_other_change",
)
PAST_NAMES = (
    "this_change_1d",
    "this_change_7d",
    "this_above_low",
    "this_dry_rate",
    "this_recession",
    "this_below_peak",
    "days_since_wet",
    "last_wet_mm",
    "this_in_root_frac",
    "this_mean_2d",
    "this_trend_off",
    "et0_1d_ahead_mm",
    "rain_1d_ahead_mm",
)


def coming(
    morning: Morning, days: int, latitude_deg: float, usual_et0_mm: float
) -> list[tuple[float, float]]:
    """The next days, by the forecast where there is one; else as thirsty as of late, and dry."""
    found = []
    for number in range(days):
        day = morning.forecast[number] if number < len(morning.forecast) else None
        et0 = usual_et0_mm
        if day is not None and day.air_t_min_c is not None and day.air_t_max_c is not None:
            doy = (morning.on + timedelta(days=number)).timetuple().tm_yday
            et0 = hargreaves_et0_mm(day.air_t_min_c, day.air_t_max_c, latitude_deg, doy)
        found.append((et0, (day.rain_mm or 0.0) if day is not None else 0.0))
    return found


class Run:
    """Both books run forward from this morning: the root zone's, and the layers that the probes show."""

    def __init__(
        self, balance: WaterBalance, crop: Crop, soil: Soil, shown: Mapping[int, float], coming: Coming
    ) -> None:
        self.balances = [balance]
        self.profiles = [profile_from(shown, balance.depletion_frac)]
        for et0_mm, rain_mm in coming:
            now = self.balances[-1]
            self.profiles.append(next_profile(self.profiles[-1], crop, soil, now.day, et0_mm, rain_mm))
            self.balances.append(next_morning(now, crop, soil, et0_mm, rain_mm, 0.0))

    def values(self, depth_cm: int, days: int, other_cm: int) -> list[float]:
        """In the order of RUN_NAMES."""
        begin, end = self.balances[0], self.balances[days]
        passed = self.balances[1 : days + 1]
        layer = at_cm(self.profiles[days], depth_cm)
        return [
            end.depletion_frac - begin.depletion_frac,
            end.depletion_frac,
            end.ks,
            sum(one.etc_mm for one in passed),
            sum(one.percolation_mm for one in passed),
            at_cm(self.profiles[0], depth_cm) - layer,
            layer,
            at_cm(self.profiles[0], other_cm) - at_cm(self.profiles[days], other_cm),
        ]


def past_values(
    past: ProbePast,
    span: float,
    root_m: float,
    came_mm: Sequence[float],
    et0_mm: Sequence[float],
    coming: Coming,
) -> list[float]:
    """In the order of PAST_NAMES. The probe's readings end with this morning's; water and ET0 with yesterday's."""
    recent = list(past.recent)
    now = recent[-1]
    if now is None:
        return [NAN] * len(PAST_NAMES)
    drop, thirst = _dry_days(recent, came_mm, et0_mm)
    rate = drop / thirst if thirst > 0 else NAN
    since, amount = _last_wet(came_mm)
    known = [value for value in recent if value is not None]
    two = known[-2:]
    return [
        past.change(1) / span,
        past.change(7) / span,
        (now - past.low_frac) / span,
        rate / span,
        rate * sum(one for one, _ in coming) / span,
        (max(known[-int(since) - 1 :]) - now) / span,
        since,
        amount,
        past.depth_cm / 100 / max(0.05, root_m),
        (now - sum(two) / len(two)) / span,
        _off_trend(recent) / span,
        coming[0][0],
        coming[0][1],
    ]


def _dry_days(
    recent: Sequence[float | None], came_mm: Sequence[float], et0_mm: Sequence[float]
) -> tuple[float, float]:
    """Sum of changes and of ET0 over the last days on which no water came."""
    drop = thirst = 0.0
    for back in range(1, min(len(recent), len(came_mm) + 1, len(et0_mm) + 1, 12)):
        now, then = recent[-back], recent[-back - 1]
        if now is not None and then is not None and came_mm[-back] < DRY_DAY_MM:
            drop += now - then
            thirst += et0_mm[-back]
    return drop, thirst


def _last_wet(came_mm: Sequence[float]) -> tuple[float, float]:
    for back, value in enumerate(reversed(came_mm)):
        if value >= WET_DAY_MM:
            return float(back), value
    return float(len(came_mm)), 0.0


def _off_trend(recent: Sequence[float | None]) -> float:
    """This morning's reading less the straight line through the last five: how much of it may be noise."""
    points = [(float(n), value) for n, value in enumerate(recent[-5:]) if value is not None]
    if len(points) < 4:
        return NAN
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
    return points[-1][1] - (mean_y + slope * (points[-1][0] - mean_x))
