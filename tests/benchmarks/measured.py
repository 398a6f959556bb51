"""Forecasts and yields on measured fields, against simple rivals: honest splits by year.

Run `python tests/benchmarks/measured.py --data DIR` (or FIELDSTATION_DATA) from the project's root.
Drummondville: soil moisture 1 and 3 days ahead, May to October, each year judged by models of the
others. Foggia: tomato yield, leave one year out, by the crop water use that our account keeps.
"""

from __future__ import annotations

import argparse
import csv
import math
import os
import sys
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np

from fieldstation.agronomy.account import next_morning, opened
from fieldstation.agronomy.crop_stage import fitted
from fieldstation.agronomy.evapotranspiration import hargreaves_et0_mm
from fieldstation.config.tables import crop
from fieldstation.domain.soil import Soil
from fieldstation.learning.boosters import Model, Size, fit

PROBES = ("e1_s1", "e1_s2", "e2_s1", "e3_s1")
SEASON = range(5, 11)
FOGGIA_LATITUDE = 41.46
Table = list[dict[str, str]]


def table(file: Path) -> Table:
    with file.open(newline="") as opened_file:
        return list(csv.DictReader(opened_file))


def number(text: str | None) -> float:
    return float(text) if text else math.nan


def drummondville(folder: Path) -> None:
    days = {
        date.fromisoformat(row["date"]): row for row in table(folder / "drummondville_quebec" / "daily.csv")
    }
    for ahead in (1, 3):
        rows, targets, years, stays = [], [], [], []
        for on in days:
            later = days.get(on + timedelta(days=ahead))
            if on.month not in SEASON or later is None:
                continue
            for probe in PROBES:
                key = f"{probe}_vwc_pct"
                now, then = number(days[on][key]), number(later[key])
                if math.isnan(now) or math.isnan(then):
                    continue
                rows.append(_row(days, on, probe, ahead))
                targets.append(then - now)
                years.append(on.year)
                stays.append(then - now)
        made, wanted, when = np.asarray(rows), np.asarray(targets), np.asarray(years)
        guessed, ridge = np.zeros_like(wanted), np.zeros_like(wanted)
        for year in sorted(set(years)):
            out = when == year
            names = [f"f{n}" for n in range(made.shape[1])]
            text = fit(made[~out], wanted[~out], names, 0.5 if ahead == 1 else None, Size(120, 8, 25, 0.05))
            guessed[out] = Model(text).predict(made[out].tolist())
            ridge[out] = _ridge(made[~out], wanted[~out], made[out])
        print(f"Drummondville +{ahead} d ({'rain known' if ahead == 3 else 'past only'}), RMSE / MAE in vol %: "
              f"ours {_scores(guessed - wanted)}, ridge {_scores(ridge - wanted)}, stays {_scores(np.asarray(stays))}; "
              f"{len(wanted)} days")  # fmt: skip


def _row(days: dict[date, dict[str, str]], on: date, probe: str, ahead: int) -> list[float]:
    def value(back: int, key: str) -> float:
        row = days.get(on - timedelta(days=back))
        return math.nan if row is None else number(row[key])

    now = value(0, f"{probe}_vwc_pct")
    found = [now, *(now - value(back, f"{probe}_vwc_pct") for back in (1, 2, 3, 7))]
    found += [value(back, "precip_mm") for back in range(3)]
    found += [value(0, key) for key in ("air_temp_c", "rel_humidity_pct", "shortwave_wm2", "wind_speed_ms")]
    found += [
        value(0, f"{probe}_soil_temp_c"),
        math.sin(on.timetuple().tm_yday / 58),
        float(PROBES.index(probe)),
    ]
    others = [value(0, f"{other}_vwc_pct") - value(1, f"{other}_vwc_pct") for other in PROBES]
    found.append(float(np.nanmean(others)) if not all(map(math.isnan, others)) else math.nan)
    if ahead == 3:  # a plan or a forecast tells the coming water
        found += [value(-number_, "precip_mm") for number_ in (1, 2, 3)]
        found += [sum(value(-number_, "precip_mm") for number_ in (1, 2, 3))]
    return found


def foggia(folder: Path) -> None:
    place = folder / "foggia_tomato"
    weather = {row["date"]: row for row in table(place / "weather_daily.csv")}
    water: dict[str, dict[str, float]] = defaultdict(dict)
    for row in table(place / "irrigation.csv"):
        given = water[row["plot_id"]]
        given[row["date"]] = given.get(row["date"], 0.0) + float(row["irrigation_mm"])
    grown: dict[str, list[float]] = defaultdict(list)
    for row in table(place / "yield.csv"):
        grown[row["plot_id"]].append(float(row["yield_total_t_ha"]))
    used, given_mm, yields, years = [], [], [], []
    for plot in table(place / "experiments.csv"):
        used.append(_water_use_mm(plot, weather, water[plot["plot_id"]]))
        given_mm.append(sum(water[plot["plot_id"]].values()))
        yields.append(float(np.mean(grown[plot["plot_id"]])))
        years.append(int(plot["year"]))
    wanted, when = np.asarray(yields), np.asarray(years)
    found = {}
    for name, column in (
        ("water use by our account", used),
        ("water given", given_mm),
        ("mean", [0.0] * len(used)),
    ):
        rows, guessed = np.asarray(column).reshape(-1, 1), np.zeros_like(wanted)
        for year in sorted(set(years)):
            out = when == year
            guessed[out] = _ridge(rows[~out], wanted[~out], rows[out])
        found[name] = math.sqrt(float(np.mean((guessed - wanted) ** 2)))
    print(
        "Foggia tomato, leave one year out, RMSE t/ha: " + ", ".join(f"{n} {v:.1f}" for n, v in found.items())
    )


def _water_use_mm(plot: dict[str, str], weather: dict[str, dict[str, str]], given: dict[str, float]) -> float:
    first, last = (date.fromisoformat(plot[key]) for key in ("transplant_date", "harvest_date"))
    tomato = fitted(crop("tomato"), (last - first).days)
    full, dry = float(plot["field_capacity_pct"]) / 100, float(plot["wilting_point_pct"]) / 100
    soil = Soil("own", full, dry, full + 0.13)
    account, used = opened(tomato, soil, 0, 0.2), 0.0
    for day in range((last - first).days):
        on = first + timedelta(days=day)
        row = weather.get(str(on))
        if row is not None:
            et0 = hargreaves_et0_mm(
                float(row["tmin_c"]), float(row["tmax_c"]), FOGGIA_LATITUDE, on.timetuple().tm_yday
            )
            rain = number(row["precip_mm"])
            account = next_morning(
                account, tomato, soil, et0, 0.0 if math.isnan(rain) else rain, 0.9 * given.get(str(on), 0.0)
            )
            used += account.etc_mm
    return used


def _ridge(rows: Any, values: Any, ask: Any, weight: float = 0.5) -> Any:
    middle = np.nan_to_num(np.nanmean(rows, axis=0))
    spread = np.nan_to_num(np.nanstd(rows, axis=0)) + 1e-9
    known = np.nan_to_num((rows - middle) / spread)
    slopes = np.linalg.solve(
        known.T @ known + weight * np.eye(known.shape[1]), known.T @ (values - values.mean())
    )
    return values.mean() + np.nan_to_num((ask - middle) / spread) @ slopes


def _scores(errors: Any) -> str:
    return f"{math.sqrt(float(np.mean(errors**2))):.2f} / {float(np.mean(np.abs(errors))):.2f}"


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--data", type=Path, default=os.environ.get("FIELDSTATION_DATA"))
    folder = asked.parse_args().data
    if folder is None or not Path(folder).is_dir():
        print("skipped: the measured data are not here (--data DIR or FIELDSTATION_DATA)")
        return 0
    drummondville(Path(folder))
    foggia(Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
