"""Maricopa, Arizona: cotton on 64 plots, weekly neutron probes, against our account and `advise`.

The truth is the depletion of the root zone our account believes in, by the plot's own limits, from the
neutron probe's readings at every 20 cm. What the station hears of it is at most two depths, as it has
two probes; the other depths only judge.
"""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from fieldstation.advice.input import plot_from
from fieldstation.agronomy.crop_stage import root_depth_m
from fieldstation.agronomy.evapotranspiration import hargreaves_et0_mm
from fieldstation.agronomy.water_balance import WaterBalance, next_morning
from fieldstation.learning.forecaster import Forecaster
from tests.benchmarks.measured.replay import Replay
from tests.benchmarks.measured.rivals import ridge, rmse, scores
from tests.benchmarks.measured.tables import number, table

LATITUDE_DEG, ELEVATION_M = 33.07, 361.0
PLANTED_ON = date(2018, 4, 18)
EFFICIENCY = 0.9  # a lateral move with low nozzles; not tuned
HEARD_CM = (20, 60)
LAYER_CM = 20
LIMIT_CM = (40, 80, 120, 160, 200)
AHEAD_D = (6, 10)
"""Two readings this many days apart make a week's forecast."""
Readings = dict[date, dict[int, float]]


def run(data: Path) -> None:
    weather = {date.fromisoformat(row["date"]): row for row in table(data / "weather_daily.csv")}
    water: dict[str, dict[date, float]] = defaultdict(dict)
    for row in table(data / "irrigation.csv"):
        water[row["plot"]][date.fromisoformat(row["date"])] = float(row["irrigation_mm"])
    read: dict[str, Readings] = defaultdict(lambda: defaultdict(dict))
    for row in table(data / "neutron_vwc.csv"):
        if row["vwc_m3m3"]:
            read[row["plot"]][date.fromisoformat(row["date"])][int(row["depth_cm"])] = float(row["vwc_m3m3"])
    limits = {row["plot"]: row for row in table(data / "soil_water_limits.csv")}
    fields = [_Plot(name, limits[name], read[name], weather, water[name]) for name in sorted(read)]
    _depletion(fields)
    _week_ahead(fields)


class _Plot:
    """One plot: its soil by layer, its lines, its measured depletion."""

    def __init__(
        self,
        name: str,
        limits: dict[str, str],
        read: Readings,
        weather: dict[date, dict[str, str]],
        water: dict[date, float],
    ) -> None:
        self.name, self.read, self.weather, self.water = name, read, weather, water
        self.full = [float(limits[f"sdul{top:03d}"]) for top in LIMIT_CM]
        self.dry = [float(limits[f"slll{top:03d}"]) for top in LIMIT_CM]
        shares = (40, 40, 40, 15)  # cotton's roots reach 1.35 m
        self.zone = {
            "latitude_deg": LATITUDE_DEG,
            "elevation_m": ELEVATION_M,
            "zone": {
                "field_capacity_frac": _mean(self.full, shares),
                "wilting_point_frac": _mean(self.dry, shares),
                "crop": "cotton",
                "planted_on": PLANTED_ON,
                "area_m2": 100,
                "max_depth_mm_per_day": 60,
                "application_efficiency_frac": EFFICIENCY,
            },
        }

    def lines(self, heard_cm: tuple[int, ...]) -> list[dict[str, Any]]:
        """The morning lines, neutron readings at some depths as the probes."""
        found = []
        for on in sorted(self.weather)[1:]:
            past = self.weather[on - timedelta(days=1)]
            found.append(
                {
                    "on": on.isoformat(),
                    "air_t_min_c": float(past["Tmin"]),
                    "air_t_max_c": float(past["Tmax"]),
                    "rh_mean_pct": (float(past["RHmax"]) + float(past["RHmin"])) / 2,
                    "rain_mm": number(past["Rain"]),
                    "irrigated_mm": self.water.get(on - timedelta(days=1), 0.0),
                    "soil": [
                        {"depth_cm": depth, "vwc_frac": value}
                        for depth, value in sorted(self.read.get(on, {}).items())
                        if depth in heard_cm
                    ],
                }
            )
        return found

    def replay(self, heard_cm: tuple[int, ...]) -> Replay:
        """The plot's season through `advise`."""
        return Replay(self.name, self.zone, self.lines(heard_cm))

    def depletion_mm(self, on: date, root_m: float) -> float | None:
        """Measured water missing below the plot's own full limits, over a depth; a layer over its limit is full."""
        parts = self._layers(on, root_m)
        return None if parts is None else sum(max(0.0, full - now) * mm for full, now, mm in parts)

    def water_mm(self, on: date, root_m: float) -> float | None:
        """Measured water over a depth."""
        parts = self._layers(on, root_m)
        return None if parts is None else sum(now * mm for _, now, mm in parts)

    def _layers(self, on: date, root_m: float) -> list[tuple[float, float, float]] | None:
        """Full limit, reading and mm of soil of each 20 cm down to a depth; None when a reading is missing."""
        readings, found = self.read[on], []
        for layer in range(math.ceil(root_m * 100 / LAYER_CM)):
            now = readings.get((layer + 1) * LAYER_CM)
            if now is None:
                return None
            found.append((self.full[layer // 2], now, 10 * min(LAYER_CM, root_m * 100 - layer * LAYER_CM)))
        return found


def _mean(values: list[float], shares: tuple[int, ...]) -> float:
    return sum(v * s for v, s in zip(values, shares, strict=False)) / sum(shares)


def _depletion(fields: list[_Plot]) -> None:
    """Root-zone depletion on the mornings of readings, by what the station heard and by which of its books."""
    models = Forecaster.load()
    for heard, words in (
        ((), "no probe"),
        (HEARD_CM, f"two probes, {HEARD_CM[0]} and {HEARD_CM[1]} cm, weekly"),
    ):
        off: dict[str, list[tuple[float, float]]] = defaultdict(list)  # mm, and parts of TAW
        for field in fields:
            last: float | None = None
            for on, adviser, _ in field.replay(heard).live(None):
                account, corrected = adviser.history.balance, adviser.history.corrected
                if account is None or corrected is None or on not in field.read:
                    continue
                true, taw = field.depletion_mm(on, account.root_m), account.taw_mm
                if true is None:
                    continue
                guesses = {
                    "plain account": account.depletion_frac,
                    "account that listens": corrected.depletion_frac,
                    "with LightGBM": models.depletion(adviser.history)[0].p50,
                }
                if last is not None:
                    guesses["the last reading stays"] = last
                for name, guess in guesses.items():
                    off[name].append((guess * taw - true, guess - true / taw))
                last = true / taw
        parts = {name: np.asarray(rows) for name, rows in off.items()}
        texts = ", ".join(
            f"{name} {rmse(rows[:, 0]):.0f} ({rmse(rows[:, 1]):.2f}; mean error {rows[:, 0].mean():+.0f})"
            for name, rows in parts.items()
        )
        count = len(off["plain account"])
        print(
            f"Maricopa root-zone depletion, {words}, RMSE mm (of TAW; mean error mm): {texts}; {count} plot-mornings"
        )


def _week_ahead(fields: list[_Plot]) -> None:
    """The change of the root zone's water over about a week, the water to come known, from the measured state."""
    rows, changes, accounts, dates = [], [], [], []
    for field in fields:
        plot = plot_from(field.zone)
        for on, then in pairwise(sorted(field.read)):
            days = (then - on).days
            root_m = _root_m(field, on)
            begin, before, after = (
                field.depletion_mm(on, root_m),
                field.water_mm(on, root_m),
                field.water_mm(then, root_m),
            )
            if not AHEAD_D[0] <= days <= AHEAD_D[1] or begin is None or before is None or after is None:
                continue
            past = [field.weather[on - timedelta(days=n)] for n in range(1, 6)]
            et0 = float(np.mean([_et0_mm(row, on) for row in past]))  # as of late: no weather is forecast
            came = [
                (
                    number(field.weather[on + timedelta(days=n)]["Rain"]),
                    EFFICIENCY * field.water.get(on + timedelta(days=n), 0.0),
                )
                for n in range(days)
            ]
            taw = 1000 * root_m * (plot.soil.field_capacity_frac - plot.soil.wilting_point_frac)
            account = WaterBalance((on - PLANTED_ON).days, root_m, taw, 0.5 * taw, min(taw, begin))
            for rain, given in came:
                account = next_morning(account, plot.crop, plot.soil, et0, rain, given)
            accounts.append(min(taw, begin) - account.depletion_frac * taw)
            changes.append(after - before)
            rows.append(
                [begin, taw, et0 * days, sum(rain + given for rain, given in came), account.kc, float(days)]
            )
            dates.append(on.toordinal())
    wanted, ours, made, when = (np.asarray(one) for one in (changes, accounts, rows, dates))
    line, blend = np.full_like(wanted, np.nan), np.full_like(wanted, np.nan)
    for day in sorted(set(dates))[4:]:
        # readings that were over by then, all plots
        known = when + made[:, 5] <= day
        line[when == day] = ridge(made[known], wanted[known], made[when == day])
        both = np.column_stack([made, ours])
        blend[when == day] = ridge(both[known], wanted[known], both[when == day])
    seen = ~np.isnan(line)
    print(
        f"Maricopa root-zone water a week ahead, the coming water known, RMSE / MAE mm: account {scores((ours - wanted)[seen], 1)}, "
        f"ridge of earlier weeks {scores((line - wanted)[seen], 1)}, ridge with the account {scores((blend - wanted)[seen], 1)}, "
        f"stays {scores(wanted[seen], 1)}; {int(seen.sum())} plot-weeks"
    )


def _root_m(field: _Plot, on: date) -> float:
    return root_depth_m(plot_from(field.zone).crop, (on - PLANTED_ON).days)


def _et0_mm(row: dict[str, str], on: date) -> float:
    return hargreaves_et0_mm(float(row["Tmin"]), float(row["Tmax"]), LATITUDE_DEG, on.timetuple().tm_yday)
