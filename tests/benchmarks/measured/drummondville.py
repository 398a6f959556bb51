"""Drummondville, Quebec: soil moisture of a grass cover, 1 and 3 days ahead, May to October.

Each year is judged by models of other years: of the years before it (2020 and 2021 are judged), and,
with more to judge but less like life, of all others.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from fieldstation.learning.boosters import Size
from tests.benchmarks.measured.rivals import boosted, ridge, scores, stays
from tests.benchmarks.measured.tables import number, table

PROBES = ("e1_s1", "e1_s2", "e2_s1", "e3_s1")
SEASON = range(5, 11)
SIZE = Size(120, 8, 25, 0.05)
JUDGED_FROM = 2020
Days = dict[date, dict[str, str]]


def run(data: Path) -> None:
    days: Days = {date.fromisoformat(row["date"]): row for row in table(data / "daily.csv")}
    for ahead in (1, 3):
        rows, targets, years = _samples(days, ahead)
        # the middle of a skewed change for one day, where rain is not known; its mean for three, where it is
        losses: dict[str, float | None] = {"absolute": 0.5, "square": None}
        ours = "absolute" if ahead == 1 else "square"
        what = "past only" if ahead == 1 else "the coming rain known"
        for split in ("by the years before", "leave one year out"):
            judged = years >= JUDGED_FROM if split == "by the years before" else years > 0
            found = {name: _guess(rows, targets, years, split, loss) for name, loss in losses.items()}
            line = _guess(rows, targets, years, split, "ridge")
            other = next(name for name in losses if name != ours)
            print(
                f"Drummondville +{ahead} d, {what}, {split}, RMSE / MAE in vol %: "
                f"ours {scores((found[ours] - targets)[judged])}, "
                f"{other} loss {scores((found[other] - targets)[judged])}, "
                f"ridge {scores((line - targets)[judged])}, stays {scores(stays(targets)[judged])}; "
                f"{int(judged.sum())} readings"
            )


def _guess(rows: Any, targets: Any, years: Any, split: str, loss: float | str | None) -> Any:
    guessed = np.zeros_like(targets)
    for year in sorted(set(years)):
        asked = years == year
        known = years < year if split == "by the years before" else ~asked
        if split == "by the years before" and year < JUDGED_FROM:
            continue
        if isinstance(loss, str):
            guessed[asked] = ridge(rows[known], targets[known], rows[asked])
        else:
            guessed[asked] = boosted(rows[known], targets[known], rows[asked], loss, SIZE)
    return guessed


def _samples(days: Days, ahead: int) -> tuple[Any, Any, Any]:
    rows, targets, years = [], [], []
    for on in days:
        later = days.get(on + timedelta(days=ahead))
        if on.month not in SEASON or later is None:
            continue
        for probe in PROBES:
            now, then = number(days[on][f"{probe}_vwc_pct"]), number(later[f"{probe}_vwc_pct"])
            if math.isnan(now) or math.isnan(then):
                continue
            rows.append(_row(days, on, probe, ahead))
            targets.append(then - now)
            years.append(on.year)
    return np.asarray(rows), np.asarray(targets), np.asarray(years)


def _row(days: Days, on: date, probe: str, ahead: int) -> list[float]:
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
